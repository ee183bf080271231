"""Discussion: posts, quotes, reactions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


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
    reactions: tuple[tuple[str, int], ...] = ()  # emoji and count, most first
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
    restores: tuple[int, int] | None = (
        None  # case and message: a removed post that is posted again, with its files
    )


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
