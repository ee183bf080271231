/**
 * A modal as a form: which fields it has, how each begins, whether what is in it may be sent. Pure.
 *
 * Components in modals: docs components/reference. A label (18) holds one field; rows with text inputs are the
 * older way to say the same.
 */
import { choicesOf, chosenFirst } from "./entities.js";

export const ROW = 1;
export const TEXT_INPUT = 4;
export const TEXT = 10;
export const LABEL = 18;
export const FILES = 19;
export const RADIO = 21;
export const CHECKS = 22;
export const CHECK = 23;

const MAX_TEXT = 4000;
const many = (count, word) => `${count} ${count === 1 ? word : `${word}s`}`;

/** The parts of a modal in order: `{text}` to read, or `{part, label, description}` to fill in. */
export function partsOf(components) {
  return components.flatMap((each) => {
    if (each.type === TEXT) return [{ text: each.content }];
    if (each.type === LABEL)
      return [{ part: each.component, label: each.label, description: each.description ?? "" }];
    if (each.type === ROW)
      return each.components.map((part) => ({ part, label: part.label ?? "", description: "" }));
    return [];
  });
}

export const isRequired = (part) => part.required ?? part.type !== CHECK;

/** How many choices or files a field takes: `{min, max}`. */
export function boundsOf(part, offered = Infinity) {
  const min = part.min_values ?? 1;
  const max = part.max_values ?? (part.type === CHECKS ? Math.min(10, offered) : 1);
  return { min: isRequired(part) ? Math.max(min, 1) : min, max };
}

export const maxLength = (part) => part.max_length ?? MAX_TEXT;

/** What is in a field before anybody typed. */
export function beginning(part) {
  switch (part.type) {
    case TEXT_INPUT:
      return part.value ?? "";
    case RADIO:
      return chosenFirst(part)[0] ?? null;
    case CHECK:
      return Boolean(part.default);
    case FILES:
      return [];
    default:
      return chosenFirst(part);
  }
}

function checkText(part, value) {
  const length = [...value].length;
  if (!length) return isRequired(part) ? "This must be filled in." : "";
  if (part.min_length && length < part.min_length)
    return `Write ${many(part.min_length, "character")} or more.`;
  if (length > maxLength(part)) return `Write ${many(maxLength(part), "character")} or fewer.`;
  return "";
}

function checkMany(part, value) {
  const { min, max } = boundsOf(part, part.options?.length);
  const verb = part.type === FILES ? "Attach" : "Choose";
  const count = (number) => (number === 1 ? "one" : number);
  if (!value.length && !isRequired(part)) return "";
  if (value.length < min) return `${verb} ${count(min)}${max > min ? " or more" : ""}.`;
  if (value.length > max) return `${verb} ${max === 1 ? "only one" : `${max} or fewer`}.`;
  return "";
}

/** Why a field can't be sent as it is, as a sentence, or "". */
export function complaint(part, value) {
  if (part.type === TEXT_INPUT) return checkText(part, value);
  if (part.type === RADIO) return isRequired(part) && value === null ? "Choose one." : "";
  if (part.type === CHECK) return "";
  return checkMany(part, value);
}

/** Keep of a draft what this modal still offers. */
export function fitting(part, value, state) {
  if (part.type === RADIO) return part.options.some((each) => each.value === value) ? value : beginning(part);
  if (!Array.isArray(value) || part.type === FILES) return value;
  const offered = new Set(choicesOf(part, state).map((each) => each.value));
  return value.filter((each) => offered.has(each));
}
