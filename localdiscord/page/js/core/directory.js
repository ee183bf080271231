/** Ids to names, faces and colours, as the member who looks sees them. Reads the store; keeps nothing. */
import { formatRoute } from "./route.js";

const HUES = ["#9a3b52", "#3f6f4f", "#40629a", "#7d5a2b", "#6b4c93", "#2f6f78"];

/** A steady colour for a face without a picture. */
export const faceColour = (id) => HUES[Number(BigInt(id || 0) % BigInt(HUES.length))];

const hex = (colour) => (colour ? `#${colour.toString(16).padStart(6, "0")}` : null);

export class Directory {
  constructor(store, me) {
    this.store = store;
    this.me = me;
  }

  member(id) {
    return this.store.state.members.get(id);
  }

  role(id) {
    return this.store.state.roles.get(id);
  }

  /** A channel or thread. */
  channel(id) {
    return this.store.state.channels.get(id) ?? this.store.state.threads.get(id);
  }

  /** The address of a channel, thread or message in this page. */
  href(id, message = null) {
    const thread = this.store.state.threads.get(id);
    return thread
      ? formatRoute({ channel: thread.parent_id, thread: id, message })
      : formatRoute({ channel: id, message });
  }

  /** `{id, name, picture, colour, badge}` of whoever wrote `message`; colour a CSS colour or null. */
  author(message) {
    const user = message.author ?? {};
    const member = message.webhook_id ? undefined : this.member(user.id);
    const hash = user.avatar && `/cdn/avatars/${user.id}/${user.avatar}.png`;
    return {
      id: user.id ?? "0",
      name: member?.display_name ?? user.global_name ?? user.username ?? "Unknown",
      picture: member?.avatar_url ?? hash ?? null,
      colour: hex(member?.color),
      badge: message.webhook_id || user.bot ? "APP" : null,
    };
  }
}
