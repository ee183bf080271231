/**
 * A text field with a list of what fits it: the combobox of the ARIA Authoring Practices (editable, with list
 * autocomplete). The focus stays in the field; arrows walk the list, Enter takes, Escape closes it.
 *
 * The list lies in the top layer, so that neither a dialog nor a scrolling form cuts it off.
 */
import { Component, html } from "../core/dom.js";
import { beside } from "../core/a11y.js";

const PAUSE = 250; // milliseconds without a key before a search that asks the server

/**
 * Props: `id`, `search(text)` to choices or a promise of them, `slow` (it asks the server), `value` (a choice
 * `{label, value}`, or the text that was typed), `onChange(value)`, `eager` (open as soon as it has the focus),
 * `above` (the list goes over the field: what comes next stands below it),
 * `name` (where no label says it), `placeholder`, `invalid`, `describedby`, `required`, `disabled`. A choice may have a `description`.
 */
export class Combobox extends Component {
  constructor(props) {
    super(props);
    this.state = { open: false, choices: [], active: -1, note: "" };
    this.asked = 0;
  }

  get text() {
    const { value } = this.props;
    return typeof value === "string" ? value : (value?.label ?? "");
  }

  componentDidUpdate() {
    if (!this.state.open) return;
    if (!this.list.matches(":popover-open")) this.list.showPopover();
    this.place();
  }

  componentWillUnmount() {
    this.forget();
    removeEventListener("scroll", this.place, true);
    removeEventListener("resize", this.place);
  }

  place = () => {
    const anchor = this.input.getBoundingClientRect();
    this.list.style.setProperty("--width", `${Math.max(anchor.width, 220)}px`);
    const { left, top } = beside(anchor, this.list.getBoundingClientRect(), this.props.above);
    this.list.style.setProperty("--left", `${left}px`);
    this.list.style.setProperty("--top", `${top}px`);
  };

  /** Whatever is still on its way no longer counts. */
  forget() {
    clearTimeout(this.timer);
    return ++this.asked;
  }

  /** Look for what fits; an answer that a later question overtook is dropped. */
  seek(text, pause = 0) {
    const asked = this.forget();
    const { search, slow } = this.props;
    this.show({ note: slow ? "Searching…" : "", ...(slow ? {} : { choices: [] }), active: -1 });
    const ask = async () => {
      try {
        const choices = await search(text);
        if (asked === this.asked)
          this.show({
            choices,
            note: choices.length ? "" : "Nothing fits.",
            active: text && choices.length ? 0 : -1,
          });
      } catch (error) {
        if (asked === this.asked) this.show({ choices: [], note: error.message, active: -1 });
      }
    };
    if (pause) this.timer = setTimeout(ask, pause);
    else ask();
  }

  show(state) {
    if (!this.state.open) {
      addEventListener("scroll", this.place, true);
      addEventListener("resize", this.place);
    }
    this.setState({ open: true, ...state });
  }

  close = () => {
    this.forget();
    removeEventListener("scroll", this.place, true);
    removeEventListener("resize", this.place);
    if (this.list?.matches(":popover-open")) this.list.hidePopover();
    this.setState({ open: false, active: -1, note: "" });
  };

  type = (event) => {
    this.props.onChange(event.target.value);
    this.seek(event.target.value, this.props.slow ? PAUSE : 0);
  };

  /** Show what there is: for the text typed so far, or everything when a choice was made. */
  reopen = () => {
    if (!this.state.open) this.seek(typeof this.props.value === "string" ? this.text : "");
  };

  take(choice) {
    this.props.onChange({ label: choice.label, value: choice.value });
    this.close();
  }

  key = (event) => {
    const { open, choices, active } = this.state;
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open) {
        this.reopen();
        return;
      }
      const last = choices.length - 1;
      const next = event.key === "ArrowDown" ? active + 1 : active - 1;
      this.setState({ active: next > last ? 0 : next < 0 ? last : next });
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    } else if ((event.key === "Enter" || event.key === "Tab") && open && choices[active]) {
      if (event.key === "Enter") {
        event.preventDefault();
        event.stopPropagation();
      }
      this.take(choices[active]);
    }
  };

  render(
    { id, eager, name, placeholder, invalid, describedby, required, disabled },
    { open, choices, active, note },
  ) {
    return html`<div class="combobox">
      <input type="text" id=${id} role="combobox" autocomplete="off" spellcheck=${false} value=${this.text}
        ref=${(input) => (this.input = input)}
        aria-label=${name} placeholder=${placeholder} required=${required} disabled=${disabled}
        aria-autocomplete="list" aria-expanded=${String(open)} aria-controls="${id}-list"
        aria-activedescendant=${open && active >= 0 ? `${id}-${active}` : undefined}
        aria-invalid=${String(!!invalid)} aria-describedby=${describedby}
        onInput=${this.type} onKeyDown=${this.key} onBlur=${this.close} onClick=${this.reopen}
        onFocus=${eager && this.reopen} />
      <div class="options" popover="manual" ref=${(list) => (this.list = list)}
        onPointerDown=${(event) => event.preventDefault()}>
        <ul role="listbox" id="${id}-list" aria-label="Choices">
          ${
            open &&
            choices.map(
              (choice, index) => html`<li role="option" id="${id}-${index}" key=${choice.value}
                aria-selected=${String(index === active)}
                ref=${(row) => index === active && row?.scrollIntoView({ block: "nearest" })}
                onClick=${() => this.take(choice)}>
                <span>${choice.label}</span>${choice.description && html`<small>${choice.description}</small>`}
              </li>`,
            )
          }
        </ul>
        <p class="note" role="status">${open ? note : ""}</p>
      </div>
    </div>`;
  }
}

/** A search among `choices` that are all known: those whose words begin with the text come first. */
export const among = (choices) => (text) => {
  const wanted = text.trim().toLowerCase();
  const place = ({ label }) => ` ${label.toLowerCase().replace(/^[#@]/, "")}`.indexOf(` ${wanted}`);
  const holds = ({ label, value }) => label.toLowerCase().includes(wanted) || value === wanted;
  return choices
    .filter(holds)
    .sort((a, b) => Number(place(b) >= 0) - Number(place(a) >= 0))
    .slice(0, 50);
};
