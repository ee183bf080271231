/**
 * The scrolling list of a conversation. Keeps its place: at the bottom it follows what comes, elsewhere it stays
 * put and says what came. Rows off screen cost no layout (content-visibility, in the style sheet).
 */
import { Component, html } from "../core/dom.js";
import { announce, calm } from "../core/a11y.js";
import { oneLine } from "../core/preview.js";
import { snowflakeTime, styled } from "../core/time.js";
import { Icon } from "./icons.js";
import { commandOf, EPHEMERAL, LOADING, Message, PendingMessage } from "./message.js";
import { systemText } from "./system.js";

const NEAR_BOTTOM = 80;
const GROUP_MS = 7 * 60 * 1000;
const LONG_PRESS_MS = 600; // later than the browsers' own, which some of them don't tell about
const STILL = 10; // pixels that a resting finger may move

/** Whether `message` goes on where `before` ended: same author, same few minutes, nothing special about it. */
function goesOn(message, before) {
  return (
    before &&
    message.author?.id === before.author?.id &&
    message.author?.username === before.author?.username &&
    message.author?.avatar === before.author?.avatar &&
    !message.message_reference &&
    !commandOf(message) &&
    !((message.flags | before.flags) & EPHEMERAL) &&
    !systemText(before, { name: "" }) &&
    snowflakeTime(message.id) - snowflakeTime(before.id) < GROUP_MS
  );
}

/**
 * Props: `messages`, `pending`, `names`, `actions`, `active`, `marked`, `editing` (ids), `atStart`, `older`,
 * `onOlder`, `fromTop` (begin reading at the top, as in a forum post), `lastSeen` (id read up to on arrival),
 * `threadOf(id)`, `children` (what stands above the messages), `onSeen` (the newest is on screen).
 */
export class MessageList extends Component {
  state = { fresh: 0, answerer: null, away: false };
  following = false; // stay at the bottom while the content grows
  atEnd = false; // the newest message is on screen

  componentDidMount() {
    this.arrive();
    this.resizing = new ResizeObserver(() => (this.following ? this.toBottom() : this.scrolled()));
    this.resizing.observe(this.content);
    this.older = new IntersectionObserver(
      (entries) =>
        entries.some((entry) => entry.isIntersecting) && !this.props.fromTop && this.props.onOlder(),
      { root: this.scroller, rootMargin: "800px 0px 0px 0px" },
    );
    if (this.top) this.older.observe(this.top);
    document.addEventListener("visibilitychange", this.scrolled);
  }

  componentWillUnmount() {
    this.lift();
    this.resizing.disconnect();
    this.older.disconnect();
    document.removeEventListener("visibilitychange", this.scrolled);
  }

  arrive() {
    if (!this.props.fromTop) this.toBottom();
    this.scrolled();
  }

  toBottom(smooth = false) {
    this.scroller.scrollTo({
      top: this.scroller.scrollHeight,
      behavior: smooth && !calm() ? "smooth" : "instant",
    });
  }

  /** Follow what comes, and go there now. */
  follow(smooth) {
    this.following = true;
    this.toBottom(smooth);
    this.setState({ fresh: 0, answerer: null, away: false });
  }

  scrolled = () => {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    const left = scrollHeight - scrollTop - clientHeight;
    this.atEnd = left < NEAR_BOTTOM;
    // What is read from the top stays at the top, even where at first everything fits.
    this.following = this.atEnd && (!this.props.fromTop || scrollTop > 0);
    const away = left > clientHeight;
    if (away !== this.state.away) this.setState({ away });
    if (this.atEnd) {
      if (this.state.fresh) this.setState({ fresh: 0, answerer: null });
      if (!document.hidden) this.props.onSeen();
    }
  };

  getSnapshotBeforeUpdate(before) {
    const prepended = before.messages[0] && before.messages[0].id !== this.props.messages[0]?.id;
    return prepended ? this.scroller.scrollHeight - this.scroller.scrollTop : null;
  }

  componentDidUpdate(before, _, fromBottom) {
    const { messages, pending, names } = this.props;
    if (this.top) this.older.observe(this.top);
    if (fromBottom !== null && !this.following)
      this.scroller.scrollTop = this.scroller.scrollHeight - fromBottom;
    const last = before.messages[before.messages.length - 1]?.id ?? "0";
    if (pending.length > before.pending.length) this.follow(true);
    if (messages === before.messages) return;
    const fresh = messages.filter(
      (message) => BigInt(message.id) > BigInt(last) && message.author?.id !== names.me,
    );
    if (!before.messages.length && messages.length > fresh.length) return this.arrive();
    for (const message of fresh.slice(-3))
      announce(`${names.author(message).name}: ${oneLine(message, names)}`);
    for (const sentence of this.answers(before.messages)) announce(sentence);
    if (this.following || this.atEnd) {
      this.toBottom();
      this.scrolled();
    } else if (fresh.length) {
      const answer = fresh.find(({ flags }) => flags & EPHEMERAL);
      const answerer = answer && names.author(answer).name;
      this.setState((state) => ({
        fresh: state.fresh + fresh.length,
        answerer: answerer ?? state.answerer,
      }));
    }
  }

  /** What became of the bot's answers that this person waits for: they change in place, which nobody would hear. */
  answers(before) {
    const { messages, names } = this.props;
    const former = new Map(before.map((message) => [message.id, message]));
    return messages
      .filter((message) => {
        const old = former.get(message.id);
        return old && old !== message && old.flags & (EPHEMERAL | LOADING) && old.content !== message.content;
      })
      .map((message) => `${names.author(message).name}: ${oneLine(message, names)}`);
  }

  /** Bring a message into view; false when it is not in the list. */
  show(id) {
    const row = this.scroller.querySelector(`[data-message="${id}"]`);
    if (!row) return false;
    this.following = false;
    row.scrollIntoView({ block: "center", behavior: "instant" });
    row.focus({ preventScroll: true });
    return true;
  }

  /** A finger that rests on a message opens its menu, as a right click does. */
  rest = (event) => {
    this.lift();
    const article = event.target.closest("[data-message]");
    if (event.pointerType !== "touch" || !article || event.target.closest("a, button, input, textarea, select"))
      return;
    const { clientX, clientY } = event;
    this.finger = { x: clientX, y: clientY };
    this.resting = setTimeout(() => {
      getSelection().removeAllRanges();
      this.props.actions.menuOf(article.dataset.message, new DOMRect(clientX, clientY, 0, 0), article);
    }, LONG_PRESS_MS);
  };

  lift = () => clearTimeout(this.resting);

  move = ({ clientX, clientY }) => {
    if (this.finger && Math.hypot(clientX - this.finger.x, clientY - this.finger.y) > STILL) this.lift();
  };

  key = (event) => {
    const article = event.target.closest("[data-message]");
    if (!article || event.target !== article) return;
    const articles = [...this.scroller.querySelectorAll("[data-message]")];
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity };
    if (event.key in steps && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      const index = Math.min(Math.max(articles.indexOf(article) + steps[event.key], 0), articles.length - 1);
      articles[index].focus();
      articles[index].scrollIntoView({ block: "nearest" });
    } else this.props.actions.shortcut(article.dataset.message, event, article);
  };

  rows() {
    const { messages, names, actions, active, marked, editing, lastSeen, threadOf } = this.props;
    const rows = [];
    let before = null;
    let day = null;
    let seen = !lastSeen;
    for (const message of messages) {
      const date = new Date(snowflakeTime(message.id)).toDateString();
      if (date !== day) {
        rows.push(
          html`<li key=${`day-${date}`} class="day"><span>${styled(snowflakeTime(message.id), "D")}</span></li>`,
        );
        before = null;
      }
      if (!seen && BigInt(message.id) > BigInt(lastSeen) && message.author?.id !== names.me) {
        seen = true;
        if (rows.length > 1) rows.push(html`<li key="new" class="new"><span>New</span></li>`);
        before = null;
      }
      rows.push(html`<${Message} key=${message.id} message=${message} names=${names} actions=${actions}
        grouped=${goesOn(message, before)}
        active=${active === message.id} marked=${marked === message.id} editing=${editing === message.id}
          thread=${threadOf(message)} />`);
      day = date;
      before = message;
    }
    return rows;
  }

  render(
    { children, pending, names, atStart, older, onOlder, fromTop, label, empty, messages },
    { fresh, answerer, away },
  ) {
    const came = fresh === 1 ? "1 new message" : `${fresh} new messages`;
    return html`<div class="list-frame">
      <div class="scroller" ref=${(node) => (this.scroller = node)} onScroll=${this.scrolled} onKeyDown=${this.key}
        onPointerDown=${this.rest} onPointerMove=${this.move} onPointerUp=${this.lift} onPointerCancel=${this.lift}
        onContextMenu=${this.lift}>
        <div class="list-content" ref=${(node) => (this.content = node)}>
          ${children}
          ${
            !atStart &&
            html`<div class="older" ref=${(node) => (this.top = node)}>
            <button type="button" class="button quiet" disabled=${older}
              onClick=${onOlder}>${older ? "Reading…" : fromTop ? "Show earlier replies" : "Show earlier messages"}</button>
          </div>`
          }
          ${atStart && !messages.length && !pending.length && html`<p class="nothing">${empty}</p>`}
          <ol class="messages" aria-label=${label}>
            ${this.rows()}
            ${pending.map((each) => html`<${PendingMessage} key=${each.key} pending=${each} names=${names} />`)}
          </ol>
        </div>
      </div>
      ${
        fresh > 0
          ? html`<button type="button" class="jump fresh"
            onClick=${() => this.follow(true)}>${answerer ? `${answerer} answered you` : came} <${Icon} name="down" /></button>`
          : away &&
            html`<button type="button" class="jump" aria-label="Go to the newest message"
              onClick=${() => this.follow(true)}><${Icon} name="down" /></button>`
      }
    </div>`;
  }
}
