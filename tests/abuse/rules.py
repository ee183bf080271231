"""What must hold for every message made of a feed, whatever the feed: nobody pinged, no link but the article's, no
deception, nothing invisible, Discord's limits.

Judged from what Discord would show and from its own description, not with the code that made the message.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from html import unescape
from typing import Any
from urllib.parse import unquote

from bot.text.clean import clean
from tests.openapi import Openapi
from tests.text.discord_markdown import Seen, read

HOME = "127.0.0.1"  # where the feeds are served from: relative links lead there

_BREAK = "\u200b"  # ours, where nothing else stops a mention; never in plain fields
_FLAG = re.compile("\U0001f3f4[\U000e0020-\U000e007e]{2,6}\U000e007f")
_UNSEEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u180e\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\ufff0-\ufffc\ufffe\uffff\ud800-\udfff\ufdd0-\ufdef\U000e0000-\U000e0fff]"
)
_STACKED = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0e47-\u0e4e\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{5,}"
)
_LOOSE_JOINER = re.compile("[\u200c\u200d](?:[\u200c\u200d\\s]|\\Z)|(?:\\A|\\s)[\u200c\u200d]")
_PINGS = re.compile(
    r"[@\uff20\ufe6b](?:everyone|here)|<@[!&]?\d|<#\d|</[\w -]+:\d|<t:-?\d|<a?:\w+:\d|<id:\w|<sound:",
    re.IGNORECASE,
)
_INVITES = re.compile(
    r"discord(?:app)?[.\u3002\uff0e\uff61](?:gg|com/invite|com/gifts|com/template|new|gift)/", re.IGNORECASE
)
_MASKED = re.compile(r"\[((?:\\.|[^\[\]\\])*)\]\(<([^<>\s]+)>\)")
_HOST = re.compile(r"https?://(?:[^/?#@]*@)?(\[[^\]]*\]|[^/?#:\\]+)", re.IGNORECASE)
_NAMED = re.compile(r"(?<![\w.@-])((?:[\w-]+\.)+(?:com|net|org|gg))(?![\w-])")
_ROUND = str.maketrans("[]", "()")  # link texts have no square brackets
_DOTS = str.maketrans("\u3002\uff61", "..")
_MARKUP = re.compile(r"<!\[CDATA\[|\]\]>|<[^<>]*>")
_BLANK = re.compile(
    r"[\s\x00-\x20\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff]+"
)
_PLAIN = ("feed_title", "id", "url", "title", "author", "source_line", "thread_name", "image")


class Rules:
    def __init__(self, description: Openapi | None = None) -> None:
        self._description = description
        self._shapes: set[str] = set()

    def broken(self, previews: list[dict[str, Any]], said: str) -> Iterator[str]:
        """A sentence for each rule that one of the previews breaks; ``said`` is the document they were made from."""
        sources = _Sources(said)
        for number, preview in enumerate(previews):
            for sentence in self._of(preview, sources):
                yield f"article {number}: {sentence}"

    def _of(self, preview: dict[str, Any], sources: _Sources) -> Iterator[str]:
        plain = [*(preview[name] for name in _PLAIN if preview[name]), *preview["categories"]]
        for text in plain:
            yield from _invisible(text, plain=True)
            if clean(text) != text:
                yield f"is not clean: {text!r:.200}"
        yield from _invisible(preview["summary"], plain=False)
        name = preview["thread_name"]
        if not 1 <= len(name) <= 100 or not name.strip():
            yield f"thread name of {len(name)}"
        yield from self._message(preview, sources)

    def _message(self, preview: dict[str, Any], sources: _Sources) -> Iterator[str]:
        message = preview["message"]
        if message.get("allowed_mentions", {}).get("parse") != [] or len(message["allowed_mentions"]) > 2:
            yield f"mentions are allowed: {message.get('allowed_mentions')}"
        if message.get("content"):
            yield "content beside components"
        parts = list(_parts(message["components"]))
        texts = [part["content"] for part in parts if "content" in part]
        if len(parts) > 40 or not texts or sum(map(len, texts)) > 4000:
            yield f"{len(parts)} components with {sum(map(len, texts))} characters"
        for text in texts:
            yield from _text(text, _own_times(preview))
            for link in _shown(text).links:
                yield from sources.faults(link)
        yield from _title(preview, texts)
        for part in parts:
            yield from _part(part, sources)
        yield from self._schema(message)

    def _schema(self, message: dict[str, Any]) -> Iterator[str]:
        """Lengths are judged elsewhere: messages that differ in their words alone are alike here."""
        if self._description is None:
            return
        shape = json.dumps(_shape(message))
        if shape not in self._shapes:
            self._shapes.add(shape)
            for name in ("MessageCreateRequest", "BaseCreateMessageCreateRequest"):
                try:
                    self._description.check(name, message)
                except AssertionError as error:
                    yield str(error)[:1000]


class _Sources:
    """What a document links to, as far as its hosts are concerned."""

    def __init__(self, said: str) -> None:
        self._read: list[str] = []
        self._more = _readings(said)

    def faults(self, link: str) -> Iterator[str]:
        host = _HOST.match(unquote(link))
        if host is None:
            yield f"links to what is no web address: {link!r:.200}"
            return
        if _INVITES.match(unicodedata.normalize("NFKC", unquote(link)[host.start(1) :]).rpartition("@")[2]):
            yield f"links an invitation: {link!r:.200}"
        names = {host[1].casefold(), unicodedata.normalize("NFKC", host[1]).casefold()}
        if HOME not in names and not self._name(names):
            yield f"links to a host that the feed does not name: {link!r:.200}"

    def _name(self, hosts: set[str]) -> bool:
        if any(host in text for host in hosts for text in self._read):
            return True
        for text in self._more:  # what is not needed is not made: some documents hold millions of characters
            self._read.append(text)
            if any(host in text for host in hosts):
                return True
        return False


def _readings(said: str) -> Iterator[str]:
    """The document with its escapes undone as often as a feed may have put them in, and without its tags."""
    text = said.replace("\\/", "/")
    for _ in range(4):
        for each in (unquote(text), _MARKUP.sub("", unquote(text))):
            bare = _BLANK.sub("", each)
            yield bare.casefold()
            yield unicodedata.normalize("NFKC", bare).casefold()
        if text == (text := unescape(text)):
            return


def _parts(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for component in components:
        yield component
        yield from _parts(component.get("components", []))


def _part(part: dict[str, Any], sources: _Sources) -> Iterator[str]:
    if "content" in part and not part["content"].strip():
        yield "a blank text"
    if len(part.get("label") or "") > 80 or len(part.get("custom_id") or "") > 100:
        yield f"a button beyond the limits: {part}"
    urls = [(part["url"], 512)] if part.get("url") else []
    urls += [(item["media"]["url"], 2048) for item in part.get("items", [])]
    for url, most in urls:
        if len(url) > most or not url.isascii():
            yield f"an address beyond the limits: {url!r:.200}"
        yield from sources.faults(_unpunycoded(url))


def _text(text: str, own_times: set[str]) -> Iterator[str]:
    yield from _invisible(text, plain=False)
    for own in own_times:
        text = text.replace(own, "")
    if found := _PINGS.search(text):
        yield f"pings: {found[0]!r}"
    if found := _INVITES.search(text):
        yield f"invites: {found[0]!r}"
    seen = _shown(text)
    if seen.mentions:
        yield f"mentions: {seen.mentions}"
    kinds = [kind for kind, _ in seen.markup]
    if "spoiler" in kinds:
        yield "has a spoiler"
    masked = _MASKED.findall(text)
    if len(masked) < kinds.count("masked"):
        yield f"has a link that is not ours: {seen.markup}"
    for label, target in masked:
        words = re.sub(r"\\(.)", r"\1", label).replace(_BREAK, "")
        # A headline may name a company's site, but not be one.
        if " " not in words or not text.startswith("## ["):
            yield from _deceptions(words, target)


def _deceptions(label: str, target: str) -> Iterator[str]:
    words = unicodedata.normalize("NFKC", label).translate(_DOTS).casefold()
    if "://" in words:
        yield f"a link whose text is an address: {label!r:.200}"
    host = _HOST.match(unquote(target))
    for named in _NAMED.findall(words):
        leads = host[1].casefold() if host else ""
        if not leads.endswith(named.removeprefix("www.")) and not named.endswith(leads.removeprefix("www.")):
            yield f"a link that says {named} and leads to {leads}"


def _title(preview: dict[str, Any], texts: list[str]) -> Iterator[str]:
    """The headline reads as the feed wrote it: no character of it became markup."""
    title = preview["title"]
    if not title or len(title) > 250:
        return
    shown = " ".join(_shown(texts[0].split("\n", 1)[0]).text.split())
    if shown.translate(_ROUND) != title.translate(_ROUND):
        yield f"the title {title!r:.300} reads {shown!r:.300}"


def _invisible(text: str, *, plain: bool) -> Iterator[str]:
    bare = _FLAG.sub("", text)
    if plain and ("\n" in bare or _BREAK in bare):
        yield f"a line break or zero-width space in {text!r:.200}"
    found = _UNSEEN.search(bare) or _STACKED.search(bare) or _LOOSE_JOINER.search(bare)
    if found:
        yield f"{found[0]!r} in {text!r:.200}"


def _own_times(preview: dict[str, Any]) -> set[str]:
    moments = [preview[name] for name in ("published", "updated") if preview[name]]
    stamps = [int(datetime.fromisoformat(moment).timestamp()) for moment in moments]
    return {f"<t:{stamp}:{style}>" for stamp in stamps for style in "FR"}


def _unpunycoded(url: str) -> str:
    host = _HOST.match(url)
    if host is None or "xn--" not in host[1]:
        return url
    try:
        return url.replace(host[1], host[1].encode().decode("idna"))
    except UnicodeError:
        return url


def _shape(value: Any) -> Any:
    match value:
        case dict():
            return {key: _shape(each) for key, each in value.items()}
        case list():
            return [_shape(each) for each in value]
        case str():
            return "text" if value else ""
        case _:
            return value


@lru_cache(maxsize=4096)
def _shown(text: str) -> Seen:
    return read(text)
