/** Begin a forum post: title, tags, words. */
import { Component, html } from "../core/dom.js";
import { Dialog } from "./dialog.js";
import { TagToggles } from "./tags.js";

const TITLE_LIMIT = 100;
const MAX_TAGS = 5;
const REQUIRE_TAG = 1 << 4;

/** Props: `forum` (channel), `limit` (characters), `onCreate(name, content, tags)` to a promise that fails with a sentence, `onClose`. */
export class NewPost extends Component {
  state = { name: "", content: "", tags: new Set(), busy: false, refusal: null };

  toggle = (id) => {
    const tags = new Set(this.state.tags);
    if (!tags.delete(id)) tags.add(id);
    this.setState({ tags });
  };

  /** What is still missing, as a sentence, or "". */
  missing() {
    const { name, content, tags } = this.state;
    if (!name.trim()) return "Give it a title.";
    if (!content.trim()) return "Write what it is about.";
    const { limit, forum } = this.props;
    if ([...content].length > limit) return `Shorten the text to ${limit} characters.`;
    if (forum.flags & REQUIRE_TAG && !tags.size) return "Choose a tag: this forum asks for one.";
    return "";
  }

  create = async (event) => {
    event.preventDefault();
    if (this.missing()) return;
    const { name, content, tags } = this.state;
    this.setState({ busy: true, refusal: null });
    try {
      await this.props.onCreate(name.trim(), content.trim(), [...tags]);
      this.props.onClose();
    } catch (error) {
      this.setState({ busy: false, refusal: error.message });
    }
  };

  render({ forum, onClose }, { name, content, tags, busy, refusal }) {
    const missing = this.missing();
    return html`<${Dialog} title=${`New post in #${forum.name}`} class="new-post" onClose=${onClose}>
      <form onSubmit=${this.create}>
        <label>Title <input type="text" required maxlength=${TITLE_LIMIT} value=${name} autofocus
          onInput=${(event) => this.setState({ name: event.target.value })} /></label>
        ${
          forum.available_tags?.length > 0 &&
          html`<div class="labelled"><span id="tags-label">Tags</span>
          <${TagToggles} tags=${forum.available_tags} chosen=${tags} onToggle=${this.toggle} label="Tags"
            full=${tags.size >= MAX_TAGS} /></div>`
        }
        <label>Text <textarea required rows="6" value=${content}
          onInput=${(event) => this.setState({ content: event.target.value })} /></label>
        ${refusal && html`<p class="refusal" role="alert">${refusal}</p>`}
        <div class="dialog-actions">
          <span class="hint" aria-live="polite">${name || content ? missing : ""}</span>
          <button type="button" class="button quiet" onClick=${onClose}>Cancel</button>
          <button type="submit" class="button primary" disabled=${!!missing || busy}>Post</button>
        </div>
      </form>
    <//>`;
  }
}
