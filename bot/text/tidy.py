"""Members' Markdown made fit to be quoted and cut: it reads as before, pings nobody and previews nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from bot.text.clean import scrub
from bot.text.escape import BREAK, escape
from bot.text.typed import FENCE, PIPES, Kind, Piece, read

_PING = re.compile(r"[@\uff20\ufe6b](?=everyone|here)|<@(?=&)", re.IGNORECASE)
# Discord looks for a link's end without regard to code and escapes, so that a stray one might end another link.
_STRAY_TARGET = re.compile(r"\](?=\((?!<https?://))")
_BREAKS = re.compile(f"{BREAK}{{2,}}")
_STYLE = re.compile(r"\*\*\*|\*\*|\*|__|_|~~")


def heard(text: str) -> str:
    r"""What came from outside, rid of what can't be seen and with no line breaks but "\n".

    A zero-width space stays: it may be what keeps something from having an effect.
    """
    return _BREAKS.sub(BREAK, BREAK.join(map(scrub, "\n".join(text.splitlines()).split(BREAK))))


def tidy(text: str, *, quotes: bool = False) -> str:
    """``text`` as ``heard``, without its quotes, every construct closed where a line-by-line reader needs it.

    Fences stand on lines of their own, a spoiler ends with its line, marks that nothing closes are escaped,
    there is at most one empty line in a row. Tidying twice changes nothing. ``quotes`` keeps those as they were
    typed: inside a quote, where it is to stand, Discord reads no other.
    """
    lines: list[str] = []
    fenced = False
    tidied = _tidied(read(text, quotes=not quotes), _shown)
    for line in unpinged(_STRAY_TARGET.sub(f"]{BREAK}", tidied)).split("\n"):
        is_fence = line.startswith(FENCE)
        if fenced or is_fence:
            lines.append(line)
            fenced ^= is_fence
        elif (kept := line.rstrip()) or (lines and lines[-1]):
            lines.append(kept)
    tidied = "\n".join(lines).strip()
    return tidied if tidied.replace(BREAK, "").strip() else ""


def unpinged(text: str) -> str:
    """``text`` with every mention of everybody and of a role broken, in code as well."""
    return _PING.sub(lambda match: match[0] + BREAK, text)


def settled(text: str) -> str:
    """Tidy text ready to be cut: of ``*``, ``_`` and ``~~`` those that style nothing are escaped.

    A cut closes what is open; closing "5 * 3" or "snake_case" would show marks that nobody wrote.
    """
    out: list[str] = []
    styles = _Styles()
    at = 0
    for piece in read(text, quotes=False):
        if piece.kind is Kind.BLOCK or (piece.text == "\n" and out[-1:] == ["\n"]):
            styles.end_paragraph()
        shown = 0
        for found in _STYLE.finditer(piece.text) if piece.kind is Kind.TEXT else ():
            out.append(piece.text[shown : found.start()])
            shown = found.end()
            for mark in styles.marks(found[0]):
                styles.meet(mark, len(out), text, at + found.start(), at + shown)
                out.append(mark)
        out.append(piece.text[shown:])
        at += len(piece.text)
    styles.end_paragraph()
    for place in styles.loose:
        out[place] = "".join(f"\\{char}" for char in out[place])
    return "".join(out)


class _Styles:
    """Which marks open and close a style, and which do neither."""

    def __init__(self) -> None:
        self.loose: list[int] = []
        self._open: list[tuple[str, int]] = []

    def marks(self, run: str) -> tuple[str, ...]:
        if run != "***":
            return (run,)
        return ("*", "**") if self._open and self._open[-1][0] == "*" else ("**", "*")

    def meet(self, mark: str, place: int, text: str, start: int, end: int) -> None:
        """``place`` names the mark; it stands in the run ``text[start:end]``."""
        before, after = text[max(0, start - 1) : start], text[end : end + 1]
        single = len(mark) == 1
        if mark == "*" and after.isspace() and _begins_line(text, start):
            return  # of a list item
        closes = not (single and before.isspace()) and not (mark == "_" and after.isalnum())
        opens = after and not (single and after.isspace()) and not (mark == "_" and before.isalnum())
        depths = [depth for depth, (each, _) in enumerate(self._open) if each == mark]
        if closes and depths:
            self.loose += [each for _, each in self._open[depths[-1] + 1 :]]
            del self._open[depths[-1] :]
        elif opens and len(self._open) < 8:
            self._open.append((mark, place))
        else:
            self.loose.append(place)

    def end_paragraph(self) -> None:
        self.loose += [place for _, place in self._open]
        self._open.clear()


def _begins_line(text: str, at: int) -> bool:
    while at and text[at - 1] == " ":
        at -= 1
    return at == 0 or text[at - 1] == "\n"


def _tidied(pieces: Iterable[Piece], show: Callable[[Piece], str]) -> str:
    parts: list[str] = []
    behind_block = False
    for piece in pieces:
        shown = show(piece)
        if piece.kind is Kind.BLOCK and parts and not parts[-1].endswith("\n"):
            if parts[-1].strip() == ">" and (len(parts) == 1 or parts[-2].endswith("\n")):
                parts[-1] = "\\>"  # alone on its line it would be a quote
            parts.append("\n")
        elif behind_block:
            shown = shown.removeprefix("\n")
        behind_block = piece.kind is Kind.BLOCK
        if shown:
            parts.append(shown)
    return "".join(parts)


def _shown(piece: Piece) -> str:
    match piece.kind:
        case Kind.QUOTE:
            return ""
        case Kind.BLOCK:
            return f"{FENCE}{piece.language}\n{piece.inside}\n{FENCE}\n"
        case Kind.SPOILER:
            hidden = _tidied(read(piece.inside, quotes=False), _hidden)
            return "\n".join(_spoiler(line.strip()) for line in hidden.split("\n") if line.strip())
        case Kind.CODE:
            return piece.text.replace("\n", " ")
        case Kind.LINK:
            return f"<{piece.text}>"
        case Kind.TARGET:
            return f"](<{piece.inside}>"
        case Kind.LOOSE:
            return "".join(f"\\{mark}" for mark in piece.text)
        case _:
            return piece.text


def _hidden(piece: Piece) -> str:
    """As ``_shown``, inside a spoiler: no mark in it may end it, and of a code block each line is code."""
    match piece.kind:
        case Kind.BLOCK:
            code = (line for line in piece.inside.split("\n") if line.strip())
            lines = (escape(line, links=False, inline=True) if "`" in line else f"`{line}`" for line in code)
            return "\n".join(lines) + "\n"
        case Kind.TEXT:
            return piece.text.replace("|", "\\|")
        case _:
            return _shown(piece)


def _spoiler(line: str) -> str:
    return f"{PIPES}{line}{' ' if line.endswith(('|', chr(92))) else ''}{PIPES}"
