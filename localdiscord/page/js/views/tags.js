/** A forum's tags as pills: to show on a post, to filter by, to choose for a new post. */
import { html } from "../core/dom.js";

const label = (tag) =>
  [tag.emoji_name && !tag.emoji_id ? tag.emoji_name : "", tag.name].filter(Boolean).join(" ");

/** The tags of a post. Props: `ids` (applied), `tags` (the forum's). */
export function Tags({ ids = [], tags = [] }) {
  const applied = tags.filter((tag) => ids?.includes(tag.id));
  if (!applied.length) return null;
  return html`<ul class="tags" aria-label="Tags">${applied.map((tag) => html`<li
    class="tag">${label(tag)}</li>`)}</ul>`;
}

/** Tags to press. Props: `tags`, `chosen` (Set of ids), `onToggle(id)`, `label`, `full` (no more may be chosen). */
export function TagToggles({ tags = [], chosen, onToggle, label: name, full = false }) {
  return html`<div class="tags toggles" role="group" aria-label=${name}>
    ${tags.map(
      (
        tag,
      ) => html`<button type="button" class="tag" aria-pressed=${String(chosen.has(tag.id))}
        disabled=${full && !chosen.has(tag.id)}
        onClick=${() => onToggle(tag.id)}>${label(tag)}</button>`,
    )}
  </div>`;
}
