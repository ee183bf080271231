"""The deeds of discussion: quoting posts, what follows from edits and deletions, reactions taken off, the log."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.errors import Refused, Vanished
from bot.model import Made, QuoteMode, Receipt
from bot.newsroom import MAX_TOTAL, SLACK, CannotCarry, Carried, Deleted, Found, NotThere, WebhookGone
from bot.newsroom.webhooks import spoken_names
from bot.publisher.deeds import Again, known
from bot.text.notices import restored_line
from bot.text.posting import (
    companion_text,
    mentions_in,
    quoting_content,
    restored_content,
)
from bot.text.quoting import own_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.clock import Clock
    from bot.languages import Say
    from bot.model import Contribution, Job, PostDetails, Quote, Said
    from bot.newsroom import Floor, Newsroom
    from bot.publisher.deeds import Looked
    from bot.store import Store

_NO_MENTIONS: tuple[frozenset[int], frozenset[int]] = (frozenset(), frozenset())
_WHOLE = "post.txt"  # the words of a post that are too long for it together with the line below them
_WHOLE_ROOM = 64 << 10  # bytes, more than any post has


class _Talk:
    """What they have in common: a post of the store, and the floor it stands on."""

    def __init__(self, store: Store, floor: Floor, say: Say, clock: Clock) -> None:
        self._store = store
        self._floor = floor
        self._say = say
        self._clock = clock

    def ready(self, job: Job) -> None:
        self._floor.check()

    async def _details(self, job: Job) -> PostDetails:
        details = await self._store.post_by_id(known(job.post_id))
        if details is None or details.post.deleted_at is not None:
            raise Vanished("the post was deleted meanwhile")
        return details

    def _restored(
        self, contribution: Contribution, words: str, quotes: Sequence[Quote], speaker: str | None
    ) -> tuple[str, bool]:
        """How a removed post reads that is posted again, and whether its words were cut for that."""
        line = restored_line(contribution.at, self._say)
        return restored_content(quotes, words, line, self._floor.guild_id, self._say, speaker=speaker)

    async def look(self, job: Job) -> Looked:
        return Again()


class QuotePost(_Talk):
    """Post what quotes: under the member's name, beside their native reply, or in our own words for them."""

    done = "posted a quote under"

    async def perform(self, job: Job, deadline: datetime) -> tuple[Receipt, str | None]:
        contribution = await self._store.contribution(known(job.post_id))
        if contribution is None:
            raise Vanished("the post was deleted meanwhile")
        if contribution.restores is not None:
            async with self._floor.woken(contribution.thread_id, deadline):
                return await self._restore(job, contribution, contribution.restores, deadline), None
        native = await self._native(contribution)
        words = contribution.words if native is None else native.content
        assert words is not None
        for mode in await self._modes(job, contribution):
            if mode is QuoteMode.COMPANION and native is not None:
                return await self._accompany(job, contribution, deadline), None
            if mode is QuoteMode.COMPANION:
                return await self._speak_for(job, contribution, words, deadline), None
            try:
                return await self._repost(job, contribution, native, words, deadline), None
            except CannotCarry:
                # Too long, or with files too large: the native reply stays as it is, beside its quote.
                continue
        raise Refused(f"thread {job.story.thread_id}: the bot lacks the permissions to quote there")

    async def _native(self, contribution: Contribution) -> Said | None:
        """The native reply as it is now: it may have been edited while it waited. None for what was typed."""
        if contribution.words is not None:
            return None
        native = await self._floor.look_up(contribution.thread_id, known(contribution.native_id))
        if native is None:
            raise Vanished("the reply was deleted before it was quoted")
        return native

    async def _modes(self, job: Job, contribution: Contribution) -> list[QuoteMode]:
        """What can be tried, best first; what lacks a permission is told to the moderators once a channel."""
        modes = []
        for mode in (QuoteMode.REPOST, QuoteMode.COMPANION):
            if mode is QuoteMode.REPOST and contribution.mode is not QuoteMode.REPOST:
                continue
            lacking = self._floor.lacking(mode, job.story.channel_id)
            if not lacking:
                modes.append(mode)
                continue
            text = self._say(
                "In <#{channel}> the bot lacks {permissions}: replies there are not quoted as configured"
                " (`{mode}`). Give its role these permissions, or change `quotes` in feeds.toml.",
                channel=job.story.channel_id,
                permissions=", ".join(lacking),
                mode=mode.value,
            )
            await self._store.tell(
                job.story.id, text, self._clock.now(), once=f"lacking:{mode}:{job.story.channel_id}"
            )
        return modes

    async def _repost(
        self, job: Job, contribution: Contribution, native: Said | None, words: str, deadline: datetime
    ) -> Receipt:
        if native is not None and (native.stickers or native.poll):
            raise CannotCarry("webhooks can post neither stickers nor polls")
        content = quoting_content(await self._quotes(job), words, self._floor.guild_id, self._say)
        if content is None:
            raise CannotCarry("the answer is too long for a post that also holds the quote")
        receipt = await self._floor.speak(
            contribution.thread_id,
            contribution.name,
            contribution.avatar,
            content,
            contribution.author_id,
            # Files come along; without any, Discord need not be asked for them.
            contribution.native_id if native is None or native.files else None,
            mentions_in(words),
            deadline,
        )
        return Receipt(receipt.message_id, webhook_id=receipt.webhook_id, words=words)

    async def _accompany(self, job: Job, contribution: Contribution, deadline: datetime) -> Receipt:
        text = companion_text(await self._quotes(job), self._floor.guild_id, self._say)
        native_id = known(contribution.native_id)
        return await self._floor.companion(contribution.thread_id, native_id, text, job.token, deadline)

    async def _speak_for(
        self, job: Job, contribution: Contribution, words: str, deadline: datetime
    ) -> Receipt:
        content = quoting_content(
            await self._quotes(job), words, self._floor.guild_id, self._say, speaker=contribution.name
        )
        if content is None:
            raise Refused("the answer is too long for a post that also holds the quote")
        receipt = await self._floor.say(
            contribution.thread_id, content, job.token, mentions_in(words), contribution.author_id, deadline
        )
        return Receipt(receipt.message_id, words=words)

    async def _restore(
        self, job: Job, contribution: Contribution, restores: tuple[int, int], deadline: datetime
    ) -> Receipt:
        """Post what a case had removed again: with its files, as far as they can be had, and without pings."""
        quotes, words = await self._quotes(job), contribution.words or ""
        files = await self._kept_files(*restores)
        for mode in await self._modes(job, contribution):
            alone = mode is QuoteMode.REPOST
            speaker = None if alone else contribution.name
            content, cut = self._restored(contribution, words, quotes, speaker)
            whole = (Carried(_WHOLE, words.encode(), None, spoiler=False),) if cut else ()
            # What was kept may have become too large, as when the server lost its boosts: rather the words alone.
            for attached in (files, ()) if files else ((),):
                with suppress(CannotCarry):
                    receipt = await self._post_again(
                        job, contribution, content, (*whole, *attached), deadline, alone=alone
                    )
                    return replace(receipt, words=words)
        raise Refused(f"thread {job.story.thread_id}: the bot lacks the permissions to post again there")

    async def _post_again(
        self,
        job: Job,
        contribution: Contribution,
        content: str,
        files: tuple[Carried, ...],
        deadline: datetime,
        *,
        alone: bool,
    ) -> Receipt:
        """``alone``: under the member's name, not by the bot for them."""
        thread_id, author_id = contribution.thread_id, contribution.author_id
        if not alone:
            return await self._floor.say(
                thread_id, content, job.token, _NO_MENTIONS, author_id, deadline, files
            )
        return await self._floor.speak(
            thread_id,
            contribution.name,
            contribution.avatar,
            content,
            author_id,
            None,
            _NO_MENTIONS,
            deadline,
            files,
        )

    async def _kept_files(self, case_id: int, message_id: int) -> tuple[Carried, ...]:
        case = await self._store.case(case_id)
        post = case.post(message_id) if case is not None else None
        found: list[Carried] = []
        room = MAX_TOTAL - _WHOLE_ROOM
        for file in post.snapshot.files if post is not None and post.snapshot is not None else ():
            if file.path is None or file.size > min(room, self._floor.file_limit):
                continue
            data = await self._store.kept.read(file.path)
            if data is not None:
                found.append(Carried(file.name, data, file.description, file.spoiler))
                room -= len(data)
        return tuple(found)

    async def _quotes(self, job: Job) -> tuple[Quote, ...]:
        return (await self._details(job)).quotes

    async def look(self, job: Job) -> Looked:
        """The one message of ours in the thread that no post claims: all of a story's quotes share a lane.

        There may be several that a lost store had posted: then it is the one that can be this member's.
        """
        since = job.started_at or job.not_before
        if any(post.deleted_at for post in await self._store.unclaimed(job.story.id, since - SLACK)):
            return Deleted()
        thread_id = known(job.story.thread_id)
        claimed = await self._store.claimed(job.story.id, since - SLACK)
        finding = await self._floor.find_unclaimed(thread_id, since, claimed)
        if not isinstance(finding, Found):
            return finding
        contribution = await self._store.contribution(known(job.post_id))
        if contribution is None:
            return Deleted()
        native_id, native = contribution.native_id, None
        if native_id is not None:
            native = await self._floor.look_up(thread_id, native_id)
        words = contribution.words
        if words is None and native is not None and native.edited_at is None:
            words = native.content  # one edited since does not tell what was posted
        there = [await self._floor.look_up(thread_id, each) for each in (finding.message_id, *finding.extras)]
        theirs = [said for said in there if said is not None and self._can_be(said, contribution)]
        same = [said for said in theirs if words is not None and _says(said, words, contribution)]
        if not theirs or not (same or words is None or job.attempt):
            return NotThere() if any(there) else Deleted()
        if not same and len(theirs) > 1:
            return Deleted()  # better one quote too few than one twice, or another member's
        said = (same or theirs)[0]
        if said.webhook_id is not None:
            # Replace brings the post up to date with what the author wrote since.
            return Receipt(
                said.message_id,
                webhook_id=said.webhook_id,
                words=own_words(said, None, self._say) if words is None else words,
            )
        return Receipt(said.message_id, words=contribution.words)

    def _can_be(self, said: Said, contribution: Contribution) -> bool:
        """Whether a post of ours can have been made for this member."""
        if said.webhook_id is not None:
            return said.name in spoken_names(contribution.name)
        if said.reply_to is not None:
            return said.reply_to == contribution.native_id
        named = quoting_content((), "", self._floor.guild_id, self._say, speaker=contribution.name)
        return named is not None and said.content.startswith(named.strip())


class Requote(_Talk):
    """Bring a quoting post up to date with what it quotes and with its author's own words."""

    done = "brought up to date a quote under"

    async def perform(self, job: Job, deadline: datetime) -> tuple[Receipt, str | None]:
        details = await self._details(job)
        post, guild_id = details.post, self._floor.guild_id
        message_id = known(post.message_id)
        if post.made is Made.BOT and post.words is None:
            text = companion_text(details.quotes, guild_id, self._say)
            await self._floor.change(post.thread_id, message_id, None, None, text, deadline)
            return Receipt(message_id), None

        content = await self._content(details)
        try:
            await self._floor.change(post.thread_id, message_id, post.webhook_id, content, None, deadline)
        except WebhookGone as error:
            # Only that webhook could edit the post. What was removed must not stay readable in it, so that it
            # is posted anew; what merely changed is left as it was rather than moved to the thread's end.
            if not any(quote.lost_at for quote in details.quotes):
                raise Refused(str(error)) from error
            await self._store.revoice(post.id, self._clock.now())
            raise Vanished("posted anew: the webhook that could edit it was deleted") from error
        return Receipt(message_id), None

    async def _content(self, details: PostDetails) -> str:
        post = details.post
        contribution = await self._store.contribution(post.id)
        speaker = contribution.name if contribution and post.made is Made.BOT else None
        if contribution is not None and contribution.restores is not None:
            return self._restored(contribution, post.words or "", details.quotes, speaker)[0]
        content = quoting_content(
            details.quotes, post.words or "", self._floor.guild_id, self._say, speaker=speaker
        )
        if content is None:
            raise Refused("the answer has become too long for a post that also holds the quote")
        return content


class Replace(_Talk):
    """Delete the native reply (or our own earlier post) whose place a quoting post has taken."""

    done = "replaced a reply under"

    async def perform(self, job: Job, deadline: datetime) -> tuple[Receipt, str | None]:
        thread_id, message_id = known(job.story.thread_id), int(job.payload["message"])
        await self._take_over(known(job.post_id), await self._floor.look_up(thread_id, message_id))
        await self._floor.delete(thread_id, message_id, deadline)
        return Receipt(), None

    async def _take_over(self, post_id: int, replaced: Said | None) -> None:
        """A reply edited after it was read, as while we were away, must not take the newer words with it."""
        if replaced is None or replaced.ours or replaced.edited_at is None or not replaced.content:
            return
        details = await self._store.post_by_id(post_id)
        if details is not None and details.post.words != replaced.content:
            await self._store.rewrite(post_id, replaced.content, self._clock.now())


class Delete(_Talk):
    """Delete a post that we made."""

    done = "deleted a post under"

    async def perform(self, job: Job, deadline: datetime) -> tuple[Receipt, str | None]:
        details = await self._details(job)
        message_id = known(details.post.message_id)
        await self._floor.delete(details.post.thread_id, message_id, deadline)
        return Receipt(message_id), None


class Unreact(_Talk):
    """Take a member's reaction off a post."""

    done = "took a reaction off under"

    def __init__(self, store: Store, floor: Floor, newsroom: Newsroom, say: Say, clock: Clock) -> None:
        super().__init__(store, floor, say, clock)
        self._newsroom = newsroom

    async def perform(self, job: Job, deadline: datetime) -> tuple[Receipt, str | None]:
        story, message_id = job.story, int(job.payload["message"])
        place = self._newsroom.place_of(story, message_id)
        await self._floor.unreact(
            place, message_id, int(job.payload["member"]), job.payload["emoji"], deadline
        )
        return Receipt(), None


class Log(_Talk):
    """Tell the moderators something in their log."""

    done = "told the moderators about"

    def __init__(self, store: Store, floor: Floor, channel_id: int | None, say: Say, clock: Clock) -> None:
        super().__init__(store, floor, say, clock)
        self._channel_id = channel_id

    async def perform(self, job: Job, deadline: datetime) -> tuple[Receipt, str | None]:
        ping = job.payload.get("ping")
        message_id = await self._floor.log(
            self._channel(), job.payload["text"], job.token, deadline, int(ping) if ping else None
        )
        return Receipt(message_id), None

    async def look(self, job: Job) -> Looked:
        since = job.started_at or job.not_before
        finding = await self._floor.find_log(self._channel(), job.token, since)
        return Receipt(finding.message_id) if isinstance(finding, Found) else finding

    def _channel(self) -> int:
        if self._channel_id is None:
            raise Refused("no log channel: set log_channel_id under [moderation] in newsthread.toml")
        return self._channel_id


def _says(said: Said, words: str, contribution: Contribution) -> bool:
    """Whether these are the author's words in a post of ours; below restored ones stands a line, beside a native reply
    stand none."""
    if said.reply_to is not None:
        return True
    if contribution.restores is not None:
        return words.strip() in said.content
    return said.content.rstrip().endswith(words.strip())
