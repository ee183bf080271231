"""What feeds say, and what is remembered between polls."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that an entry carries (RSS 2.0 <enclosure>, Atom link rel=enclosure, JSON Feed attachments)."""

    url: str
    type: str = ""
    length: int | None = None  # bytes, as the feed claims


@dataclass(frozen=True, slots=True)
class Identity:
    """What makes an entry the same one again. Never a date.

    ``guid`` is the feed's own id, trimmed; ``link`` the normalised link (for comparison only, not to be shown);
    ``digest`` a hash of title and text. The first that is present is the key.
    """

    guid: str | None
    link: str | None
    digest: str

    @property
    def key(self) -> str:
        """The identity within its feed, prefixed by the kind it is of."""
        if self.guid:
            return f"guid:{self.guid}"
        if self.link:
            return f"link:{self.link}"
        return f"hash:{self.digest}"


@dataclass(frozen=True, slots=True)
class Article:
    """An entry, normalised: clean, bounded in every field, times in UTC.

    ``title``, ``author``, ``categories`` and ``source`` are plain text with nothing escaped. ``summary`` and
    ``body`` are Discord Markdown that is already safe: nothing in them mentions, invites or hides a link.
    """

    identity: Identity
    url: str | None  # canonical link without tracking parameters, http(s)
    title: str  # "" when the entry has none
    author: str | None
    published: datetime | None
    updated: datetime | None
    summary: str
    body: str
    image: str | None  # http(s), at most 2048 characters
    fingerprint: str  # hash of the entry's own words as the feed sent them: differs when the publisher edited
    categories: tuple[str, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    source: str = ""  # the name of the publication: the entry's own source, else the feed's title

    @property
    def id(self) -> str:
        """The id people see: the guid, else the link, else the hash."""
        return self.identity.guid or self.url or self.identity.digest


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A feed document as read: ``articles`` in document order, one for each identity key."""

    title: str
    url: str | None  # the site the feed belongs to
    format: str  # "rss20", "rss10", "atom10", "json11" …
    articles: tuple[Article, ...]
    warnings: tuple[str, ...] = ()  # tolerated faults, one sentence each


class FailureKind(StrEnum):
    """Why a poll brought no feed. Stored, shown in status; the sentence beside it says it to people."""

    ADDRESS = "address"  # not http(s), private, does not resolve
    CONNECTION = "connection"  # refused, reset, TLS
    TIMEOUT = "timeout"
    REDIRECT = "redirect"  # loop, too many, to nowhere
    BLOCKED = "blocked"  # 401, 403, 407 or a challenge page
    NOT_FOUND = "not-found"  # 404 and other 4xx
    GONE = "gone"  # 410
    LIMITED = "limited"  # 429
    SERVER = "server"  # 5xx
    TOO_LARGE = "too-large"
    ENCODING = "encoding"  # truncated or unknown Content-Encoding, cut short
    EMPTY = "empty"
    NOT_A_FEED = "not-a-feed"  # HTML or anything else
    UNREADABLE = "unreadable"  # a feed so broken that nothing could be read
    INTERNAL = "internal"  # a fault of Newsthread's own


@dataclass(frozen=True, slots=True)
class Failure:
    kind: FailureKind
    sentence: str
    retry_after: float | None = None  # seconds, where the server said so


@dataclass(frozen=True, slots=True)
class Validators:
    """What a conditional GET sends back, byte for byte as received (RFC 9110 §8.8)."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """A 200 whose body arrived whole. ``url`` is the address after redirects, the base of relative links."""

    url: str
    body: bytes
    content_type: str  # the header as sent, "" when absent
    validators: Validators
    moved_to: str | None = None  # set when every redirect on the way was permanent (301, 308)


@dataclass(frozen=True, slots=True)
class NotModified:
    """A 304."""


FetchOutcome = Fetched | NotModified | Failure


@dataclass(frozen=True, slots=True)
class PollState:
    """What is remembered of one address between polls; an address serves every feed that names it."""

    url: str
    validators: Validators = field(default_factory=Validators)
    body_hash: str | None = None  # SHA-256 of the decoded body last applied
    next_at: datetime | None = None  # None: now
    polled_at: datetime | None = None
    succeeded_at: datetime | None = None
    failures: int = 0  # in a row
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """An article that the store already has, as far as deciding needs it."""

    article_id: int
    key: str
    link: str | None
    fingerprint: str


@dataclass(frozen=True, slots=True)
class FeedNews:
    """What one poll means for one feed, decided but not yet done."""

    feed_id: str
    channel_id: int
    post: tuple[Article, ...] = ()  # become threads, in this order
    remember: tuple[Article, ...] = ()  # known from now on, never posted
    changed: tuple[tuple[int, Article], ...] = ()  # (article_id, as it reads now)
    rekeyed: tuple[tuple[int, Article], ...] = ()  # same article under a new guid: only its identity moves


@dataclass(frozen=True, slots=True)
class PollUpdate:
    """Everything one poll changes, applied in one transaction: articles, stories, jobs, validators."""

    state: PollState
    title: str | None = None  # the feed's own title, None when it was not read
    warnings: tuple[str, ...] = ()
    news: tuple[FeedNews, ...] = ()
