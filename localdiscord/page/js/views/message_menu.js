/** What one can do with a message or a member, as menu sections and as keys on the focused message. */
import { MESSAGE, nameOf, USER } from "../core/commands.js";
import { MANAGE_MESSAGES } from "../core/permissions.js";

const EPHEMERAL = 1 << 6;
const WRITTEN = new Set([0, 19]); // default and reply (docs resources/message, Message Types)

/** Whether `message` is the own words of `me`, to be changed or deleted. */
export const isOwn = (message, me) =>
  message.author?.id === me && !message.webhook_id && WRITTEN.has(message.type ?? 0);

/** Whether `me` may delete `message`: their own, or anyone's with Manage Messages (`allowed`: their permissions). */
const mayDelete = (message, me, allowed) => isOwn(message, me) || Boolean(allowed & MANAGE_MESSAGES);

/** The bot's commands of one type as sections, each headed with its application's name. */
function commandSections(commands, type, run) {
  const sections = new Map();
  for (const command of commands.filter((each) => each.type === type)) {
    const items = sections.get(command.application.name) ?? [];
    items.push({ label: nameOf(command), icon: "slash", run: () => run(command.name) });
    sections.set(command.application.name, items);
  }
  return [...sections].map(([heading, items]) => ({ heading, items }));
}

/** The sections of a message's menu: what the page does with it, then the bot's `commands` for messages. */
export function menuSections(message, { me, allowed, actions, anchor, commands = [] }) {
  if (message.flags & EPHEMERAL) return [{ items: ephemeralItems(message, actions) }];
  const items = [
    { label: "Reply", icon: "reply", keys: "R", run: () => actions.reply(message) },
    { label: "Add a reaction", icon: "react", keys: "+", run: () => actions.pick(message, anchor) },
    { label: "Copy link", icon: "link", run: () => actions.copyLink(message) },
    ...(message.content ? [{ label: "Copy text", icon: "copy", run: () => actions.copyText(message) }] : []),
  ];
  const change = [
    isOwn(message, me) && { label: "Edit", icon: "edit", keys: "E", run: () => actions.edit(message) },
    mayDelete(message, me, allowed) && {
      label: "Delete",
      icon: "trash",
      keys: "Del",
      danger: true,
      run: () => actions.remove(message),
    },
  ].filter(Boolean);
  const run = (name) => actions.command("message", name, message.id);
  return [{ items }, { items: change }, ...commandSections(commands, MESSAGE, run)];
}

const ephemeralItems = (message, actions) => [
  ...(message.content ? [{ label: "Copy text", icon: "copy", run: () => actions.copyText(message) }] : []),
  { label: "Dismiss", icon: "close", run: () => actions.dismiss(message) },
];

/**
 * The sections of a member's menu. `run(name)` runs one of the bot's `commands` for members, `be` makes one be them
 * (null where one can't).
 */
export function memberSections(member, { commands = [], run, be, copy }) {
  const items = [
    be && { label: `Be ${member.display_name}`, icon: "person", run: be },
    { label: "Copy ID", icon: "copy", run: copy },
  ].filter(Boolean);
  return [{ heading: member.display_name, items }, ...commandSections(commands, USER, run)];
}

/** Act on a key pressed on a focused message. The context-menu key needs nothing here: browsers send its event. */
export function shortcut(event, message, { me, allowed, actions, anchor }) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (message.flags & EPHEMERAL && event.key !== "Enter") return;
  const keys = {
    r: () => actions.reply(message),
    "+": () => actions.pick(message, anchor),
    e: isOwn(message, me) && (() => actions.edit(message)),
    Delete: mayDelete(message, me, allowed) && (() => actions.remove(message)),
    Enter: () => actions.menu(message, anchor.getBoundingClientRect(), anchor),
  };
  const run = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!run) return;
  event.preventDefault();
  run();
}
