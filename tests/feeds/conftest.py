"""A site to fetch from and fetchers for it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import pytest
from aiohttp.abc import AbstractResolver

from bot.feeds.fetch import Fetcher
from bot.settings.keys import WatcherKeys
from tests.feeds.site import Site
from tests.support import StillClock

MakeFetcher = Callable[..., Fetcher]


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with Site() as server:
        yield server


@pytest.fixture
async def make_fetcher(clock: StillClock) -> AsyncIterator[MakeFetcher]:
    """Makes fetchers that may reach loopback, and closes them."""
    made: list[Fetcher] = []

    def make(*, resolver: AbstractResolver | None = None, timeout: float = 10, **keys: object) -> Fetcher:
        keys = {"allow_private_addresses": True, "timeout": timedelta(seconds=timeout), **keys}
        fetcher = Fetcher(WatcherKeys.model_validate(keys), clock, resolver)
        made.append(fetcher)
        return fetcher

    yield make
    for fetcher in made:
        await fetcher.close()


@pytest.fixture
def fetcher(make_fetcher: MakeFetcher) -> Fetcher:
    return make_fetcher()
