"""The nouns: frozen records that pass between the rooms. No I/O, no Discord, no feedparser, no SQL.

The path of an article, one record a hop::

    Feed (settings) + PollState --fetch--> Fetched | NotModified | Failure
    Fetched --parse--> ParsedFeed | Failure
    + Known --decide--> FeedNews -> PollUpdate --store.apply--> Story + Job rows, in one transaction
    Job + Article --draft--> Draft --newsroom--> Receipt
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

# --- what feeds say ---------------------------------------------------------------------------------


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


# --- what the store knows about polling -------------------------------------------------------------


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


# --- what is to be done on Discord ------------------------------------------------------------------


class JobKind(StrEnum):
    OPEN = "open"  # open the story's thread with its opening post
    REVISE = (
        "revise"  # bring the opening post up to date with the article, the counts and the recommended posts
    )
    HEADLINE = "headline"  # say in the thread that the headline changed
    QUOTE = "quote"  # post what quotes: instead of a native reply, beside it, or as typed into a form
    REQUOTE = "requote"  # bring a quoting post up to date with what it quotes and with its author's words
    REPLACE = "replace"  # delete the message whose place a quoting post has taken
    DELETE = "delete"  # delete a post that we made
    UNREACT = "unreact"  # take a member's reaction off a post
    LOG = "log"  # tell the moderators something in their log


class JobState(StrEnum):
    """pending → sending → done | pending (certainly not done) | unknown → done | removed | pending.

    ``parked``: refused for what it is; kept, shown, retried only by hand.
    """

    PENDING = "pending"
    SENDING = "sending"
    UNKNOWN = "unknown"
    DONE = "done"
    REMOVED = "removed"  # it took effect and a person took it away: never repeated
    PARKED = "parked"


@dataclass(frozen=True, slots=True)
class Story:
    """An article as mirrored in one channel."""

    id: int
    article_id: int
    feed_id: str
    channel_id: int
    token: str  # the marker that its opening post carries: the token of its OPEN job
    thread_id: int | None = None
    message_id: int | None = None  # the opening post; lies in the parent channel for text channels
    first_seen: datetime | None = None
    draft_digest: str | None = None  # of the opening post as last sent; None when that is not known


@dataclass(frozen=True, slots=True)
class Job:
    """One row of the outbox, with all its performer needs."""

    id: int
    kind: JobKind
    state: JobState
    token: str  # kept across attempts; the marker by which the deed is recognised on Discord
    attempt: int
    story: Story
    article: Article
    post_id: int | None  # the post that QUOTE makes, REQUOTE changes and DELETE deletes
    payload: dict[
        str, str
    ]  # HEADLINE: old, new. REPLACE: message. UNREACT: message, member, emoji. LOG: text
    not_before: datetime
    started_at: datetime | None  # of the first attempt that may have taken effect
    recover_after: datetime | None
    message_id: int | None  # the first half of a two-step deed, already done
    problem: str | None  # why it is not done yet, for people

    @property
    def lane(self) -> str:
        """Jobs of one lane are done in order; lanes side by side."""
        return lane_of(self.kind, self.story.id, self.story.channel_id)


def lane_of(kind: JobKind, story_id: int, channel_id: int) -> str:
    """The lane of a job: what slows one down must not hold up what has nothing to do with it.

    Discord limits edits of old posts, renames and reactions each in its own way, and a conversation must not
    wait for any of them.
    """
    match kind:
        case JobKind.OPEN:
            return f"channel:{channel_id}"
        case JobKind.QUOTE:
            return f"talk:{story_id}"
        case JobKind.REPLACE:
            return f"replace:{story_id}"
        case JobKind.REQUOTE | JobKind.DELETE:
            return f"edit:{story_id}"
        case JobKind.UNREACT:
            return f"react:{story_id}"
        case JobKind.LOG:
            return "log"
        case _:
            return f"story:{story_id}"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What Discord answered: the ids of what now exists."""

    message_id: int | None = None
    thread_id: int | None = None
    webhook_id: int | None = None  # the one through which the message was posted, and can be edited
    words: str | None = None  # QUOTE: the member's own words in it, as posted


# --- discussion -------------------------------------------------------------------------------------


class QuoteMode(StrEnum):
    """What becomes of a member's native reply in a news thread; the one that does most comes first."""

    REPOST = "repost"  # replaced by a post under the member's name that begins with the quote
    COMPANION = "companion"  # kept; the bot answers it with the quote
    OFF = "off"


class Made(StrEnum):
    """How a post came to be on Discord."""

    NATIVE = "native"  # the member wrote it
    WEBHOOK = "webhook"  # we did, under the member's name
    BOT = "bot"  # we did, under our own


@dataclass(frozen=True, slots=True)
class File:
    """A file of a post."""

    name: str
    url: str  # signed: good for hours, never stored
    size: int = 0  # bytes


@dataclass(frozen=True, slots=True)
class Said:
    """A post as Discord shows it, as far as discussion needs it. Nothing in it is cleaned."""

    message_id: int
    thread_id: int  # the thread or channel it stands in
    author_id: int  # of the member, or of the webhook or bot
    name: str  # as shown above it
    avatar: str  # address of the picture beside it
    at: datetime
    content: str = ""
    files: tuple[File, ...] = ()
    embeds: tuple[str, ...] = ()  # the title, or else the beginning, of each; link previews are left out
    stickers: tuple[str, ...] = ()  # names
    poll: str | None = None  # the question
    edited_at: datetime | None = None
    reply_to: int | None = None  # message id
    webhook_id: int | None = None
    bot: bool = False
    system: bool = False  # Discord's own words, as of somebody who joined
    forwarded_from: int | None = None  # channel id; content, files and stickers are then the forwarded ones
    ours: bool = False  # made by this bot for a member: no opening post, note or answer to an interaction

    @property
    def empty(self) -> bool:
        """Nothing that could be quoted."""
        return not (self.content.strip() or self.files or self.embeds or self.stickers or self.poll)


@dataclass(frozen=True, slots=True)
class Quotation:
    """A post and which words of it are quoted: what a quoting post is asked to carry."""

    source_id: int  # message id
    thread_id: int  # where the source stands
    author_id: int  # the true author's
    name: str
    at: datetime
    text: str  # Discord Markdown, own words only, without "> "
    picked: bool = False  # chosen by hand, so that it is not simply replaced when the source is edited


@dataclass(frozen=True, slots=True)
class Quote:
    """The tie from a post to a post that it quotes."""

    id: int
    post_id: int
    position: int
    quotation: Quotation
    lost_at: datetime | None = None  # the source was deleted or removed: its words are gone here too


@dataclass(frozen=True, slots=True)
class Post:
    """A message in a story's thread, with its true author."""

    id: int
    story_id: int
    thread_id: int
    message_id: int | None  # None: not posted yet
    author_id: int | None  # None: through our webhook, and not known (yet) for whom
    made: Made
    created_at: datetime
    webhook_id: int | None = None
    words: str | None = None  # the author's own, of a post that we made
    native_id: int | None = None  # the reply that it replaces or accompanies
    deleted_at: datetime | None = None
    recommended_by: int | None = None  # a moderator's id; 0: the members, by their reactions


@dataclass(frozen=True, slots=True)
class Contribution:
    """A post that we are to make for a member.

    ``origin`` makes it one, however often it is asked for: the native reply's message id, or the interaction's.
    """

    origin: int
    story_id: int
    thread_id: int
    author_id: int
    name: str
    avatar: str
    mode: QuoteMode  # REPOST or COMPANION
    quotations: tuple[Quotation, ...]
    at: datetime
    words: str | None = None  # as typed into a form; None: those of the native reply, when it is posted
    native_id: int | None = None


@dataclass(frozen=True, slots=True)
class PostDetails:
    """A post with its quotes in their order."""

    post: Post
    quotes: tuple[Quote, ...] = ()


class Sentiment(StrEnum):
    POSITIVE = "positive"
    NEUTRAL = "neutral"
    NEGATIVE = "negative"


@dataclass(frozen=True, slots=True)
class Reacted:
    """A member's reaction to a post. ``emoji`` is the character, or ``name:id`` of a custom one."""

    message_id: int
    member_id: int
    emoji: str
    kind: int = 0  # 0 normal, 1 super (Discord's reaction types), 2 by a button of ours


@dataclass(frozen=True, slots=True)
class Tally:
    """Members who reacted with each emoji, most first."""

    counts: tuple[tuple[str, int], ...] = ()

    @property
    def total(self) -> int:
        return sum(count for _, count in self.counts)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A post or a story in a list of the most loved."""

    thread_id: int
    message_id: int
    author_id: int | None
    count: int
    title: str | None = None  # of the article, where stories are ranked


@dataclass(frozen=True, slots=True)
class Discussion:
    """What the opening post tells of the discussion below it."""

    tally: Tally = Tally()
    recommended: tuple[Ranked, ...] = ()  # oldest first


# --- what the store answers -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OwnThread:
    """A thread or marked post of ours, as Discord showed it; what is not known (yet) is None."""

    thread_id: int
    guild_id: int | None = None
    parent_id: int | None = None
    token: str | None = None
    created_at: datetime | None = None
    deleted_at: datetime | None = None
    deleted_by: int | None = None


@dataclass(frozen=True, slots=True)
class FormerHeadline:
    """A title that an article bore until ``seen_at``, when its successor was seen."""

    title: str
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class StoryDetails:
    """A story, its article as it reads now, and the headlines it had before, oldest first."""

    story: Story
    article: Article
    headlines: tuple[FormerHeadline, ...] = ()


@dataclass(frozen=True, slots=True)
class FeedOverview:
    """What the store holds of one feed; how polling its address goes is ``Overview.polls``."""

    feed_id: str
    title: str  # the feed's own, "" until it was read
    articles: int
    threads: int
    warnings: tuple[str, ...] = ()  # of the last reading


@dataclass(frozen=True, slots=True)
class WaitingJob:
    """A job that something stands in the way of: parked, or held up for a reason."""

    job_id: int
    kind: JobKind
    state: JobState
    feed_id: str
    channel_id: int
    title: str  # the article's
    created_at: datetime
    not_before: datetime
    problem: str


@dataclass(frozen=True, slots=True)
class Overview:
    """The store at one moment, for the status page."""

    polls: dict[str, PollState]  # by address
    feeds: dict[str, FeedOverview]  # by id; a feed has none before it was first read
    jobs: dict[JobState, int]  # how many; every state is named
    oldest_open: datetime | None  # when the oldest job that is pending, sending or unknown was written
    waiting: tuple[WaitingJob, ...]  # oldest first, at most a hundred


# --- a post, rendered but unsent --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TextPart:
    markdown: str  # 1 to 4000 characters


@dataclass(frozen=True, slots=True)
class ImagePart:
    url: str
    description: str = ""  # alt text, at most 1024 characters


@dataclass(frozen=True, slots=True)
class RulePart:
    """A horizontal line."""


DraftPart = TextPart | ImagePart | RulePart


@dataclass(frozen=True, slots=True)
class Draft:
    """An opening post within all of Discord's limits (4000 characters over all text parts)."""

    thread_name: str  # 1 to 100 characters, nothing escaped: Discord renders no Markdown there
    parts: tuple[DraftPart, ...]
    link: str | None  # for the "read the article" button, at most 512 characters
    source_line: str  # "Based on a report from {source} {YYYY-MM-DD}", plain text

    def without_images(self) -> Draft:
        """The same post, should Discord refuse its pictures."""
        return replace(self, parts=tuple(part for part in self.parts if not isinstance(part, ImagePart)))
