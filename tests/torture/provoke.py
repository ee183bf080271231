"""For each point at which the bot can be made to die: what brings it there."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from bot.model import JobKind
from tests.scenario import FORUM, HEADLINES, MOD_LOG, until
from tests.torture.life import MANAGE_MESSAGES, MANAGE_WEBHOOKS, Life
from tests.torture.world import BESIDE

if TYPE_CHECKING:
    from tests.torture.life import Act

FORUM_NEWS, TEXT_NEWS = "/forum.rss", "/text.rss"
LOST: dict[str, Any] = {"drop": "after"}
CUT: dict[str, Any] = {"drop": "before"}
OPENS = {"method": "POST", "path": f"/channels/{FORUM}/threads$"}
SPEAKS = {"method": "POST", "path": r"/webhooks/\d+/[^/]+$"}
LOGS = {"method": "POST", "path": f"/channels/{MOD_LOG}/messages$"}
# Notices, notes and direct messages: any channel's but those above.
WRITES = {"method": "POST", "path": rf"/channels/(?!{MOD_LOG}|{HEADLINES})\d+/messages$"}


@dataclass(frozen=True, slots=True)
class Way:
    """``act`` leads to the point, while ``faults`` are ordered.

    ``before`` names a point at which it has to die first; with ``set_back`` the store is restored to before the act.
    """

    act: Act
    faults: tuple[dict[str, Any], ...] = ()
    before: str | None = None
    set_back: bool = False


async def _forum(life: Life) -> None:
    life.publish(FORUM_NEWS)


async def _text(life: Life) -> None:
    life.publish(TEXT_NEWS)


async def _amended(life: Life) -> None:
    life.amend(await life.opened())


async def _extended(life: Life) -> None:
    life.extend(await life.opened())


async def _removal(life: Life) -> None:
    await life.removal()


async def _quoted_removal(life: Life) -> None:
    await life.removal(quoted=True)


async def _corrected(life: Life) -> None:
    await life.correct(await life.removal())


async def _reinstated(life: Life) -> None:
    await life.reinstate(await life.removal())


async def _suspension(life: Life) -> None:
    await life.suspension()


async def _report(life: Life) -> None:
    await life.report()


async def _reports(life: Life) -> None:
    await life.report(times=2)


async def _reply(life: Life) -> None:
    await life.reply(FORUM_NEWS)


async def _companion(life: Life) -> None:
    await life.reply(BESIDE)


async def _companion_withdrawn(life: Life) -> None:
    """The bot's post beside a reply goes with it."""
    answer = await life.reply(BESIDE)

    async def there() -> bool:
        return any(
            (one.get("message_reference") or {}).get("message_id") == answer.native and one["embeds"]
            for one in await life.scene.messages(answer.thread)
        )

    await until(there)
    await life.withdraw(answer)


async def _withdrawn(life: Life) -> None:
    """A reply that goes while its quote is being made."""
    source = await life.say(life.home(FORUM_NEWS))
    await life.scene.until_seen(source["id"])
    await life.scene.fault(event="MESSAGE_DELETE", mode="lose")
    await life.scene.fault(method="GET", path=rf"/channels/{source['channel_id']}/messages/\d+$", delay=1.5)
    await life.scene.fault(method="GET", path=rf"/channels/{source['channel_id']}/messages/\d+$", delay=1.5)
    answer = await life.reply(FORUM_NEWS, to=source)
    await asyncio.sleep(0.5)
    await life.withdraw(answer)


async def _rewritten(life: Life) -> None:
    """A reply that is edited while its quote is being posted, and nobody tells."""
    await life.scene.fault(event="MESSAGE_UPDATE", mode="lose")
    await life.scene.fault(**SPEAKS, delay=0.8)
    answer = await life.reply(FORUM_NEWS)

    async def speaking() -> bool:
        return bool(await life.scene.requests("POST", "/webhooks/"))

    await until(speaking)
    await asyncio.sleep(0.5)
    answer.newest = f"So {answer.words}, I mean?"
    message = {"channel_id": answer.thread, "id": answer.native}
    await life.edit("alice", message, answer.newest)


async def _source_edited(life: Life) -> None:
    source = await life.say(life.home(FORUM_NEWS))
    await life.quoted(await life.reply(FORUM_NEWS, to=source))
    await life.edit("bob", source, f"{source['content']} Or so.")


async def _voiceless(life: Life) -> None:
    """What was removed is quoted in a post that nobody can edit any more."""
    source = await life.say(life.home(FORUM_NEWS))
    await life.quoted(await life.reply(FORUM_NEWS, to=source))
    await life.scene.until_seen(source["id"])
    await life.lose_webhooks()
    await life.remove(source, "bob")


async def _twins(life: Life) -> None:
    """Discord was slower than it may be: by the time the bot looks there are two."""
    article = life.publish(FORUM_NEWS)
    made = await until(partial(life.thread, FORUM_NEWS, article.number))
    world = life.world.local.ctx.world
    (starter,) = [one for one in world.history(int(made)) if one.id == int(made)]
    await life.as_bot(
        f"/channels/{FORUM}/threads",
        {
            "name": article.titles[0],
            "message": {"components": _as_sent(starter.components), "flags": 1 << 15},
        },
    )


def _as_sent(components: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Components as they are read, without what only reading tells."""
    return [
        {key: _as_sent(value) if key == "components" else value for key, value in one.items() if key != "id"}
        for one in components
    ]


async def _closed(life: Life) -> None:
    """The forum is closed to the bot when an article comes."""
    had = await life.close(FORUM)
    try:
        await _forum(life)
        await asyncio.sleep(2.5)
    finally:
        await life.overwrite(FORUM, had)


async def _unvoiced(life: Life) -> None:
    """What is typed can't be posted under the member's name."""
    await life.without(MANAGE_WEBHOOKS, life.type_answer(), 1.5)


async def _powerless(life: Life) -> None:
    """The bot may not remove anything, and says so in the log."""
    removal: list[Any] = []

    async def remove() -> None:
        post = await life.say(life.home(FORUM_NEWS))
        await life.scene.until_seen(post["id"])
        await life.permit(MANAGE_MESSAGES)
        removal.append(await life.remove(post, "bob"))

    await life.without(0, remove(), 1.5)


FORUM_ARTICLE = Way(_forum)
LOST_ARTICLE = Way(_forum, (OPENS | LOST,))
UNSENT_ARTICLE = Way(_forum, (OPENS | CUT,))
REPLY = Way(_reply)
LOST_REPLY = Way(_reply, (SPEAKS | LOST,))
REMOVAL = Way(_removal)
QUOTED_REMOVAL = Way(_quoted_removal)
CORRECTED = Way(_corrected)
REINSTATED = Way(_reinstated)
SUSPENSION = Way(_suspension)
AMENDED = Way(_amended)
EXTENDED = Way(_extended)
POWERLESS = Way(_powerless)
REPORT = Way(_report)
WITHDRAWN = Way(_companion_withdrawn)
UNNAMED = Way(Life.react_unnamed)

# By call, then by kind of job.
WAYS: dict[str, Way] = {
    "store.recover": FORUM_ARTICLE,
    "store.restored_at": FORUM_ARTICLE,
    "store.retarget": FORUM_ARTICLE,
    "store.hasten": FORUM_ARTICLE,
    "store.next_jobs": FORUM_ARTICLE,
    "store.claim": FORUM_ARTICLE,
    "store.settle": FORUM_ARTICLE,
    "store.doubt": LOST_ARTICLE,
    "store.clear": UNSENT_ARTICLE,
    "store.ledger": LOST_ARTICLE,
    "store.unclaimed_lost": UNSENT_ARTICLE,
    "store.hold": Way(_closed),
    "store.postpone": Way(_removal, ({"method": "DELETE", "path": r"/messages/\d+$", "status": 503},)),
    "store.park": Way(_report, (LOGS | {"status": 400, "code": 50006},)),
    "store.removed": Way(_withdrawn),
    "store.half_done": Way(_text),
    "store.withdrawal": FORUM_ARTICLE,
    "reactions.discussion": FORUM_ARTICLE,
    "reactions.buttons": FORUM_ARTICLE,
    "newsroom.open_forum_post": FORUM_ARTICLE,
    "newsroom.post_opening": Way(_text),
    "newsroom.start_thread": Way(_text),
    "newsroom.find_opening": LOST_ARTICLE,
    "newsroom.find_known": Way(Life.opened, set_back=True),
    "newsroom.delete_extras": Way(_twins, (OPENS | LOST,)),
    "newsroom.revise": EXTENDED,
    "newsroom.note": AMENDED,
    "newsroom.rename": AMENDED,
    "newsroom.find_note": Way(_amended, (WRITES | LOST,)),
    "store.case": REMOVAL,
    "store.stands_for": REMOVAL,
    "store.files_kept": REMOVAL,
    "store.kept.keep": REMOVAL,
    "office.evidence": REMOVAL,
    "office.take_down": REMOVAL,
    "office.stands": Way(_removal, before="take-down:claimed"),
    "office.post_notice": REMOVAL,
    "office.change_notice": CORRECTED,
    "office.find_notice": Way(_removal, (WRITES | LOST,)),
    "office.tell": REMOVAL,
    "office.find_told": Way(_removal, before="tell:performed"),
    "office.enter": REMOVAL,
    "office.change_entry": CORRECTED,
    "office.find_entry": Way(_removal, (LOGS | LOST,)),
    "store.report_of": REPORT,
    "office.enter_report": REPORT,
    "office.change_report": Way(_reports),
    "store.suspended_until": SUSPENSION,
    "store.suspended_at_most": SUSPENSION,
    "office.set_rights": SUSPENSION,
    "store.tell": POWERLESS,
    "floor.log": POWERLESS,
    "floor.find_log": Way(_powerless, (LOGS | LOST,)),
    "store.contribution": REPLY,
    "store.post_by_id": REPLY,
    "floor.look_up": REPLY,
    "floor.speak": REPLY,
    "floor.companion": Way(_companion),
    "floor.say": Way(_unvoiced),
    "floor.woken": REINSTATED,
    "store.kept.read": REINSTATED,
    "store.unclaimed": LOST_REPLY,
    "store.claimed": LOST_REPLY,
    "floor.find_unclaimed": LOST_REPLY,
    "floor.change": Way(_source_edited),
    "floor.delete": REPLY,
    "store.revoice": Way(_voiceless),
    "store.rewrite": Way(_rewritten),
    "floor.unreact": UNNAMED,
    "tell:opened": REMOVAL,
    "take-down:kept": REMOVAL,
    JobKind.OPEN: FORUM_ARTICLE,
    JobKind.REVISE: EXTENDED,
    JobKind.HEADLINE: AMENDED,
    JobKind.QUOTE: REPLY,
    JobKind.REQUOTE: QUOTED_REMOVAL,
    JobKind.REPLACE: REPLY,
    JobKind.DELETE: WITHDRAWN,
    JobKind.UNREACT: UNNAMED,
    JobKind.LOG: POWERLESS,
    JobKind.TAKE_DOWN: REMOVAL,
    JobKind.NOTICE: REMOVAL,
    JobKind.TELL: REMOVAL,
    JobKind.ENTER: REMOVAL,
    JobKind.REPORT: REPORT,
    JobKind.RIGHTS: SUSPENSION,
}


def way_to(point: str) -> Way:
    """
    Raises:
        KeyError: nobody knows how to get there: give it a line above.
    """
    return WAYS[point] if point in WAYS else WAYS[point.rpartition(":")[0]]
