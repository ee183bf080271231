/**
 * Message components of both generations: rows of buttons and selects, and the layout parts of version 2
 * (Discord docs, components/reference). A type this page does not know is left out, its children are shown.
 */
import { Component, html, Pure } from "../core/dom.js";
import { choicesOf, chosenFirst } from "../core/entities.js";
import { mediaSource } from "../core/media.js";
import { isWebAddress } from "../core/route.js";
import { CustomEmoji, Link, Markdown } from "../markdown/render.js";
import { Choice } from "./choice.js";
import { FileCard, Gallery, Picture } from "./media.js";

const STYLES = { 1: "primary", 2: "secondary", 3: "success", 4: "danger" };
const LINK = 5;

const glyph = (emoji) =>
  emoji && html`<span class="glyph">${emoji.id ? html`<${CustomEmoji} ...${emoji} />` : emoji.name}</span>`;

/** Runs the interaction once at a time; the button shows that it waits. */
class Button extends Component {
  press = async () => {
    this.setState({ busy: true });
    await this.props.act(this.props.part.custom_id);
    this.setState({ busy: false });
  };

  render({ part, names }, { busy }) {
    const label = [glyph(part.emoji), part.label && html`<span>${part.label}</span>`];
    const name = part.label ? undefined : (part.emoji?.name ?? "Button");
    if (part.style === LINK) {
      if (part.disabled || !isWebAddress(part.url))
        return html`<button type="button" class="button link" disabled aria-label=${name}>${label}</button>`;
      return html`<${Link} class="button link" url=${part.url} names=${names} title=${part.url} aria-label=${name}>
        ${label}${!names.inside(part.url) && html`<span class="outward" aria-hidden="true">↗</span>`}<//>`;
    }
    return html`<button type="button" class="button ${STYLES[part.style] ?? "secondary"}" aria-label=${name}
      aria-busy=${String(!!busy)}
      disabled=${part.disabled || busy || !part.custom_id} onClick=${this.press}>${label}</button>`;
  }
}

/** A single choice is sent at once, several when their button is pressed. */
class Select extends Component {
  state = { chosen: null };

  componentWillReceiveProps(next) {
    if (next.part !== this.props.part) this.setState({ chosen: null });
  }

  send(values) {
    this.setState({ chosen: values });
    this.props.act(this.props.part.custom_id, values);
  }

  render({ part, names }, { chosen: own }) {
    const options = choicesOf(part, names.store.state);
    const label = part.placeholder ?? "Make a selection";
    const { min_values: min = 1, max_values: max = 1, disabled } = part;
    const chosen = own ?? chosenFirst(part);
    const common = { options, label, max, chosen, disabled, optional: min === 0 };
    if (max === 1)
      return html`<${Choice} ...${common} id=${this.props.id}
        onChange=${(values) => values.length >= min && this.send(values)} />`;
    const words = options.filter(({ value }) => chosen.includes(value)).map((each) => each.label);
    return html`<details class="select many">
      <summary>${words.length ? words.join(", ") : label}</summary>
      <${Choice} ...${common} onChange=${(values) => this.setState({ chosen: values })} />
      <button type="button" class="button primary" disabled=${disabled || chosen.length < min}
        onClick=${() => this.send(chosen)}>Choose</button>
    </details>`;
  }
}

class Container extends Component {
  state = { shown: false };

  render({ part, context }, { shown }) {
    const accent = Number.isInteger(part.accent_color)
      ? { "--bar": `#${part.accent_color.toString(16).padStart(6, "0")}` }
      : {};
    const covered = part.spoiler && !shown;
    return html`<div class="container ${accent["--bar"] ? "accented" : ""} ${covered ? "covered" : ""}"
      style=${accent}>
      <div class="container-parts" inert=${covered}>${parts(part.components, context)}</div>
      ${covered && html`<button type="button" class="cover"
        onClick=${() => this.setState({ shown: true })}>Spoiler: reveal</button>`}
    </div>`;
  }
}

const picture = (item, message) => ({
  source: mediaSource(item.media, message),
  alt: item.description ?? "",
  spoiler: item.spoiler,
  link: item.media?.url,
});

function Part({ part, context }) {
  const { message, names, act } = context;
  switch (part.type) {
    case 1:
      return html`<div class="row">${parts(part.components, context)}</div>`;
    case 2:
      return html`<${Button} part=${part} names=${names} act=${act} />`;
    case 3:
    case 5:
    case 6:
    case 7:
    case 8:
      return html`<${Select} part=${part} id="select-${message.id}-${part.custom_id}" names=${names} act=${act} />`;
    case 9:
      return html`<div class="section">
        <div class="section-text">${parts(part.components, context)}</div>
        <div class="section-accessory">${part.accessory && html`<${Part} part=${part.accessory}
          context=${context} />`}</div>
      </div>`;
    case 10:
      return html`<${Markdown} text=${part.content} names=${names} plain />`;
    case 11:
      return html`<${Picture} class="thumbnail" ...${picture(part, message)} />`;
    case 12:
      return html`<${Gallery} items=${part.items.map((item) => picture(item, message))} />`;
    case 13:
      return html`<${FileCard} name=${part.name ?? part.file?.url?.split("/").pop() ?? "file"} size=${part.size}
        url=${mediaSource(part.file, message)} />`;
    case 14:
      return part.divider === false
        ? html`<div class="separator space${part.spacing ?? 1}" aria-hidden="true"></div>`
        : html`<hr class="separator space${part.spacing ?? 1}" />`;
    case 17:
      return html`<${Container} part=${part} context=${context} />`;
    default:
      return part.components ? html`<div>${parts(part.components, context)}</div>` : null;
  }
}

const parts = (list, context) =>
  (list ?? []).map(
    (part, index) => html`<${Part} key=${part.id ?? index} part=${part} context=${context} />`,
  );

/** Props: `message`, `names`, `actions` (component). */
export class Components extends Pure {
  act = (customId, values) => this.props.actions.component(this.props.message, customId, values);

  render({ message, names }) {
    if (!message.components?.length) return null;
    return html`<div class="components">${parts(message.components, { message, names, act: this.act })}</div>`;
  }
}
