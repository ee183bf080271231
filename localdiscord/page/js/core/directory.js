/** Ids to names, faces and colours, as the member who looks sees them. Reads the store; keeps nothing. */
import { formatJump, formatRoute, parseJump } from "./route.js";

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

  /** A channel, thread or the direct messages. */
  channel(id) {
    const { channels, threads, direct, bot } = this.store.state;
    const own = direct?.id === id ? { ...direct, name: this.member(bot.id)?.display_name ?? "Bot" } : undefined;
    return channels.get(id) ?? threads.get(id) ?? own;
  }

  /** The address of a channel, thread or message in this page. */
  href(id, message = null) {
    const thread = this.store.state.threads.get(id);
    return thread
      ? formatRoute({ channel: thread.parent_id, thread: id, message })
      : formatRoute({ channel: id, message });
  }

  /** `{href, channel, message}` of what a Discord link leads to in this page; null when it leads elsewhere. */
  inside(url) {
    const jump = parseJump(url);
    if (!jump || (jump.guild !== this.store.state.guild.id && jump.guild !== "@me")) return null;
    return { ...jump, href: this.href(jump.channel, jump.message) };
  }

  /** The Discord link to a message. */
  link(message) {
    const direct = message.channel_id === this.store.state.direct?.id;
    const guild = direct ? "@me" : this.store.state.guild.id;
    return formatJump({ guild, channel: message.channel_id, message: message.id });
  }

  /** `{id, name, picture, colour, badge, member}` of whoever wrote `message`; colour a CSS colour or null. */
  author(message) {
    const user = message.author ?? {};
    const member = message.webhook_id ? undefined : this.member(user.id);
    const hash = user.avatar && `/cdn/avatars/${user.id}/${user.avatar}.svg`;
    return {
      id: user.id ?? "0",
      name: member?.display_name ?? user.global_name ?? user.username ?? "Unknown",
      picture: member?.avatar_url ?? hash ?? null,
      colour: hex(member?.color),
      badge: message.webhook_id || user.bot ? "APP" : null,
      member: member?.id ?? null,
    };
  }
}
