/** The bot's form (a modal): built from its components, checked, sent; a refusal leaves everything as it was. */
import { Component, html } from "../core/dom.js";
import { choicesOf } from "../core/entities.js";
import {
  beginning,
  boundsOf,
  CHECK,
  CHECKS,
  complaint,
  FILES,
  fitting,
  isRequired,
  maxLength,
  partsOf,
  RADIO,
  TEXT_INPUT,
} from "../core/form.js";
import { Markdown } from "../markdown/render.js";
import { Choice } from "./choice.js";
import { FileChips } from "./composer.js";
import { Dialog } from "./dialog.js";

const PARAGRAPH = 2;
const COUNT_FROM = 0.8; // share of the limit from which on characters are counted; a short limit always

const fieldId = (part) => `field-${part.custom_id}`;

function Text({ part, id, value, onChange, ...rest }) {
  const common = { id, value, placeholder: part.placeholder, onInput: (event) => onChange(event.target.value) };
  return part.style === PARAGRAPH
    ? html`<textarea rows="5" ...${common} ...${rest} />`
    : html`<input type="text" autocomplete="off" ...${common} ...${rest} />`;
}

function Counter({ part, value }) {
  const length = [...value].length;
  const max = maxLength(part);
  if (!part.max_length && length < max * COUNT_FROM) return null;
  return html`<span class="counter ${length > max ? "over" : ""}">${length}/${max}</span>`;
}

function Radios({ part, id, value, onChange, labelledby, describedby, invalid }) {
  return html`<div class="ticks" role="radiogroup" id=${id} tabindex="-1" aria-labelledby=${labelledby}
    aria-describedby=${describedby} aria-required=${String(isRequired(part))} data-invalid=${invalid}>
    ${part.options.map(
      (each) => html`<label class="tick" key=${each.value}>
        <input type="radio" name=${id} value=${each.value} checked=${each.value === value}
          onChange=${() => onChange(each.value)} />
        <span>${each.label}${each.description && html`<small>${each.description}</small>`}</span></label>`,
    )}
    ${!isRequired(part) && value !== null && html`<button type="button" class="text" onClick=${() => onChange(null)}>Choose none</button>`}
  </div>`;
}

function Files({ part, id, value, onChange, describedby, invalid }) {
  const { max } = boundsOf(part);
  const add = (event) => {
    onChange([...value, ...event.target.files].slice(-max));
    event.target.value = "";
  };
  return html`<div class="upload">
    <input type="file" id=${id} multiple=${max > 1} aria-describedby=${describedby}
      aria-invalid=${String(!!invalid)} onChange=${add} />
    <${FileChips} files=${value} onDrop=${(file) => onChange(value.filter((each) => each !== file))} />
  </div>`;
}

/** One field with its label. Props: `field` (see core/form.js), `value`, `error`, `onChange(value)`, `state`. */
function Field({ field, value, error, onChange, state }) {
  const { part, label, description } = field;
  const id = fieldId(part);
  const labelledby = `${id}-label`;
  const describedby = `${id}-says`;
  const common = { part, id, value, onChange, describedby, invalid: error, labelledby };
  const said = { "aria-describedby": describedby, "aria-invalid": String(!!error) };
  const says = html`<p class="says" id=${describedby}>${error ? html`<b>${error}</b>` : description}</p>`;
  if (part.type === CHECK)
    return html`<div class="modal-field ${error ? "wrong" : ""}">
      <label class="tick"><input type="checkbox" id=${id} checked=${value} ...${said}
        onChange=${(event) => onChange(event.target.checked)} /><span>${label}</span></label>
      ${says}
    </div>`;
  const grouped = part.type === RADIO || part.type === CHECKS || (part.type !== FILES && boundsOf(part).max > 1);
  const name = html`${label}${isRequired(part) ? html`<span class="needed" title="Required" aria-hidden="true">*</span>` : html`<small>optional</small>`}`;
  const control = () => {
    switch (part.type) {
      case TEXT_INPUT:
        return html`<${Text} part=${part} id=${id} value=${value} onChange=${onChange}
          required=${isRequired(part)} ...${said} />`;
      case RADIO:
        return html`<${Radios} ...${common} />`;
      case FILES:
        return html`<${Files} ...${common} />`;
      default: {
        const options = choicesOf(part, state);
        return html`<${Choice} id=${id} labelledby=${labelledby} options=${options} chosen=${value}
          max=${boundsOf(part, options.length).max} optional=${!isRequired(part)} onChange=${onChange}
          label=${part.placeholder ?? "Make a selection"} required=${isRequired(part)} disabled=${part.disabled}
          describedby=${describedby} invalid=${error} />`;
      }
    }
  };
  return html`<div class="modal-field ${error ? "wrong" : ""}">
    <div class="modal-label">
      ${
        grouped && part.type !== TEXT_INPUT
          ? html`<span id=${labelledby}>${name}</span>`
          : html`<label id=${labelledby} for=${id}>${name}</label>`
      }
      ${part.type === TEXT_INPUT && html`<${Counter} part=${part} value=${value} />`}
    </div>
    ${says}
    ${control()}
  </div>`;
}

/**
 * Props: `modal` ({channel, custom_id, title, components}), `drafts` (Map of custom_id to values, kept by the
 * caller while the page lives), `names`, `state`, `application` (name), `onSubmit(fields)` to a promise of a refusal
 * or "", `onClose`.
 */
export class Modal extends Component {
  constructor(props) {
    super(props);
    const { modal, drafts, state } = props;
    this.parts = partsOf(modal.components);
    this.fields = this.parts.filter(({ part }) => part);
    const draft = drafts.get(modal.custom_id) ?? {};
    const values = Object.fromEntries(
      this.fields.map(({ part }) => [
        part.custom_id,
        part.custom_id in draft ? fitting(part, draft[part.custom_id], state) : beginning(part),
      ]),
    );
    this.state = { values, errors: {}, busy: false, refusal: "" };
  }

  change(part, value) {
    const { drafts, modal } = this.props;
    const values = { ...this.state.values, [part.custom_id]: value };
    drafts.set(modal.custom_id, values);
    this.setState({ values, errors: { ...this.state.errors, [part.custom_id]: "" }, refusal: "" });
  }

  submit = async (event) => {
    event.preventDefault();
    if (this.state.busy) return;
    const { values } = this.state;
    const errors = Object.fromEntries(
      this.fields.map(({ part }) => [part.custom_id, complaint(part, values[part.custom_id])]),
    );
    const wrong = this.fields.find(({ part }) => errors[part.custom_id]);
    this.setState({ errors, refusal: "" });
    if (wrong) {
      document.getElementById(fieldId(wrong.part))?.focus();
      return;
    }
    this.setState({ busy: true });
    const refusal = await this.props.onSubmit(values);
    if (refusal) this.setState({ busy: false, refusal });
  };

  render({ modal, names, state, application, onClose }, { values, errors, busy, refusal }) {
    return html`<${Dialog} title=${modal.title} class="modal" onClose=${onClose}>
      <form novalidate onSubmit=${this.submit}>
        <div class="modal-fields">
          ${this.parts.map((each) =>
            each.part
              ? html`<${Field} key=${each.part.custom_id} field=${each} state=${state}
                  value=${values[each.part.custom_id]} error=${errors[each.part.custom_id]}
                  onChange=${(value) => this.change(each.part, value)} />`
              : html`<${Markdown} text=${each.text} names=${names} plain />`,
          )}
        </div>
        ${refusal && html`<p class="refusal" role="alert">${refusal}</p>`}
        <div class="dialog-actions">
          <span class="hint">This form goes to ${application}. Don't put passwords in it.</span>
          <button type="button" class="button quiet" onClick=${onClose}>Cancel</button>
          <button type="submit" class="button primary" aria-busy=${String(busy)}
            disabled=${busy}>${busy ? "Sending…" : "Submit"}</button>
        </div>
      </form>
    <//>`;
  }
}
