"""Discord Markdown cut without breaking it, and read back as plain text.

Made for what ``html.to_markdown`` writes: literal markup characters are escaped, links are ``[text](<url>)``
or ``<url>``, fences stand on lines of their own. Foreign Markdown is cut within the limit all the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from bot.text.cut import ELLIPSIS, cut_words, ends_sentence, grapheme_floor

RULE = "\u2500"  # what a table's heading is underlined with
_FENCE = re.compile(r"(?P<prefix>(?:> ?| )*+)```[^\n`]*(?:\n|\Z)")
# One alternative for every construct that must stay whole, tried from left to right.
_TOKEN = re.compile(
    r"""
    (?P<escape>\\[^\w\s] | \\_)
  | (?P<code>`[^`\n]{1,1000}+`(?!`) | ``(?:[^`\n]|`(?!`)){1,1000}+``(?!`))
  | (?P<link>\[(?:[^\[\]\\\n]|\\.|\[[^\[\]\n]{0,300}+\]){0,1500}+\]\(<[^<>\s]{1,3000}+>\))
  | (?P<angle><[^<>\s]{1,3000}+>)
  | (?P<style>\*\*\*|\*\*|\*|__|_|~~|\|\|)
  | (?P<space>\s++)
  | (?P<word>[^\s\\`\[<*_~|]++)
  | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_LINE_PREFIX = re.compile(r"[ ]*+(?:>>?>? )*+[ ]*+(?:#{1,3} |-\# |[-*+] |[0-9]{1,9}\. )?")
_BLOCK, _SENTENCE, _WORD, _ANY = range(4)
# The bounds in _TOKEN keep a failed match from costing more than a constant; this is the longest token.
_LONGEST = 8192
_LABEL = re.compile(r"\[((?:[^\[\]\\]|\\.|\[[^\[\]]*\])*+)\]", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Cut:
    """A place where the text may end, and what has to be added there."""

    end: int
    closing: str = ""
    mark: str = ""


class _Cutter:
    """Walks over the Markdown up to ``limit`` and remembers the last good place of each rank."""

    def __init__(self, markdown: str, limit: int) -> None:
        self.markdown: Final = markdown
        self.limit: Final = limit
        self.best: list[_Cut | None] = [None] * 4
        self.open: list[tuple[str, int]] = []  # styles, with where their content begins
        self.solid = 0  # nothing before this may be parted

    def cut(self) -> str:
        at = 0
        while at < len(self.markdown) and at <= self.limit:
            fence = _FENCE.match(self.markdown, at) if at == 0 or self.markdown[at - 1] == "\n" else None
            at = self._fence(fence) if fence else self._line(at)
        return self._choose()

    def _offer(self, rank: int, end: int, closing: str = "", mark: str = "") -> None:
        if end > 0 and end + len(closing) + len(mark) <= self.limit:
            self.best[rank] = _Cut(end, closing, mark)

    def _fence(self, fence: re.Match[str]) -> int:
        """A code block, kept whole if it fits, otherwise closed behind its last line that does."""
        prefix = fence["prefix"]
        closer = re.compile(rf"^{re.escape(prefix)}```[ ]*$", re.MULTILINE)
        # The search stops at the limit: what closes behind it is cut anyway.
        found = closer.search(self.markdown, fence.end(), self.limit + len(prefix) + 5)
        self.open.clear()
        stop = found.start() if found else min(len(self.markdown), self.limit + 1)
        line_end = self.markdown.find("\n", fence.end(), stop)
        while line_end != -1:
            self._offer(_WORD, line_end, f"\n{prefix}```")
            line_end = self.markdown.find("\n", line_end + 1, stop)
        if self.best[_WORD] is None:  # one long line of code and nothing before it
            room = min(stop, self.limit - len(prefix) - 4)
            if room > fence.end():
                self._offer(_ANY, grapheme_floor(self.markdown, room, fence.end()), f"\n{prefix}```")
        self.solid = found.end() if found else stop
        if found:
            self._offer(_BLOCK, found.end())
        return self.solid + 1

    def _line(self, at: int) -> int:
        """One line of running text; returns where the next one begins."""
        markdown, prefix = self.markdown, _LINE_PREFIX.match(self.markdown, at)
        at = self.solid = prefix.end() if prefix else at
        while at < len(markdown) and at <= self.limit:
            token = _TOKEN.match(markdown, at)
            if token is None:  # pragma: no cover - the last alternative takes anything
                break
            kind, at = token.lastgroup, token.end()
            if kind == "space":
                self._between(token.start())
                breaks = token[0].count("\n")
                if breaks:
                    if breaks > 1:
                        self.open.clear()  # a paragraph's end closes nothing: what is open was no style
                        self._offer(_BLOCK, token.start())
                    return token.start() + token[0].rfind("\n") + 1
            elif kind == "style":
                self._style(token)
            elif kind != "word":
                if at > self.limit:
                    end, closing = self._closed(token.start())
                    self._offer(_ANY, end, closing, ELLIPSIS)
                self.solid = at
            elif at > self.limit - 1 or not token[0].isascii():
                self._inside(token.start(), at)
        self._between(at)
        return at

    def _style(self, token: re.Match[str]) -> None:
        at, self.solid = token.start(), token.end()
        marks = ["**", "*"] if token[0] == "***" else [token[0]]
        if self.open and self.open[-1][0] == marks[-1]:
            marks.reverse()  # what was opened last is closed first
        for mark in marks:
            at += len(mark)
            places = [depth for depth, (each, _) in enumerate(self.open) if each == mark]
            if places:
                del self.open[places[-1] :]
            elif len(self.open) < 8:
                self.open.append((mark, at))

    def _between(self, end: int) -> None:
        end, closing = self._closed(end)
        if ends_sentence(self.markdown, end):
            self._offer(_SENTENCE, end, closing)
        self._offer(_WORD, end, closing, ELLIPSIS)

    def _inside(self, start: int, end: int) -> None:
        """Within a word: for scripts without spaces, and for words longer than everything that fits."""
        for index in range(start + 1, min(end, self.limit)):
            if self.markdown[index - 1] > "\u3000" and ends_sentence(self.markdown, index):
                self._offer(_SENTENCE, index, self._closed(index)[1])
        closing = self._closed(end)[1]
        room = min(end, self.limit - len(closing) - len(ELLIPSIS))
        if room > start:
            self._offer(_ANY, grapheme_floor(self.markdown, room, max(start, self.solid)), closing, ELLIPSIS)

    def _closed(self, end: int) -> tuple[int, str]:
        """``end`` moved before styles that are still empty there, and what closes the others."""
        live = list(self.open)
        while live and live[-1][1] >= end:
            end = live.pop()[1] - len(self.open[len(live)][0])
        return end, "".join(style for style, _ in reversed(live))

    def _choose(self) -> str:
        block, sentence, word, anywhere = self.best
        for cut, least in ((block, 0.75), (sentence, 0.5), (block, 0.5), (word, 0.4), (anywhere, 0.0)):
            if cut and cut.end >= least * self.limit:
                return self._done(cut)
        rest = [cut for cut in self.best if cut]
        return self._done(max(rest, key=lambda cut: cut.end)) if rest else ELLIPSIS[: self.limit]

    def _done(self, cut: _Cut) -> str:
        text = self.markdown[: cut.end].rstrip()
        while text and not cut.closing and _LINE_PREFIX.fullmatch(text[text.rfind("\n") + 1 :] + " "):
            text = text[: text.rfind("\n") + 1].rstrip()  # a marker with nothing behind it
        if cut.mark and text.endswith((ELLIPSIS, *",;:\u2013\u2014")) and not text.endswith("\\", 0, -1):
            text = text[:-1].rstrip()
        return (text + cut.mark + cut.closing) if text else ELLIPSIS[: self.limit]


def cut_markdown(markdown: str, limit: int) -> str:
    """``markdown`` in at most ``limit`` code points, cut behind a block, a sentence or a word.

    Fences, links, code spans and escapes stay whole or go; open styles and fences are closed.
    """
    if len(markdown) <= limit:
        return markdown
    return _Cutter(markdown[: limit + _LONGEST], limit).cut() if limit > 0 else ""


def plain(markdown: str) -> str:
    """The words of safe Markdown, without its markup, line by line: for titles, comparing and counting."""
    lines: list[str] = []
    fenced = False
    for line in markdown.split("\n"):
        if _FENCE.fullmatch(line):
            fenced = not fenced
        elif fenced:
            lines.append(line)
        else:
            prefix = _LINE_PREFIX.match(line)
            lines.append(_words(line[prefix.end() if prefix else 0 :]))
    return "\n".join(lines)


def one_line(markdown: str, limit: int) -> str:
    """The words of ``markdown`` in one line of at most ``limit`` code points, without its markup and tables' rules."""
    words = (word for word in plain(markdown[:8192]).split() if word.strip(RULE))
    return cut_words(" ".join(words), limit)


def _words(line: str) -> str:
    return _TOKEN.sub(_word, line)


def _word(token: re.Match[str]) -> str:
    match token.lastgroup:
        case "escape":
            return token[0][1:]
        case "code":
            return token[0].strip("`")
        case "link":
            label = _LABEL.match(token[0])
            return _words(label[1]) if label else token[0]
        case "angle":
            return token[0][1:-1]
        case "style":
            return ""
        case _:
            return token[0]
