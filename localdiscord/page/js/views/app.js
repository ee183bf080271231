/** The page as a whole: which view the address asks for, the sidebar beside it, notices above it. */
import { Component, html } from "../core/dom.js";
import { memory } from "../core/memory.js";
import { formatRoute, parseRoute } from "../core/route.js";
import { Conversation } from "./conversation.js";
import { Forum } from "./forum.js";
import { Header } from "./header.js";
import { Menu } from "./menu.js";
import { memberSections } from "./message_menu.js";
import { Modal } from "./modal.js";
import { Sidebar } from "./sidebar.js";
import { Toasts } from "./toasts.js";

const FORUM = 15;
const DIRECT = 1;

/** What a newcomer needs to know, once. */
function Welcome({ name, onDone }) {
  return html`<section class="welcome" aria-label="Welcome">
    <div>
      <h2>Read the news, talk about it.</h2>
      <p>The bot posts every article here as a story of its own. Open one, reply, react. You are <b>${name}</b>;
      switch to someone else under <b>You are</b> to answer yourself, or to see what a moderator sees.</p>
    </div>
    <button type="button" class="button quiet" onClick=${onDone}>Got it</button>
  </section>`;
}

/** Props: `session`. */
export class App extends Component {
  constructor(props) {
    super(props);
    this.forums = new Map(); // channel to what its view remembers while one reads a post
    this.address = location.hash; // the one that `state.route` was read from
    this.systemDark = matchMedia("(prefers-color-scheme: dark)");
    this.wide = matchMedia("(min-width: 761px)"); // as in layout.css: the sidebar has a place of its own
    this.state = {
      route: parseRoute(location.hash),
      visit: 0,
      drawer: false,
      theme: memory.theme,
      welcomed: memory.welcomed,
      member: null, // whose menu is open: {id, anchor, invoker}
    };
  }

  componentDidMount() {
    this.props.session.store.subscribe(() => this.stateChanged());
    addEventListener("hashchange", () => this.navigate());
    this.systemDark.addEventListener("change", () => this.forceUpdate());
    this.wide.addEventListener("change", () => this.setState({ drawer: false }));
    document.addEventListener("click", this.sameLink);
    document.addEventListener("keydown", this.key);
    this.props.session.become(this.state.route.member);
  }

  stateChanged() {
    const { me, ready } = this.props.session.state;
    if (ready && this.state.route.member !== me) this.stamp(me);
    this.forceUpdate();
  }

  /** Keep who one is in the address, so that reloading and sharing it keep the person. */
  stamp(member) {
    // The address has moved on and its event is still to come: that event will stamp, and must find it untouched.
    if (location.hash !== this.address) return;
    const { channel, ...rest } = this.place(this.state.route) ?? {};
    const route = {
      channel: channel?.id,
      thread: rest.thread?.id ?? null,
      message: this.state.route.message,
      member,
    };
    if (!channel) return;
    history.replaceState(null, "", formatRoute(route));
    this.address = location.hash;
    this.setState({ route });
  }

  navigate(route = parseRoute(location.hash)) {
    const { session } = this.props;
    const { me, ready } = session.state;
    const chosen = route.member && route.member !== me;
    if (ready && !chosen && route.channel && !this.find(route)) {
      session.toast("That post is not here any more, or you may not see it.");
      history.replaceState(null, "", this.address);
      return;
    }
    this.address = location.hash;
    this.setState({ route: { ...route, member: me }, visit: this.state.visit + 1, drawer: false }, () => {
      if (chosen) session.become(route.member);
      else if (me) this.stamp(me);
      // A reader who came by keyboard or ear goes on at the new view's name.
      if (!route.message && !document.activeElement?.closest("main"))
        document.querySelector("main h1")?.focus();
    });
  }

  /** A link to where one already is leads there once more: the message is shown again. */
  sameLink = (event) => {
    const link = event.target.closest?.('a[href^="#/"]');
    if (!link || event.ctrlKey || event.metaKey) return;
    const address = link.getAttribute("href");
    if (address.split("?")[0] === location.hash.split("?")[0]) {
      event.preventDefault();
      this.navigate(parseRoute(address));
    }
  };

  key = (event) => {
    if (event.key === "Escape" && this.state.drawer) this.closeDrawer();
  };

  /** On a phone the sidebar lies over the page: the focus goes in with it and comes back out. */
  openDrawer = () => {
    this.setState({ drawer: true }, () => document.querySelector("#sidebar [aria-current]")?.focus());
  };

  closeDrawer = () => {
    this.setState({ drawer: false }, () => document.querySelector(".menu-button")?.focus());
  };

  choose = (member) => {
    this.setState({ route: { ...this.state.route, message: null } }, () => this.props.session.become(member));
  };

  toggleTheme = () => {
    const theme = this.dark ? "light" : "dark";
    memory.theme = theme;
    this.setState({ theme });
  };

  get dark() {
    return (this.state.theme ?? (this.systemDark.matches ? "dark" : "light")) === "dark";
  }

  /** `{channel, thread}` that a route names, as far as one may see it; else null. */
  find({ channel: id, thread: threadId }) {
    const { session } = this.props;
    const { state } = session;
    if (id && id === state.direct?.id) return { channel: this.direct, thread: null };
    const thread = state.threads.get(threadId ?? id) ?? null;
    if (threadId && !thread) return null;
    const channel = session.visibleChannels().find((each) => each.id === (thread?.parent_id ?? id));
    return channel ? { channel, thread } : null;
  }

  get direct() {
    const topic = "Direct messages: only you and the bot see them.";
    const { state, directory } = this.props.session;
    return { topic, ...directory.channel(state.direct.id) };
  }

  /** What to show for a route; the first channel when it names none that one may see. */
  place(route) {
    const { session } = this.props;
    const found = this.find(route);
    if (found) return found;
    const visible = session.visibleChannels();
    const first = visible.find((each) => each.type === FORUM) ?? visible[0];
    return first ? { channel: first, thread: null } : null;
  }

  view(state, place) {
    const { session } = this.props;
    const { route, visit, welcomed } = this.state;
    const onMenu = this.openDrawer;
    if (!place)
      return html`<${Header} title="No channels" onMenu=${onMenu} /><p
        class="nothing">There is no channel you may see.</p>`;
    const { channel, thread } = place;
    if (channel.type === FORUM && !thread) {
      if (!this.forums.has(channel.id)) this.forums.set(channel.id, {});
      return html`<${Forum} key=${`${state.me}-${channel.id}`} session=${session} state=${state}
        channel=${channel} onMenu=${onMenu} memory=${this.forums.get(channel.id)}>
        ${!welcomed && html`<${Welcome} name=${state.members.get(state.me).display_name}
          onDone=${() => ((memory.welcomed = true), this.setState({ welcomed: true }))} />`}
      <//>`;
    }
    return html`<${Conversation} key=${`${state.me}-${(thread ?? channel).id}`} session=${session}
      state=${state} channel=${channel} thread=${thread}
      target=${route.message} visit=${visit} onMenu=${onMenu} onMember=${this.openMember} />`;
  }

  openMember = (id, anchor, invoker) => {
    const place = this.place(this.state.route);
    if (place) this.props.session.interactions.readCommands((place.thread ?? place.channel).id);
    this.setState({ member: { id, anchor, invoker } });
  };

  /** The menu of a member, with the bot's commands that fit where one is. */
  memberMenu(state, place) {
    const { session } = this.props;
    const { id, anchor, invoker } = this.state.member;
    const member = state.members.get(id);
    const here = (place.thread ?? place.channel).id;
    const sections = memberSections(member, {
      commands: state.commands.get(here),
      run: (name) => session.interactions.menuCommand("user", here, name, id),
      be: member.bot || id === state.me ? null : () => this.choose(id),
      copy: () => session.copy(id, "ID copied."),
    });
    return html`<${Menu} key=${`member-${id}`} label=${member.display_name} sections=${sections} anchor=${anchor}
      invoker=${invoker} onClose=${() => this.setState({ member: null })} />`;
  }

  title(state, place) {
    const mark = place?.channel.type === DIRECT ? "" : "#";
    const where = place?.thread?.name ?? (place && `${mark}${place.channel.name}`);
    return [where, state.guild.name].filter(Boolean).join(" · ");
  }

  render({ session }, { drawer, theme }) {
    const { state } = session.store;
    document.documentElement.dataset.theme = theme ?? "auto";
    if (!state.ready) {
      return html`<main class="starting" role="status">
        <img src="assets/mark.svg" alt="" width="48" height="48" />
        <p>${state.failure ?? "Reading the local Discord…"}</p>
      </main>`;
    }
    const place = this.place(this.state.route);
    document.title = this.title(state, place);
    return html`<div class="frame">
      <a class="skip" href="#main" onClick=${(event) => (event.preventDefault(), document.querySelector("main h1")?.focus())}>Skip to the content</a>
      <${Sidebar} session=${session} state=${state} current=${place?.channel.id} open=${drawer}
        onClose=${this.closeDrawer}
        dark=${this.dark} onTheme=${this.toggleTheme} onChoose=${this.choose} onMember=${this.openMember} />
      ${drawer && html`<div class="scrim" onClick=${this.closeDrawer}></div>`}
      <main id="main" inert=${drawer}>${this.view(state, place)}</main>
      ${this.state.member && place && this.memberMenu(state, place)}
      ${
        state.modal &&
        html`<${Modal} key=${state.modal} modal=${state.modal} drafts=${session.interactions.drafts} state=${state}
          names=${session.directory} application=${state.members.get(state.bot.id)?.display_name ?? "the bot"}
          onSubmit=${(fields) => session.interactions.submit(state.modal, fields)}
          onClose=${() => session.interactions.close(state.modal)} />`
      }
      <${Toasts} toasts=${state.toasts} onDrop=${(key) => session.dropToast(key)} />
    </div>`;
  }
}
