"""Who deleted what: posts that disappeared, held against the audit log. Pure.

Discord joins a moderator's deletions of one author's messages in one channel into a single audit entry, whose count
grows for some minutes, and names no message in it. What it says is therefore how many more posts of an author were
deleted since it was last looked at; which, their nearness in time tells. What an author deletes of their own, and
what a bot deletes one by one, leaves no entry at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.model import Made

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from bot.model import Disappeared
    from bot.newsroom import AuditedDeletion

SKEW = timedelta(minutes=1)  # between Discord's clock, by which entries are dated, and ours
_NEW = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Deletion:
    """Posts of one author in one thread that one person deleted; ``posts`` are in the order in which they stood."""

    entry: AuditedDeletion
    posts: tuple[Disappeared, ...]


def unseen(entries: Iterable[AuditedDeletion], seen: Mapping[int, int], now: datetime) -> dict[int, int]:
    """How many deletions each entry, by id, tells of that were not ``seen`` in it before.

    With nothing seen at all the log is looked at for the first time: all but its last minute is history.
    """
    return {
        entry.entry_id: max(0, entry.count - seen.get(entry.entry_id, 0))
        for entry in entries
        if seen or now - entry.at <= _NEW
    }


def deletions(
    gone: Sequence[Disappeared],
    entries: Iterable[AuditedDeletion],
    unseen: Mapping[int, int],
    bot_id: int,
    read_at: datetime | None = None,
) -> tuple[Deletion, ...]:
    """The deletions by somebody else than the author that entries account for, one for each deleter, author and thread.

    Of several posts that an entry may mean, those that went nearest to its time are taken; of an entry that was there
    when the log was read last, at ``read_at``, first those that went since.
    """
    pairs = [
        (
            read_at is not None and unseen[entry.entry_id] < entry.count and one.gone_at < read_at,
            abs(one.gone_at - entry.at),
            one.message_id,
            entry.entry_id,
            one,
            entry,
        )
        for entry in entries
        if unseen.get(entry.entry_id, 0) and entry.rule is None
        for one in gone
        if _may_mean(entry, one, bot_id)
    ]
    left = dict(unseen)
    meant: dict[int, tuple[Disappeared, AuditedDeletion]] = {}
    for *_, message_id, entry_id, one, entry in sorted(pairs, key=lambda pair: pair[:4]):
        if message_id not in meant and left[entry_id] > 0:
            meant[message_id] = one, entry
            left[entry_id] -= 1
    groups: dict[tuple[int | None, int, int], list[tuple[Disappeared, AuditedDeletion]]] = {}
    for one, entry in sorted(meant.values(), key=lambda pair: pair[0].message_id):
        # Who may delete anything did so with what the bot posted for them. Its own notices are nobody's posts.
        if one.author_id not in (entry.by, bot_id):
            groups.setdefault((entry.by, one.author_id, one.thread_id), []).append((one, entry))
    return tuple(Deletion(group[0][1], tuple(one for one, _ in group)) for group in groups.values())


def _may_mean(entry: AuditedDeletion, one: Disappeared, bot_id: int) -> bool:
    if entry.channel_id != one.thread_id or entry.at > one.gone_at + SKEW:
        return False
    if entry.bulk:
        return True  # names nobody
    shown = {Made.NATIVE: one.author_id, Made.WEBHOOK: one.webhook_id, Made.BOT: bot_id}
    return entry.target_id == shown[one.made]
