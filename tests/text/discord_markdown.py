"""How Discord reads Markdown, as far as a reader can tell: what is seen, what is linked, what is marked up.

The rules follow the client's own patterns in their order. Written for tests, from observation, sharing
nothing with the code under test.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_LINE = re.compile(
    r"(?P<quote>>>> |> )|(?P<heading>#{1,3} +)|(?P<subtext>-# +)|(?P<list> *(?:[-*]|[0-9]+\.) +)", re.DOTALL
)
_INLINE = re.compile(
    r"""
    (?P<fence>```(?:[A-Za-z0-9_+\-.\#]*\n)?(?P<block>.*?)\n?(?:>\ )?```)
  | (?P<escape>\\(?P<escaped>[^0-9A-Za-z\s]))
  | (?P<auto><(?P<address>[^:\s>]+:/[^\s>]+)>)
  | (?P<url>(?:https?|steam|discord)://[^\s<]+[^<.,:;"'\]\s])
  | (?P<masked>\[(?P<label>(?:\[[^\]]*\]|[^\[\]]|\](?=[^\[]*\]))*)\]
        \(\s*<?(?P<target>(?:\([^)]*\)|[^\s\\]|\\.)*?)>?(?:\s+['"].*?['"])?\s*\))
  | (?P<mention><(?:@[!&]?\d+|\#\d+|/[^:>\n]+:\d+|id:\w+|t:-?\d+(?::\w)?|a?:\w+:\d+)>|@everyone|@here)
  | (?P<emoji>:(?!\d\d:)[\w+~-]+:)
  | (?P<bold>\*\*(?P<strong>(?:\\.|[^\\])+?)\*\*(?!\*))
  | (?P<underlined>__(?P<under>(?:\\.|[^\\])+?)__(?!_))
  | (?P<italic>\*(?=\S)(?P<star>(?:\*\*|\\.|\s+(?:\\.|[^\s*\\]|\*\*)|[^\s*\\])+?)\*(?!\*))
  | (?P<italic2>\b_(?P<low>(?:__|\\.|[^\\_])+?)_\b)
  | (?P<struck>~~(?P<strike>.+?)~~(?!_))
  | (?P<spoiler>\|\|(?P<hidden>.+?)\|\|)
  | (?P<code>(?P<ticks>`+)(?P<verbatim>.*?[^`])(?P=ticks)(?!`))
""",
    re.VERBOSE | re.DOTALL,
)
_STYLES = {
    "bold": "strong",
    "underlined": "under",
    "italic": "star",
    "italic2": "low",
    "struck": "strike",
    "spoiler": "hidden",
}


@dataclass
class Seen:
    text: str = ""
    links: list[str] = field(default_factory=list)
    mentions: list[str] = field(default_factory=list)
    markup: list[tuple[str, str]] = field(default_factory=list)  # (kind, what is inside, as typed)


def read(markdown: str) -> Seen:
    """What Discord shows for ``markdown``; zero-width spaces are not seen."""
    seen = Seen()
    _read(markdown, seen, at_line_start=True)
    seen.text = seen.text.replace("\u200b", "")
    return seen


def _read(source: str, seen: Seen, *, at_line_start: bool) -> None:
    at = 0
    while at < len(source):
        if at_line_start and (line := _LINE.match(source, at)):
            seen.markup.append((str(line.lastgroup), ""))
            at = line.end()
            continue
        at_line_start = source[at] == "\n"
        # The pattern is tried on the rest alone: what stands before is not looked at, as in the client.
        token = _INLINE.match(source[at:])
        if token is None:
            seen.text += source[at]
            at += 1
            continue
        at += token.end()
        at_line_start = False
        kind = str(token.lastgroup)
        match kind:
            case "escape":
                seen.text += token["escaped"]
            case "fence" | "code":
                inside = token["block"] if kind == "fence" else token["verbatim"]
                seen.text += inside
                seen.markup.append((kind, inside))
            case "auto" | "url":
                address = token["address"] if kind == "auto" else token[0]
                seen.text += address
                seen.links.append(address)
            case "masked":
                seen.links.append(token["target"])
                seen.markup.append((kind, token["label"]))
                _read(token["label"], seen, at_line_start=False)
            case "mention" | "emoji":
                seen.text += token[0]
                seen.mentions.append(token[0])
            case _:
                inside = token[_STYLES[kind]]
                seen.markup.append((kind, inside))
                _read(inside, seen, at_line_start=False)
