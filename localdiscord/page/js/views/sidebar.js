/** The way around: channels, whether the bot is there, who you are, light or dark. */
import { html } from "../core/dom.js";
import { permissions, VIEW_CHANNEL } from "../core/permissions.js";
import { formatRoute } from "../core/route.js";
import { Icon } from "./icons.js";
import { People } from "./people.js";

/** Whether not everyone may see the channel. */
function isPrivate(state, channel) {
  const stranger = { id: "0", roles: [] };
  return !(permissions(state, stranger, channel) & VIEW_CHANNEL);
}

function hasNews(session, channel) {
  const { threads } = session.state;
  if (channel.type === 0) return session.isUnread(channel.id, channel.last_message_id);
  return [...threads.values()].some(
    (thread) =>
      thread.parent_id === channel.id &&
      session.isUnread(thread.id, thread.last_message?.id ?? thread.id, channel.id),
  );
}

function ChannelLink({ session, state, channel, current }) {
  const secret = isPrivate(state, channel);
  const news = !current && hasNews(session, channel);
  const kind = channel.type === 0 ? "text" : "forum";
  const says = [channel.name, kind === "forum" ? "forum" : "channel", secret && "private", news && "unread"]
    .filter(Boolean)
    .join(", ");
  return html`<li><a class="channel ${news ? "unread" : ""}" href=${formatRoute({ channel: channel.id })}
    aria-label=${says} aria-current=${current ? "page" : undefined}>
    <${Icon} name=${secret ? "lock" : kind} /><span class="name">${channel.name}</span>${news && html`<span
      class="dot"></span>`}
  </a></li>`;
}

/** The way to what the bot wrote to this member alone; there only once it did. */
function DirectLink({ session, state, current }) {
  const { direct } = state;
  if (!direct) return null;
  const name = state.members.get(state.bot.id)?.display_name ?? "Bot";
  const news = !current && session.isUnread(direct.id, direct.last_message_id);
  return html`<h2>Direct messages</h2>
    <ul><li><a class="channel ${news ? "unread" : ""}" href=${formatRoute({ channel: direct.id })}
      aria-label=${[name, "direct messages", news && "unread"].filter(Boolean).join(", ")}
      aria-current=${current ? "page" : undefined}>
      <${Icon} name="mail" /><span class="name">${name}</span>${news && html`<span class="dot"></span>`}
    </a></li></ul>`;
}

function BotState({ live, connected }) {
  const sentence = !live
    ? "Reconnecting to the local Discord…"
    : connected
      ? "Bot connected"
      : "Bot not connected";
  return html`<p class="bot-state ${!live ? "broken" : connected ? "on" : "off"}" role="status"><span
    class="lamp"></span>${sentence}</p>`;
}

/**
 * Props: `session`, `state`, `current` (channel id), `open` (on a phone), `onClose`, `theme`, `onTheme`, `onChoose`,
 * `onMember(id, anchor, invoker)`.
 */
export function Sidebar({ session, state, current, open, onClose, dark, onTheme, onChoose, onMember }) {
  return html`<div class="sidebar ${open ? "open" : ""}" id="sidebar">
    <div class="brand">
      <img src="assets/mark.svg" alt="" width="28" height="28" />
      <div><b>${state.guild.name}</b><span>local Discord</span></div>
      <button type="button" class="icon-button"
        aria-label=${dark ? "Use the light theme" : "Use the dark theme"}
        title=${dark ? "Light theme" : "Dark theme"} onClick=${onTheme}>
        <${Icon} name=${dark ? "sun" : "moon"} /></button>
      <button type="button" class="icon-button close" aria-label="Close channels and people"
        onClick=${onClose}><${Icon} name="close" /></button>
    </div>
    <nav aria-label="Channels">
      <h2>Channels</h2>
      <ul>
        ${session
          .visibleChannels()
          .map(
            (channel) =>
              html`<${ChannelLink} key=${channel.id} session=${session} state=${state} channel=${channel}
                current=${channel.id === current} />`,
          )}
      </ul>
      <${DirectLink} session=${session} state=${state} current=${current === state.direct?.id} />
    </nav>
    <div class="foot">
      <${BotState} live=${state.live} connected=${state.bot.connected} />
      <${People} state=${state} onChoose=${onChoose}
        onMember=${onMember} onLocale=${(locale) => session.chooseLocale(locale)} />
    </div>
  </div>`;
}
