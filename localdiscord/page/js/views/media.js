/** Pictures and files. A picture that can't be had takes no room; its description stays for who can't see it. */
import { Component, html, Pure } from "../core/dom.js";
import { isPicture, safeSource } from "../core/media.js";
import { isWebAddress } from "../core/route.js";
import { OutLink } from "../markdown/render.js";
import { Icon } from "./icons.js";

const SIZES = ["bytes", "KB", "MB", "GB"];

export function fileSize(bytes) {
  let unit = 0;
  for (; bytes >= 1024 && unit < SIZES.length - 1; unit++) bytes /= 1024;
  return `${unit && bytes < 10 ? bytes.toFixed(1) : Math.round(bytes)} ${SIZES[unit]}`;
}

/** Props: `source`, `alt`, `width`, `height` (when known), `class`, `spoiler`, `link` (address to open). */
export class Picture extends Component {
  state = { broken: false, shown: false };

  componentWillReceiveProps(next) {
    if (next.source !== this.props.source) this.setState({ broken: false });
  }

  render({ source, alt, width, height, class: className = "", spoiler, link }, { broken, shown }) {
    if (broken || !source) return null;
    const image = html`<img src=${source} alt=${alt ?? ""} width=${width} height=${height} loading="lazy"
      decoding="async"
      onError=${() => this.setState({ broken: true })} />`;
    if (spoiler && !shown) {
      return html`<button type="button" class="picture covered ${className}"
        aria-label="Spoiler picture: press to reveal"
        onClick=${() => this.setState({ shown: true })}>${image}<span class="cover"
          aria-hidden="true">Spoiler</span></button>`;
    }
    if (!isWebAddress(link)) return html`<div class="picture ${className}">${image}</div>`;
    return html`<${OutLink} url=${link} class="picture ${className}"
      aria-label=${alt ? undefined : "Open the picture"}>${image}<//>`;
  }
}

/** One to ten pictures in a grid. Props: `items` ([{source, alt, spoiler, link}]). */
export function Gallery({ items }) {
  return html`<div class="gallery n${Math.min(items.length, 10)}">
    ${items.map((item) => html`<${Picture} key=${item.source} ...${item} />`)}
  </div>`;
}

export function FileCard({ name, size, url }) {
  const label = html`<${Icon} name="file" /><span class="name">${name}</span>${size ? html`<span
    class="size">${fileSize(size)}</span>` : null}`;
  const source = safeSource(url);
  if (!source) return html`<div class="file">${label}</div>`;
  return html`<a class="file" href=${source} download target="_blank" rel="noopener noreferrer">${label}</a>`;
}

/** A message's own files: pictures in a gallery, sound and film playable, the rest to download. */
export class Attachments extends Pure {
  render({ attachments }) {
    if (!attachments?.length) return null;
    const pictures = attachments.filter(isPicture);
    const others = attachments.filter((each) => !isPicture(each));
    return html`<div class="attachments">
      ${
        pictures.length > 0 &&
        html`<${Gallery} items=${pictures.map((each) => ({
          source: safeSource(each.url),
          alt: each.description ?? each.filename,
          width: pictures.length === 1 ? each.width : undefined,
          height: pictures.length === 1 ? each.height : undefined,
          spoiler: each.filename.startsWith("SPOILER_"),
          link: each.url,
        }))} />`
      }
      ${others.map((each) => {
        const source = safeSource(each.url);
        if (source && /^video\//.test(each.content_type ?? ""))
          return html`<video controls preload="metadata" src=${source} aria-label=${each.filename} />`;
        if (source && /^audio\//.test(each.content_type ?? ""))
          return html`<audio controls preload="metadata" src=${source} aria-label=${each.filename} />`;
        return html`<${FileCard} name=${each.filename} size=${each.size} url=${each.url} />`;
      })}
    </div>`;
  }
}
