"""The layout of an opening post: lines of Markdown with ``{placeholders}``, filled within Discord's limits.

A line whose placeholders are all empty is dropped; ``{image}`` alone on a line is the picture, ``---`` alone a
rule; the lines between them are one text part. Elastic placeholders share what the others leave. ``{{`` and
``}}`` are braces. What a value says is never read as layout.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.model import DraftPart, ImagePart, RulePart, TextPart
from bot.text.markdown import cut_markdown

MAX_TEXT = (
    3900  # code points over all text parts; Discord takes 4000, of which a role that is pinged has its share
)
MAX_PARTS = 24  # of Discord's 40 components: a container, a row of buttons and what is in it come on top
READING_LENGTH = 1500  # code points of elastic text: a post that long is still read on a phone

ELASTIC = frozenset(("text", "summary", "body"))
IMAGE = "image"

_TOKEN = re.compile(r"\{\{|\}\}|\{([a-z_]+)\}")
_SEPARATORS_BEFORE = re.compile(r"[ \t]*[\u00b7\u2022|,/\u2013\u2014-]?[ \t]*\Z")
_SEPARATORS_AFTER = re.compile(r"\A[ \t]*[\u00b7\u2022|,/\u2013\u2014-]?[ \t]*")
_REPEATED_PREFIX = re.compile(r"(?:> |-# )+\Z")
_GAP = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True)
class _Hole:
    name: str


_Line = list[str | _Hole]


def render(
    template: str, values: Mapping[str, str], image: ImagePart | None, room: int = MAX_TEXT
) -> tuple[DraftPart, ...]:
    """The parts of a post: at most ``room`` code points of text and ``MAX_PARTS`` parts, none of them blank.

    ``values`` has every placeholder but the image, as safe Markdown; other names in braces stand as they are.
    """
    lines = [_compiled(line, values) for line in template.split("\n")]
    shares = _shares(lines, values, room)
    parts: list[DraftPart] = []
    pending: list[str] = []

    def settle() -> None:
        nonlocal room
        text = cut_markdown(_GAP.sub("\n\n", "\n".join(pending)).strip("\n"), room)
        pending.clear()
        if text.strip():
            parts.append(TextPart(text))
            room -= len(text)

    for line in lines:
        if line == ["---"]:
            settle()
            if parts and not isinstance(parts[-1], RulePart):
                parts.append(RulePart())
        elif line == [_Hole(IMAGE)]:
            if image is not None and image not in parts:
                settle()
                parts.append(image)
        else:
            filled = _filled(line, values, shares)
            if filled is not None:
                pending.append(filled)
    settle()
    del parts[MAX_PARTS:]
    while parts and isinstance(parts[-1], RulePart):
        parts.pop()
    return tuple(parts)


def _compiled(line: str, values: Mapping[str, str]) -> _Line:
    out: _Line = []
    at = 0
    for token in _TOKEN.finditer(line):
        out.append(line[at : token.start()])
        at = token.end()
        if token[1] is None:
            out.append(token[0][0])
        elif token[1] in values or token[1] == IMAGE:
            out.append(_Hole(token[1]))
        else:
            out.append(token[0])
    out.append(line[at:].rstrip())
    said = [item for item in out if isinstance(item, _Hole) or item.strip()]
    if said in ([_Hole(IMAGE)], ["---"]):
        return said
    return [item for item in out if item != ""]


def _shares(lines: list[_Line], values: Mapping[str, str], room: int) -> dict[str, int]:
    """How long each elastic value may be: what the template and the other values leave, divided."""
    holes = [item.name for line in lines for item in line if isinstance(item, _Hole) and item.name in ELASTIC]
    asking = [name for name in holes if values[name]]
    if not asking:
        return {}
    nothing = dict.fromkeys(asking, 0)
    fixed = sum(len(text) + 1 for line in lines if (text := _filled(line, values, nothing)) is not None)
    left = max(0, room - fixed)
    shares: dict[str, int] = {}
    # The shortest first: what it does not need goes to the others.
    for done, name in enumerate(sorted(asking, key=lambda each: len(values[each]))):
        share = min(READING_LENGTH, left // (len(asking) - done))
        shares[name] = share
        left -= min(share, len(values[name]))
    return shares


def _filled(line: _Line, values: Mapping[str, str], shares: Mapping[str, int]) -> str | None:
    """The line with its values, or None when it has placeholders and all are empty.

    An empty placeholder takes the separator beside it along: ``{author} · {published}`` never begins or ends
    with a dot. A prefix such as ``> `` goes before every line of a value.
    """
    holes = sum(isinstance(item, _Hole) for item in line)
    texts = list(line)
    filled = 0
    for index, item in enumerate(line):
        if not isinstance(item, _Hole):
            continue
        prefix = _prefix(texts[:index])
        value = _fitted(item.name, values, shares, prefix)
        texts[index] = value.replace("\n", f"\n{prefix}") if prefix else value
        if values.get(item.name, "") and item.name != IMAGE:
            filled += 1
        elif filled:
            texts[index - 1] = _without(_SEPARATORS_BEFORE, texts[index - 1])
        elif index + 1 < len(texts):
            texts[index + 1] = _without(_SEPARATORS_AFTER, texts[index + 1])
    if holes and not filled:
        return None
    return "".join(text for text in texts if isinstance(text, str)).rstrip()


def _fitted(name: str, values: Mapping[str, str], shares: Mapping[str, int], prefix: str) -> str:
    value = values.get(name, "")
    if name not in ELASTIC:
        return value
    share = shares.get(name, 0)
    cut = cut_markdown(value, share)
    return cut_markdown(value, share - cut.count("\n") * len(prefix)) if prefix else cut


def _prefix(before: list[str | _Hole]) -> str:
    match before:
        case [str(text)] if _REPEATED_PREFIX.fullmatch(text):
            return text
        case _:
            return ""


def _without(separators: re.Pattern[str], text: str | _Hole) -> str | _Hole:
    return separators.sub("", text, count=1) if isinstance(text, str) else text
