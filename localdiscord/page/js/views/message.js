/** One message: who, when, what, and everything hanging on it. */
import { Component, html, Pure } from "../core/dom.js";
import { oneLine } from "../core/preview.js";
import { exact, posted, snowflakeTime } from "../core/time.js";
import { Markdown } from "../markdown/render.js";
import { Avatar } from "./avatar.js";
import { Components } from "./components.js";
import { Embed } from "./embed.js";
import { limitOf } from "./composer.js";
import { Icon } from "./icons.js";
import { Attachments } from "./media.js";
import { Reactions } from "./reactions.js";
import { systemText } from "./system.js";
import { Timestamp } from "./timestamp.js";

export const EPHEMERAL = 1 << 6;
export const LOADING = 1 << 7;
const SUPPRESS_EMBEDS = 1 << 2;
const FORWARD = 1; // type of a message reference
const LOTTIE = 3; // format of a sticker

/** Rewrite a message in place: Enter saves, Escape leaves. Props: `message`, `limit`, `onDone(text or null)`. */
class Editor extends Component {
  constructor(props) {
    super(props);
    this.state = { text: props.message.content };
  }

  componentDidMount() {
    this.area.focus();
    this.area.setSelectionRange(this.area.value.length, this.area.value.length);
  }

  key = (event) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      this.props.onDone(null);
    } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.save();
    }
  };

  save() {
    const text = this.state.text.trim();
    if (text && [...text].length <= this.props.limit) this.props.onDone(text);
  }

  render({ limit }, { text }) {
    return html`<form class="editor" onSubmit=${(event) => (event.preventDefault(), this.save())}>
      <textarea ref=${(area) => (this.area = area)} aria-label="Edit the message" value=${text} rows="2"
        onInput=${(event) => this.setState({ text: event.target.value })} onKeyDown=${this.key} />
      <div class="editor-actions">
        <button type="submit" class="button primary" disabled=${!text.trim() || [...text].length > limit}>Save</button>
        <button type="button" class="button quiet" onClick=${() => this.props.onDone(null)}>Cancel</button>
        <span class="hint">Enter saves · Esc cancels</span>
      </div>
    </form>`;
  }
}

/** The name of the command that a message answers, or null. */
export function commandOf({ interaction_metadata: metadata, interaction }) {
  const began = metadata?.triggering_interaction_metadata ?? metadata;
  const name = interaction?.name;
  if (!name) return null;
  const slash = !began?.target_message_id && !began?.target_user;
  return { name: slash ? `/${name}` : name, user: began?.user ?? interaction.user };
}

/** Who used which command, over the bot's answer. */
function Used({ message, names }) {
  const command = commandOf(message);
  if (!command) return null;
  const person = names.author({ author: command.user });
  return html`<div class="reference used">
    <${Avatar} class="tiny" ...${person} /><b>${person.name}</b> used <span
      class="command-name">${command.name}</span>
  </div>`;
}

function Reference({ message, names }) {
  const original = message.referenced_message;
  const { message_reference: reference } = message;
  if (!reference?.message_id || reference.type === FORWARD || message.type === 18) return null;
  if (!original)
    return html`<div class="reference gone"><${Icon} name="reply" /> The message replied to is gone.</div>`;
  const author = names.author(original);
  return html`<a class="reference" href=${names.href(original.channel_id ?? message.channel_id, original.id)}
    aria-label="In reply to ${author.name}: ${oneLine(original, names)}">
    <${Icon} name="reply" /><${Avatar} class="tiny" ...${author} /><b>${author.name}</b><span
      class="line">${oneLine(original, names)}</span>
  </a>`;
}

function ThreadStub({ thread, names }) {
  const count = thread.message_count ?? 0;
  return html`<a class="stub" href=${names.href(thread.id)}>
    <${Icon} name="thread" /><b>${thread.name}</b><span
      class="count">${count === 1 ? "1 message" : `${count} messages`} ›</span>
  </a>`;
}

/** A message that somebody passed on: its words as they were, and the way to where it stands. */
function Forwarded({ message, names, actions }) {
  const { message_reference: reference, message_snapshots: snapshots } = message;
  const place = names.channel(reference?.channel_id);
  return snapshots.map(
    (each) => html`<div class="forwarded">
      <p class="reference"><${Icon} name="forward" /> Forwarded</p>
      <${Words} message=${{ ...message, ...each.message, message_snapshots: undefined }} names=${names}
        actions=${actions} />
      ${place && html`<a class="origin" href=${names.href(reference.channel_id, reference.message_id)}>#${place.name} ›</a>`}
    </div>`,
  );
}

/** A sticker as a picture, or its name where there is none (Lottie ones are no pictures). */
class Sticker extends Component {
  render({ sticker }, { broken }) {
    const name = `Sticker: ${sticker.name}`;
    if (broken || sticker.format_type === LOTTIE)
      return html`<div class="sticker" role="img" aria-label=${name}>${sticker.name}</div>`;
    return html`<img class="sticker-picture" src="/cdn/stickers/${sticker.id}.png" alt=${name} title=${sticker.name}
      width="160" height="160" loading="lazy" onError=${() => this.setState({ broken: true })} />`;
  }
}

function Body({ message, names, actions, editing }) {
  if (editing)
    return html`<${Editor} message=${message} limit=${limitOf(names.member(names.me))}
      onDone=${(text) => actions.finishEdit(message, text)} />`;
  return html`<div class="body"><${Words} message=${message} names=${names} actions=${actions} /></div>`;
}

/** Stands behind the text, or beside the time of a message that has none. */
function Edited({ message: { edited_timestamp: at } }) {
  return at && html`<span class="edited" title=${exact(Date.parse(at))}>(edited)</span>`;
}

/** What a message says, in all the ways it can. */
function Words({ message, names, actions }) {
  const embeds = message.flags & SUPPRESS_EMBEDS ? [] : (message.embeds ?? []);
  return html`
    ${message.flags & LOADING && !message.content ? html`<p class="thinking"
      role="status">${names.author(message).name} is thinking…</p>` : null}
    <${Markdown} text=${message.content} names=${names} />
    ${message.content && html`<${Edited} message=${message} />`}
    ${message.message_snapshots?.length > 0 && html`<${Forwarded} message=${message} names=${names}
      actions=${actions} />`}
    ${embeds.map((embed) => html`<${Embed} embed=${embed} message=${message} names=${names} />`)}
    <${Attachments} attachments=${message.flags & (1 << 15) ? null : message.attachments} />
    ${message.sticker_items?.map((sticker) => html`<${Sticker} key=${sticker.id} sticker=${sticker} />`)}
    <${Components} message=${message} names=${names} actions=${actions} />
  `;
}

function Toolbar({ message, actions, active }) {
  const tabindex = active ? 0 : -1;
  const button = (icon, label, run) =>
    html`<button type="button" tabindex=${tabindex} aria-label=${label} title=${label} onClick=${run}><${Icon}
      name=${icon} /></button>`;
  return html`<div class="toolbar" role="group" aria-label="Message actions">
    ${button("react", "Add a reaction", (event) => actions.pick(message, event.currentTarget))}
    ${button("reply", "Reply", () => actions.reply(message))}
    <button type="button" class="more" tabindex=${tabindex} aria-label="More actions" title="More actions"
      aria-haspopup="menu"
      onClick=${(event) => actions.menu(message, event.currentTarget.getBoundingClientRect(), event.currentTarget)}><${Icon} name="more" /></button>
  </div>`;
}

/** Whose message it is; for a member the way to their menu. */
function Author({ author, actions, tabindex }) {
  const style = author.colour ? { "--role": author.colour } : {};
  if (!author.member) return html`<span class="author" style=${style}>${author.name}</span>`;
  const open = (event) => {
    event.preventDefault();
    event.stopPropagation();
    actions.member(author.member, event.currentTarget);
  };
  return html`<button type="button" class="author" style=${style} tabindex=${tabindex} aria-haspopup="menu"
    onClick=${open} onContextMenu=${open}>${author.name}</button>`;
}

/**
 * Props: `message`, `names`, `actions`, `grouped` (goes on from the author's previous one), `active` (the one
 * that holds the list's tab stop), `marked` (just jumped to), `editing`, `thread` (its thread, for the stub).
 */
export class Message extends Pure {
  render({ message, names, actions, grouped, active, marked, editing, thread }) {
    const author = names.author(message);
    const at = snowflakeTime(message.id);
    const words = systemText(message, author);
    const ephemeral = message.flags & EPHEMERAL;
    const state = [
      "message",
      grouped && "grouped",
      marked && "marked",
      words && "system",
      ephemeral && "ephemeral",
      message.webhook_id && "webhook",
    ];
    return html`<li class=${state.filter(Boolean).join(" ")} data-id=${message.id}>
      <article tabindex=${active ? 0 : -1} data-message=${message.id} aria-label="${author.name}, ${posted(at)}"
          onContextMenu=${(event) => actions.contextMenu(message, event)}
            onFocus=${() => actions.activate(message.id)}>
        ${!words && html`<${Used} message=${message} names=${names} />
          <${Reference} message=${message} names=${names} />`}
        <div class="gutter">
          ${
            words
              ? html`<${Icon} name="info" />`
              : grouped
                ? html`<${Timestamp} class="aside" at=${at} format=${posted} />`
                : html`<${Avatar} ...${author} />`
          }
        </div>
        <div class="content">
          ${
            !grouped &&
            !words &&
            html`<header>
            <${Author} author=${author} actions=${actions} tabindex=${active ? 0 : -1} />
            ${author.badge && html`<span class="badge">${author.badge}</span>`}
            <${Timestamp} class="when" at=${at} format=${posted} />
            ${!message.content && html`<${Edited} message=${message} />`}
          </header>`
          }
          ${words ? html`<p class="system-text">${words} <${Timestamp} class="when" at=${at}
            format=${posted} /></p>` : html`<${Body} message=${message} names=${names} actions=${actions}
            editing=${editing} />`}
          ${
            ephemeral
              ? html`<p class="private"><${Icon} name="lock" /> Only you can see this · <button type="button"
                class="text" onClick=${() => actions.dismiss(message)}>Dismiss</button></p>`
              : html`<${Reactions} message=${message} names=${names} actions=${actions} />`
          }
          ${thread && html`<${ThreadStub} thread=${thread} names=${names} />`}
        </div>
        ${!editing && !ephemeral && html`<${Toolbar} message=${message} actions=${actions} active=${active} />`}
      </article>
    </li>`;
  }
}

/** An own message on its way. */
export function PendingMessage({ pending, names }) {
  const member = names.member(names.me);
  return html`<li class="message pending"><article aria-busy="true" aria-label="Sending">
    <div class="gutter"><${Avatar} id=${member.id} name=${member.display_name} picture=${member.avatar_url} /></div>
    <div class="content"><header><span class="author">${member.display_name}</span><span
      class="when">sending…</span></header>
      <div class="body"><${Markdown} text=${pending.content} names=${names} />
        ${pending.files.map((file) => html`<p class="private"><${Icon} name="file" /> ${file.name}</p>`)}</div></div>
  </article></li>`;
}
