/**
 * The block half of Discord's Markdown: quotes, lists, headings, subtext and fenced code, by lines.
 *
 * Not CommonMark: line breaks are kept, quotes do not nest, a heading needs a space, three levels exist.
 */
import { parseInline } from "./inline.js";

const LIST_ITEM = /^( *)([-*]|\d{1,9}\.) +(?=\S)/;
const HEADING = /^(#{1,3}) +(?=\S)/;
const SUBTEXT = /^-# +(?=\S)/;
const LANGUAGE = /^([\w+#.-]{1,24})\n/;
const MAX_LIST_DEPTH = 10;

/** Nested lists from `[{indent, ordered, start, lines}]`; an item deeper than the last opens a list in it. */
function nestList(items) {
  const top = { type: "list", ordered: items[0].ordered, start: items[0].start, items: [] };
  const levels = [{ indent: items[0].indent, list: top }];
  for (const item of items) {
    while (levels.length > 1 && item.indent < levels[levels.length - 1].indent) levels.pop();
    const level = levels[levels.length - 1];
    const node = { children: parseInline(item.lines.join("\n")), lists: [] };
    const parent = level.list.items[level.list.items.length - 1];
    if (item.indent > level.indent && parent && levels.length < MAX_LIST_DEPTH) {
      const list = { type: "list", ordered: item.ordered, start: item.start, items: [node] };
      parent.lists.push(list);
      levels.push({ indent: item.indent, list });
    } else {
      level.list.items.push(node);
    }
  }
  return top;
}

class Blocks {
  constructor(text, quotes) {
    this.text = text;
    this.quotes = quotes;
    this.nodes = [];
    this.paragraph = [];
    this.position = 0;
    this.lastFence = text.lastIndexOf("```");
  }

  flush() {
    const lines = this.paragraph;
    this.paragraph = [];
    while (lines.length && !lines[0].trim()) lines.shift();
    while (lines.length && !lines[lines.length - 1].trim()) lines.pop();
    if (lines.length) this.nodes.push({ type: "paragraph", children: parseInline(lines.join("\n")) });
  }

  peek(from = this.position) {
    const end = this.text.indexOf("\n", from);
    return end === -1
      ? { line: this.text.slice(from), next: this.text.length }
      : { line: this.text.slice(from, end), next: end + 1 };
  }

  /** A fence opened on this line and closed anywhere after it; code may start in the middle of a line. */
  fence(line, next) {
    const open = line.indexOf("```");
    if (open === -1 || line[open - 1] === "\\") return false;
    const start = this.position + open + 3;
    if (start > this.lastFence) return false;
    const close = this.text.indexOf("```", start);
    const inner = this.text.slice(start, close);
    if (!inner.trim()) return false;
    if (open) this.paragraph.push(line.slice(0, open));
    this.flush();
    const language = LANGUAGE.exec(inner);
    const code = (language ? inner.slice(language[0].length) : inner).replace(/^\n/, "").replace(/\n$/, "");
    this.nodes.push({ type: "codeblock", language: language?.[1] ?? "", text: code });
    this.position = close + 3;
    if (this.text[this.position] === "\n") this.position++;
    return next !== undefined;
  }

  quote(line, next) {
    if (line.startsWith(">>> ")) {
      this.flush();
      this.nodes.push({ type: "quote", children: parseBlocks(this.text.slice(this.position + 4), false) });
      this.position = this.text.length;
      return true;
    }
    if (!line.startsWith("> ")) return false;
    this.flush();
    const lines = [];
    while (line.startsWith("> ")) {
      lines.push(line.slice(2));
      this.position = next;
      if (next >= this.text.length) break;
      ({ line, next } = this.peek());
    }
    this.nodes.push({ type: "quote", children: parseBlocks(lines.join("\n"), false) });
    return true;
  }

  list(line, next) {
    let found = LIST_ITEM.exec(line);
    if (!found) return false;
    this.flush();
    const items = [];
    for (;;) {
      const [whole, indent, mark] = found;
      const ordered = mark.length > 1;
      items.push({
        indent: indent.length,
        ordered,
        start: ordered ? Number.parseInt(mark, 10) : 1,
        lines: [line.slice(whole.length)],
      });
      this.position = next;
      for (;;) {
        if (this.position >= this.text.length) return this.nodes.push(nestList(items)) > 0;
        ({ line, next } = this.peek());
        found = LIST_ITEM.exec(line);
        if (found || !/^ {2,}\S/.test(line)) break; // indented text goes on with the item
        items[items.length - 1].lines.push(line.trim());
        this.position = next;
      }
      // Another kind of mark at the outermost level begins a list of its own.
      const other = found && found[1].length <= items[0].indent && found[2].length > 1 !== items[0].ordered;
      if (!found || other) return this.nodes.push(nestList(items)) > 0;
    }
  }

  single(line, next) {
    const heading = HEADING.exec(line);
    const subtext = heading ? null : SUBTEXT.exec(line);
    if (!heading && !subtext) return false;
    this.flush();
    const children = parseInline(line.slice((heading ?? subtext)[0].length));
    this.nodes.push(
      heading ? { type: "heading", level: heading[1].length, children } : { type: "subtext", children },
    );
    this.position = next;
    return true;
  }

  parse() {
    while (this.position < this.text.length) {
      const { line, next } = this.peek();
      if (this.quotes && this.quote(line, next)) continue;
      if (this.fence(line, next) || this.list(line, next) || this.single(line, next)) continue;
      this.paragraph.push(line);
      this.position = next;
    }
    this.flush();
    return this.nodes;
  }
}

/** The block tree of `text`; `quotes` false inside a quote, where ">" is a character like any other. */
export function parseBlocks(text, quotes = true) {
  return new Blocks(text.replace(/\r\n?/g, "\n"), quotes).parse();
}
