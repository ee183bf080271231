/** Choose an emoji: the usual seven first, then a grid that a search narrows. */
import { Component, html } from "../core/dom.js";
import { moveFocus } from "../core/a11y.js";
import { CustomEmoji } from "../markdown/render.js";
import { EMOJI, emojiName, QUICK } from "./emoji.js";
import { Popup } from "./popup.js";

const COLUMNS = 8;

/** Props: `custom` (the guild's own emoji), `onPick(emoji)`, `anchor`, `invoker`, `onClose`. */
export class EmojiPicker extends Component {
  state = { query: "" };

  onKey = (event) => {
    const inSearch = event.target.tagName === "INPUT";
    if (inSearch && event.key !== "ArrowDown") return;
    const quick = event.target.closest(".quick");
    const buttons = [...event.currentTarget.querySelectorAll(quick ? ".quick button" : ".grid button")];
    if (inSearch) {
      event.preventDefault();
      buttons[0]?.focus();
    } else if (quick && event.key === "ArrowDown") {
      event.preventDefault();
      event.currentTarget.querySelector("input").focus();
    } else moveFocus(event, buttons, quick ? QUICK.length : COLUMNS);
  };

  pick(emoji) {
    this.props.onClose();
    this.props.onPick(emoji);
  }

  render({ custom, anchor, invoker, onClose }, { query }) {
    const wanted = query.trim().toLowerCase();
    const fits = (words) => words.toLowerCase().includes(wanted);
    const found = EMOJI.filter(({ words }) => fits(words));
    const own = custom.filter(({ name }) => fits(name));
    return html`<${Popup} class="picker" role="dialog" label="Choose a reaction" anchor=${anchor}
      invoker=${invoker} onClose=${onClose} onKey=${this.onKey}>
      <div class="quick" role="group" aria-label="Usual reactions">
        ${QUICK.map(
          (
            emoji,
            index,
          ) => html`<button type="button" data-first=${!index} aria-label=${emojiName(emoji)}
            title=${emojiName(emoji)}
            onClick=${() => this.pick({ id: null, name: emoji })}>${emoji}</button>`,
        )}
      </div>
      <input type="search" aria-label="Search emoji" placeholder="Search emoji" value=${query}
        onInput=${(event) => this.setState({ query: event.target.value })} />
      <div class="grid" role="group" aria-label="All emoji">
        ${own.map(
          (
            emoji,
          ) => html`<button type="button" aria-label=${emoji.name} title=${emoji.name}
            onClick=${() => this.pick(emoji)}>
            <${CustomEmoji} ...${{ id: emoji.id, name: emoji.name, animated: emoji.animated }} /></button>`,
        )}
        ${found.map(
          ({ emoji, name }) => html`<button type="button" key=${emoji} aria-label=${name} title=${name}
            onClick=${() => this.pick({ id: null, name: emoji })}>${emoji}</button>`,
        )}
        ${!found.length && !own.length && html`<p class="none">No emoji by that name.</p>`}
      </div>
    <//>`;
  }
}
