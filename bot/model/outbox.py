"""What is to be done on Discord: stories, jobs, receipts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.model.feeds import Article


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
    TAKE_DOWN = "take-down"  # keep a post of a case and delete it
    NOTICE = "notice"  # say in the thread what a case removed and why, or bring that up to date
    TELL = "tell"  # tell a member of a case by direct message
    ENTER = "enter"  # write a case into the moderators' log, or bring its entry up to date
    REPORT = "report"  # the same for a report by members
    RIGHTS = "rights"  # bring a member's posting rights in line with their suspensions


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
    mirrored: tuple[Story, Article] | None  # None: about no story, as a member's posting rights
    post_id: int | None  # the post that QUOTE makes, REQUOTE changes and DELETE deletes
    payload: dict[
        str, str
    ]  # HEADLINE: old, new. REPLACE: message. UNREACT: message, member, emoji. LOG: text, ping (a role). TELL: about
    not_before: datetime
    started_at: datetime | None  # of the first attempt that may have taken effect
    recover_after: datetime | None
    message_id: int | None  # the first half of a two-step deed, already done
    problem: str | None  # why it is not done yet, for people
    lane: str  # jobs of one lane are done in order; lanes side by side
    case_id: int | None = None
    subject_id: int | None = None  # TAKE_DOWN, REPORT: the message; TELL, RIGHTS: the member

    @property
    def story(self) -> Story:
        """The story it is about, which all jobs of mirroring and discussion have."""
        assert self.mirrored is not None
        return self.mirrored[0]

    @property
    def article(self) -> Article:
        """As it reads now; see ``story``."""
        assert self.mirrored is not None
        return self.mirrored[1]


def lane_of(
    kind: JobKind,
    story_id: int | None,
    channel_id: int | None,
    case_id: int | None = None,
    subject_id: int | None = None,
) -> str:
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
        case JobKind.TAKE_DOWN | JobKind.NOTICE:
            return f"case:{case_id}"
        case JobKind.TELL:
            return f"tell:{subject_id}"
        case JobKind.RIGHTS:
            return f"rights:{subject_id}"
        case JobKind.LOG | JobKind.ENTER | JobKind.REPORT:
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
