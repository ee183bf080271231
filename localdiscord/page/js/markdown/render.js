/**
 * Markdown trees to elements. Text stays text: whatever a message says, only the shapes below come out.
 */
import { Component, html, Pure } from "../core/dom.js";
import { isWebAddress } from "../core/route.js";
import { styled } from "../core/time.js";
import { Timestamp } from "../views/timestamp.js";
import { parseBlocks } from "./blocks.js";

// No two parts of this pattern can match the same character at the same place: it can't backtrack far.
const ONLY_EMOJI =
  /^(?:\s*(?:<a?:\w{1,32}:\d{1,20}>|\p{RI}\p{RI}|\p{ExtPict}[\u{FE0F}\p{EMod}]*(?:\u{200D}\p{ExtPict}[\u{FE0F}\p{EMod}]*)*)){1,27}\s*$/u;

/** A link that opens elsewhere and tells the other side nothing about this page; other schemes are text. */
export function OutLink({ url, children, class: className, ...rest }) {
  if (!isWebAddress(url)) return html`<span class=${className}>${children}</span>`;
  return html`<a ...${rest} class=${className} href=${url} target="_blank" rel="noopener noreferrer">${children}</a>`;
}

class Spoiler extends Component {
  state = { shown: false };
  reveal = (event) => {
    if (event.type === "keydown" && event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    event.stopPropagation();
    this.setState({ shown: true });
  };

  render({ children }, { shown }) {
    if (shown) return html`<span class="spoiler shown">${children}</span>`;
    return html`<span class="spoiler" role="button" tabindex="0" aria-label="Spoiler: press to reveal"
      onClick=${this.reveal} onKeyDown=${this.reveal}><span inert>${children}</span></span>`;
  }
}

/** An image of a custom emoji; its name when the picture can't be had. */
export class CustomEmoji extends Component {
  render({ id, name, animated }, { broken }) {
    if (broken) return html`<span>:${name}:</span>`;
    const source = `/cdn/emojis/${id}.${animated ? "gif" : "png"}`;
    return html`<img class="emoji" src=${source} alt=":${name}:" title=":${name}:"
      onError=${() => this.setState({ broken: true })} />`;
  }
}

/** A link that stays in this page when Discord's own would stay in Discord, and else opens elsewhere. */
export function Link({ url, names, children, ...rest }) {
  const jump = names.inside(url);
  if (!jump) return html`<${OutLink} url=${url} ...${rest}>${children}<//>`;
  return html`<a ...${rest} href=${jump.href}>${children}</a>`;
}

function link(node, names) {
  const jump = names.inside(node.url);
  const bare = node.children.length === 1 && node.children[0] === node.url;
  if (!jump || !bare)
    return html`<${Link} url=${node.url} names=${names} title=${node.url}>${inline(node.children, names)}<//>`;
  const name = names.channel(jump.channel)?.name ?? "a place that is not here";
  const place = name.length > 40 ? `${name.slice(0, 39)}…` : name;
  return html`<a class="mention" href=${jump.href}>#${place}${jump.message ? " › message" : ""}</a>`;
}

function element(node, names) {
  if (typeof node === "string") return node;
  switch (node.type) {
    case "strong":
      return html`<strong>${inline(node.children, names)}</strong>`;
    case "em":
      return html`<em>${inline(node.children, names)}</em>`;
    case "underline":
      return html`<u>${inline(node.children, names)}</u>`;
    case "strike":
      return html`<s>${inline(node.children, names)}</s>`;
    case "spoiler":
      return html`<${Spoiler}>${inline(node.children, names)}<//>`;
    case "code":
      return html`<code>${node.text}</code>`;
    case "link":
      return link(node, names);
    case "user": {
      const member = names.member(node.id);
      const mine = node.id === names.me;
      return html`<span class="mention ${mine ? "me" : ""}">@${member?.display_name ?? "unknown member"}</span>`;
    }
    case "role":
      return html`<span class="mention">@${names.role(node.id)?.name ?? "unknown role"}</span>`;
    case "channel": {
      const channel = names.channel(node.id);
      if (!channel) return html`<span class="mention">#unknown</span>`;
      return html`<a class="mention" href=${names.href(node.id)}>#${channel.name}</a>`;
    }
    case "command":
      return html`<span class="mention">/${node.name}</span>`;
    case "guide":
      return html`<span class="mention">#${node.name}</span>`;
    case "everyone":
      return html`<span class="mention">${node.text}</span>`;
    case "emoji":
      return html`<${CustomEmoji} ...${{ id: node.id, name: node.name, animated: node.animated }} />`;
    case "time":
      return html`<${Timestamp} class="stamp" at=${node.unix * 1000} live=${node.style === "R"}
        format=${(at, now) => styled(at, node.style, now)} />`;
    case "paragraph":
      return html`<p>${inline(node.children, names)}</p>`;
    case "heading":
      // The page's own headings are h1 and h2; a message's begin below them.
      return html`<${`h${node.level + 3}`} class="h${node.level}">${inline(node.children, names)}<//>`;
    case "subtext":
      return html`<p class="subtext">${inline(node.children, names)}</p>`;
    case "codeblock":
      return html`<pre tabindex="0" aria-label=${node.language ? `Code, ${node.language}` : "Code"}><code>${node.text}</code></pre>`;
    case "quote":
      return html`<blockquote>${inline(node.children, names)}</blockquote>`;
    case "list":
      return list(node, names);
    default:
      throw new Error(`Markdown node of unknown type ${node.type}`);
  }
}

function list(node, names) {
  const items = node.items.map(
    (item) => html`<li>${inline(item.children, names)}${item.lists.map((inner) => list(inner, names))}</li>`,
  );
  return node.ordered ? html`<ol start=${node.start}>${items}</ol>` : html`<ul>${items}</ul>`;
}

const inline = (nodes, names) => nodes.map((node) => element(node, names));

/** Discord Markdown as elements. Props: `text`, `names` (see directory.js), `plain` to forbid giant emoji. */
export class Markdown extends Pure {
  render({ text, names, plain }) {
    if (!text) return null;
    const big = !plain && text.length < 400 && ONLY_EMOJI.test(text);
    return html`<div class="markdown ${big ? "big" : ""}">${inline(parseBlocks(text), names)}</div>`;
  }
}
