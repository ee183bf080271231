/** A text channel or a thread: its messages, and everything one can do with them. */
import { Component, html } from "../core/dom.js";
import { slashCommands } from "../core/commands.js";
import {
  ATTACH_FILES,
  MANAGE_THREADS,
  permissions,
  SEND_IN_THREADS,
  SEND_MESSAGES,
  timedOutUntil,
} from "../core/permissions.js";
import { carriesTitle, oneLine } from "../core/preview.js";
import { formatRoute } from "../core/route.js";
import { styled } from "../core/time.js";
import { Composer, limitOf } from "./composer.js";
import { Confirm } from "./dialog.js";
import { Header } from "./header.js";
import { Menu } from "./menu.js";
import { Message } from "./message.js";
import { MessageList } from "./message_list.js";
import { isOwn, menuSections, shortcut } from "./message_menu.js";
import { EmojiPicker } from "./picker.js";
import { THREAD_STARTER } from "./system.js";
import { Tags } from "./tags.js";

const DIRECT = 1; // type of a channel
const ICONS = { 0: "text", 1: "mail", 15: "forum" };
const NONE = [];

const allowedIn = (state, channel) => permissions(state, state.members.get(state.me), channel);

const isLocked = (thread) => Boolean(thread?.thread_metadata?.locked);

/** Why one can't write here, as a sentence, or null. */
function refusal(state, channel, thread) {
  if (channel.type === DIRECT) return "Here the bot writes to you alone; answer with what it offers.";
  const allowed = allowedIn(state, channel);
  const may = allowed & (thread ? SEND_IN_THREADS : SEND_MESSAGES);
  const until = !may && timedOutUntil(state, state.members.get(state.me));
  if (until) return `You are timed out until ${styled(until, "f")}: until then you can only read.`;
  if (isLocked(thread) && !(allowed & MANAGE_THREADS)) return "This thread is locked: only moderators can write here.";
  return may ? null : "You can read here, but not write.";
}

/** What stands under a thread's name: its channel, and whether it is closed in some way. */
function placeOf(thread, channel) {
  const { archived } = thread.thread_metadata ?? {};
  return [`in #${channel.name}`, isLocked(thread) && "locked", archived && "archived"].filter(Boolean).join(" · ");
}

/**
 * Props: `session`, `state`, `channel`, `thread` (or null), `target` (message to show, with `visit` as its occasion),
 * `onMenu`, `onMember(id, anchor, invoker)` (asks for a member's menu).
 */
export class Conversation extends Component {
  constructor(props) {
    super(props);
    const { session, state } = props;
    this.lastSeen = state.reads[this.id] ?? session.baseline;
    this.state = { active: null, editing: null, replyTo: null, marked: null, popup: null, removing: null };
    this.actions = {
      react: (message, emoji) => session.react(message, emoji),
      component: (message, customId, values) => session.interactions.component(message, customId, values),
      command: (kind, name, target) => session.interactions.menuCommand(kind, this.id, name, target),
      member: (id, invoker) => props.onMember(id, invoker.getBoundingClientRect(), invoker),
      dismiss: (message) => session.dismiss(message),
      activate: (id) => this.state.active !== id && this.setState({ active: id }),
      reply: (message) => {
        const { state, channel, thread } = this.props;
        const refused = refusal(state, channel, thread);
        if (refused) {
          session.toast(refused);
          return;
        }
        this.setState({ replyTo: message, editing: null });
        requestAnimationFrame(() => this.composer?.focus());
      },
      edit: (message) => this.setState({ editing: message.id }),
      finishEdit: (message, text) => this.finishEdit(message, text),
      remove: (message) => this.setState({ removing: message }),
      pick: (message, invoker) =>
        this.setState({
          popup: { kind: "picker", message, invoker, anchor: invoker.getBoundingClientRect() },
        }),
      menu: (message, anchor, invoker) =>
        this.setState({ popup: { kind: "menu", message, anchor, invoker } }),
      menuOf: (id, anchor, invoker) => {
        const message = this.find(id);
        if (message) this.actions.menu(message, anchor, invoker);
      },
      contextMenu: (message, event) => this.contextMenu(message, event),
      shortcut: (id, event, anchor) => {
        const message = this.find(id);
        if (message)
          shortcut(event, message, {
            me: session.state.me,
            allowed: this.allowed,
            actions: this.actions,
            anchor,
          });
      },
      copyLink: (message) =>
        session.copy(session.directory.link(message), "Link copied."),
      copyText: (message) => session.copy(message.content, "Text copied."),
    };
  }

  get id() {
    return (this.props.thread ?? this.props.channel).id;
  }

  get allowed() {
    return allowedIn(this.props.state, this.props.channel);
  }

  componentDidMount() {
    const { session, thread } = this.props;
    session.open(this.id);
    session.interactions.readCommands(this.id);
    if (thread) session.markRead(thread.id, thread.id);
    if (this.props.target) this.show(this.props.target);
  }

  componentDidUpdate(before) {
    const { target, visit, session, state } = this.props;
    if (state.formsSent !== before.state.formsSent) this.list?.follow(false); // what becomes of it stands at the end
    session.interactions.readCommands(this.id); // read already, unless they changed
    if (target && (target !== before.target || visit !== before.visit)) this.show(target);
  }

  async show(target) {
    const found = await this.props.session.find(this.id, target);
    if (!found) {
      this.props.session.toast("That message is not here any more.");
      return;
    }
    this.setState({ marked: null }, () =>
      this.setState({ marked: target, active: target }, () =>
        requestAnimationFrame(() => this.list?.show(target)),
      ),
    );
  }

  /** The message with this id, where it is shown here. */
  find(id) {
    const { state, thread } = this.props;
    return thread?.starter?.id === id
      ? thread.starter
      : state.lists.get(this.id)?.messages.find((each) => each.id === id);
  }

  finishEdit(message, text) {
    this.setState({ editing: null }, () => this.focusMessage(message.id));
    if (text !== null && text !== message.content) this.props.session.edit(message, text);
  }

  focusMessage(id) {
    requestAnimationFrame(() => document.querySelector(`[data-message="${id}"]`)?.focus());
  }

  contextMenu(message, event) {
    // What the browser offers for links, pictures and selected words is worth more than ours. A long press selects
    // a word by itself: that is no reason.
    const selected = !getSelection().isCollapsed && event.pointerType !== "touch";
    if (event.shiftKey || event.target.closest("a, img, textarea, input") || selected) return;
    event.preventDefault();
    getSelection().removeAllRanges();
    const { clientX: x, clientY: y, currentTarget: article } = event;
    this.actions.menu(message, x || y ? new DOMRect(x, y, 0, 0) : article.getBoundingClientRect(), article);
  }

  /** Edit the newest own message; the composer asks for it on arrow up. */
  editLast = () => {
    const own = this.props.state.lists
      .get(this.id)
      ?.messages.findLast((message) => isOwn(message, this.props.state.me));
    if (own) this.setState({ editing: own.id, active: own.id });
  };

  send = (text, files) => {
    const { replyTo } = this.state;
    this.setState({ replyTo: null });
    return this.props.session.send(this.id, text, replyTo, files);
  };

  get commands() {
    return this.props.state.commands.get(this.id) ?? NONE;
  }

  /** The slash commands to be offered; worked out again only when the commands are others. */
  get entries() {
    if (this.entriesOf !== this.commands) {
      this.entriesOf = this.commands;
      this.slash = slashCommands(this.commands);
    }
    return this.slash;
  }

  runCommand = async (entry, options) => {
    const refused = await this.props.session.interactions.slash(this.id, entry.path, options);
    if (refused === null) this.list?.follow(false);
    return refused;
  };

  suggest = (entry, options, focused) =>
    this.props.session.interactions.suggest(this.id, entry.path, options, focused);

  seen = () => {
    const last = this.props.state.lists.get(this.id)?.messages.at(-1);
    if (last) this.props.session.markRead(this.id, last.id);
  };

  older = () => this.props.session.readOlder(this.id);
  closePopup = () => this.setState({ popup: null });
  threadOf = (message) => this.props.state.threads.get(message.id) ?? message.thread;

  popup() {
    const { popup, removing } = this.state;
    const { session, state } = this.props;
    if (removing) {
      return html`<${Confirm} title="Delete this message?" yes="Delete" onYes=${() => session.remove(removing)}
        onClose=${() => this.setState({ removing: null })}>
        <p class="quoted">${oneLine(removing, session.directory)}</p><p>It will be gone for everyone.</p>
      <//>`;
    }
    if (!popup) return null;
    const { kind, message, anchor, invoker } = popup;
    if (kind === "picker") {
      return html`<${EmojiPicker} key=${`picker-${message.id}`} custom=${state.guild.emojis ?? []}
        onPick=${(emoji) => session.react(message, emoji)}
        anchor=${anchor} invoker=${invoker} onClose=${this.closePopup} />`;
    }
    const sections = menuSections(message, {
      me: state.me,
      allowed: this.allowed,
      actions: this.actions,
      anchor: invoker,
      commands: this.commands,
    });
    return html`<${Menu} label="Message" sections=${sections} anchor=${anchor} invoker=${invoker}
      onClose=${this.closePopup} />`;
  }

  opening(holder) {
    const { session, thread, state } = this.props;
    const names = session.directory;
    const { marked, editing } = this.state;
    if (!thread.starter)
      return html`<p class="opening gone">The opening post is gone. The replies remain.</p>`;
    return html`<section class="opening" aria-label="Opening post">
      <div class="opening-head">
        ${!carriesTitle(thread.starter, names, thread.name) && html`<h2>${thread.name}</h2>`}
        <${Tags} ids=${thread.applied_tags} tags=${state.channels.get(thread.parent_id)?.available_tags} />
      </div>
      <ol class="messages"><${Message} message=${thread.starter} names=${names} actions=${this.actions}
        active=${holder === thread.starter.id}
        marked=${marked === thread.starter.id} editing=${editing === thread.starter.id} /></ol>
      <p class="replies-line"><span>${thread.message_count === 1 ? "1 reply" : `${thread.message_count ?? 0} replies`}</span></p>
    </section>`;
  }

  render({ session, state, channel, thread, onMenu }, { active, marked, editing, replyTo }) {
    const names = session.directory;
    const list = state.lists.get(this.id);
    const shown = (list?.messages ?? []).filter(
      (message) => message.type !== THREAD_STARTER && !(thread && message.id === thread.id),
    );
    const holder =
      shown.some(({ id }) => id === active) || thread?.starter?.id === active
        ? active
        : thread?.starter
          ? thread.starter.id
          : shown.at(-1)?.id;
    const where = thread ? "thread" : `#${channel.name}`;
    const me = state.members.get(state.me);
    const topic = thread ? placeOf(thread, channel) : channel.topic;
    return html`<div class="conversation">
      <${Header} onMenu=${onMenu} icon=${thread ? (isLocked(thread) ? "lock" : null) : ICONS[channel.type]}
        title=${thread ? thread.name : channel.name} topic=${topic}
        back=${thread ? { href: formatRoute({ channel: channel.id }), label: `Back to #${channel.name}` } : null} />
      ${
        list
          ? html`<${MessageList} ref=${(node) => (this.list = node)}
            label=${thread ? "Replies" : `Messages in ${where}`} messages=${shown}
            pending=${state.pending.filter((each) => each.channel === this.id)} names=${names}
              actions=${this.actions} active=${holder} marked=${marked}
            editing=${editing} atStart=${list.atStart} older=${list.older} onOlder=${this.older}
              fromTop=${!!thread} lastSeen=${this.lastSeen}
            threadOf=${this.threadOf} onSeen=${this.seen}
              empty=${list.failure ?? (thread ? "No replies yet. Say what you think." : "Nothing here yet. Write the first message.")}>
            ${thread && this.opening(holder)}
          <//>`
          : html`<div class="list-frame loading" role="status">Reading…</div>`
      }
      <${Composer} ref=${(node) => (this.composer = node)} channel=${this.id} drafts=${session.drafts}
        label=${`${thread ? "Reply in this" : "Write in"} ${where} as ${me.display_name}`} limit=${limitOf(me)}
        mayAttach=${Boolean(this.allowed & ATTACH_FILES)} state=${state} entries=${this.entries}
        onCommand=${this.runCommand} onSuggest=${this.suggest}
        replyTo=${replyTo} names=${names} onSend=${this.send}
          onCancelReply=${() => this.setState({ replyTo: null })} onEditLast=${this.editLast}
        refused=${refusal(state, channel, thread)} />
      ${this.popup()}
    </div>`;
  }
}
