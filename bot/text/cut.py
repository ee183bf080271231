"""Text cut to a limit where a reader would cut it. Lengths are Unicode code points, as Discord counts them."""

from __future__ import annotations

import re
import unicodedata

ELLIPSIS = "\u2026"

_LOOK_BACK = 40  # characters; longer than any abbreviation with its quotes
_LONGEST_CLUSTER = 32
_HANGING = " \t\n,;:(\u2013\u2014\u2026\u00ab\u201c\u201e-"
# Quotes and brackets that belong to the sentence they close, and markup that may stand there.
_CLOSING = "\"'\u2019\u201d\u201c\u00bb\u203a)]*_~|\u300d\u300f\uff09\u3011\u300b"
_WIDE_END = "\u3002\uff01\uff1f\uff61"  # nothing but the mark itself ends a sentence in Chinese and Japanese
# . ! ? … and the marks of Arabic, Urdu, the Indic scripts, Armenian, Ethiopic, Burmese, Khmer
_END = ".!?\u2026\u061f\u06d4\u0964\u0965\u0589\u1362\u1367\u104b\u17d4"
_LAST_WORD = re.compile(r"([^\s(\[\"'\u201c\u201e\u00ab]*)\Z")
# Titles and ranks; companies and places; months and days; running text in several languages.
_ABBREVIATION_WORDS = """
mr mrs ms mx dr prof st sr jr rev hon gen sen rep gov lt col sgt capt cmdr maj adm pres supt insp messrs
inc ltd co corp bros dept univ assn ave blvd rd ft mt
jan feb apr jun jul aug sep sept oct nov dec tue tues thu thur thurs fri
vs etc approx cf al ca no nos vol fig p pp ed eds est e.g i.e u.s u.k u.n e.u d.c a.m p.m ph.d
z.b d.h u.a bzw usw nr hr fr bspw evtl ggf vgl mio mrd mme mlle m sra srta ud uds pág núm av dott sig
"""
_ABBREVIATIONS = frozenset(_ABBREVIATION_WORDS.split())


def cut_words(text: str, limit: int) -> str:
    """``text`` in at most ``limit`` code points, cut between words (or graphemes) and ended by ``…`` if cut."""
    if len(text) <= limit:
        return text
    if limit <= 0:
        return ""
    room = limit - len(ELLIPSIS)
    space = max(text.rfind(" ", 0, room + 1), text.rfind("\n", 0, room + 1))
    # A word longer than half of what fits, or a script without spaces, is cut inside.
    end = space if space > room // 2 else grapheme_floor(text, room)
    return text[:end].rstrip(_HANGING) + ELLIPSIS


def cut_sentence(text: str, limit: int) -> str:
    """``text`` up to its last whole sentence that fits, if that is half of ``limit`` or more, else ``cut_words``."""
    if len(text) <= limit:
        return text
    for end in range(max(limit, 0), max(limit, 0) // 2, -1):
        if ends_sentence(text, end):
            return text[:end].rstrip()
    return cut_words(text, limit)


def first_sentence(text: str, limit: int) -> str:
    """The first sentence of ``text``, in at most ``limit`` code points."""
    for end in range(1, min(len(text), limit) + 1):
        if ends_sentence(text, end):
            return text[:end].rstrip()
    return cut_words(text, limit)


def ends_sentence(text: str, end: int) -> bool:
    """Whether a sentence ends right before ``text[end]``; white space must follow where the script has it."""
    start = max(0, end - _LOOK_BACK)
    if start == end or text[end - 1].isspace():
        return False
    said = text[start:end].rstrip(_CLOSING)
    if said[-1:] in _WIDE_END and said:
        return text[end : end + 1] not in (*_CLOSING, *_WIDE_END)
    if not said or said[-1] not in _END or (end < len(text) and not text[end].isspace()):
        return False
    if said[-1] != ".":
        return True
    follows = text[end : end + 4].strip()[:1]
    return not follows.islower() and not _is_abbreviation(said[:-1].rstrip("\\"))


def _is_abbreviation(said: str) -> bool:
    found = _LAST_WORD.search(said)
    word = found[1].lower() if found else ""
    return (len(word) == 1 and word.isalpha()) or (word.isdigit() and len(word) < 3) or word in _ABBREVIATIONS


def grapheme_floor(text: str, index: int, floor: int = 0) -> int:
    """The largest index up to ``index`` that parts no user-perceived character (UAX #29, as far as feeds need it).

    Never below ``floor``; ``index`` itself where all between is one cluster longer than writing has.
    """
    for end in range(min(index, len(text)), floor, -1):
        if end == len(text) or _parts_characters(text, end):
            return end
    end = min(index, len(text))
    return floor if end - floor <= _LONGEST_CLUSTER else end


def _parts_characters(text: str, index: int) -> bool:
    before, after = text[index - 1], text[index]
    if after < "\u0300":
        return not (before == "\r" and after == "\n")
    if after in "\u200c\u200d" or before == "\u200d" or unicodedata.category(after) in ("Mn", "Me", "Mc"):
        return False
    if "\U0001f3fb" <= after <= "\U0001f3ff" or "\U000e0020" <= after <= "\U000e007f":
        return False
    if (
        unicodedata.combining(before) == 9 and unicodedata.category(after) == "Lo"
    ):  # a virama joins consonants
        return False
    if "\u1100" <= before <= "\u11ff" or "\uac00" <= before <= "\ud7a3":  # conjoining Hangul
        return not "\u1160" <= after <= "\u11ff"
    if _is_regional(before) and _is_regional(after):  # flags are pairs: count back to where the run began
        start = index
        while start and _is_regional(text[start - 1]) and index - start < _LOOK_BACK:
            start -= 1
        return (index - start) % 2 == 0
    return True


def _is_regional(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"
