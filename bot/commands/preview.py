"""``newsthread preview``: fetch, parse and render a feed exactly as ``run`` would, and post nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from bot.clock import Clock
from bot.errors import SourceError
from bot.feeds.decide import oldest_first
from bot.feeds.fetch import Fetcher
from bot.feeds.worker import Parser
from bot.model import Failure, Fetched, NotModified, Validators
from bot.newsroom.views import message_json
from bot.settings.keys import Feed, WatcherKeys
from bot.text.draft import opening_post

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime

    from bot.model import Article, ParsedFeed

# Stands where `run` puts the random token of a delivery.
TOKEN = "preview" + "0" * 9


async def previews(source: str) -> AsyncIterator[dict[str, Any]]:
    """The contract's object for every article of ``source`` (a path or an http(s) URL), oldest first.

    Raises:
        SourceError: ``source`` is not a readable feed.
    """
    async with Previewer(WatcherKeys(allow_private_addresses=True), Clock()) as previewer:
        async for preview in previewer.previews(source):
            yield preview


class Previewer:
    """Previews of many sources, with one fetcher and ``workers`` processes that read; closed on leaving it."""

    def __init__(self, watcher: WatcherKeys, clock: Clock, workers: int = 1) -> None:
        self._watcher = watcher
        self._clock = clock
        self._fetcher = Fetcher(watcher, clock)
        self._parser = Parser(workers, watcher.parse_timeout.total_seconds())

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._fetcher.close()
        await self._parser.close()

    @property
    def children(self) -> int:
        """How many processes that read were started so far."""
        return self._parser.started

    async def previews(self, source: str) -> AsyncIterator[dict[str, Any]]:
        """As the function of this name."""
        parsed = await self._read(source)
        feed = Feed(id="preview", url="https://preview.invalid/", channel_id=1 << 22)
        now = self._clock.now()
        for article in oldest_first(parsed.articles, parsed, now):
            yield _preview(article, parsed, feed, now)

    async def _read(self, source: str) -> ParsedFeed:
        outcome = await self._fetch(source) if _is_url(source) else _open(source, self._watcher)
        parsed = await self._parser.parse(outcome)
        if isinstance(parsed, Failure):
            raise SourceError(f"{source}: {parsed.sentence}")
        return parsed

    async def _fetch(self, url: str) -> Fetched:
        outcome = await self._fetcher.fetch(url, Validators())
        if isinstance(outcome, Failure):
            raise SourceError(f"{url}: {outcome.sentence}")
        if isinstance(outcome, NotModified):
            raise SourceError(f"{url}: the server answered 304 to a request without conditions")
        return outcome


def _is_url(source: str) -> bool:
    return source.lower().startswith(("http://", "https://"))


def _open(source: str, watcher: WatcherKeys) -> Fetched:
    try:
        with Path(source).open("rb") as file:
            body = file.read(watcher.max_bytes + 1)
    except OSError as error:
        raise SourceError(
            f"{source}: can't be read ({error.strerror}); give a feed's file or http(s) address"
        ) from error
    if len(body) > watcher.max_bytes:
        raise SourceError(
            f"{source}: larger than {watcher.max_bytes} bytes, the limit of [watcher] max_bytes"
        )
    return Fetched(url="", body=body, content_type="", validators=Validators())


def _preview(article: Article, parsed: ParsedFeed, feed: Feed, now: datetime) -> dict[str, Any]:
    draft = opening_post(article, feed, now)
    return {
        "feed_title": parsed.title,
        "id": article.id,
        "url": article.url,
        "title": article.title,
        "author": article.author,
        "published": _rfc3339(article.published),
        "updated": _rfc3339(article.updated),
        "summary": article.summary,
        "image": article.image,
        "categories": list(article.categories),
        "source_line": draft.source_line,
        "thread_name": draft.thread_name,
        "message": message_json(draft, feed, TOKEN),
    }


def _rfc3339(moment: datetime | None) -> str | None:
    return None if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def as_text(preview: dict[str, Any]) -> str:
    """One article for people: what would stand in the thread."""
    lines = [f"━━━ {preview['thread_name']}"]
    lines += _texts(preview["message"]["components"])
    return "\n".join(lines) + "\n"


def as_json(preview: dict[str, Any]) -> str:
    return json.dumps(preview, ensure_ascii=False)


def _texts(components: list[dict[str, Any]]) -> list[str]:
    lines: list[str] = []
    for component in components:
        if "content" in component:
            lines.append(component["content"])
        elif "items" in component:
            lines += [f"[picture: {item['media']['url']}]" for item in component["items"]]
        elif "label" in component:
            lines.append(f"[{component['label']}]" + (f" {component['url']}" if component.get("url") else ""))
        lines += _texts(component.get("components", []))
    return lines
