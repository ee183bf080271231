/** What a select or an option offers to choose from: its own options, or the guild's people, roles, channels. Pure. */

const of = (rows, label) => rows.map((row) => ({ value: row.id, label: label(row) }));

function channels(state, types) {
  const wanted = types?.length ? new Set(types) : null;
  const fits = ({ type }) => !wanted || wanted.has(type);
  const places = of([...state.channels.values()].filter(fits), ({ name }) => `#${name}`);
  return [...places, ...of([...state.threads.values()].filter(fits), ({ name }) => name)];
}

/** The choices of select component `part`: `[{value, label, description?, emoji?}]`. */
export function choicesOf(part, state) {
  const people = () => of([...state.members.values()], (member) => member.display_name);
  const roles = () =>
    of([...state.roles.values()].filter(({ id }) => id !== state.guild.id), ({ name }) => `@${name}`);
  switch (part.type) {
    case 5:
      return people();
    case 6:
      return roles();
    case 7:
      return [...people(), ...roles()];
    case 8:
      return channels(state, part.channel_types);
    default:
      return part.options ?? [];
  }
}

/** What is chosen before anybody chose. */
export const chosenFirst = (part) =>
  part.default_values?.map(({ id }) => id) ??
  (part.options ?? []).filter((each) => each.default).map(({ value }) => value);
