/** The bar above a channel or thread: the way back or the way to the channels, the name, what it is for. */
import { html } from "../core/dom.js";
import { Icon } from "./icons.js";

/** Props: `icon`, `title`, `topic`, `back` ({href, label} or null), `onMenu`, children (actions at the end). */
export function Header({ icon, title, topic, back, onMenu, children }) {
  return html`<header class="bar">
    <button type="button" class="icon-button menu-button" aria-label="Channels and people"
      onClick=${onMenu}><${Icon} name="menu" /></button>
    ${back && html`<a class="icon-button" href=${back.href} aria-label=${back.label}
      title=${back.label}><${Icon} name="back" /></a>`}
    <div class="bar-title">
      <h1 tabindex="-1">${icon && html`<${Icon} name=${icon} />`}<span>${title}</span></h1>
      ${topic && html`<p class="topic" title=${topic}>${topic}</p>`}
    </div>
    ${children}
  </header>`;
}
