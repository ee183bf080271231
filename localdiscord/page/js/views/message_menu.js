/** What one can do with a message, as menu sections and as keys on the focused message. */
import { MANAGE_MESSAGES } from "../core/permissions.js";

const WRITTEN = new Set([0, 19]); // default and reply (docs resources/message, Message Types)

/** Whether `message` is the own words of `me`, to be changed or deleted. */
export const isOwn = (message, me) =>
  message.author?.id === me && !message.webhook_id && WRITTEN.has(message.type ?? 0);

/** Whether `me` may delete `message`: their own, or anyone's with Manage Messages (`allowed`: their permissions). */
const mayDelete = (message, me, allowed) => isOwn(message, me) || Boolean(allowed & MANAGE_MESSAGES);

/** The page's own sections of a message's menu; the bot's commands for messages follow as one with its heading. */
export function menuSections(message, { me, allowed, actions, anchor }) {
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
  return [{ items }, { items: change }];
}

/** Act on a key pressed on a focused message. The context-menu key needs nothing here: browsers send its event. */
export function shortcut(event, message, { me, allowed, actions, anchor }) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const keys = {
    r: () => actions.reply(message),
    "+": () => actions.pick(message, anchor),
    e: isOwn(message, me) && (() => actions.edit(message)),
    Delete: isOwn(message, me) && (() => actions.remove(message)),
    Enter: () => actions.menu(message, anchor.getBoundingClientRect(), anchor),
  };
  const run = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!run) return;
  event.preventDefault();
  run();
}
