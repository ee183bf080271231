/**
 * A menu in sections. A message's own actions are the first section; the bot's commands for that message come
 * as a section of their own, with its name as the heading.
 */
import { Component, html } from "../core/dom.js";
import { moveFocus } from "../core/a11y.js";
import { Icon } from "./icons.js";
import { Popup } from "./popup.js";

/** Props: `label`, `sections` ([{heading?, items: [{label, icon, run, danger?, keys?}]}]), `anchor`, `invoker`, `onClose`. */
export class Menu extends Component {
  onKey = (event) => {
    const items = [...event.currentTarget.querySelectorAll("[role=menuitem]")];
    if (event.key === "Tab") {
      event.preventDefault();
      this.props.onClose();
    } else if (!moveFocus(event, items) && event.key.length === 1 && event.key !== " ") {
      const from = items.indexOf(document.activeElement) + 1;
      const wanted = event.key.toLowerCase();
      const ring = [...items.slice(from), ...items.slice(0, from)];
      ring.find((item) => item.textContent.trim().toLowerCase().startsWith(wanted))?.focus();
    }
  };

  choose(item) {
    this.props.onClose();
    item.run();
  }

  item(item, first) {
    return html`<button type="button" role="menuitem" tabindex="-1" class=${item.danger ? "danger" : ""}
      data-first=${first}
        onClick=${() => this.choose(item)}>
      <${Icon} name=${item.icon} /><span>${item.label}</span>${item.keys && html`<kbd
        aria-hidden="true">${item.keys}</kbd>`}
    </button>`;
  }

  render({ label, sections, anchor, invoker, onClose }) {
    return html`<${Popup} class="menu" role="menu" label=${label} anchor=${anchor} invoker=${invoker}
      onClose=${onClose} onKey=${this.onKey}>
      ${sections
        .filter((section) => section.items.length)
        .map(
          (section, index) => html`<div role="group" aria-label=${section.heading ?? "Actions"}>
            ${section.heading && html`<div class="heading" aria-hidden="true">${section.heading}</div>`}
            ${section.items.map((item, place) => this.item(item, !index && !place))}
          </div>`,
        )}
    <//>`;
  }
}
