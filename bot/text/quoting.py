"""What is quoted: a post's own words, an article's paragraphs, and what a member may leave of either.

All of it is Discord Markdown without "> ", tidy in the sense of tidy.py. What is made of it is posting.py's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from bot.languages import Say
from bot.model import Article, Quotation, Said
from bot.text.clean import clean
from bot.text.cut import cut_words, ends_sentence
from bot.text.escape import BREAK, escape
from bot.text.markdown import cut_markdown, plain
from bot.text.tidy import heard, settled, tidy
from bot.text.typed import FENCE

MAX_NAME = 100  # of a file, a sticker, an embed or a poll's question
MAX_PARAGRAPHS = 25  # options of a select

# The first line of a post that we make under our own name; see posting.quoting_content.
_SPEAKER = re.compile(r"\A\*\*[^\n]+\*\*:\n(?=>)")
_QUOTED = re.compile(r"(?:>(?: |$))+")
_LEFT_OUT = re.compile(r"[\[(]?(?:\u2026|\.{3,})[\])]?")
_IGNORED = frozenset(("\\", BREAK))  # whether a mark had to be escaped does not matter
_UNSPACED = "\u0e00"  # from here on there are scripts without spaces between words


def own_words(said: Said, words: str | None, say: Say) -> str:
    """What the author says themselves, ready to be quoted; "" when that is nothing.

    Of the text without what it quotes; then what else the post holds, by name: links to files expire within
    hours. ``words`` are the author's own where we made the post and know them.
    """
    content = said.content if words is None else words
    if words is None and said.ours and said.webhook_id is None:
        content = _SPEAKER.sub("", content)
    files = "  ".join(f"\U0001f4ce {_named(file.name)}" for file in said.files)
    told = (
        tidy(heard(content)),
        files,
        *(say("[sticker: {name}]", name=_named(sticker)) for sticker in said.stickers),
        *(say("[embed: {title}]", title=_named(embed)) for embed in said.embeds),
        say("[poll: {question}]", question=_named(said.poll)) if said.poll else "",
    )
    return "\n".join(filter(None, told))


def excerpt(text: str, limit: int) -> str:
    """``text`` in at most ``limit`` code points, cut at a sentence where it can be; all that is open is closed."""
    if len(text) <= limit:
        return text
    whole = tidy(text)
    return whole if len(whole) <= limit else cut_markdown(settled(whole), limit)


def requoted(quotation: Quotation, new_words: str) -> str:
    """The quoted text now that its source says ``new_words``: what was picked stays while the source says it."""
    if quotation.picked and quotation.text and is_passage_of(quotation.text, new_words):
        return quotation.text
    return new_words


def paragraphs(article: Article, limit: int = 4000) -> tuple[str, ...]:
    """The article's text in blocks to choose from, at most 25: paragraphs, lists and code whole where they fit.

    A text of more paragraphs than that is offered in larger blocks.
    """
    blocks = [tidy(block) for block in _blocks(article.body or article.summary) if _says_something(block)]
    size = 1
    packed = blocks
    while len(packed) > MAX_PARAGRAPHS and size < limit:
        size = min(2 * max(size, sum(map(len, blocks)) // (2 * MAX_PARAGRAPHS)), limit)
        packed = list(_packed(blocks, size))
    return tuple(excerpt(block, limit) for block in packed[:MAX_PARAGRAPHS])


def picked_text(text: str) -> str:
    """What a member left of a text in a form, as safe to quote as the text was: they may have typed anything."""
    return tidy(heard(text))


def is_passage_of(picked: str, source: str) -> bool:
    """Whether ``source`` says what ``picked`` says, so that it may be quoted as said.

    In the same order and in whole words. What is left out in the middle are whole lines or sentences, or an
    ellipsis stands for it, which may also cut a word short. White space does not matter.
    """
    whole = _condensed(_LEFT_OUT.sub("\n", source))
    at = 0
    stretches = _LEFT_OUT.split(picked)
    for number, stretch in enumerate(stretches):
        cut_short = number + 1 < len(stretches) and not stretch[-1:].isspace()
        found = _follow(whole, at, list(_pieces(_condensed(stretch))), cut_short=cut_short)
        if found is None:
            return False
        at = found
    return True


@dataclass(frozen=True, slots=True)
class _Condensed:
    """Text without white space."""

    letters: str
    inside: frozenset[int]  # places within a word
    ends: frozenset[int]  # places where a line or sentence ends


def _condensed(text: str) -> _Condensed:
    letters: list[str] = []
    inside: set[int] = set()
    ends: set[int] = {0}
    apart = True
    for index, char in enumerate(text):
        if char.isspace():
            apart = True
            if char == "\n" or ends_sentence(text, index):
                ends.add(len(letters))
        elif char not in _IGNORED:
            if index and text[index - 1] > "\u3000" and ends_sentence(text, index):
                ends.add(len(letters))
            if not apart and letters[-1].isalnum() and char.isalnum() and max(letters[-1], char) < _UNSPACED:
                inside.add(len(letters))
            letters.append(char)
            apart = False
    ends.add(len(letters))
    return _Condensed("".join(letters), frozenset(inside), frozenset(ends))


def _pieces(picked: _Condensed) -> Iterator[str]:
    """Its lines and sentences."""
    ends = sorted(picked.ends)
    for start, end in pairwise(ends):
        yield picked.letters[start:end]


def _follow(whole: _Condensed, at: int, pieces: list[str], *, cut_short: bool) -> int | None:
    """Where the last of ``pieces`` ends, looked for one behind the other from ``at`` on, the first anywhere."""
    for number, piece in enumerate(pieces):
        following = pieces[number + 1] if number + 1 < len(pieces) else None
        start = whole.letters.find(piece, at)
        while start != -1:
            end = start + len(piece)
            begins = number == 0 or start == at or (at in whole.ends and start in whole.ends)
            goes_on = following is None or end in whole.ends or whole.letters.startswith(following, end)
            ends = end not in whole.inside or (cut_short and following is None)
            if begins and goes_on and ends and start not in whole.inside:
                break
            start = whole.letters.find(piece, start + 1)
        else:
            return None
        at = end
    return at


def _named(name: str) -> str:
    return escape(cut_words(clean(name), MAX_NAME) or "?", links=False, inline=True)


def _says_something(block: str) -> bool:
    return any(char.isalnum() for char in plain(block))


def _blocks(markdown: str) -> Iterator[str]:
    """What stands between empty lines, code blocks whole, without the marks of quotes."""
    lines: list[str] = []
    fence: str | None = None  # with what stands before it
    for written in markdown.split("\n"):
        quoted = _QUOTED.match(written) if fence is None or fence.startswith(">") else None
        mark = quoted[0] if quoted else ""
        line = written[len(mark) :]
        if line.startswith(FENCE):
            fence = mark + FENCE if fence is None else None
        if line.strip() or fence is not None:
            lines.append(line)
        elif lines:
            yield "\n".join(lines)
            lines = []
    if lines:
        yield "\n".join(lines)


def _packed(blocks: Iterable[str], size: int) -> Iterator[str]:
    """Neighbours together, in packs of at most ``size`` code points, a longer one by itself."""
    pack = ""
    for block in blocks:
        if pack and len(pack) + 2 + len(block) > size:
            yield pack
            pack = ""
        pack = f"{pack}\n\n{block}" if pack else block
    if pack:
        yield pack
