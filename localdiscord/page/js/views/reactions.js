/** The reactions under a message: each a toggle with its count, who reacted where that is known. */
import { html, Pure } from "../core/dom.js";
import { emojiKey } from "../core/events.js";
import { CustomEmoji } from "../markdown/render.js";
import { emojiName } from "./emoji.js";
import { Icon } from "./icons.js";

const name = (emoji) => (emoji.id ? emoji.name : emojiName(emoji.name));

/** "Alice, Bob and 3 more"; "" when nobody is known. */
function people(reaction, names) {
  const known = [...new Set(reaction.users ?? [])]
    .map((id) => names.member(id)?.display_name)
    .filter(Boolean);
  if (reaction.me && !reaction.users?.includes(names.me))
    known.unshift(names.member(names.me)?.display_name ?? "you");
  const shown = known.slice(0, 8);
  const rest = reaction.count - shown.length;
  if (!shown.length) return "";
  return rest > 0 ? `${shown.join(", ")} and ${rest} more` : shown.join(", ");
}

/** Props: `message`, `names`, `actions` (react, pick). */
export class Reactions extends Pure {
  render({ message, names, actions }) {
    const reactions = message.reactions ?? [];
    if (!reactions.length) return null;
    return html`<div class="reactions" role="group" aria-label="Reactions">
      ${reactions.map((reaction) => {
        const who = people(reaction, names);
        const label = `${name(reaction.emoji)}, ${reaction.count} ${reaction.count === 1 ? "reaction" : "reactions"}`;
        return html`<button type="button" key=${emojiKey(reaction.emoji)} class="reaction"
          aria-pressed=${String(!!reaction.me)}
            aria-label=${who ? `${label}: ${who}` : label}
              title=${who ? `${who} reacted with ${name(reaction.emoji)}` : name(reaction.emoji)}
            onClick=${() => actions.react(message, reaction.emoji)}>
          <span class="glyph">${reaction.emoji.id ? html`<${CustomEmoji}
            ...${reaction.emoji} />` : reaction.emoji.name}</span>
          <span class="count" key=${reaction.count}>${reaction.count}</span>
        </button>`;
      })}
      <button type="button" class="reaction add" aria-label="Add a reaction" title="Add a reaction"
        onClick=${(event) => actions.pick(message, event.currentTarget)}><${Icon} name="react" /></button>
    </div>`;
  }
}
