"""A document's bytes as text, in the form a strict XML parser takes most gladly. Knows no feed format.

feedparser's fallback for XML with mistakes reads loosely and loses detail. The commonest mistakes are mended here
instead, so that the strict parser succeeds. Every step is linear in the size of the document.
"""

from __future__ import annotations

import codecs
import re
from html.entities import html5
from typing import NamedTuple

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE = ((b"<\0\0\0", "utf-32-le"), (b"\0\0\0<", "utf-32-be"), (b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
# What browsers read when a page names these (WHATWG Encoding §4.2); publishers mean the same.
_WIDER = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
}
_UNTRUSTED = {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"}
_ESCAPING = ("iso2022", "hz", "utf-7")  # encodings whose bytes are all ASCII

_CHARSET = re.compile(r"charset\s*=\s*[\"']?([^\s;\"']{1,40})", re.IGNORECASE)
_DECLARATION = re.compile(r"<\?xml[^>]{0,400}>")
_ENCODING = re.compile(rb"<\?xml[^>]{0,300}?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})[\"']")
_FEED_START = re.compile(r"<\?xml\s|<rss[\s>]|<feed[\s>]|<rdf:RDF[\s>]", re.IGNORECASE)
_SPACES = re.compile(r"[\s\ufeff\u200b]*")
_ELEMENT = re.compile(r"<([A-Za-z_][\w.:-]{0,100})")
_JUNK_MAX = 8192  # characters in front of a feed within which its start is looked for

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # XML 1.0 §2.2
_REFERENCE = re.compile(r"&#(?:[xX]([0-9A-Fa-f]{1,8})|([0-9]{1,10}));")
_SURROGATES = re.compile(
    r"&#(?:[xX]([dD][89abAB][0-9A-Fa-f]{2})|(5[5-6][0-9]{3}));&#(?:[xX]([dD][c-fC-F][0-9A-Fa-f]{2})|(5[6-7][0-9]{3}));"
)
_NAMED = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{1,31});")

_ENTITY = re.compile(r"<!ENTITY\s+(%\s+)?([^\s\"'<>]{1,200})\s+(?:\"([^\"]*)\"|'([^']*)'|(SYSTEM|PUBLIC)\b)")
# Linear: what is never closed is taken to the end.
_PROLOG = re.compile(
    r"""(?P<unread><!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z))|"[^"]*"|'[^']*'|(?P<root><(?=[A-Za-z_]))|[^<"']+|.""",
    re.DOTALL,
)
_CHARACTER = re.compile(r"&(?:#[xX]?[0-9A-Fa-f]+|amp|lt|gt|quot|apos);")
_ENTITY_MAX = 256  # characters
_ENTITIES_MAX = 300


class Decoded(NamedTuple):
    text: str
    warning: str | None  # set when the label was wrong


def decoded(body: bytes, content_type: str) -> Decoded:
    """The body as text.

    The order is that of RFC 7303 §3 (byte order mark, charset parameter, XML declaration) but for one thing: bytes
    that are valid UTF-8 and use it are UTF-8 whatever they are labelled, because no other encoding looks like that
    by accident and mislabelled UTF-8 is the commonest fault there is.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return Decoded(body[len(mark) :].decode(name, "replace"), None)
    for start, name in _WIDE:
        if body.startswith(start):
            return Decoded(body.decode(name, "replace"), None)
    labels = _labels(body, content_type)
    if body.isascii():
        escaping = next((label for label in labels if label.startswith(_ESCAPING)), "ascii")
        return Decoded(body.decode(escaping, "replace"), None)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        wrong = next((label for label in labels if label != "utf-8"), None)
        return Decoded(text, f"The feed is labelled {wrong} but is UTF-8." if wrong else None)
    for label in labels:
        try:
            return Decoded(body.decode(label), None)
        except UnicodeDecodeError:
            continue
    text = body.decode("utf-8", "replace")
    damaged = text.count("\ufffd")
    if sum(not c.isascii() for c in text) > 2 * damaged:
        return Decoded(text, "Some bytes of the feed are not valid UTF-8 and were replaced.")
    return Decoded(
        body.decode("cp1252", "replace"),
        "The feed does not say what encoding it has; took it for Windows-1252.",
    )


def _labels(body: bytes, content_type: str) -> list[str]:
    """The usable encodings that the header and the XML declaration name, as Python calls them."""
    names = [match[1] for match in (_CHARSET.search(content_type),) if match]
    names += [match[1].decode("ascii") for match in (_ENCODING.match(body.lstrip()),) if match]
    labels = []
    for name in names:
        try:
            b"".decode(name)  # lookup() alone also finds compression and the like
            label = codecs.lookup(name).name
        except (LookupError, ValueError):
            continue
        label = _WIDER.get(label, label)
        if label not in _UNTRUSTED and not label.startswith(("utf-16", "utf-32")):
            labels.append(label)
    return labels


def root_name(text: str) -> str:
    """The name of the first element, in lower case and without a prefix; "" when the text is no markup."""
    position = 0
    while True:
        position = _SPACES.match(text, position).end()  # type: ignore[union-attr]  # it matches nothing, too
        if text.startswith("<!--", position):
            position = text.find("-->", position)
        elif text.startswith("<?", position):
            position = text.find("?>", position)
        elif text.startswith("<!", position):
            bracket, end = text.find("[", position), text.find(">", position)
            position = text.find(">", text.find("]", bracket)) if 0 <= bracket < end else end
        else:
            match = _ELEMENT.match(text, position)
            return match[1].rpartition(":")[2].lower() if match else ""
        if position < 0:
            return ""
        position = text.index(">", position) + 1


def dangerous_entities(text: str) -> bool:
    """Whether the document declares entities that can grow: made of others, long, many, or from elsewhere.

    Old feeds do declare entities, for letters that XML has no names for, and keep working. expat bounds what
    entities can grow to since 2.4, but that bound is above what we want to hold. ``text`` is mended already: what
    mending takes away could hide a declaration.
    """
    if "<!ENTITY" not in text:
        return False
    head = _declarations(text)
    found = _ENTITY.findall(head)
    if len(found) != head.count("<!ENTITY") or len(found) > _ENTITIES_MAX:
        return True
    for parameter, _, double, single, external in found:
        value = double or single
        if parameter or external or len(value) > _ENTITY_MAX or "&" in _CHARACTER.sub("", value):
            return True
    return False


def _declarations(text: str) -> str:
    """What stands before the root element, without comments and processing instructions.

    A "<" in one of those or in a quoted value begins no element: to stop there would be to miss what follows.
    """
    kept = []
    for token in _PROLOG.finditer(text):
        if token["root"]:
            break
        if not token["unread"]:
            kept.append(token[0])
    return "".join(kept)


def mended(text: str) -> str:
    """The document without what makes strict XML parsers give up though it harms nobody.

    Blanks or a program's warnings in front of it, characters XML forbids, halves of surrogate pairs as character
    references, HTML's names for characters. The encoding declaration goes too, for the text is decoded.
    """
    text = text.lstrip("\ufeff\u200b \t\r\n")
    if not text.startswith(("<?", "<!")):
        start = _FEED_START.search(text[:_JUNK_MAX])
        text = text[start.start() :] if start else text
    text = _DECLARATION.sub("", text, count=1) if text.startswith("<?xml") else text
    text = _ILLEGAL.sub("", text)
    if "&#" in text:
        text = _REFERENCE.sub(_checked, _SURROGATES.sub(_paired, text))
    if "<!ENTITY" not in text:
        text = _NAMED.sub(_numbered, text)
    return text


def _paired(match: re.Match[str]) -> str:
    high_hex, high, low_hex, low = match.groups()
    first = int(high_hex, 16) if high_hex else int(high)
    second = int(low_hex, 16) if low_hex else int(low)
    if not (0xD800 <= first < 0xDC00 <= second < 0xE000):
        return match[0]
    return chr(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))


def _checked(match: re.Match[str]) -> str:
    code = int(match[1], 16) if match[1] else int(match[2])
    legal = (
        code in {9, 10, 13} or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000
    )
    return match[0] if legal else ""


def _numbered(match: re.Match[str]) -> str:
    characters = html5.get(f"{match[1]};")
    return "".join(f"&#{ord(c)};" for c in characters) if characters else match[0]


def ends_early(text: str) -> bool:
    """Whether the document breaks off: inside an entry, or before any entry and its own end.

    One that merely lacks its last end tags is not meant: sloppy programs write those, and nothing is missing.
    """
    if re.search(r"</(?:\w+:)?(?:rss|feed|rdf|channel)\s*>", text[-2048:], re.IGNORECASE):
        return False
    opened = max(text.rfind(tag) for tag in ("<item", "<entry"))
    closed = max(text.rfind(tag) for tag in ("</item", "</entry"))
    return opened > closed or opened < 0
