/**
 * The bot's commands as one types them: found by name, filled in, checked. Pure: knows no server and no screen.
 *
 * Types of options: docs interactions/application-commands, Application Command Option Type.
 */

export const SLASH = 1;
export const USER = 2;
export const MESSAGE = 3;

const SUBCOMMAND = 1;
const GROUP = 2;
const STRING = 3;
const INTEGER = 4;
const BOOLEAN = 5;
const NUMBER = 10;
export const ATTACHMENT = 11;
/** Options that stand for a member, channel or role, as the select that offers the same things. */
export const ENTITIES = { 6: 5, 7: 8, 8: 6, 9: 7 };

const TEXT = 6000; // the most a string option holds

/** The name of a command, option or choice as this person's language has it. */
export const nameOf = (each) => each.name_localized ?? each.name;
export const descriptionOf = (each) => {
  const text = each.description_localized ?? each.description ?? "";
  return text === "…" ? "" : text; // what libraries put where nothing was written
};

function* leaves(node, path, shown) {
  const inner = (node.options ?? []).filter(({ type }) => type === SUBCOMMAND || type === GROUP);
  if (!inner.length) yield { node, path, shown };
  for (const each of inner) yield* leaves(each, [...path, each.name], [...shown, nameOf(each)]);
}

/**
 * The slash commands among `commands`, one entry for each that can be used: `{id, path, shown, description,
 * application, options}`. `path` is what the server knows it by ("quotes of"), options that must be given come first.
 */
export function slashCommands(commands) {
  return commands
    .filter(({ type }) => type === SLASH)
    .flatMap((command) =>
      [...leaves(command, [command.name], [nameOf(command)])].map(({ node, path, shown }) => ({
        id: `${command.id}-${path.join("-")}`,
        path: path.join(" "),
        shown: shown.join(" "),
        description: descriptionOf(node),
        application: command.application.name,
        options: [...(node.options ?? [])].sort((a, b) => Number(!!b.required) - Number(!!a.required)),
      })),
    )
    .sort((a, b) => (a.shown < b.shown ? -1 : 1));
}

/** What follows a command's whole name in `typed`, or null when `typed` is not about this command. */
function rest(typed, name) {
  return typed.toLowerCase().startsWith(`${name.toLowerCase()} `) ? typed.slice(name.length + 1) : null;
}

/**
 * The entries that `typed` (without the slash) may mean, best first: each `{...entry, rest}`, where `rest` is what
 * was typed after a whole name.
 */
export function matching(entries, typed) {
  const wanted = typed.toLowerCase().trim();
  const rank = ({ shown, path }) =>
    Math.min(
      ...[shown, path].map((name) => {
        const low = name.toLowerCase();
        if (low.startsWith(wanted)) return 0;
        if (low.split(/[ _-]/).some((word) => word.startsWith(wanted))) return 1;
        return low.includes(wanted) ? 2 : 9;
      }),
    );
  return entries
    .map((entry) => ({ ...entry, rest: rest(typed, entry.shown) ?? rest(typed, entry.path) ?? "" }))
    .map((entry) => ({ entry, rank: entry.rest ? 0 : rank(entry) }))
    .filter((each) => each.rank < 9)
    .sort((a, b) => a.rank - b.rank)
    .map(({ entry }) => entry);
}

/** Whether an option takes what is typed as it stands, not only one of what is offered. */
export const isFree = (option) => option.type === STRING && !option.choices;

function number(option, text) {
  const whole = option.type === INTEGER;
  const pattern = whole ? /^[+-]?\d{1,16}$/ : /^[+-]?\d+([.,]\d+)?$/;
  if (!pattern.test(text)) return { error: whole ? "Write a whole number." : "Write a number." };
  const value = Number(text.replace(",", "."));
  const { min_value: min, max_value: max } = option;
  if (min !== undefined && value < min) return { error: `Must be ${min} or more.` };
  if (max !== undefined && value > max) return { error: `Must be ${max} or less.` };
  return { value };
}

function string(option, text) {
  const length = [...text].length;
  const { min_length: min = 0, max_length: max = TEXT } = option;
  if (length < min) return { error: `Must have ${min} characters or more.` };
  if (length > max) return { error: `Must have ${max} characters or fewer.` };
  return { value: text };
}

/**
 * What a filled field means: `{value}`, `{}` when it was left out, or `{error}` with a sentence. A field holds a
 * string, a choice `{label, value}`, or a File.
 */
export function readOption(option, field) {
  const empty = field === null || field === undefined || (typeof field === "string" && !field.trim());
  if (empty) return option.required ? { error: "This must be filled in." } : {};
  if (option.type === ATTACHMENT) return { value: field };
  if (typeof field === "object" && !isFree(option)) return { value: field.value };
  const text = typeof field === "object" ? String(field.value) : field.trim();
  if (option.choices || option.type in ENTITIES) return { error: "Choose one from the list." };
  if (option.type === INTEGER || option.type === NUMBER) return number(option, text);
  return string(option, text);
}

export const isBoolean = ({ type }) => type === BOOLEAN;
export const isNumber = ({ type }) => type === INTEGER || type === NUMBER;
