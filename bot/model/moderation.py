"""Moderation: cases, what they are about, and what they lead to; reports; what members may not do for a while."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.model.discussion import Made, Quotation


class CaseKind(StrEnum):
    REMOVAL = "removal"  # moderators removed posts
    WITHDRAWAL = "withdrawal"  # moderators struck the article's own post; its discussion stays
    OUTSIDE = "outside"  # posts deleted by hand, or kept by AutoMod from being posted: noticed, not done
    SUSPENSION = "suspension"  # posting rights taken by hand


class CaseState(StrEnum):
    OPEN = "open"  # not all of its posts are gone yet
    STANDING = "standing"
    UPHELD = "upheld"  # standing after an appeal
    REINSTATED = (
        "reinstated"  # undone: its posts are there again, its strikes don't count, its suspensions end
    )


class Told(StrEnum):
    """Whether a member knows of the case by direct message."""

    NO = "no"  # not to be told
    WAITING = "waiting"
    TOLD = "told"
    CLOSED = "closed"  # they take no direct messages from here, or have left


class EventKind(StrEnum):
    """What happened to a case after it was opened."""

    NOTED = "noted"
    EDITED = "edited"
    APPEALED = "appealed"
    UPHELD = "upheld"
    REINSTATED = "reinstated"
    LIFTED = "lifted"  # a suspension ended before its time
    ERASED = "erased"  # a member's data, or what was older than it may be kept


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file of a removed post. ``path`` is relative to the folder of kept files; None: it was not kept."""

    name: str
    size: int  # bytes
    path: str | None = None
    description: str | None = None  # alt text
    spoiler: bool = False


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A post as it was before its removal. Nothing in it is cleaned."""

    content: str  # as it stood on Discord
    words: str  # the author's own: without quotes that we put above them
    files: tuple[KeptFile, ...] = ()
    embeds: tuple[str, ...] = ()
    stickers: tuple[str, ...] = ()
    poll: str | None = None
    reactions: tuple[tuple[str, int], ...] = ()  # emoji and count, most first
    reply_to: int | None = None  # message id
    quotes: tuple[Quotation, ...] = ()
    quoted_by: tuple[int, ...] = ()  # message ids
    edited_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CasePost:
    """A post that a case is about."""

    message_id: int
    thread_id: int  # where it stands: for the opening post of a text channel that channel
    author_id: int | None  # the true author's; None: not known, or erased
    name: str  # as shown above it; "" when erased
    avatar: str
    made: Made
    at: datetime
    snapshot: Snapshot | None = None  # None: never seen, erased, or past its retention
    files_kept: bool = False  # the files were fetched, as far as they could be
    gone_at: datetime | None = None
    problem: str | None = None  # why it could not be removed
    restored_id: int | None = None  # the post (``Post.id``) that stands for it again


@dataclass(frozen=True, slots=True)
class CaseMember:
    """A member whose posts a case is about, or whose posting rights."""

    member_id: int
    name: str
    told: Told = Told.NO
    strike: bool = False
    suspended_until: datetime | None = None  # what the case led to
    lifted_at: datetime | None = None
    appeal: str | None = None
    appealed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CaseEvent:
    at: datetime
    by: int  # member id; 0: nobody's doing
    kind: EventKind
    text: str = ""  # NOTED: the note; EDITED: the former reason; LIFTED, UPHELD, REINSTATED: why, if said


@dataclass(frozen=True, slots=True)
class Case:
    """The moderators' record of something that was removed or taken away."""

    id: int  # the number people see
    kind: CaseKind
    state: CaseState
    story_id: int | None
    thread_id: int | None
    channel_id: int | None  # the thread's channel: whose moderators may see the case
    title: str | None  # the article's
    moderator_id: int | None  # None: not known; 0: Discord's AutoMod
    rule_id: str | None
    rule_title: str | None  # as it read then
    reason: str  # continues "Removed a post that"; as typed, not cleaned
    next_step: str
    at: datetime
    noticed: bool  # whether the thread is to show a notice
    token: str  # marks the notice
    log_token: str  # marks the entry in the moderators' log
    notice_id: int | None = None  # message ids
    log_id: int | None = None
    decided_by: int | None = None  # who upheld or reinstated
    decided_at: datetime | None = None
    posts: tuple[CasePost, ...] = ()  # in the order in which they stood
    members: tuple[CaseMember, ...] = ()
    events: tuple[CaseEvent, ...] = ()  # oldest first

    def member(self, member_id: int) -> CaseMember | None:
        return next((one for one in self.members if one.member_id == member_id), None)

    def post(self, message_id: int) -> CasePost | None:
        return next((one for one in self.posts if one.message_id == message_id), None)


@dataclass(frozen=True, slots=True)
class Step:
    """What repeated strikes lead to: so many within so long take away posting rights for so long."""

    strikes: int
    within: timedelta
    suspend: timedelta


@dataclass(frozen=True, slots=True)
class NewCase:
    """A case to be opened. ``origin`` (an interaction's id) makes it one, however often it is asked for."""

    origin: int
    kind: CaseKind
    moderator_id: int | None
    reason: str
    next_step: str = ""
    rule_id: str | None = None
    rule_title: str | None = None
    story_id: int | None = None
    posts: tuple[CasePost, ...] = ()
    member: tuple[int, str] | None = None  # SUSPENSION: id and name
    noticed: bool = True
    tell: bool = True
    strike: bool = False  # each author of the posts gets one
    steps: tuple[Step, ...] = ()
    suspend: timedelta | None = None  # by hand


@dataclass(frozen=True, slots=True)
class Opened:
    """What became of a wish to open a case."""

    case_id: int | None  # None: every post is another case's already
    taken: tuple[tuple[int, int], ...] = ()  # message and the case that has it


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which cases; what is None does not matter."""

    channels: frozenset[int] | None = None  # only those of these channels
    unplaced: bool = True  # with ``channels``: those of no channel, too
    member_id: int | None = None
    moderator_id: int | None = None
    rule_id: str | None = None
    thread_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    text: str | None = None  # found in reason, notes, or what was removed; of any case


@dataclass(frozen=True, slots=True)
class CasePage:
    cases: tuple[Case, ...]  # newest first, without events
    total: int


@dataclass(frozen=True, slots=True)
class Strike:
    case_id: int
    at: datetime
    rule_title: str | None
    counts: bool  # not when the case was reinstated


@dataclass(frozen=True, slots=True)
class Suspension:
    member_id: int
    case_id: int
    since: datetime
    until: datetime
    lifted_at: datetime | None = None
    lifted_by: int | None = None


class ReportState(StrEnum):
    OPEN = "open"
    REMOVED = "removed"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True)
class Report:
    """A post that members reported; all of them together are one report."""

    message_id: int
    thread_id: int  # where the post stands
    story_id: int
    author_id: int | None
    name: str
    excerpt: str
    state: ReportState
    token: str  # marks the entry in the moderators' log
    by: tuple[tuple[int | None, str, datetime], ...]  # member (None: erased), reason, time; oldest first
    log_id: int | None = None
    decided_by: int | None = None
    decided_at: datetime | None = None
    case_id: int | None = None  # REMOVED: which


@dataclass(frozen=True, slots=True)
class Disappeared:
    """A member's post that was deleted, and not by a case: by its author or by somebody else, not known yet."""

    message_id: int
    thread_id: int
    story_id: int
    author_id: int
    webhook_id: int | None
    made: Made
    at: datetime  # of the post
    gone_at: datetime
    words: str | None  # what we knew of it


@dataclass(frozen=True, slots=True)
class MonthCount:
    """Removals of a month under a rule."""

    month: str  # "2026-11"
    rule_title: str | None
    removed: int  # cases
    upheld: int
    reinstated: int
