/**
 * The inline half of Discord's Markdown: text to a tree of plain objects. No DOM, no state.
 *
 * One pass over the text with a stack of open emphasis, so time grows linearly with the text whatever it
 * holds: unclosed marks, thousands of brackets, runs of stars. A node is a string or `{type, ...}`.
 */

const ESCAPABLE = /[^0-9A-Za-z\s]/;
const WORD = /[\p{L}\p{N}_]/u;
const URL_START = /https?:\/\//y;
const BARE_URL = /https?:\/\/[^\s<]{1,2049}/y; // one more than may be a link: what is longer is told apart
const ANGLE_URL = /<(https?:\/\/[^\s<>]{1,2048})>/y;
const USER = /<@!?(\d{1,20})>/y;
const ROLE = /<@&(\d{1,20})>/y;
const CHANNEL = /<#(\d{1,20})>/y;
const COMMAND = /<\/([\p{L}\p{N}_' -]{1,98}):(\d{1,20})>/uy;
const GUIDE = /<id:(customize|browse|guide|home|linked-roles)(?::\d+)?>/y;
const EMOJI = /<(a?):(\w{1,32}):(\d{1,20})>/y;
const TIME = /<t:(-?\d{1,13})(?::([tTdDfFRsS]))?>/y;
const EVERYONE = /@(everyone|here)\b/y;
const PLAIN = /[^\\`*_~|[<h@]+/y;
const MAX_URL = 2048;
const MAX_OPEN = 64; // nesting that no reader sees; keeps the tree shallow enough to render by recursion

const at = (pattern, text, index) => {
  pattern.lastIndex = index;
  return pattern.exec(text);
};

/** For each "[" outside an escape, the index of its "]"; found in one pass, so that nesting costs nothing. */
function bracketPairs(text) {
  const pairs = new Map();
  const open = [];
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (char === "\\") i++;
    else if (char === "[") open.push(i);
    else if (char === "]" && open.length) pairs.set(open.pop(), i);
  }
  return pairs;
}

/** The target of `](…)` that starts at `index`, just after "(": `{url, end}` or null. */
function linkTarget(text, index) {
  let i = index;
  const angled = text[i] === "<";
  if (angled) i++;
  if (!at(URL_START, text, i)) return null;
  const start = i;
  let depth = 0;
  for (; i < text.length && i - start <= MAX_URL; i++) {
    const char = text[i];
    if (/\s/.test(char) || char === "<" || char === ">") break;
    if (char === "(") depth++;
    if (char === ")" && depth-- === 0) break;
  }
  const url = text.slice(start, i);
  if (angled && text[i++] !== ">") return null;
  const rest = /\s{0,4}(?:"[^"\n]{0,256}")?\)/y;
  rest.lastIndex = i;
  const close = rest.exec(text);
  return close && url.length <= MAX_URL ? { url, end: rest.lastIndex } : null;
}

/** A bare address ends before the punctuation of its sentence, a bracket it did not open, and a link's "](". */
function trimUrl(whole) {
  const url = whole.split("](", 1)[0];
  let end = url.length;
  let open = 0;
  for (const char of url) open += char === "(" ? 1 : char === ")" ? -1 : 0;
  for (;;) {
    const last = url[end - 1];
    if (last === ")" && open < 0) open++;
    else if (!/[.,:;"'\]*_~|!?]/.test(last)) break;
    end--;
  }
  return url.slice(0, end);
}

/** What an angle bracket at `i` opens: `{node, end}` or null. */
function angle(text, i) {
  let found;
  if ((found = at(ANGLE_URL, text, i))) {
    return { node: { type: "link", url: found[1], children: [found[1]] }, end: ANGLE_URL.lastIndex };
  }
  if ((found = at(USER, text, i))) return { node: { type: "user", id: found[1] }, end: USER.lastIndex };
  if ((found = at(ROLE, text, i))) return { node: { type: "role", id: found[1] }, end: ROLE.lastIndex };
  if ((found = at(CHANNEL, text, i)))
    return { node: { type: "channel", id: found[1] }, end: CHANNEL.lastIndex };
  if ((found = at(COMMAND, text, i)))
    return { node: { type: "command", name: found[1] }, end: COMMAND.lastIndex };
  if ((found = at(GUIDE, text, i))) return { node: { type: "guide", name: found[1] }, end: GUIDE.lastIndex };
  if ((found = at(EMOJI, text, i))) {
    return {
      node: { type: "emoji", animated: !!found[1], name: found[2], id: found[3] },
      end: EMOJI.lastIndex,
    };
  }
  if ((found = at(TIME, text, i))) {
    return { node: { type: "time", unix: Number(found[1]), style: found[2] ?? "f" }, end: TIME.lastIndex };
  }
  return null;
}

/** Open emphasis, innermost last. Closing one turns the marks left open inside it back into text. */
class Emphasis {
  constructor() {
    this.root = [];
    this.open = [];
    this.counts = new Map();
  }

  get nodes() {
    return this.open.length ? this.open[this.open.length - 1].children : this.root;
  }

  text(value) {
    const nodes = this.nodes;
    if (typeof nodes[nodes.length - 1] === "string") nodes[nodes.length - 1] += value;
    else nodes.push(value);
  }

  has(mark) {
    return (this.counts.get(mark) ?? 0) > 0;
  }

  start(mark, type) {
    if (this.open.length >= MAX_OPEN) return this.text(mark);
    this.open.push({ mark, type, children: [] });
    this.counts.set(mark, (this.counts.get(mark) ?? 0) + 1);
  }

  pop() {
    const entry = this.open.pop();
    this.counts.set(entry.mark, this.counts.get(entry.mark) - 1);
    return entry;
  }

  unwind(entry) {
    this.text(entry.mark);
    for (const child of entry.children) {
      if (typeof child === "string") this.text(child);
      else this.nodes.push(child);
    }
  }

  /** "***a** b*" opens both at one place: the one that closes first was meant to be inside. */
  swap(mark) {
    const [outer, inner] = this.open.slice(-2);
    if (
      !inner ||
      inner.mark === mark ||
      outer.mark !== mark ||
      outer.mark[0] !== inner.mark[0] ||
      outer.children.length
    )
      return;
    [outer.mark, inner.mark] = [inner.mark, outer.mark];
    [outer.type, inner.type] = [inner.type, outer.type];
  }

  /** Close `mark`; marks around nothing stay text. */
  close(mark) {
    this.swap(mark);
    while (this.open[this.open.length - 1].mark !== mark) this.unwind(this.pop());
    const entry = this.pop();
    if (!entry.children.length) {
      this.text(mark + mark);
      return;
    }
    this.nodes.push({ type: entry.type, children: entry.children });
  }

  finish() {
    while (this.open.length) this.unwind(this.pop());
    return this.root;
  }
}

const STYLES = { "**": "strong", "*": "em", __: "underline", _: "em", "~~": "strike", "||": "spoiler" };

/** Split a run of the same character into the marks it can stand for. */
function marksOf(char, length) {
  if (char === "~" || char === "|")
    return length === 2 || length === 4 ? Array(length / 2).fill(char + char) : [];
  if (length > 3) return [];
  return length === 3 ? [char + char, char] : [char.repeat(length)];
}

function emphasise(emphasis, text, start, length) {
  const char = text[start];
  const before = text[start - 1] ?? "";
  const after = text[start + length] ?? "";
  const marks = marksOf(char, length);
  if (!marks.length) return emphasis.text(char.repeat(length));
  // A three-run closes whatever is innermost first: ***a*** and **a *b*** both come out whole.
  if (marks.length === 2 && marks[0] !== marks[1] && emphasis.has(marks[0]) && emphasis.has(marks[1])) {
    const inner = emphasis.open.findLast((entry) => marks.includes(entry.mark));
    if (inner.mark === marks[1]) marks.reverse();
  }
  for (const mark of marks) {
    const single = mark.length === 1;
    const closes =
      emphasis.has(mark) &&
      (!single || !/\s/.test(before)) &&
      (mark !== "_" || !WORD.test(after) || after === "_");
    const opens =
      after !== "" &&
      (!single || !/\s/.test(after)) &&
      (mark !== "_" || !WORD.test(before) || before === "_");
    if (closes) emphasis.close(mark);
    else if (opens) emphasis.start(mark, STYLES[mark]);
    else emphasis.text(mark);
  }
}

/** The inline tree of `text`. `links` false inside a masked link's label: a link holds no link. */
export function parseInline(text, { links = true } = {}) {
  const emphasis = new Emphasis();
  const unclosedCode = new Set();
  const pairs = links && text.includes("](") ? bracketPairs(text) : new Map();
  let i = 0;

  const masked = () => {
    const close = pairs.get(i);
    if (close === undefined || close === i + 1 || text[close + 1] !== "(") return false;
    const target = linkTarget(text, close + 2);
    if (!target) return false;
    const label = text.slice(i + 1, close);
    // A label that shows one address and leads to another is a trap: left as the text it is.
    if (/https?:\/\//.test(label) && label !== target.url) return false;
    emphasis.nodes.push({ type: "link", url: target.url, children: parseInline(label, { links: false }) });
    i = target.end;
    return true;
  };

  const code = () => {
    let length = 1;
    while (text[i + length] === "`") length++;
    const fence = "`".repeat(length);
    if (!unclosedCode.has(length)) {
      let close = text.indexOf(fence, i + length);
      while (close !== -1 && text[close + length] === "`") {
        let end = close + length;
        while (text[end] === "`") end++;
        close = text.indexOf(fence, end);
      }
      if (close !== -1) {
        const inner = text.slice(i + length, close);
        const padded = length > 1 && /^ .* $/s.test(inner) ? inner.slice(1, -1) : inner;
        emphasis.nodes.push({ type: "code", text: padded });
        i = close + length;
        return;
      }
      unclosedCode.add(length);
    }
    emphasis.text(fence);
    i += length;
  };

  while (i < text.length) {
    const char = text[i];
    if (char === "\\" && i + 1 < text.length && ESCAPABLE.test(text[i + 1])) {
      const escaped = String.fromCodePoint(text.codePointAt(i + 1));
      emphasis.text(escaped);
      i += 1 + escaped.length;
    } else if (char === "`") {
      code();
    } else if (char === "*" || char === "_" || char === "~" || char === "|") {
      let length = 1;
      while (text[i + length] === char) length++;
      emphasise(emphasis, text, i, length);
      i += length;
    } else if (char === "[" && pairs.has(i) && masked()) {
      continue;
    } else if (char === "<") {
      const found = angle(text, i);
      if (found && (links || found.node.type !== "link")) {
        emphasis.nodes.push(found.node);
        i = found.end;
      } else {
        emphasis.text(char);
        i++;
      }
    } else if (char === "h" && links && at(URL_START, text, i) && !/[\p{L}\p{N}]/u.test(text[i - 1] ?? "")) {
      const found = at(BARE_URL, text, i);
      const url = found && trimUrl(found[0]);
      if (url && url.length > 8 && url.length <= MAX_URL) {
        emphasis.nodes.push({ type: "link", url, children: [url] });
        i += url.length;
      } else {
        const plain = found ? found[0] : char;
        emphasis.text(plain);
        i += plain.length;
      }
    } else if (char === "@" && at(EVERYONE, text, i)) {
      const [whole] = at(EVERYONE, text, i);
      emphasis.nodes.push({ type: "everyone", text: whole });
      i += whole.length;
    } else {
      const plain = at(PLAIN, text, i)?.[0] ?? char;
      emphasis.text(plain);
      i += plain.length;
    }
  }
  return emphasis.finish();
}
