/** A slash command with its options, filled in where one writes: Enter sends, Escape leaves. */
import { Component, html } from "../core/dom.js";
import {
  ATTACHMENT,
  descriptionOf,
  ENTITIES,
  isBoolean,
  isFree,
  isNumber,
  nameOf,
  readOption,
} from "../core/commands.js";
import { choicesOf } from "../core/entities.js";
import { among, Combobox } from "./combobox.js";
import { Icon } from "./icons.js";

const fieldId = (option) => `option-${option.name}`;

/** The field of one option. Props: `option`, `value`, `error`, `onChange(value)`, `state`, `onSuggest(text)`. */
class Field extends Component {
  control() {
    const { option, value, error, onChange, state, onSuggest } = this.props;
    const id = fieldId(option);
    const common = {
      id,
      required: option.required,
      "aria-invalid": String(!!error),
      "aria-describedby": `${id}-says`,
    };
    const list = (search, slow = false) =>
      html`<${Combobox} id=${id} eager above search=${search} slow=${slow} value=${value ?? ""} onChange=${onChange}
        required=${option.required} invalid=${error} describedby="${id}-says" />`;
    const select = (choices) =>
      html`<select ...${common} class="select" value=${value?.value ?? ""}
        onChange=${(event) => onChange(choices.find((each) => String(each.value) === event.target.value) ?? null)}>
        <option value="" disabled=${option.required}>${option.required ? "Choose…" : "—"}</option>
        ${choices.map((each) => html`<option value=${String(each.value)}>${each.label}</option>`)}
      </select>`;
    if (option.autocomplete) return list(onSuggest, true);
    if (option.choices) return select(option.choices.map((each) => ({ label: nameOf(each), value: each.value })));
    if (isBoolean(option))
      return select([
        { label: "Yes", value: true },
        { label: "No", value: false },
      ]);
    if (option.type in ENTITIES) {
      const part = { type: ENTITIES[option.type], channel_types: option.channel_types };
      return list(among(choicesOf(part, state)));
    }
    if (option.type === ATTACHMENT)
      return html`<input ...${common} type="file" onChange=${(event) => onChange(event.target.files[0] ?? null)} />`;
    const inputmode = isNumber(option) ? (option.type === 4 ? "numeric" : "decimal") : undefined;
    return html`<input ...${common} type="text" inputmode=${inputmode} autocomplete="off" value=${value ?? ""}
      onInput=${(event) => onChange(event.target.value)} />`;
  }

  render({ option, error }) {
    const id = fieldId(option);
    return html`<div class="command-field ${error ? "wrong" : ""}">
      <label for=${id}>${nameOf(option)}${!option.required && html`<small>optional</small>`}</label>
      ${this.control()}
      <p class="says" id="${id}-says">${error ? html`<b>${error}</b>` : descriptionOf(option)}</p>
    </div>`;
  }
}

/**
 * Props: `entry` (see core/commands.js), `state` (for people, roles and channels), `onSend(options)` to a promise of
 * null or a refusal, `onSuggest(options, focused)` to a promise of `[{name, value}]`, `onLeave`.
 */
export class CommandForm extends Component {
  constructor(props) {
    super(props);
    const { options, rest } = props.entry;
    const first = options.find(isFree);
    this.state = { values: rest && first ? { [first.name]: rest } : {}, errors: {}, busy: false, refusal: "" };
  }

  componentDidMount() {
    const next = this.props.entry.options.find(({ name }) => !(name in this.state.values));
    this.focus(next);
  }

  focus(option) {
    (option ? this.base.querySelector(`#${CSS.escape(fieldId(option))}`) : this.sender)?.focus();
  }

  change(option, value) {
    this.setState(({ values, errors }) => ({
      values: { ...values, [option.name]: value },
      errors: { ...errors, [option.name]: "" },
      refusal: "",
    }));
  }

  /** What is filled in: `{options, errors}`, both by the names of options. */
  read() {
    const options = {};
    const errors = {};
    for (const option of this.props.entry.options) {
      const { value, error } = readOption(option, this.state.values[option.name]);
      if (error) errors[option.name] = error;
      else if (value !== undefined) options[option.name] = value;
    }
    return { options, errors };
  }

  suggest = async (option, text) => {
    const { options } = this.read();
    for (const [name, value] of Object.entries(options)) if (value instanceof File) delete options[name];
    const rows = await this.props.onSuggest({ ...options, [option.name]: text }, option.name);
    return rows.map((row) => ({ label: nameOf(row), value: row.value }));
  };

  send = async (event) => {
    event.preventDefault();
    if (this.state.busy) return;
    const { options, errors } = this.read();
    this.setState({ errors });
    const wrong = this.props.entry.options.find(({ name }) => errors[name]);
    if (wrong) {
      this.focus(wrong);
      return;
    }
    this.setState({ busy: true, refusal: "" });
    const refusal = await this.props.onSend(options);
    if (refusal === null) this.props.onLeave();
    else this.setState({ busy: false, refusal });
  };

  key = (event) => {
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      this.props.onLeave();
    } else if (event.key === "Enter" && event.target.tagName === "SELECT") this.send(event);
  };

  render({ entry, state, onLeave }, { values, errors, busy, refusal }) {
    return html`<form class="composer command-form" aria-label="/${entry.shown}" novalidate
      onSubmit=${this.send} onKeyDown=${this.key}>
      <div class="field">
        <div class="command-head">
          <span class="command-name">/${entry.shown}</span>
          <span class="command-says">${entry.description}</span>
          <button type="button" class="icon-button" aria-label="Leave the command" title="Leave the command (Esc)"
            onClick=${onLeave}><${Icon} name="close" /></button>
        </div>
        ${
          entry.options.length > 0 &&
          html`<div class="command-fields">
            ${entry.options.map(
              (option) => html`<${Field} key=${option.name} option=${option} value=${values[option.name]}
                error=${errors[option.name]} state=${state} onChange=${(value) => this.change(option, value)}
                onSuggest=${(text) => this.suggest(option, text)} />`,
            )}
          </div>`
        }
        <div class="command-foot">
          ${refusal ? html`<p class="refusal" role="alert">${refusal}</p>` : html`<p class="hint">Enter sends · Esc leaves</p>`}
          <button type="submit" class="button primary" ref=${(button) => (this.sender = button)}
            aria-busy=${String(busy)}>${busy ? "Sending…" : "Send"}</button>
        </div>
      </div>
    </form>`;
  }
}
