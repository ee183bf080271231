"""Ways to damage an XML feed as text: what it says, how it is built, what it declares."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from random import Random

from tests.abuse.strings import DATES, DECLARATIONS, HEADS, HTML, IDS, LINKS, SCRAPS, TEXTS

_LEAF = re.compile(
    r"<([A-Za-z][\w:.-]*)((?:\s[^<>]*)?)>([^<]{0,3000}|<!\[CDATA\[.{0,3000}?\]\]>)</\1\s*>", re.DOTALL
)
_ELEMENT = re.compile(r"<([A-Za-z][\w:.-]*)(?:\s[^<>]*)?(?:/>|>.{0,4000}?</\1\s*>)", re.DOTALL)
_ENTRY = re.compile(r"<(item|entry)[\s>].*?</\1\s*>", re.DOTALL)
_ATTRIBUTE = re.compile(r"""\s([\w:.-]+)=("[^"<]*"|'[^'<]*')""")
_TAG = re.compile(r"</?[A-Za-z][\w:.-]*[^<>]*>")
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*>")
_RENAMED = [
    "title",
    "description",
    "summary",
    "content",
    "content:encoded",
    "author",
    "managingEditor",
    "dc:creator",
    "category",
    "guid",
    "id",
    "link",
    "pubDate",
    "updated",
    "published",
    "dc:date",
    "source",
    "enclosure",
    "image",
    "url",
    "media:description",
    "media:title",
    "itunes:author",
    "div",
    "script",
    "rss",
    "feed",
    "channel",
    "item",
    "entry",
]


def say(text: str, chance: Random) -> str:
    """Another text in an element: plain, escaped, doubly escaped or raw."""
    words = chance.choice(TEXTS) if chance.random() < 0.6 else chance.choice(HTML)
    if chance.random() < 0.2:
        words += chance.choice(TEXTS) + chance.choice(HTML)
    return _fill(text, chance, _written(words, chance))


def say_everywhere(text: str, chance: Random) -> str:
    """The same text in every element that holds only text."""
    words = _written(chance.choice(TEXTS + HTML)[:400], chance)
    return _LEAF.sub(lambda leaf: f"<{leaf[1]}{leaf[2]}>{words}</{leaf[1]}>", text, count=300)


def hostile_html(text: str, chance: Random) -> str:
    """Several pieces of HTML in the text of an entry."""
    pieces = "".join(chance.choices(HTML, k=chance.randint(1, 6)))
    name = chance.choice(("description", "summary", "content:encoded", "content"))
    kind = ' type="html"' if chance.random() < 0.5 else ""
    return _into_entry(text, chance, f"<{name}{kind}>{_written(pieces, chance)}</{name}>")


def hostile_title(text: str, chance: Random) -> str:
    """An entry's title that would do something."""
    words = chance.choice(TEXTS + HTML)
    return _into_entry(text, chance, f"<title>{_written(words, chance)}</title>")


def hostile_link(text: str, chance: Random) -> str:
    """Where an entry leads, or what it carries."""
    link = html.escape(chance.choice(LINKS))
    form = chance.choice(
        (
            "<link>{}</link>", "<link href='{}'/>", "<link rel='alternate' type='text/html' href='{}'/>", "<guid>{}</guid>",
            "<enclosure url='{}' type='audio/mpeg' length='1e9'/>", "<media:content url='{}' medium='image'/>", "<comments>{}</comments>",
            "<link rel='enclosure' type='image/png' href='{}'/>", "<media:thumbnail url='{}' width='99999999' height='-1'/>",
            "<feedburner:origLink>{}</feedburner:origLink>", "<source url='{}'>x</source>", "<image><url>{}</url></image>", "<id>{}</id>",
        )
    )  # fmt: skip
    return _into_entry(text, chance, form.format(link))


def hostile_attribute(text: str, chance: Random) -> str:
    """An attribute's value."""
    value = html.escape(chance.choice(chance.choice((LINKS, TEXTS, IDS, DATES))))
    return _replaced(_ATTRIBUTE, text, chance, lambda found: f' {found[1]}="{value}"')


def hostile_date(text: str, chance: Random) -> str:
    """When an entry was written."""
    name = chance.choice(("pubDate", "updated", "published", "dc:date", "created", "lastBuildDate"))
    return _into_entry(text, chance, f"<{name}>{html.escape(chance.choice(DATES))}</{name}>")


def hostile_id(text: str, chance: Random) -> str:
    """One id for one entry or for all."""
    value = html.escape(chance.choice(IDS))
    name = chance.choice(("guid", "id"))
    if chance.random() < 0.5:
        return re.sub(r"<(guid|id)[^>]*>[^<]*</\1>", lambda found: f"<{found[1]}>{value}</{found[1]}>", text)
    return _into_entry(text, chance, f"<{name}>{value}</{name}>")


def scrap(text: str, chance: Random) -> str:
    """Bits of markup anywhere."""
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(text) + 1)
        text = text[:place] + chance.choice(SCRAPS) + text[place:]
    return text


def scrap_in_text(text: str, chance: Random) -> str:
    """Bits of markup in an element's text."""
    return _fill(text, chance, "a" + "".join(chance.choices(SCRAPS, k=3)) + "b")


def cut(text: str, chance: Random) -> str:
    """A document that ends anywhere."""
    return text[: chance.randrange(len(text) + 1)]


def without_an_end(text: str, chance: Random) -> str:
    """Tags that go missing."""
    tags = list(_TAG.finditer(text))
    for found in sorted(
        chance.sample(tags, min(len(tags), chance.randint(1, 5))), key=lambda tag: -tag.start()
    ):
        text = text[: found.start()] + text[found.end() :]
    return text


def repeated(text: str, chance: Random) -> str:
    """An element many times over."""
    times = chance.choice((2, 3, 20, 200))
    return _replaced(_ELEMENT, text, chance, lambda found: (found[0] * times)[:200_000])


def nested(text: str, chance: Random) -> str:
    """An element inside itself, or inside many others."""
    depth = chance.choice((1, 5, 60, 3000))
    name = chance.choice(("div", "item", "b", "x:y", ""))

    def wrapped(found: re.Match[str]) -> str:
        tag = name or found[1]
        return f"<{tag}>" * depth + found[0] + f"</{tag}>" * depth

    return _replaced(_ELEMENT, text, chance, wrapped)


def swapped(text: str, chance: Random) -> str:
    """Two elements that change places."""
    found = list(_ELEMENT.finditer(text))
    if len(found) < 2:
        return text
    first, second = sorted(chance.sample(found, 2), key=lambda element: element.start())
    if first.end() > second.start():
        return text
    middle = text[first.end() : second.start()]
    return text[: first.start()] + second[0] + middle + first[0] + text[second.end() :]


def renamed(text: str, chance: Random) -> str:
    """An element under another's name."""
    name = chance.choice(_RENAMED)
    return _replaced(_LEAF, text, chance, lambda leaf: f"<{name}{leaf[2]}>{leaf[3]}</{name}>")


def mistyped(text: str, chance: Random) -> str:
    """Text that is declared to be of another kind."""
    kind = chance.choice(
        (
            "html",
            "xhtml",
            "text",
            "text/html",
            "image/png",
            "application/xml",
            "base64",
            "\x00",
            "multipart/alternative",
        )
    )
    mode = chance.choice(("", " mode='base64'", " mode='escaped'", " src='https://evil.example/x'"))
    return _replaced(
        _LEAF, text, chance, lambda leaf: f"<{leaf[1]} type='{kind}'{mode}>{leaf[3]}</{leaf[1]}>"
    )


def rebased(text: str, chance: Random) -> str:
    """Another base for relative links."""
    base = html.escape(chance.choice(LINKS))
    return _replaced(_TAG, text, chance, lambda tag: _with_attribute(tag[0], f' xml:base="{base}"'))


def many_attributes(text: str, chance: Random) -> str:
    """An element with hundreds of them, or one that is endless."""
    many = "".join(f' a{n}="x"' for n in range(400)) if chance.random() < 0.5 else f' a="{"x" * 30_000}"'
    return _replaced(_TAG, text, chance, lambda tag: _with_attribute(tag[0], many))


def endless(text: str, chance: Random) -> str:
    """A text of a megabyte or so of the same."""
    unit = chance.choice(TEXTS[:40]) or "x"
    return _fill(
        text,
        chance,
        _written((unit * (1 + chance.choice((50_000, 1_000_000)) // len(unit)))[:1_000_000], chance),
    )


def head(text: str, chance: Random) -> str:
    """Entities, document types and junk in front of it."""
    return chance.choice(HEADS) + _fill(_DECLARATION.sub("", text), chance, "a&lol9;b")


def declaration(text: str, chance: Random) -> str:
    """An XML declaration that is not true."""
    return chance.choice(DECLARATIONS) + _DECLARATION.sub("", text)


def namespaces(text: str, chance: Random) -> str:
    """Prefixes that nobody declared, or that mean something else."""
    if chance.random() < 0.5:
        return re.sub(r"\sxmlns(:\w+)?=(\"[^\"]*\"|'[^']*')", "", text)
    return re.sub(
        r"(xmlns(?::\w+)?=[\"'])[^\"']*",
        lambda found: found[1] + chance.choice(("", "x", "http://www.w3.org/2005/Atom")),
        text,
    )


def twice(text: str, chance: Random) -> str:
    """Two documents in one, or junk behind it."""
    return text + chance.choice(
        (text[:20_000], "junk", "\x00" * 100, "<rss><channel><item><title>x</title></item></channel></rss>")
    )


def noise(text: str, chance: Random) -> str:
    """Characters anywhere."""
    for _ in range(chance.randint(1, 30)):
        place = chance.randrange(len(text) + 1)
        text = (
            text[:place]
            + chr(
                chance.choice(
                    (chance.randrange(0x80), chance.randrange(0xD800), 0x202E, 0x200B, 0x301, 0xD83D)
                )
            )
            + text[place:]
        )
    return text


def many_entries(text: str, chance: Random) -> str:
    """Thousands of entries."""
    entry = chance.choice(
        (
            "<item/>",
            "<item><title>x</title></item>",
            "<item><guid>{}</guid></item>",
            "<entry><id>{}</id></entry>",
        )
    )
    many = "".join(entry.format(number) for number in range(chance.choice((300, 2000))))
    return _into_entry(text, chance, "</item>" + many + "<item>")


DAMAGES: tuple[Callable[[str, Random], str], ...] = (
    say, say, say, say_everywhere, hostile_html, hostile_html, hostile_title, hostile_title, hostile_link, hostile_link, hostile_attribute,
    hostile_date, hostile_id, scrap, scrap_in_text, scrap_in_text, cut, without_an_end, repeated, nested, swapped, renamed, mistyped,
    rebased, many_attributes, head, declaration, namespaces, twice, noise,
)  # fmt: skip
# What takes long is rare.
DAMAGES = DAMAGES * 4 + (endless, many_entries)


def _written(words: str, chance: Random) -> str:
    match chance.randrange(5):
        case 0:
            return words
        case 1:
            return html.escape(html.escape(words))
        case 2:
            return f"<![CDATA[{words}]]>"
        case _:
            return html.escape(words)


def _fill(text: str, chance: Random, words: str) -> str:
    return _replaced(_LEAF, text, chance, lambda leaf: f"<{leaf[1]}{leaf[2]}>{words}</{leaf[1]}>")


def _into_entry(text: str, chance: Random, element: str) -> str:
    """``element`` in the place of one of its name, or else at the beginning of an entry."""
    name = re.match(r"<([\w:]+)", element)
    found = list(_ENTRY.finditer(text))
    if not found:
        return text + element
    entry = chance.choice(found)
    inside = entry[0]
    if name and chance.random() < 0.7:
        inside = re.sub(
            rf"<{name[1]}(?:\s[^<>]*)?(?:/>|>.*?</{name[1]}\s*>)", "", inside, count=1, flags=re.DOTALL
        )
    opened = re.match(r"<\w+[^<>]*>", inside)
    at = opened.end() if opened else 0
    return text[: entry.start()] + inside[:at] + element + inside[at:] + text[entry.end() :]


def _replaced(
    pattern: re.Pattern[str], text: str, chance: Random, make: Callable[[re.Match[str]], str]
) -> str:
    found = list(pattern.finditer(text))
    if not found:
        return text
    one = chance.choice(found)
    return text[: one.start()] + make(one) + text[one.end() :]


def _with_attribute(tag: str, attribute: str) -> str:
    if tag.startswith("</"):
        return tag
    end = len(tag) - (2 if tag.endswith("/>") else 1)
    return tag[:end] + attribute + tag[end:]
