"""The pictures that HTML shows to people: not the counters, spacers and smileys among them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.text.clean import clean
from bot.text.cut import cut_words
from bot.text.elements import is_hidden
from bot.text.links import canonical

MAX_IMAGES = 50
MAX_ALT = 1024
TINY = 16  # pixels; below are counters, spacers and smileys

_PICTURES = frozenset(("img", "image", "amp-img", "video"))
_PIXEL_STYLE = re.compile(
    r"(?:^|;)\s*(?:max-)?(?:width|height)\s*:\s*([0-9]{1,5})(?:px)?(?=\s*(?:!|;|$))", re.IGNORECASE
)
_PIXELS = re.compile(r"\s*([0-9]{1,6})(?:\.[0-9]*)?\s*(?:px)?\s*")
_TRACKER = re.compile(
    r"/~[rf]+/|/(?:b|mf|pixel|spacer|blank|clear|transparent|1x1|t)\.(?:gif|png)\b|[/._-](?:pixel|beacon|1x1)[/._?]"
    r"|//(?:pixel|beacon|stats|track|analytics)\.|feedsportal\.com/|doubleclick\.net/|/open\.aspx",
    re.IGNORECASE,
)


class Pictures:
    """Hears HTML, keeps the pictures."""

    def __init__(self, base: str | None) -> None:
        self.found: dict[str, str] = {}
        self._base = base

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        alt = clean(attributes.get("alt", ""))
        if tag not in _PICTURES or is_counter(attributes) or is_smiley(alt):
            return
        for url in _sources(tag, attributes):
            link = canonical(url, self._base)
            if link is not None and not _TRACKER.search(link):
                if len(self.found) < MAX_IMAGES:
                    self.found.setdefault(link, cut_words(alt, MAX_ALT))
                return

    def end(self, tag: str) -> None:
        """Pictures are told by their start alone."""

    def data(self, text: str) -> None:
        """Nor does text matter."""


def is_counter(attributes: Mapping[str, str]) -> bool:
    """Whether a picture is too small to be meant for people, or says that it is not."""
    sizes = [
        match[1] for name in ("width", "height") if (match := _PIXELS.fullmatch(attributes.get(name, "")))
    ]
    sizes += _PIXEL_STYLE.findall(attributes.get("style", ""))
    return any(int(size) < TINY for size in sizes) or is_hidden(attributes)


def is_smiley(alt: str) -> bool:
    """Whether a picture stands for a character: blogs draw emoji so, and tell which in the alternative text."""
    return 0 < len(alt) <= 12 and not alt.isascii() and not any(char.isalpha() for char in alt)


def _sources(tag: str, attributes: Mapping[str, str]) -> list[str]:
    """Where a picture may be, best first: pages that load lazily keep the true address elsewhere."""
    names = ("poster",) if tag == "video" else ("data-src", "data-lazy-src", "data-original", "src")
    found = [value for name in names if (value := attributes.get(name, "").strip())]
    widest = attributes.get("srcset", attributes.get("data-srcset", "")).rsplit(", ", 1)[-1].split()
    return found + widest[:1]
