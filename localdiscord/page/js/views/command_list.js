/** The bot's commands that fit what is typed after "/", above the field that is typed in. Draws only. */
import { html } from "../core/dom.js";

export const LIST_ID = "command-list";
export const rowId = (index) => `command-${index}`;

/** Props: `entries` (see core/commands.js), `active` (index), `onChoose(entry)`. */
export function CommandList({ entries, active, onChoose }) {
  return html`<div class="commands" onPointerDown=${(event) => event.preventDefault()}>
    <p class="heading" role="status">${entries.length === 1 ? "1 command" : `${entries.length} commands`}<span
      class="hint">↑ ↓ to choose · Enter to take · Esc to leave</span></p>
    <ul role="listbox" id=${LIST_ID} aria-label="Commands">
      ${entries.map(
        (entry, index) => html`<li key=${entry.id} id=${rowId(index)} role="option"
          aria-selected=${String(index === active)}
          ref=${(row) => index === active && row?.scrollIntoView({ block: "nearest" })}
          onClick=${() => onChoose(entry)}>
          <span class="command-name">/${entry.shown}</span>
          <span class="command-says">${entry.description}</span>
          <span class="command-app">${entry.application}</span>
        </li>`,
      )}
    </ul>
  </div>`;
}
