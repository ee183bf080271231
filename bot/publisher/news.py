"""The deeds of mirroring: open a story's thread, keep its opening post true, tell a changed headline."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from bot.errors import Later, Refused
from bot.model import Receipt
from bot.newsroom import SLACK, Deleted, Found, NotThere
from bot.publisher.deeds import Again, Begun
from bot.text.draft import draft_digest, headline_changed, opening_post, thread_name
from bot.text.notices import withdrawn_post

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from bot.clock import Clock
    from bot.languages import Say
    from bot.model import Draft, Job
    from bot.newsroom import Finding, Newsroom
    from bot.newsroom.views import Buttons
    from bot.publisher.deeds import Looked
    from bot.reactions import Reactions
    from bot.settings.keys import Feed
    from bot.store import Store


class _News:
    """What the three have in common."""

    def __init__(self, store: Store, newsroom: Newsroom, feeds: Mapping[str, Feed]) -> None:
        self._store = store
        self._newsroom = newsroom
        self._feeds = feeds

    def ready(self, job: Job) -> None:
        self._newsroom.is_forum(job.story.channel_id, self._feed(job).id)

    def _feed(self, job: Job) -> Feed:
        feed = self._feeds.get(job.story.feed_id)
        if feed is None:
            # Parked rather than held: the channel's other feeds must not wait for it.
            raise Refused(
                f"feed {job.story.feed_id!r} was taken out of feeds.toml before this was posted",
            )
        return feed


class _Opening(_News):
    """What shows the opening post."""

    def __init__(
        self,
        store: Store,
        newsroom: Newsroom,
        feeds: Mapping[str, Feed],
        reactions: Reactions,
        say: Say,
        clock: Clock,
    ) -> None:
        super().__init__(store, newsroom, feeds)
        self._reactions = reactions
        self._say = say
        self._clock = clock

    async def _draft(self, job: Job) -> tuple[Draft, Buttons]:
        story, feed = job.story, self._feed(job)
        first_seen = story.first_seen or self._clock.now()
        withdrawal = await self._store.withdrawal(story.id)
        if withdrawal is not None:
            return withdrawn_post(job.article, feed, withdrawal, first_seen, self._say), ()
        draft = opening_post(
            job.article,
            feed,
            first_seen,
            await self._reactions.discussion(story),
            self._reactions.named,
            self._say,
            self._newsroom.guild_id,
        )
        return draft, await self._reactions.buttons(story)


class Open(_Opening):
    """Open the story's thread with its opening post."""

    done = "opened a thread for"

    def __init__(
        self,
        store: Store,
        newsroom: Newsroom,
        feeds: Mapping[str, Feed],
        reactions: Reactions,
        say: Say,
        clock: Clock,
        covered: Callable[[int], bool],
    ) -> None:
        super().__init__(store, newsroom, feeds, reactions, say, clock)
        self._covered = covered  # whether all that stands of ours in a channel is known

    def ready(self, job: Job) -> None:
        super().ready(job)
        if not self._covered(job.story.channel_id):
            raise Later("the channel is still looked through for threads that exist already", retry_after=5)

    async def perform(self, job: Job, deadline: datetime) -> tuple[Receipt, str | None]:
        feed, (draft, buttons) = self._feed(job), await self._draft(job)
        digest = _digest(draft, buttons)
        if self._newsroom.is_forum(job.story.channel_id, feed.id):
            return await self._newsroom.open_forum_post(job, draft, feed, deadline, buttons), digest
        message_id = job.message_id
        if message_id is None:
            message_id = await self._newsroom.post_opening(job, draft, feed, deadline, buttons)
            await self._store.half_done(job.id, message_id)
        return await self._newsroom.start_thread(job.story, message_id, draft, feed, deadline), digest

    async def look(self, job: Job) -> Looked:
        if job.message_id is not None:
            return Again()  # a thread whose id is already fixed
        finding = await self._finding(job)
        if not isinstance(finding, Found):
            return finding
        if finding.extras:
            await self._newsroom.delete_extras(job.story, finding.extras)
        if finding.thread_id is None:
            return Begun(finding.message_id)
        return Receipt(finding.message_id, finding.thread_id)

    async def _finding(self, job: Job) -> Finding:
        since = job.started_at or job.not_before
        known = await self._store.ledger(job.token)
        if known is not None and known.deleted_at is not None:
            return Deleted()
        if known is not None and job.attempt == 0:  # opened by a store that is no more
            finding = await self._newsroom.find_known(job.story, job.token, known.thread_id)
            if not isinstance(finding, NotThere):
                return finding
        finding = await self._newsroom.find_opening(job.story, job.token, since)
        if isinstance(finding, NotThere) and (
            known is not None or await self._store.unclaimed_lost(job.story.channel_id, since - SLACK)
        ):
            # The gateway showed us the post, or a nameless one of ours going away, and no search finds it:
            # somebody deleted it. Better one article too few than a removed one back.
            return Deleted()
        return finding


class Revise(_Opening):
    """Bring the opening post up to date with the article and with the discussion below it."""

    done = "brought up to date the post on"

    async def perform(self, job: Job, deadline: datetime) -> tuple[Receipt, str | None]:
        story, (draft, buttons) = job.story, await self._draft(job)
        digest = _digest(draft, buttons)
        if digest != story.draft_digest:
            await self._newsroom.revise(story, draft, self._feed(job), deadline, buttons)
        return Receipt(message_id=story.message_id, thread_id=story.thread_id), digest

    async def look(self, job: Job) -> Looked:
        return Again()


class Headline(_News):
    """Say in the thread that the headline changed, and rename it."""

    done = "told the new headline"

    async def perform(self, job: Job, deadline: datetime) -> tuple[Receipt, str | None]:
        old, new = job.payload["old"], job.payload["new"]
        message_id = job.message_id
        if message_id is None:
            message_id = await self._newsroom.note(job.story, headline_changed(old, new), job.token, deadline)
            await self._store.half_done(job.id, message_id)
        await self._newsroom.rename(job.story, thread_name(old), thread_name(new), deadline)
        return Receipt(message_id=message_id), None

    async def look(self, job: Job) -> Looked:
        if job.message_id is not None:
            return Again()
        finding = await self._newsroom.find_note(job.story, job.token, job.started_at or job.not_before)
        return Begun(finding.message_id) if isinstance(finding, Found) else finding


def _digest(draft: Draft, buttons: Buttons) -> str:
    """Differs when the post would read, look or link differently, or its buttons count otherwise."""
    digest = draft_digest(draft)
    return sha256(f"{digest}{buttons}".encode()).hexdigest() if buttons else digest
