/** Choosing among options, one or several, in whichever way shows what there is to know about them. */
import { Component, html } from "../core/dom.js";
import { among, Combobox } from "./combobox.js";

const words = (option) => [option.emoji?.id ? "" : option.emoji?.name, option.label].filter(Boolean).join(" ");

/** One of `options`. Props as of Choice. */
class One extends Component {
  render({ id, label, labelledby, options, chosen, onChange, optional, ...rest }) {
    const name = labelledby ? undefined : label;
    const held = options.find(({ value }) => value === chosen[0]);
    if (options.some(({ description }) => description)) {
      const rows = options.map((each) => ({ ...each, label: words(each) }));
      const value = this.state.typed ?? (held ? { label: words(held), value: held.value } : "");
      return html`<${Combobox} id=${id} search=${among(rows)} value=${value} name=${name}
        placeholder=${label} ...${rest}
        onChange=${(next) => {
          const typed = typeof next === "string";
          this.setState({ typed: typed && next ? next : null });
          if (!typed) onChange([next.value]);
          else if (chosen.length) onChange([]);
        }} />`;
    }
    return html`<select class="select" id=${id} aria-label=${name} disabled=${rest.disabled}
      aria-invalid=${String(!!rest.invalid)} aria-describedby=${rest.describedby} required=${rest.required}
      value=${held?.value ?? ""}
      onChange=${(event) => onChange(event.target.value ? [event.target.value] : [])}>
      <option value="" disabled=${!optional}>${label}</option>
      ${options.map((each) => html`<option value=${each.value}>${words(each)}</option>`)}
    </select>`;
  }
}

/** Several of `options`, as boxes to tick. */
function Many({ id, options, chosen, onChange, max, disabled, invalid, describedby, labelledby, label }) {
  const toggle = (value) => {
    const without = chosen.filter((each) => each !== value);
    onChange(without.length < chosen.length ? without : [...without, value]);
  };
  const full = chosen.length >= max;
  return html`<div class="ticks" id=${id} role="group" tabindex="-1" aria-label=${labelledby ? undefined : label}
    aria-labelledby=${labelledby} aria-describedby=${describedby} data-invalid=${invalid}>
    ${options.map(
      (each) => html`<label class="tick" key=${each.value}>
        <input type="checkbox" checked=${chosen.includes(each.value)}
          disabled=${disabled || (full && !chosen.includes(each.value))} onChange=${() => toggle(each.value)} />
        <span>${words(each)}${each.description && html`<small>${each.description}</small>`}</span></label>`,
    )}
  </div>`;
}

/**
 * Props: `options` ([{value, label, description?, emoji?}]), `max`, `chosen` (values), `onChange(values)`, `label`
 * (said where nothing is chosen), `optional` (nothing may be chosen), `id` and `labelledby` (of a label elsewhere),
 * `disabled`, `required`, `invalid`, `describedby`.
 */
export function Choice({ max, ...rest }) {
  return max === 1 ? html`<${One} ...${rest} />` : html`<${Many} max=${max} ...${rest} />`;
}
