/**
 * Where one writes: Enter sends, Shift+Enter breaks the line, a counter appears near Discord's limit. A text that
 * begins with "/" offers the bot's commands; one that is chosen is filled in here in place of the text.
 */
import { Component, html } from "../core/dom.js";
import { matching } from "../core/commands.js";
import { oneLine } from "../core/preview.js";
import { CommandForm } from "./command_form.js";
import { CommandList, LIST_ID, rowId } from "./command_list.js";
import { Icon } from "./icons.js";
import { fileSize } from "./media.js";

// Unicode code points (docs resources/message, Create Message); twice as many for those who pay for Nitro.
const LIMIT = 2000;
const PREMIUM_LIMIT = 4000;
const NEAR = 200; // characters left from which on they are counted
const MAX_FILES = 10;

/** How many characters `member` may write in a message. */
export const limitOf = (member) => (member?.premium ? PREMIUM_LIMIT : LIMIT);

/** Files to be sent, each to be taken out again. Props: `files`, `onDrop(file)`. */
export function FileChips({ files, onDrop }) {
  if (!files.length) return null;
  return html`<ul class="chips" aria-label="Files to send">
    ${files.map(
      (file) => html`<li class="chip" key=${file}><${Icon} name="file" /><span class="name">${file.name}</span><span
        class="size">${fileSize(file.size)}</span>
        <button type="button" class="icon-button" aria-label="Leave out ${file.name}"
          onClick=${() => onDrop(file)}><${Icon} name="close" /></button></li>`,
    )}
  </ul>`;
}

/**
 * Props: `channel` (id), `drafts` (Map of channel to text, kept by the caller), `label`, `limit`, `replyTo`, `names`,
 * `onSend(text, files)` to a promise of whether it was taken, `onCancelReply`, `onEditLast`, `refused` (a sentence,
 * when writing is not allowed here), `mayAttach`, `entries` (commands, see core/commands.js), `state`,
 * `onCommand(entry, options)` to a promise of null or a refusal, `onSuggest(entry, options, focused)`.
 */
export class Composer extends Component {
  constructor(props) {
    super(props);
    this.state = { text: props.drafts.get(props.channel) ?? "", files: [], entry: null, active: 0, shut: false };
  }

  componentDidMount() {
    this.fit();
  }

  componentDidUpdate(before, { entry }) {
    if (before.channel !== this.props.channel)
      this.setState({ text: this.props.drafts.get(this.props.channel) ?? "", files: [], entry: null });
    if (this.props.replyTo && before.replyTo !== this.props.replyTo) this.area?.focus();
    if (entry && !this.state.entry) this.area?.focus();
    this.fit();
  }

  focus() {
    this.area?.focus();
  }

  fit() {
    if (!this.area) return;
    this.area.style.height = "auto";
    this.area.style.height = `${Math.min(this.area.scrollHeight, innerHeight * 0.4)}px`;
  }

  write(text) {
    this.props.drafts.set(this.props.channel, text);
    this.setState({ text, active: 0, shut: false });
  }

  get length() {
    return [...this.state.text.trim()].length;
  }

  /** The commands on offer for what is typed. */
  get offered() {
    const { text, shut, files } = this.state;
    if (shut || files.length || !/^\/[^\n]*$/.test(text)) return [];
    return matching(this.props.entries, text.slice(1));
  }

  choose = (entry) => {
    this.write("");
    this.setState({ entry });
  };

  leave = () => this.setState({ entry: null });

  send = async () => {
    const { text, files } = this.state;
    const { channel, drafts, limit } = this.props;
    if ((!this.length && !files.length) || this.length > limit) return;
    this.write("");
    this.setState({ files: [] });
    this.area.focus();
    const taken = await this.props.onSend(text.trim(), files);
    // What was refused comes back, unless something new was begun meanwhile.
    if (!taken && !drafts.get(channel)) {
      drafts.set(channel, text);
      if (channel === this.props.channel) this.setState({ text, files });
    }
  };

  attach(files) {
    const { mayAttach } = this.props;
    if (!mayAttach || !files.length) return;
    this.setState((state) => ({ files: [...state.files, ...files].slice(0, MAX_FILES) }));
    this.area.focus();
  }

  paste = (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length || !this.props.mayAttach) return;
    event.preventDefault();
    this.attach(files);
  };

  drop = (event) => {
    const files = [...(event.dataTransfer?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    this.attach(files);
  };

  /** Keys that belong to the list of commands while it is open; true when it was one. */
  listKey(event) {
    const { offered } = this;
    if (!offered.length || event.isComposing || event.shiftKey) return false;
    const { active } = this.state;
    if (event.key === "ArrowDown") this.setState({ active: (active + 1) % offered.length });
    else if (event.key === "ArrowUp")
      this.setState({ active: (active + offered.length - 1) % offered.length });
    else if (event.key === "Enter" || event.key === "Tab") this.choose(offered[active] ?? offered[0]);
    else if (event.key === "Escape") {
      event.stopPropagation();
      this.setState({ shut: true });
    } else return false;
    event.preventDefault();
    return true;
  }

  key = (event) => {
    if (this.listKey(event)) return;
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.send();
    } else if (event.key === "Escape" && this.props.replyTo) {
      event.stopPropagation();
      this.props.onCancelReply();
    } else if (event.key === "ArrowUp" && !this.state.text) {
      event.preventDefault();
      this.props.onEditLast();
    }
  };

  replying({ replyTo, names, onCancelReply }) {
    return html`<div class="replying">
      <${Icon} name="reply" /><span>Replying to <b>${names.author(replyTo).name}</b></span><span
        class="line">${oneLine(replyTo, names)}</span>
      <button type="button" class="icon-button" aria-label="Cancel the reply" title="Cancel the reply (Esc)"
        onClick=${onCancelReply}><${Icon} name="close" /></button>
    </div>`;
  }

  /** While commands are offered the field is a combobox over their list. */
  combobox(offered, active) {
    if (!offered.length) return {};
    return {
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": "true",
      "aria-controls": LIST_ID,
      "aria-activedescendant": rowId(active),
    };
  }

  render(props, { text, files, entry, active }) {
    const { label, limit, refused, mayAttach, onCommand, onSuggest, replyTo } = props;
    if (refused) return html`<p class="composer refused"><${Icon} name="lock" /> ${refused}</p>`;
    if (entry)
      return html`<${CommandForm} key=${entry.id} entry=${entry} state=${props.state} onLeave=${this.leave}
        onSend=${(options) => onCommand(entry, options)}
        onSuggest=${(options, focused) => onSuggest(entry, options, focused)} />`;
    const over = this.length > limit;
    const { offered } = this;
    return html`<form class="composer" aria-label="Write" onDrop=${this.drop}
      onDragOver=${(event) => event.preventDefault()}
      onSubmit=${(event) => (event.preventDefault(), this.send())}>
      ${replyTo && this.replying(props)}
      ${offered.length > 0 && html`<${CommandList} entries=${offered} active=${active} onChoose=${this.choose} />`}
      <${FileChips} files=${files}
        onDrop=${(file) => this.setState({ files: files.filter((each) => each !== file) })} />
      <div class="field">
        ${
          mayAttach &&
          html`<input type="file" multiple hidden ref=${(input) => (this.chooser = input)}
            onChange=${(event) => (this.attach([...event.target.files]), (event.target.value = ""))} />
          <button type="button" class="icon-button attach" aria-label="Attach files" title="Attach files"
            onClick=${() => this.chooser.click()}><${Icon} name="plus" /></button>`
        }
        <textarea ref=${(area) => (this.area = area)} rows="1" aria-label=${label} placeholder=${label}
          value=${text} aria-invalid=${String(over)} ...${this.combobox(offered, active)}
          aria-describedby="composer-hint" enterkeyhint="send"
          onInput=${(event) => this.write(event.target.value)} onKeyDown=${this.key} onPaste=${this.paste}
          onBlur=${() => offered.length && this.setState({ shut: true })}
          onFocus=${() => this.setState({ shut: false })} />
        ${this.length > limit - NEAR && html`<span class="counter ${over ? "over" : ""}"
          role="status">${limit - this.length}<span class="visually-hidden"> characters left</span></span>`}
        <button type="submit" class="send" aria-label="Send" title="Send (Enter)"
          disabled=${(!this.length && !files.length) || over}><${Icon} name="send" /></button>
      </div>
      <p id="composer-hint" class="visually-hidden">Enter sends, Shift and Enter begin a new line, arrow up edits your last message, a slash begins a command.</p>
    </form>`;
  }
}
