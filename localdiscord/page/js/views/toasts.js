/** Sentences that pass: errors from the server, small confirmations. */
import { html } from "../core/dom.js";
import { Icon } from "./icons.js";

export function Toasts({ toasts, onDrop }) {
  return html`<div class="toasts" role="region" aria-label="Notices">
    ${toasts.map(
      (
        toast,
      ) => html`<div key=${toast.key} class="toast ${toast.kind}" role=${toast.kind === "error" ? "alert" : "status"}>
        <${Icon} name="info" /><span>${toast.sentence}</span>
        <button type="button" class="icon-button" aria-label="Close this notice"
          onClick=${() => onDrop(toast.key)}><${Icon} name="close" /></button>
      </div>`,
    )}
  </div>`;
}
