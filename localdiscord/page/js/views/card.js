/** A forum post as a card: what it is about, who wrote it, what it stirred. */
import { html, Pure } from "../core/dom.js";
import { leadPicture, snippet } from "../core/preview.js";
import { compact, snowflakeTime } from "../core/time.js";
import { CustomEmoji } from "../markdown/render.js";
import { Avatar } from "./avatar.js";
import { Icon } from "./icons.js";
import { Picture } from "./media.js";
import { Tags } from "./tags.js";
import { Timestamp } from "./timestamp.js";

/** The two reactions most chosen and the number of all. */
function ReactionCount({ reactions = [] }) {
  const total = reactions.reduce((sum, { count }) => sum + count, 0);
  if (!total) return null;
  const top = [...reactions].sort((a, b) => b.count - a.count).slice(0, 2);
  return html`<span class="fact" role="img" aria-label=${total === 1 ? "1 reaction" : `${total} reactions`}>
    <span aria-hidden="true">${top.map(({ emoji }) => (emoji.id ? html`<${CustomEmoji}
      ...${emoji} />` : emoji.name))} ${total}</span>
  </span>`;
}

/** Props: `thread`, `tags` (the forum's), `names`, `unread`, `seen` (opened before, nothing new), `arrived` (came while one looked). */
export class PostCard extends Pure {
  render({ thread, tags, names, unread, seen, arrived }) {
    const { starter } = thread;
    const author = starter ? names.author(starter) : null;
    const picture = leadPicture(starter);
    const words = snippet(starter, names, thread.name);
    const replies = thread.message_count ?? 0;
    const pinned = (thread.flags ?? 0) & (1 << 1);
    return html`<li class="card ${unread ? "unread" : ""} ${seen ? "seen" : ""} ${arrived ? "arrived" : ""}"
      data-thread=${thread.id}>
      <article>
        <div class="card-text">
          <div class="card-top">
            ${unread && html`<span class="dot" role="img" aria-label="Unread"></span>`}
            ${pinned ? html`<span class="pinned"><${Icon} name="pin" />Pinned</span>` : null}
            <${Tags} ids=${thread.applied_tags} tags=${tags} />
            ${thread.thread_metadata?.locked && html`<span class="pinned"><${Icon} name="lock" />Locked</span>`}
          </div>
          <h2><a href=${names.href(thread.id)}>${thread.name}</a></h2>
          ${words && html`<p class="snippet">${words}</p>`}
          <footer>
            ${author && html`<span class="by"><${Avatar} class="tiny"
              ...${author} /><span>${author.name}</span></span>`}
            <${Timestamp} at=${snowflakeTime(thread.id)} format=${compact} live />
            <${ReactionCount} reactions=${starter?.reactions} />
            <span class="fact" role="img"
              aria-label=${replies === 1 ? "1 reply" : `${replies} replies`}><${Icon} name="thread" /><span
              aria-hidden="true">${replies}</span></span>
            ${replies > 0 && thread.last_message && html`<span class="last">last <${Timestamp}
              at=${snowflakeTime(thread.last_message.id)} format=${compact} live /></span>`}
          </footer>
        </div>
        ${picture && html`<${Picture} class="lead" source=${picture.source} alt=${picture.alt} />`}
      </article>
    </li>`;
  }
}
