"""Plain text rid of what can't be seen or should not be there. Knows nothing of HTML or Markdown.

Removed: control characters, bidirectional controls, zero-width and other format characters, soft hyphens, tag
characters (but for the three flags that need them), blanks that pass for text, noncharacters, lone surrogates,
and combining marks beyond four on one letter. Joiners stay where they join: emoji, Persian, the Indic scripts.
"""

from __future__ import annotations

import re
import unicodedata

MAX_MARKS = 4

_FLAGS = "|".join(  # England, Scotland, Wales: the only tag sequences recommended for interchange (UTS #51)
    "\U0001f3f4" + "".join(chr(0xE0000 + ord(letter)) for letter in region) + "\U000e007f"
    for region in ("gbeng", "gbsct", "gbwls")
)
_UNSEEN = (
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\u2800\u3164\ufeff\uffa0\ufff0-\ufffc\ufffe\uffff\ud800-\udfff\ufdd0-\ufdef"
    "\U0001bca0-\U0001bca3\U0001d159\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000))
)
_REMOVE = re.compile(f"({_FLAGS})|[{_UNSEEN}]+")
_LINE_BREAK = re.compile(r"\r\n?|[\v\f\x85\u2028\u2029]")
_PARAGRAPH_GAP = re.compile(r"\n{3,}")
_JOINERS = "\u200c\u200d"
# Arabic to Sinhala, Tibetan, Myanmar, Mongolian, Khmer: scripts whose letters change at a joiner.
_JOINING_SCRIPTS = (
    (0x0600, 0x06FF),
    (0x0710, 0x08FF),
    (0x0900, 0x0DFF),
    (0x0F00, 0x109F),
    (0x1780, 0x18AF),
    (0xA980, 0xA9FF),
    (0xFB50, 0xFDFF),
    (0x10D00, 0x10EFF),
    (0x11000, 0x11FFF),
)


def clean(text: str) -> str:
    """``text`` as one line: folded white space, nothing invisible. Linear; cleaning twice changes nothing."""
    return " ".join(scrub(text).split())


def clean_block(text: str) -> str:
    """``text`` cleaned line by line, with at most one empty line in a row."""
    lines = scrub(_LINE_BREAK.sub("\n", text)).split("\n")
    return _PARAGRAPH_GAP.sub("\n\n", "\n".join(" ".join(line.split()) for line in lines)).strip("\n")


def scrub(text: str) -> str:
    """``text`` without invisible characters and surplus marks, its white space left as it is."""
    if text.isascii() and text.isprintable():
        return text
    text = _REMOVE.sub(lambda match: match[1] or "", text)
    return text if text.isascii() else _settle(text)


def _settle(text: str) -> str:
    """Keep joiners where they join and marks where there is a letter to bear them, at most four.

    One pass, deciding by what was put out so far: its own output passes unchanged.
    """
    out: list[str] = []
    last = " "  # the last character put out
    joiner = ""  # one that waits for the character after it
    marks = 0
    for char in text:
        if char < "\u0300":
            out.append(char)
            last, joiner, marks = char, "", 0
        elif char in _JOINERS:
            joiner = joiner or char
        elif unicodedata.category(char) in ("Mn", "Me"):
            if marks < MAX_MARKS and not last.isspace():
                if joiner and _joins(last, joiner, char):
                    out.append(joiner)
                out.append(char)
                last, joiner, marks = char, "", marks + 1
        else:
            if joiner and _joins(last, joiner, char):
                out.append(joiner)
            out.append(char)
            last, joiner, marks = char, "", 0
    return "".join(out)


def _joins(before: str, joiner: str, after: str) -> bool:
    if _is_joining_script(before) and _is_joining_script(after):
        return True
    return joiner == "\u200d" and _is_pictograph(after) and (before == "\ufe0f" or _is_pictograph(before))


def _is_joining_script(char: str) -> bool:
    point = ord(char)
    return any(first <= point <= last for first, last in _JOINING_SCRIPTS)


def _is_pictograph(char: str) -> bool:
    return "\u2190" <= char <= "\u2bff" or "\U0001f000" <= char <= "\U0001faff"
