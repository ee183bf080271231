/** A forum channel: its posts as cards, to filter by tag and to sort. */
import { Component, html } from "../core/dom.js";
import { announce } from "../core/a11y.js";
import { permissions, SEND_MESSAGES } from "../core/permissions.js";
import { formatRoute } from "../core/route.js";
import { PostCard } from "./card.js";
import { limitOf } from "./composer.js";
import { Header } from "./header.js";
import { Icon } from "./icons.js";
import { NewPost } from "./new_post.js";
import { TagToggles } from "./tags.js";

const PINNED = 1 << 1;

const lastActivity = (thread) => thread.last_message?.id ?? thread.last_message_id ?? thread.id;
const descending = (key) => (a, b) => {
  const [x, y] = [BigInt(key(a)), BigInt(key(b))];
  return x < y ? 1 : x > y ? -1 : 0;
};
const ORDERS = {
  activity: { label: "Recent activity", compare: descending(lastActivity) },
  newest: { label: "Newest first", compare: descending((thread) => thread.id) },
};

/** Props: `session`, `state`, `channel`, `onMenu`, `memory` (kept by the caller: scroll, tags, order, the post left). */
export class Forum extends Component {
  constructor(props) {
    super(props);
    const { memory, channel } = props;
    this.known = new Set(this.threads().map(({ id }) => id));
    this.arrived = new Set();
    this.state = {
      tags: memory.tags ?? new Set(),
      order: memory.order ?? (channel.default_sort_order === 1 ? "newest" : "activity"),
      writing: false,
    };
  }

  threads() {
    return [...this.props.state.threads.values()].filter(
      (thread) => thread.parent_id === this.props.channel.id,
    );
  }

  componentDidMount() {
    const { memory } = this.props;
    this.scroller.scrollTop = memory.scroll ?? 0;
    if (memory.left)
      this.scroller.querySelector(`[data-thread="${memory.left}"] a`)?.focus({ preventScroll: true });
    memory.left = null;
    this.see();
    document.addEventListener("visibilitychange", this.see);
  }

  componentWillUnmount() {
    document.removeEventListener("visibilitychange", this.see);
    Object.assign(this.props.memory, { tags: this.state.tags, order: this.state.order });
  }

  componentDidUpdate() {
    for (const thread of this.threads()) {
      if (this.known.has(thread.id)) continue;
      this.known.add(thread.id);
      announce(`New post: ${thread.name}`);
    }
    this.see();
  }

  /** Whoever looks at the cards has seen that there is something new. */
  see = () => {
    if (document.hidden) return;
    const newest = this.threads().reduce(
      (last, thread) => (BigInt(lastActivity(thread)) > BigInt(last) ? lastActivity(thread) : last),
      "0",
    );
    if (newest !== "0") this.props.session.markRead(this.props.channel.id, newest);
  };

  toggle = (id) => {
    const tags = new Set(this.state.tags);
    if (!tags.delete(id)) tags.add(id);
    this.setState({ tags });
  };

  remember = (event) => {
    const card = event.target.closest("[data-thread]");
    if (card) this.props.memory.left = card.dataset.thread;
  };

  create = async (name, content, tags) => {
    const { session, channel } = this.props;
    const id = await session.openPost(channel.id, name, content, tags);
    location.hash = formatRoute({ channel: channel.id, thread: id });
  };

  cards() {
    const { tags, order } = this.state;
    const pinned = (thread) => ((thread.flags ?? 0) & PINNED ? 1 : 0);
    return this.threads()
      .filter((thread) => !tags.size || thread.applied_tags?.some((id) => tags.has(id)))
      .sort(ORDERS[order].compare)
      .sort((a, b) => pinned(b) - pinned(a));
  }

  render({ session, state, channel, onMenu, memory, children }, { tags, order, writing }) {
    const names = session.directory;
    const cards = this.cards();
    const mayPost = permissions(state, state.members.get(state.me), channel) & SEND_MESSAGES;
    for (const { id } of cards) if (!this.known.has(id)) this.arrived.add(id);
    return html`<div class="forum">
      <${Header} onMenu=${onMenu} icon="forum" title=${channel.name}
        topic=${channel.topic || "Each post is a story. Open one to read it and talk about it."}>
        ${mayPost ? html`<button type="button" class="button primary new" aria-label="New post"
          onClick=${() => this.setState({ writing: true })}><${Icon}
          name="plus" /><span>New post</span></button>` : null}
      <//>
      <div class="scroller" ref=${(node) => (this.scroller = node)}
        onScroll=${() => (memory.scroll = this.scroller.scrollTop)} onClick=${this.remember}>
        <div class="forum-content">
          ${children}
          <div class="forum-tools">
            <${TagToggles} tags=${channel.available_tags} chosen=${tags} onToggle=${this.toggle}
              label="Show only posts tagged" />
            <label class="order"><span class="visually-hidden">Sort posts</span>
              <select class="select" value=${order}
                onChange=${(event) => this.setState({ order: event.target.value })}>
                ${Object.entries(ORDERS).map(([value, { label }]) => html`<option value=${value}>${label}</option>`)}
              </select></label>
          </div>
          ${
            cards.length > 0
              ? html`<ul class="cards" aria-label="Posts">
                ${cards.map((thread) => {
                  const unread = session.isUnread(thread.id, lastActivity(thread));
                  return html`<${PostCard} key=${thread.id} thread=${thread} tags=${channel.available_tags}
                    names=${names}
                      unread=${unread} seen=${!unread && thread.id in state.reads}
                        arrived=${this.arrived.has(thread.id)} />`;
                })}
              </ul>`
              : html`<div class="nothing">${tags.size ? html`<p>No post has these tags.</p><button type="button"
                class="button quiet" onClick=${() => this.setState({ tags: new Set() })}>Show all posts</button>` : html`<p><b>No stories yet.</b></p><p>They appear here by themselves as soon as the bot publishes one.</p>`}</div>`
          }
        </div>
      </div>
      ${writing && html`<${NewPost} forum=${channel} limit=${limitOf(state.members.get(state.me))} onCreate=${this.create}
        onClose=${() => this.setState({ writing: false })} />`}
    </div>`;
  }
}
