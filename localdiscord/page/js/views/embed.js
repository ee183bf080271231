/** An embed: a card with a colour bar, as Discord's API describes it (resources/message, Embed Object). */
import { html, Pure } from "../core/dom.js";
import { mediaSource } from "../core/media.js";
import { posted } from "../core/time.js";
import { Link, Markdown } from "../markdown/render.js";
import { Picture } from "./media.js";
import { Timestamp } from "./timestamp.js";

const colour = (value) =>
  Number.isInteger(value) ? `#${value.toString(16).padStart(6, "0").slice(-6)}` : null;

function Author({ author, message, names }) {
  const icon = mediaSource({ url: author.icon_url, proxy_url: author.proxy_icon_url }, message);
  return html`<div class="embed-author">
    <${Picture} source=${icon} alt="" class="tiny" />
    ${author.url ? html`<${Link} url=${author.url}
      names=${names}>${author.name}<//>` : html`<span>${author.name}</span>`}
  </div>`;
}

function Footer({ footer, timestamp, message }) {
  const icon = footer && mediaSource({ url: footer.icon_url, proxy_url: footer.proxy_icon_url }, message);
  return html`<div class="embed-footer">
    ${icon && html`<${Picture} source=${icon} alt="" class="tiny" />`}
    ${footer && html`<span>${footer.text}</span>`}
    ${footer && timestamp && html`<span aria-hidden="true"> · </span>`}
    ${timestamp && html`<${Timestamp} at=${Date.parse(timestamp)} format=${posted} />`}
  </div>`;
}

/** Props: `embed`, `message` (for its files), `names`. */
export class Embed extends Pure {
  render({ embed, message, names }) {
    const { title, url, description, author, fields = [], image, thumbnail, footer, timestamp } = embed;
    const bar = colour(embed.color);
    const link = image && (url ?? image.url);
    return html`<div class="embed" role="group" aria-label=${title ? `Embed: ${title}` : "Embed"}
      style=${bar ? { "--bar": bar } : {}}>
      <div class="embed-text">
        ${author?.name && html`<${Author} author=${author} message=${message}
          names=${names} />`}
        ${title && html`<div class="embed-title">${url ? html`<${Link} url=${url} names=${names}><${Markdown}
          text=${title} names=${names} plain /><//>` : html`<${Markdown} text=${title} names=${names} plain />`}</div>`}
        ${description && html`<${Markdown} text=${description} names=${names} plain />`}
        ${
          fields.length > 0 &&
          html`<dl class="embed-fields">
          ${fields.map(
            (field) => html`<div class=${field.inline ? "inline" : ""}>
              <dt><${Markdown} text=${field.name} names=${names} plain /></dt>
              <dd><${Markdown} text=${field.value} names=${names} plain /></dd>
            </div>`,
          )}
        </dl>`
        }
        ${(footer || timestamp) && html`<${Footer} footer=${footer} timestamp=${timestamp} message=${message} />`}
      </div>
      ${thumbnail && html`<${Picture} class="embed-thumbnail" source=${mediaSource(thumbnail, message)}
        alt=${thumbnail.description ?? ""} link=${url ?? thumbnail.url} />`}
      ${image && html`<${Picture} class="embed-image" source=${mediaSource(image, message)}
        alt=${image.description ?? title ?? ""} width=${image.width} height=${image.height} link=${link} />`}
    </div>`;
  }
}
