"""Plain text written so that Discord shows exactly that text: no formatting, mention, invitation or preview.

Own single-pass table, because the library's is cubic on ``[](`` and leaves links, commands, timestamps, emoji
and invitations as they are. A backslash does it wherever one shows nothing (Discord drops it before
anything but letters, digits and blanks, and its own scanners then no longer find what they look for); where
none works, a zero-width space is put in.
"""

from __future__ import annotations

import re

from bot.text.links import in_markdown, linkable

BREAK = "\u200b"

_DOT = "[.\u3002\uff0e\uff61]"
_SLASH = "[/\uff0f]"
_AT = "[@\uff20\ufe6b]"


def _either_width(word: str) -> str:
    return "".join(f"[{letter}{chr(ord(letter) + 0xFEE0)}]" for letter in word)


_DISCORD = _either_width("discord")
# Looked at from the dot: what stands before it may already be part of a broken URL.
_INVITE = rf"(?:(?<={_DISCORD})|(?<={_DISCORD}{_either_width('app')})){_DOT}(?=\w+{_SLASH})"
_MASS = rf"{_AT}(?=everyone|here)"
_URL = r"(?<![A-Za-z0-9])https?://[^\s<>\"`\u00ab\u00bb\u201c-\u201f\u3000-\u301f\uff01\uff08-\uff0c\uff0e\uff1a\uff1b\uff1f\uff61-\uff65]+"

# What only binds at the beginning of a line: headings and subtext, lists, quotes.
_START = r"""^[ \t]*(?: (?: [#](?=[#\s]|$) | -(?=[\s#]|$) | [+](?=\s|$) | > ) | (?P<number>[0-9]+)(?=[.](?:\s|$)) )"""
# A lone ~ or | shows itself; two make markup. At an edge the neighbour is not known.
_TABLE = rf"""
    (?P<always>[\\*_`\[\]] | (?<=\])\()
  | (?P<pair>~(?=~|\Z) | (?<![^~])~ | [|](?=[|]|\Z) | (?<![^|])[|])
  | (?P<angle><(?!\s|[\d=]{{1,9}}\s)(?P<sigil>@(?!everyone|here)|[\#/:])?(?P<word>(?:a|t|id):)?)
  | (?P<mass>{_MASS})
  | (?P<invite>{_INVITE})
  | (?P<scheme>:(?=//))
  | (?P<emoji>:(?!\d\d(?<=\d:\d\d):)(?=[\w+~-]+:))
"""
_FLAGS = re.VERBOSE | re.MULTILINE | re.IGNORECASE
_TABLES = {
    (links, inline): re.compile(
        (rf"(?P<url>{_URL}) | " if links else "") + ("" if inline else f"(?P<start>{_START}) | ") + _TABLE,
        _FLAGS,
    )
    for links in (True, False)
    for inline in (True, False)
}

_IN_CODE = re.compile(rf"{_MASS}|<(?=[@#])|{_INVITE}|\](?=\()", re.IGNORECASE)
_TRAILING = re.compile(r"[.,:;!?'\"*_~|\u2018\u2019\u201c\u201d\u00bb\u2026]")
_CLOSERS = {")": "(", "]": "[", "}": "{"}


def escape(text: str, *, links: bool = True, inline: bool = False) -> str:
    """Markdown that shows ``text``, with at most twice its length (a link aside) and in linear time.

    ``links``: a bare http(s) URL stays a link, in the ``<…>`` that suppresses its preview and without userinfo
    or tracking parameters; without it, or when the URL is unsafe or an invitation, it is shown but not linked.
    ``inline``: the text does not begin a line, so what only binds there is left alone.
    """
    return _TABLES[links, inline].sub(_replacement, text)


def code_safe(text: str) -> str:
    """``text`` for inside a code span or block, where backslashes are shown: only mentions, invitations and ``](`` break.

    Discord looks for a link's end with no regard to code spans or escapes, so ``](`` must not even be in there:
    it would end a link that began long before.
    """
    return _IN_CODE.sub(lambda match: match[0] + BREAK, text)


def link_label(text: str) -> str:
    """``text`` fit for escaping inside ``[…]``: square brackets that don't pair up simply would end the link."""
    open_now = 0
    for char in text:
        open_now += (char == "[") - (char == "]")
        if open_now not in (0, 1):
            break
    return text if open_now == 0 else text.replace("[", "(").replace("]", ")")


def masked_link(text: str, url: str) -> str:
    """``[text](<url>)`` for plain ``text`` and a canonical ``url``; the caller has seen that the text is honest."""
    return f"[{escape(link_label(text), links=False, inline=True)}](<{in_markdown(url)}>)"


def _replacement(match: re.Match[str]) -> str:
    found = match[0]
    match match.lastgroup:
        case "start":
            return f"{found}\\" if match["number"] else f"{found[:-1]}\\{found[-1]}"
        case "angle":
            sigil, word = match["sigil"], match["word"]
            return "\\<" + (f"\\{sigil}" if sigil else "") + (f"{word[:-1]}\\:" if word else "")
        case "mass":
            return found + BREAK
        case "url":
            return _linked(found)
        case _:
            return f"\\{found}"


def _linked(found: str) -> str:
    end = url_end(found)
    url = linkable(found[:end])
    if url is None:
        return escape(found, links=False, inline=True)
    return f"<{in_markdown(url)}>{escape(found[end:], links=False, inline=True)}"


def url_end(found: str) -> int:
    """Where the URL ends and the sentence around it goes on."""
    surplus = {closer: found.count(closer) - found.count(opener) for closer, opener in _CLOSERS.items()}
    end = len(found)
    while end:
        last = found[end - 1]
        if surplus.get(last, 0) > 0:
            surplus[last] -= 1
        elif not _TRAILING.match(last):
            break
        end -= 1
    return end
