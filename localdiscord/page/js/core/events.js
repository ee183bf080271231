/**
 * What a gateway event does to the state. Pure: state in, state out, nothing changed in place, so that a view
 * redraws exactly the messages that became other objects. Every event may arrive twice.
 */

const DM = 1; // type of a channel

const later = (a, b) => (BigInt(a) > BigInt(b ?? 0) ? a : b);
const withEntry = (map, key, value) => new Map(map).set(key, value);

/** The name an emoji has in addresses: itself, or `name:id` for a custom one. */
export const emojiKey = (emoji) => (emoji.id ? `${emoji.name}:${emoji.id}` : emoji.name);

/** Put `message` into a list kept in the order of ids; the same id replaces. */
export function insert(messages, message) {
  let index = messages.length;
  while (index > 0 && BigInt(messages[index - 1].id) > BigInt(message.id)) index--;
  if (messages[index - 1]?.id === message.id)
    return messages.with(index - 1, { ...messages[index - 1], ...message });
  return messages.toSpliced(index, 0, message);
}

function changeList(state, channel, change) {
  const list = state.lists.get(channel);
  if (!list) return state;
  const messages = change(list.messages);
  return messages === list.messages
    ? state
    : { ...state, lists: withEntry(state.lists, channel, { ...list, messages }) };
}

function changeThread(state, id, change) {
  const thread = state.threads.get(id);
  return thread ? { ...state, threads: withEntry(state.threads, id, change(thread)) } : state;
}

/** Change one message wherever it is shown: in its list, and as a thread's starter or last message. */
export function changeMessage(state, channel, id, change) {
  let next = changeList(state, channel, (messages) => {
    const index = messages.findIndex((message) => message.id === id);
    return index === -1 ? messages : messages.with(index, change(messages[index]));
  });
  for (const thread of new Set([channel, id])) {
    const known = next.threads.get(thread);
    if (known?.starter?.id === id) {
      next = changeThread(next, thread, (each) => ({ ...each, starter: change(each.starter) }));
    }
    if (known?.last_message?.id === id) {
      next = changeThread(next, thread, (each) => ({ ...each, last_message: change(each.last_message) }));
    }
  }
  return next;
}

/** The state with the channel of direct messages in it, and `messages` as what was said there so far. */
export function withDirect(state, channel, messages) {
  const direct = { id: channel, type: DM, last_message_id: messages.at(-1)?.id ?? null };
  return { ...state, direct, lists: withEntry(state.lists, channel, { messages, atStart: true }) };
}

function created(before, message) {
  const state =
    message.channel_type === DM && !before.direct ? withDirect(before, message.channel_id, []) : before;
  let next = changeList(state, message.channel_id, (messages) => insert(messages, message));
  const channel = next.channels.get(message.channel_id);
  if (channel) {
    const last = { ...channel, last_message_id: later(message.id, channel.last_message_id) };
    next = { ...next, channels: withEntry(next.channels, channel.id, last) };
  }
  if (next.direct?.id === message.channel_id)
    next = { ...next, direct: { ...next.direct, last_message_id: message.id } };
  return changeThread(next, message.channel_id, (thread) => {
    if (message.id === thread.id) return { ...thread, starter: message };
    if (BigInt(message.id) <= BigInt(thread.last_message_id ?? 0) && thread.last_message) return thread;
    return {
      ...thread,
      last_message: message,
      last_message_id: message.id,
      message_count: (thread.message_count ?? 0) + 1,
    };
  });
}

/** Edits keep the reactions we hold: the event's own say nothing about whose they are. */
const edited = (message, change) => ({ ...message, ...change, reactions: message.reactions });

/** Messages that count as replies: not the opening post, not what only one person sees. */
const isReply = (message, thread) => message.id !== thread && !(message.flags & 64);

function deleted(state, channel, ids) {
  const gone = new Set(ids);
  // Where the list is held it tells what is really new here, so that the same deletion twice counts once.
  const held = state.lists.get(channel)?.messages ?? ids.map((id) => ({ id }));
  const replies = held.filter((message) => gone.has(message.id) && isReply(message, channel)).length;
  const next = changeList(state, channel, (messages) => {
    const kept = messages.filter((message) => !gone.has(message.id));
    const quotes = (message) => gone.has(message.message_reference?.message_id);
    if (kept.length === messages.length && !kept.some(quotes)) return messages;
    return kept.map((message) => (quotes(message) ? { ...message, referenced_message: null } : message));
  });
  return changeThread(next, channel, (thread) => ({
    ...thread,
    starter: gone.has(thread.starter?.id) ? null : thread.starter,
    last_message: gone.has(thread.last_message?.id) ? null : thread.last_message,
    message_count: Math.max(0, (thread.message_count ?? 0) - replies),
  }));
}

/** Add or take one reaction of `user`. Doing so twice for the same user, where known, changes nothing more. */
export function react(message, emoji, user, on, me) {
  const key = emojiKey(emoji);
  const reactions = message.reactions ?? [];
  const index = reactions.findIndex((each) => emojiKey(each.emoji) === key);
  const found = reactions[index] ?? { emoji, count: 0, me: false, users: [] };
  const users = found.users ?? [];
  const knownOn = user === me ? found.me : users.includes(user);
  if (on ? knownOn : user === me && !found.me) return message;
  const changed = {
    ...found,
    count: Math.max(0, found.count + (on ? 1 : -1)),
    me: user === me ? on : found.me,
    users: on ? [...users, user] : users.filter((id) => id !== user),
  };
  if (index === -1) return on ? { ...message, reactions: [...reactions, changed] } : message;
  const rest = changed.count ? reactions.with(index, changed) : reactions.toSpliced(index, 1);
  return { ...message, reactions: rest };
}

function threadCreated(state, thread) {
  const known = state.threads.get(thread.id) ?? {};
  const starter =
    known.starter ?? state.lists.get(thread.parent_id)?.messages.find(({ id }) => id === thread.id) ?? null;
  const next = {
    ...state,
    threads: withEntry(state.threads, thread.id, { starter, last_message: null, ...known, ...thread }),
  };
  return changeMessage(next, thread.parent_id, thread.id, (message) => ({ ...message, thread }));
}

function threadDeleted(state, { id, parent_id: parent }) {
  const threads = new Map(state.threads);
  const lists = new Map(state.lists);
  threads.delete(id);
  lists.delete(id);
  return changeMessage({ ...state, threads, lists }, parent, id, (message) => ({
    ...message,
    thread: undefined,
  }));
}

const HANDLERS = {
  MESSAGE_CREATE: created,
  MESSAGE_UPDATE: (state, change) =>
    changeMessage(state, change.channel_id, change.id, (message) => edited(message, change)),
  MESSAGE_DELETE: (state, { channel_id: channel, id }) => deleted(state, channel, [id]),
  MESSAGE_DELETE_BULK: (state, { channel_id: channel, ids }) => deleted(state, channel, ids),
  MESSAGE_REACTION_ADD: (state, event) => reacted(state, event, true),
  MESSAGE_REACTION_REMOVE: (state, event) => reacted(state, event, false),
  MESSAGE_REACTION_REMOVE_ALL: (state, { channel_id: channel, message_id: id }) =>
    changeMessage(state, channel, id, (message) => ({ ...message, reactions: [] })),
  MESSAGE_REACTION_REMOVE_EMOJI: (state, { channel_id: channel, message_id: id, emoji }) =>
    changeMessage(state, channel, id, (message) => ({
      ...message,
      reactions: (message.reactions ?? []).filter((each) => emojiKey(each.emoji) !== emojiKey(emoji)),
    })),
  THREAD_CREATE: threadCreated,
  THREAD_UPDATE: (state, thread) =>
    changeThread(state, thread.id, (known) => ({ ...known, ...thread, message_count: known.message_count })),
  THREAD_DELETE: threadDeleted,
  CHANNEL_CREATE: (state, channel) => ({
    ...state,
    channels: withEntry(state.channels, channel.id, channel),
  }),
  CHANNEL_UPDATE: (state, channel) => ({
    ...state,
    channels: withEntry(state.channels, channel.id, { ...state.channels.get(channel.id), ...channel }),
  }),
  CHANNEL_DELETE: (state, { id }) => {
    const channels = new Map(state.channels);
    channels.delete(id);
    return { ...state, channels };
  },
  EPHEMERAL_MESSAGE: (state, message) =>
    changeList(state, message.channel_id, (messages) => insert(messages, message)),
  BOT_STATE: (state, bot) => ({ ...state, bot: { ...state.bot, ...bot } }),
};

function reacted(state, event, on) {
  return changeMessage(state, event.channel_id, event.message_id, (message) =>
    react(message, event.emoji, event.user_id, on, state.me),
  );
}

/** The state after gateway event `name`; unknown events change nothing. */
export const reduce = (state, name, data) => HANDLERS[name]?.(state, data) ?? state;
