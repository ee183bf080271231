"""Paragraphs, headings, lists, quotes and code as Discord Markdown. Knows nothing of HTML.

Every line carries its own markup: styles close before a line break and a link never lies inside a style, so
that no URL can end one and a cut between lines breaks nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import groupby
from typing import NamedTuple

from bot.text.clean import clean, scrub
from bot.text.escape import BREAK, code_safe, escape
from bot.text.links import claims_another_host, in_markdown, looks_like_url

BOLD, ITALIC, UNDERLINE, STRIKE, CODE = (1 << bit for bit in range(5))
_MARKERS = ((BOLD, "**"), (UNDERLINE, "__"), (STRIKE, "~~"), (ITALIC, "*"))  # outermost first

MAX_LABEL = 500  # characters of link text; longer ones are text with the link behind it
RULE = "\u2014\u2014\u2014"
_SPACE = re.compile(r"\s+")
_LANGUAGE = re.compile(r"[A-Za-z0-9+#_-]{1,20}")


class Span(NamedTuple):
    """A run of text as the source has it, white space and all."""

    text: str
    style: int = 0
    href: str | None = None  # canonical


class Kind(Enum):
    TEXT = "text"
    HEADING = "heading"
    MINOR_HEADING = "minor heading"
    CAPTION = "caption"
    CODE = "code"
    RULE = "rule"


@dataclass(slots=True)
class Block:
    kind: Kind = Kind.TEXT
    lines: list[list[Span]] = field(default_factory=list)
    quote: bool = False
    depth: int = 0  # of lists around it
    marker: str = ""  # "- " or "1. " on the first block of a list item
    code: str = ""
    language: str = ""


def render(blocks: Iterable[Block], enough: int) -> str:
    """The blocks as Markdown; stops after the first that takes it past ``enough`` characters."""
    parts: list[str] = []
    length = 0
    last: Block | None = None
    for block in blocks:
        text = _block(block)
        if not text:
            continue
        parts += [_between(last, block) if last else "", text]
        length += len(text)
        last = block
        if length > enough:
            break
    return "".join(parts)


def plain_line(spans: Iterable[Span]) -> str:
    """The words of a line, as clean plain text."""
    return clean("".join(span.text for span in spans))


def line(spans: Sequence[Span]) -> str:
    """One line of Markdown."""
    out = ""
    for href, group in groupby(_folded(spans), key=lambda span: span.href):
        pieces = list(group)
        behind = bool(out)
        text = (
            _runs(pieces, links=True, inline=behind) if href is None else _link(pieces, href, inline=behind)
        )
        if out and text and (out[-1] + text[0] == "](" or (out[-1] == text[0] and text[0] in "*_~`")):
            out += BREAK  # the two would become one mark
        out += text
    return out.strip()


def _block(block: Block) -> str:
    if block.kind is Kind.CODE:
        lines = _fenced(block.code, block.language)
    elif block.kind is Kind.RULE:
        lines = [RULE]
    else:
        lines = _text_lines(block)
    if block.depth and block.kind is not Kind.CODE and lines:  # Discord knows no code blocks in lists
        indent = "  " * block.depth
        first = indent[2:] + (block.marker or "  ")
        lines = [first + lines[0], *(indent + each for each in lines[1:] if each)]
    if block.quote:
        lines = [f"> {each}" for each in lines]
    return "\n".join(lines)


def _text_lines(block: Block) -> list[str]:
    minor = block.kind is Kind.MINOR_HEADING or (
        block.kind is Kind.HEADING and (block.quote or block.depth > 0)
    )
    spans_of = block.lines
    if block.kind is Kind.HEADING or minor:
        kept = ITALIC | CODE
        spans_of = [
            [Span(span.text, span.style & kept | (BOLD if minor else 0), span.href) for span in spans]
            for spans in spans_of
        ]
    prefix = {Kind.HEADING: "### ", Kind.CAPTION: "-# "}.get(block.kind, "") if not minor else ""
    lines: list[str] = []
    for spans in spans_of:
        text = line(spans)
        if text or (lines and lines[-1] and not prefix):
            lines.append(prefix + text if text else "")
    while lines and not lines[-1]:
        lines.pop()
    return lines


def _between(last: Block, block: Block) -> str:
    if last.quote != block.quote:
        return "\n\n"
    in_list = block.depth > 0 and (last.depth > 0 or last.kind is Kind.TEXT)
    if in_list or last.kind in (Kind.HEADING, Kind.MINOR_HEADING):
        return "\n"
    return "\n> \n" if block.quote else "\n\n"


def _fenced(code: str, language: str) -> list[str]:
    # Spaces and tabs matter here, invisible characters never do.
    lines = [scrub(each).rstrip().expandtabs(4) for each in code.splitlines()]
    while lines and not lines[0]:
        lines.pop(0)
    while lines and not lines[-1]:
        lines.pop()
    if not lines:
        return []
    safe = [code_safe(each).replace("``", f"`{BREAK}`").replace("``", f"`{BREAK}`") for each in lines]
    return [f"```{language if _LANGUAGE.fullmatch(language) else ''}", *safe, "```"]


def _folded(spans: Iterable[Span]) -> Iterator[Span]:
    """Neighbours alike joined, invisible characters gone, white space folded across them, none at the start."""
    after_space = True
    for (style, href), group in groupby(spans, key=lambda span: (span.style, span.href)):
        text = _SPACE.sub(" ", scrub("".join(span.text for span in group)))
        if after_space:
            text = text.removeprefix(" ")
        if text:
            after_space = text.endswith(" ")
            yield Span(text, style, href)


def _link(pieces: list[Span], href: str, *, inline: bool) -> str:
    """A masked link where its text is honest, otherwise the text and the bare link, or the bare link alone."""
    whole = "".join(piece.text for piece in pieces)
    label = whole.strip()
    if not label:
        return whole
    bare = f"<{in_markdown(href)}>"
    bracketed_code = any(piece.style & CODE and set(piece.text) & set("[]") for piece in pieces)
    if "://" in label or claims_another_host(label, href) or len(label) > MAX_LABEL or bracketed_code:
        if looks_like_url(label) and ("://" in label or label.lower().startswith("www.")):
            link = bare
        else:
            link = f"{_runs(pieces, links=False, inline=inline).strip()} ({bare})"
    else:
        before, pieces, after = _unbracketed(pieces)
        link = f"{before}[{_runs(pieces, links=False, inline=True).strip()}]({bare}){after}"
    return (" " if whole[0] == " " else "") + link + (" " if whole[-1] == " " else "")


def _unbracketed(pieces: list[Span]) -> tuple[str, list[Span], str]:
    """The label without square brackets, and what of them stands outside the link.

    Discord pairs brackets with no regard to escapes: with some in a label, one link could begin in another's.
    """
    label = "".join(piece.text for piece in pieces).strip()
    inside = label[1:-1]
    if label[0] == "[" and label[-1] == "]" and inside.strip() and not set(inside) & set("[]"):
        kept = [piece._replace(text=piece.text.replace("[", "").replace("]", "")) for piece in pieces]
        return "\\[", [piece for piece in kept if piece.text], "\\]"
    round_ones = str.maketrans("[]", "()")
    return "", [piece._replace(text=piece.text.translate(round_ones)) for piece in pieces], ""


def _runs(pieces: Iterable[Span], *, links: bool, inline: bool) -> str:
    """Styled text. Styles open and close at letters, not at spaces, where Discord would not see them."""
    out: list[str] = []
    opened: list[tuple[int, str]] = []
    space = ""
    for piece in pieces:
        text = piece.text.strip(" ")
        if not text:
            space = space or piece.text
            continue
        closed = _close(opened, piece.style, out)
        space = space or (" " if piece.text[0] == " " else "")
        if space:
            out.append(space)
        for bit, marker in _MARKERS:
            if piece.style & bit and all(bit != held for held, _ in opened):
                if closed and not space and out and closed[-1] == marker[0]:
                    out.append(BREAK)  # "*a***b**" would read otherwise
                closed = ""
                opened.append((bit, marker))
                _mark(out, marker)
        at_start = not inline and not out
        out.append(_code_span(text) if piece.style & CODE else escape(text, links=links, inline=not at_start))
        space = " " if piece.text[-1] == " " else ""
    _close(opened, 0, out)
    return "".join([*out, space])


def _close(opened: list[tuple[int, str]], keep: int, out: list[str]) -> str:
    """Close styles until all open ones are in ``keep``; returns the markers written."""
    closed = ""
    while any(not bit & keep for bit, _ in opened):
        closed += opened.pop()[1]
    if closed:
        _mark(out, closed)
    return closed


def _mark(out: list[str], marker: str) -> None:
    if out and out[-1].endswith(":") and not out[-1].endswith("\\:"):
        out[-1] = f"{out[-1][:-1]}\\:"  # ":__a__:" would be looked up as an emoji
    out.append(marker)


def _code_span(text: str) -> str:
    safe = code_safe(text)
    if "`" not in safe:
        return f"`{safe}`"
    safe = safe.replace("``", f"`{BREAK}`").replace("``", f"`{BREAK}`")
    return f"``{BREAK if safe[0] == '`' else ''}{safe}{BREAK if safe[-1] == '`' else ''}``"
