"""Markdown as members type it, read the way Discord's client reads it.

Only what matters to quoting is told apart: code, spoilers, quotes, links and what stands in angle brackets.
Judges and changes nothing. Linear in the text, whatever it holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import Enum
from typing import NamedTuple

from bot.text.escape import url_end

FENCE = "```"
PIPES = "||"

_LANGUAGE = re.compile(r"([A-Za-z0-9_+\-.#]+)\n")
# A ">" with nothing behind it is what Discord's trimming leaves of an empty quoted line.
_QUOTE = re.compile(r"[^\S\n]*>>>(?:[^\S\n].*)?\Z|(?:[^\S\n]*>(?:[^\S\n][^\n]*)?(?:\n|\Z))+", re.DOTALL)
_TOKEN = re.compile(
    r"""
    (?P<escape>\\[^0-9A-Za-z\s])
  | (?P<code>`(?!`)[^`]++`(?!`) | ``(?!`)(?:[^`]|`(?!`))++``(?!`))
  | (?P<lone>\\(?=https?://))
  | (?P<ticks>`++)
  | (?P<pipes>\|\|)
  | (?P<angle><[^<>\s`]++>)
  | (?P<target>\]\([^\S\n]*+<?(?P<to>https?://(?:[^\s()<>`]++|\([^\s()<>`]*+\))++)>?
        (?=[^\S\n]*+(?:"[^"\n]*+"[^\S\n]*+)?\)))
  | (?P<link>(?<![A-Za-z0-9])https?://(?=[^\W_]|\[)(?:(?!\]\()[^\s<>`\\])++)
  | (?P<text>[^\\`|<\]h\n]++ | .)
    """,
    re.VERBOSE | re.DOTALL,
)


class Kind(Enum):
    TEXT = "text"
    ESCAPE = "escape"  # a backslash and what it takes the meaning of
    CODE = "code"
    BLOCK = "block"  # of code
    SPOILER = "spoiler"
    QUOTE = "quote"  # whole lines, with the last one's end
    ANGLE = "angle"  # <…>: a mention, an emoji, a time, a link without a preview
    TARGET = "target"  # where a masked link leads, from its "](" on
    LINK = "link"  # a bare address
    LOOSE = "loose"  # a mark of code or a spoiler that nothing closes; a backslash before a bare address


class Piece(NamedTuple):
    kind: Kind
    text: str  # as typed
    inside: str = ""  # of a code block or spoiler; of a masked link its address
    language: str = ""


def read(text: str, *, quotes: bool = True) -> Iterator[Piece]:
    r"""The pieces of ``text``, whose line breaks are all "\n"; their texts put together are ``text`` again.

    ``quotes`` false reads as Discord does inside a quote, where ">" is a character like any other.
    """
    at = 0
    starts_line = True
    fences_end, spoilers_end = text.rfind(FENCE), text.rfind(PIPES)
    while at < len(text):
        if quotes and starts_line and (quote := _QUOTE.match(text, at)):
            yield Piece(Kind.QUOTE, quote[0])
            at = quote.end()
            continue
        token = _TOKEN.match(text, at)
        if token is None:  # pragma: no cover - the last alternative takes anything
            break
        piece: Piece | None = None
        if token["ticks"] and len(token[0]) >= len(FENCE) and at + len(FENCE) <= fences_end:
            piece = _block(text, at)
        elif token["pipes"] and at + len(PIPES) < spoilers_end:
            piece = _spoiler(text, at)
        yield piece or _simple(token)
        at += len((piece or _simple(token)).text)
        # A code block ends its line, whether or not the source breaks it there.
        starts_line = text[at - 1] == "\n" or (piece is not None and piece.kind is Kind.BLOCK)


def flat(text: str) -> Iterator[Piece]:
    """As ``read``, with what is inside quotes and spoilers as pieces of their own."""
    for piece in read(text):
        if piece.kind is Kind.QUOTE:
            yield from _opened(read(piece.text, quotes=False))
        else:
            yield from _opened((piece,))


def _opened(pieces: Iterable[Piece]) -> Iterator[Piece]:
    for piece in pieces:
        if piece.kind is Kind.SPOILER:
            yield Piece(Kind.LOOSE, PIPES)
            yield from _opened(read(piece.inside, quotes=False))
            yield Piece(Kind.LOOSE, PIPES)
        else:
            yield piece


def _block(text: str, at: int) -> Piece | None:
    begin = at + len(FENCE)
    end = text.find(FENCE, begin)
    inside = text[begin:end]
    if end == -1 or not inside.strip():
        return None
    language = _LANGUAGE.match(inside)
    if language and inside[language.end() :].strip():
        inside = inside[language.end() :]
    else:
        language = None
    return Piece(Kind.BLOCK, text[at : end + len(FENCE)], inside.strip("\n"), language[1] if language else "")


def _spoiler(text: str, at: int) -> Piece | None:
    begin = at + len(PIPES)
    end = text.find(PIPES, begin + 1)  # escapes and code in between don't count
    inside = text[begin:end]
    return Piece(Kind.SPOILER, text[at : end + len(PIPES)], inside) if end != -1 and inside.strip() else None


def _simple(token: re.Match[str]) -> Piece:
    match token.lastgroup:
        case "escape":
            return Piece(Kind.ESCAPE, token[0])
        case "code":
            return Piece(Kind.CODE, token[0])
        case "ticks" | "pipes" | "lone":
            return Piece(Kind.LOOSE, token[0])
        case "angle":
            return Piece(Kind.ANGLE, token[0])
        case "target":
            return Piece(Kind.TARGET, token[0], token["to"])
        case "link":
            return Piece(Kind.LINK, token[0][: url_end(token[0])])
        case _:
            return Piece(Kind.TEXT, token[0])
