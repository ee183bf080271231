/** Where one writes: Enter sends, Shift+Enter breaks the line, a counter appears near Discord's limit. */
import { Component, html } from "../core/dom.js";
import { oneLine } from "../core/preview.js";
import { Icon } from "./icons.js";

export const LIMIT = 2000; // Unicode code points (docs resources/message, Create Message)
const NEAR = 1800;

/**
 * Props: `channel` (id), `drafts` (Map of channel to text, kept by the caller), `label`, `replyTo`, `names`,
 * `onSend(text)` to a promise of whether it was taken, `onCancelReply`, `onEditLast`, `refused` (a sentence, when
 * writing is not allowed here).
 */
export class Composer extends Component {
  constructor(props) {
    super(props);
    this.state = { text: props.drafts.get(props.channel) ?? "" };
  }

  componentDidMount() {
    this.fit();
  }

  componentDidUpdate(before) {
    if (before.channel !== this.props.channel)
      this.setState({ text: this.props.drafts.get(this.props.channel) ?? "" });
    if (this.props.replyTo && before.replyTo !== this.props.replyTo) this.area?.focus();
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
    this.setState({ text });
  }

  get length() {
    return [...this.state.text.trim()].length;
  }

  send = async () => {
    const { text } = this.state;
    const { channel, drafts } = this.props;
    if (!this.length || this.length > LIMIT) return;
    this.write("");
    this.area.focus();
    const taken = await this.props.onSend(text.trim());
    // A refused text comes back, unless something new was begun meanwhile.
    if (!taken && !drafts.get(channel)) {
      drafts.set(channel, text);
      if (channel === this.props.channel) this.setState({ text });
    }
  };

  key = (event) => {
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

  render({ label, replyTo, names, onCancelReply, refused }, { text }) {
    if (refused) return html`<p class="composer refused"><${Icon} name="lock" /> ${refused}</p>`;
    const over = this.length > LIMIT;
    return html`<form class="composer" aria-label="Write"
      onSubmit=${(event) => (event.preventDefault(), this.send())}>
      ${
        replyTo &&
        html`<div class="replying">
        <${Icon} name="reply" /><span>Replying to <b>${names.author(replyTo).name}</b></span><span
          class="line">${oneLine(replyTo, names)}</span>
        <button type="button" class="icon-button" aria-label="Cancel the reply" title="Cancel the reply (Esc)"
          onClick=${onCancelReply}><${Icon} name="close" /></button>
      </div>`
      }
      <div class="field">
        <textarea ref=${(area) => (this.area = area)} rows="1" aria-label=${label} placeholder=${label}
          value=${text} aria-invalid=${String(over)}
          aria-describedby="composer-hint" enterkeyhint="send"
            onInput=${(event) => this.write(event.target.value)} onKeyDown=${this.key} />
        ${this.length > NEAR && html`<span class="counter ${over ? "over" : ""}"
          role="status">${LIMIT - this.length}<span class="visually-hidden"> characters left</span></span>`}
        <button type="submit" class="send" aria-label="Send" title="Send (Enter)"
          disabled=${!this.length || over}><${Icon} name="send" /></button>
      </div>
      <p id="composer-hint" class="visually-hidden">Enter sends, Shift and Enter begin a new line, arrow up edits your last message.</p>
    </form>`;
  }
}
