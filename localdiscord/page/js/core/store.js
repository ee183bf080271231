/** Holds the state, tells who listens that it changed; at most one call of each listener a frame. */

export const emptyState = {
  ready: false,
  failure: null, // sentence when the first reading failed
  live: false, // whether the stream of events stands
  me: null,
  ahead: 0, // milliseconds that the local Discord's clock is ahead of this machine's: tests move it
  guild: null,
  bot: { id: null, connected: false },
  channels: new Map(),
  roles: new Map(),
  members: new Map(),
  threads: new Map(), // id to thread with `starter` and `last_message`
  lists: new Map(), // channel or thread id to {messages, atStart}
  direct: null, // the channel in which the bot writes to this member alone, once there is one
  commands: new Map(), // channel or thread id to the bot's commands that may be used there
  modal: null, // the bot's form that is open: {channel, custom_id, title, components}
  formsSent: 0, // how many forms this person has sent
  pending: [], // own posts on their way: {key, channel, content, replyTo, files}
  reads: {}, // channel or thread id to the id of the last message seen
  toasts: [],
};

export class Store {
  constructor(state) {
    this.state = state;
    this.listeners = new Set();
    this.scheduled = false;
  }

  set(change) {
    const next = typeof change === "function" ? change(this.state) : { ...this.state, ...change };
    if (next === this.state) return;
    this.state = next;
    if (this.scheduled) return;
    this.scheduled = true;
    // A hidden tab gets no animation frames; its title and announcements must still follow.
    const soon = document.hidden ? (run) => setTimeout(run, 50) : requestAnimationFrame;
    soon(() => {
      this.scheduled = false;
      for (const listener of this.listeners) listener();
    });
  }

  subscribe(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
