/** Markdown to one line of plain text, for snippets, titles and announcements. */
import { parseBlocks } from "./blocks.js";

function flatten(nodes, names) {
  return nodes.map((node) => words(node, names)).join("");
}

function words(node, names) {
  if (typeof node === "string") return node;
  switch (node.type) {
    case "code":
    case "codeblock":
    case "everyone":
      return node.text;
    case "user":
      return `@${names.member(node.id)?.display_name ?? "someone"}`;
    case "role":
      return `@${names.role(node.id)?.name ?? "role"}`;
    case "channel":
      return `#${names.channel(node.id)?.name ?? "channel"}`;
    case "command":
      return `/${node.name}`;
    case "emoji":
      return `:${node.name}:`;
    case "time":
      return new Date(node.unix * 1000).toLocaleDateString("en-GB");
    case "spoiler":
      return "▒▒▒";
    case "list":
      return node.items
        .map((item) => `• ${flatten(item.children, names)} ${flatten(item.lists, names)}`)
        .join(" ");
    default:
      return flatten(node.children ?? [], names);
  }
}

/** The blocks' words, joined by spaces. `skip(node)` leaves whole blocks out. */
export function plainText(markdown, names, skip = () => false) {
  return parseBlocks(markdown)
    .filter((node) => !skip(node))
    .map((node) => words(node, names))
    .join(" ")
    .replace(/\s+/g, " ")
    .trim();
}
