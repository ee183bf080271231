/**
 * One person at the page: reads what they may see, follows what happens, does what they ask.
 *
 * Views call these methods and draw `store.state`; no view speaks to the server itself. A refusal ends as a
 * toast with the server's own sentence, and what was shown ahead of the answer is taken back.
 */
import { api, listen } from "./api.js";
import { Directory } from "./directory.js";
import { changeMessage, emojiKey, insert, react, reduce, withDirect } from "./events.js";
import { packAll } from "./files.js";
import { Interactions } from "./interactions.js";
import { memory } from "./memory.js";
import { permissions, timedOutUntil, VIEW_CHANNEL } from "./permissions.js";
import { emptyState, Store } from "./store.js";

const PAGE = 100;
const MAX_PAGES_TO_FIND = 20;
const TOAST_MS = 8000;
const FORUM = 15;
const TEXT = 0;
const EPHEMERAL = 1 << 6;
const GONE = 404; // status of an answer
const LONGEST_WAIT = 2 ** 31 - 1000; // milliseconds; browsers take a longer timer for none

const byId = (rows) => new Map(rows.map((row) => [row.id, row]));
const snowflakeAt = (milliseconds) => ((BigInt(milliseconds) - 1420070400000n) << 22n).toString();

export class Session {
  constructor() {
    this.store = new Store(emptyState);
    this.baseline = snowflakeAt(memory.firstVisit);
    this.touched = new Map(); // channel to the number of events seen, to notice readings overtaken by events
    this.readings = new Map(); // channel to the reading under way
    this.drafts = new Map(); // channel to text begun there
    this.interactions = new Interactions(this);
    this.current = null;
    this.keys = 0;
  }

  get state() {
    return this.store.state;
  }

  /** Be `member` (an id, or null for whoever was last here) and read everything as they see it. */
  async become(member) {
    this.stop?.();
    const generation = (this.generation = (this.generation ?? 0) + 1);
    this.readings.clear();
    try {
      await this.readGuild(member ?? memory.member);
    } catch (error) {
      if (generation !== this.generation) return;
      this.store.set({ failure: error.message });
      this.retry = setTimeout(() => this.become(member), 2000);
      return;
    }
    if (generation !== this.generation) return;
    const me = this.state.me;
    memory.member = me;
    this.directory = new Directory(this.store, me);
    const visible = new Set(this.visibleChannels().map(({ id }) => id));
    this.store.set({
      lists: new Map(),
      // Until they are read anew: whoever takes somebody else's place stays in the thread that is open.
      threads: new Map([...this.state.threads].filter(([, each]) => visible.has(each.parent_id))),
      pending: [],
      direct: null,
      commands: new Map(),
      modal: null,
      failure: null,
      reads: memory.reads(me),
    });
    this.interactions.renew();
    await Promise.all([this.readThreads(), this.readDirect()]);
    if (generation !== this.generation) return;
    this.store.set({ ready: true });
    let first = true;
    this.stop = listen(
      me,
      (name, data) => this.hear(name, data),
      (live) => {
        this.store.set({ live });
        // The first opening also re-reads: something may have happened since the reading above.
        if (live) this.resync(first);
        first = false;
      },
    );
    if (this.current) this.open(this.current);
  }

  async readGuild(member) {
    const { guild, channels, roles, members, bot, now } = await api.state(member).catch((error) => {
      if (error.status !== GONE) throw error;
      return api.state(null); // they left: somebody else is taken
    });
    const people = members.filter((each) => !each.bot);
    const me = people.find((each) => each.id === member)?.id ?? people[0].id;
    this.store.set((state) => ({
      ...state,
      guild,
      bot,
      me,
      ahead: Date.parse(now) - Date.now(),
      roles: byId(roles),
      members: byId(members),
      channels: byId(channels),
    }));
    this.awaitTimeOuts();
  }

  /** Time-outs end without an event: read the guild again when the next one does. */
  awaitTimeOuts() {
    clearTimeout(this.timeOut);
    const { state } = this;
    const ends = [...state.members.values()].map((each) => timedOutUntil(state, each)).filter(Boolean);
    if (!ends.length) return;
    const wait = Math.min(Math.min(...ends) - state.ahead - Date.now(), LONGEST_WAIT);
    this.timeOut = setTimeout(() => this.rereadGuild(), wait + 100);
  }

  rereadGuild() {
    this.readGuild(this.state.me).catch((error) => this.toast(error.message));
  }

  /** Channels this person may see, in the guild's order. */
  visibleChannels() {
    const { channels, members, me } = this.state;
    return [...channels.values()]
      .filter((channel) => channel.type === TEXT || channel.type === FORUM)
      .filter((channel) => permissions(this.state, members.get(me), channel) & VIEW_CHANNEL)
      .sort((a, b) => (a.position ?? 0) - (b.position ?? 0) || (BigInt(a.id) < BigInt(b.id) ? -1 : 1));
  }

  async readThreads() {
    await Promise.all(
      this.visibleChannels().map((channel) =>
        this.settled(channel.id, async () => {
          const rows = await api.threads(this.state.me, channel.id);
          return () =>
            this.store.set((state) => {
              const others = [...state.threads.values()].filter((thread) => thread.parent_id !== channel.id);
              return { ...state, threads: byId([...others, ...rows]) };
            });
        }),
      ),
    );
  }

  /** What the bot said to this person alone. */
  async readDirect() {
    const known = this.state.direct?.id;
    await this.settled(known, async () => {
      const said = await api.direct(this.state.me);
      return () => {
        if (!said.length && !known) return;
        const channel = known ?? said[0].channel_id;
        // Before the channel was known its events could not be told to overtake this reading: both are kept.
        const heard = known ? [] : (this.state.lists.get(channel)?.messages ?? []);
        this.store.set((state) => withDirect(state, channel, heard.reduce(insert, said)));
      };
    });
  }

  async resync(first) {
    try {
      if (!first) await this.readGuild(this.state.me);
      await Promise.all([this.readThreads(), this.readDirect()]);
    } catch (error) {
      this.toast(error.message);
    }
    if (first) return;
    this.interactions.renew();
    const kept = new Set([this.current, this.state.direct?.id]);
    this.store.set({ lists: new Map([...this.state.lists].filter(([id]) => kept.has(id))) });
    if (this.current && this.current !== this.state.direct?.id) await this.read(this.current);
  }

  hear(name, data) {
    const channel = data.channel_id ?? data.parent_id ?? data.id;
    for (const id of [channel, this.state.threads.get(channel)?.parent_id]) {
      if (id) this.touched.set(id, (this.touched.get(id) ?? 0) + 1);
    }
    if (name === "GUILD_AUDIT_LOG_ENTRY_CREATE") return; // the page shows no audit log
    if (name === "GUILD_MEMBER_REMOVE" && data.user.id === this.state.me) {
      this.toast(`${this.state.members.get(data.user.id).display_name} left the server.`);
      this.become(null);
      return;
    }
    if (name.startsWith("GUILD_")) {
      this.rereadGuild();
      return;
    }
    if (name === "COMMANDS_UPDATE") {
      this.interactions.renew();
      return;
    }
    if (name === "MESSAGE_CREATE" && data.author?.id === this.state.me) this.forgetPending(data);
    this.store.set((state) => reduce(state, name, data));
  }

  /** Run `reading` again while events overtake it, then put its result into the store. */
  async settled(channel, reading) {
    const { generation } = this;
    for (let tries = 0; ; tries++) {
      const before = this.touched.get(channel);
      const store = await reading();
      if (generation !== this.generation) return;
      if (before === this.touched.get(channel) || tries === 3) {
        store();
        return;
      }
    }
  }

  /** Show a channel or thread: read it unless it is already held. */
  async open(channel) {
    this.current = channel;
    if (!this.state.ready || this.state.lists.has(channel)) return;
    await this.read(channel);
  }

  /** Read the newest messages; a second call while one is under way shares it. */
  read(channel) {
    if (!this.readings.has(channel)) {
      const reading = this.readNewest(channel).finally(() => {
        if (this.readings.get(channel) === reading) this.readings.delete(channel);
      });
      this.readings.set(channel, reading);
    }
    return this.readings.get(channel);
  }

  async readNewest(channel) {
    try {
      await this.settled(channel, async () => {
        const messages = await api.messages(this.state.me, channel, { limit: PAGE });
        return () =>
          this.store.set((state) => {
            const kept = (state.lists.get(channel)?.messages ?? []).filter(
              (message) => message.flags & EPHEMERAL,
            );
            const list = { messages: kept.reduce(insert, messages), atStart: messages.length < PAGE };
            return { ...state, lists: new Map(state.lists).set(channel, list) };
          });
      });
    } catch (error) {
      this.store.set((state) => ({
        ...state,
        lists: new Map(state.lists).set(channel, { messages: [], atStart: true, failure: error.message }),
      }));
    }
  }

  /** Read one page further back. */
  async readOlder(channel) {
    const list = this.state.lists.get(channel);
    if (!list || list.atStart || list.older) return;
    const change = (values) =>
      this.store.set((state) => ({
        ...state,
        lists: new Map(state.lists).set(channel, { ...state.lists.get(channel), ...values }),
      }));
    change({ older: true });
    try {
      const page = await api.messages(this.state.me, channel, { before: list.messages[0].id, limit: PAGE });
      const messages = this.state.lists.get(channel).messages;
      const known = new Set(messages.map(({ id }) => id));
      const fresh = page.filter(({ id }) => !known.has(id));
      change({ messages: [...fresh, ...messages], atStart: page.length < PAGE, older: false });
    } catch (error) {
      change({ older: false });
      this.toast(error.message);
    }
  }

  /** Read back until `message` is held; false when it is not there. */
  async find(channel, message) {
    await (this.readings.get(channel) ?? this.open(channel));
    for (let pages = 0; pages < MAX_PAGES_TO_FIND; pages++) {
      const list = this.state.lists.get(channel);
      if (!list) return false;
      if (
        list.messages.some(({ id }) => id === message) ||
        this.state.threads.get(channel)?.starter?.id === message
      )
        return true;
      if (list.atStart || (list.messages[0] && BigInt(list.messages[0].id) < BigInt(message))) return false;
      await this.readOlder(channel);
    }
    return false;
  }

  /** Post, shown at once and faint until the server has it. True when it was taken. */
  async send(channel, content, replyTo, files = []) {
    const key = `pending-${++this.keys}`;
    this.store.set((state) => ({
      ...state,
      pending: [...state.pending, { key, channel, content, replyTo, files }],
    }));
    try {
      const packed = await packAll({ files });
      const message = await api.post(this.state.me, channel, content, replyTo?.id, packed.files);
      this.dropPending(key);
      if (message?.id) this.hear("MESSAGE_CREATE", message);
      return true;
    } catch (error) {
      this.dropPending(key);
      this.toast(error.message);
      return false;
    }
  }

  dropPending(key) {
    this.store.set((state) => ({ ...state, pending: state.pending.filter((each) => each.key !== key) }));
  }

  /** The event may come before the answer: then it is what takes the faint copy away. */
  forgetPending({ channel_id: channel, content }) {
    const own = this.state.pending.find((each) => each.channel === channel && each.content === content);
    if (own) this.dropPending(own.key);
  }

  /** Open a forum post; its id. Throws ApiError when refused: the form that asked shows why. */
  async openPost(forum, name, content, tags) {
    const { message, ...thread } = await api.openThread(this.state.me, forum, name, content, tags);
    this.hear("THREAD_CREATE", thread);
    if (message) this.hear("MESSAGE_CREATE", message);
    return thread.id;
  }

  async edit(message, content) {
    const apply = (values) =>
      this.store.set((state) =>
        changeMessage(state, message.channel_id, message.id, (each) => ({ ...each, ...values })),
      );
    apply({ content, edited_timestamp: new Date().toISOString() });
    try {
      await api.edit(this.state.me, message.channel_id, message.id, content);
      return true;
    } catch (error) {
      apply({ content: message.content, edited_timestamp: message.edited_timestamp });
      this.toast(error.message);
      return false;
    }
  }

  async remove(message) {
    try {
      await api.remove(this.state.me, message.channel_id, message.id);
      this.hear("MESSAGE_DELETE", { channel_id: message.channel_id, id: message.id });
    } catch (error) {
      this.toast(error.message);
    }
  }

  /** Hide a message only this person could see. */
  dismiss(message) {
    this.hear("MESSAGE_DELETE", { channel_id: message.channel_id, id: message.id });
  }

  /** Add the reaction, or take it back; shown at once. */
  async react(message, emoji) {
    const key = emojiKey(emoji);
    const on = !message.reactions?.some((each) => emojiKey(each.emoji) === key && each.me);
    const { me } = this.state;
    const apply = (value) =>
      this.store.set((state) =>
        changeMessage(state, message.channel_id, message.id, (each) => react(each, emoji, me, value, me)),
      );
    apply(on);
    try {
      await api.react(me, message.channel_id, message.id, key, on);
    } catch (error) {
      apply(!on);
      this.toast(error.message);
    }
  }

  /** The language this person reads, as Discord names it; null until chosen. */
  get locale() {
    return this.state.members.get(this.state.me)?.locale ?? null;
  }

  /** Read the bot's commands and answers in another language from now on. */
  async chooseLocale(locale) {
    const { me } = this.state;
    try {
      await api.changeMember(me, { locale });
    } catch (error) {
      this.toast(error.message);
      return;
    }
    this.store.set((state) => ({
      ...state,
      members: new Map(state.members).set(me, { ...state.members.get(me), locale }),
    }));
    this.interactions.renew();
  }

  /** Everything up to message `last` of a channel or thread has been seen. */
  markRead(channel, last) {
    const { reads, me } = this.state;
    if (!last || BigInt(reads[channel] ?? 0) >= BigInt(last)) return;
    const next = { ...reads, [channel]: last };
    memory.saveReads(me, next);
    this.store.set({ reads: next });
  }

  /** Whether `last` in `channel` came after what was seen there (or in `within`, its forum). */
  isUnread(channel, last, within = null) {
    const { reads } = this.state;
    const marks = [this.baseline, reads[channel], within && reads[within]].filter(Boolean).map(BigInt);
    return Boolean(last) && marks.every((mark) => BigInt(last) > mark);
  }

  /** Put `text` on the clipboard and say `done`. */
  async copy(text, done) {
    try {
      await navigator.clipboard.writeText(text);
      this.toast(done, "done");
    } catch {
      this.toast("The browser did not allow copying.");
    }
  }

  toast(sentence, kind = "error") {
    const key = ++this.keys;
    this.store.set((state) => ({ ...state, toasts: [...state.toasts.slice(-3), { key, sentence, kind }] }));
    setTimeout(() => this.dropToast(key), TOAST_MS);
  }

  dropToast(key) {
    this.store.set((state) => ({ ...state, toasts: state.toasts.filter((each) => each.key !== key) }));
  }
}
