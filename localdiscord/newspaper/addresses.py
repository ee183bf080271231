"""Where things are, as full web addresses: feeds must carry these, and the paper may be mounted anywhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aiohttp import web
    from yarl import URL


class Addresses:
    """Made for one request: its host and the paths of its application."""

    def __init__(self, request: web.Request) -> None:
        self._origin = request.url.origin()
        self._router = request.app.router

    @property
    def front(self) -> str:
        return self._full(self._router["front"].url_for())

    def feed(self, desk: str, kind: str) -> str:
        return self._full(self._router["feed"].url_for(desk=desk, kind=kind))

    def article(self, slug: str) -> str:
        return self._full(self._router["article"].url_for(slug=slug))

    def picture(self, slug: str) -> str:
        return self._full(self._router["picture"].url_for(slug=slug))

    def resolved(self, body: str) -> str:
        """The HTML with ``article:SLUG`` turned into addresses."""
        return re.sub(r'(?<=href=")article:([^"]+)', lambda match: self.article(match[1]), body)

    def _full(self, path: URL) -> str:
        return str(self._origin.join(path))
