"""The protocols of the model as scripts against the real bot: each brings about what makes a wrong one fail.

Their numbers are the model's (``test_model``). Where a protocol is safe, its script tries what it is safe against.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from bot.settings.keys import DeliveryKeys
from tests.process import write_config
from tests.scenario import HEADLINES, until
from tests.torture.bot import Bot
from tests.torture.life import Life
from tests.torture.provoke import FORUM_NEWS, OPENS, TEXT_NEWS

if TYPE_CHECKING:
    from tests.torture.life import Article
    from tests.torture.world import World

SENDS = {"method": "POST", "path": f"/channels/{HEADLINES}/messages$"}
# An attempt is looked for 5 s after its claim: time enough to start another process before what comes late comes.
DELIVERY = DeliveryKeys(send_deadline=timedelta(seconds=1), settle=timedelta(seconds=4))
EFFECT = 2.5
LAG = 1.5
DWELL = 3.0  # in Discord's queue: past the deadline, and together with ``EFFECT`` past the look
OPENED = 60.0
LOCKED = 4  # the exit code


class Stage:
    """A world, its people, and what has been asked of Discord since the scene began."""

    def __init__(self, world: World, life: Life) -> None:
        self.world = world
        self.life = life
        self.scene = world.scene
        self._before = 0

    async def begin(self) -> None:
        """Nothing of the scene before is left; the bot is up."""
        await self.scene.clear_faults()
        self.world.disarm()
        if not self.world.alive:
            await self.world.start()
        self._before = len(self.world.local.ctx.log.since(0))

    def asked(self, request: dict[str, Any]) -> list[dict[str, Any]]:
        """The requests of this kind, as logged."""
        part = request["path"].rstrip("$")
        return [
            each
            for each in self.world.local.ctx.log.since(0)[self._before :]
            if each["method"] == request["method"] and each["path"].endswith(part)
        ]

    async def until_asked(self, request: dict[str, Any], times: int = 1) -> None:
        async def asked() -> bool:
            return len(self.asked(request)) >= times

        await until(asked, OPENED)

    async def until_opened(self, article: Article) -> str:
        """Wait until the store says that it is done; the thread."""

        await self.until_opening(article, "done")
        thread: str = await until(partial(self.life.thread, article.path, article.number), OPENED)
        return thread

    async def until_opening(self, article: Article, state: str) -> None:
        """Wait until the job that opens its thread is in this state."""

        async def so() -> bool:
            found = self.scene.rows(
                "SELECT job.state FROM job JOIN story ON story_id = story.id JOIN article ON article_id = article.id"
                " WHERE job.kind = 'open' AND article.guid = ?",
                article.item["guid"],
            )
            return found == [(state,)]

        await until(so, OPENED)

    async def again(self) -> None:
        """Killed, and started at once."""
        await self.world.kill()
        await self.world.start()


async def sent_then_stored(on: Stage) -> None:
    """1: killed when Discord has answered and nobody has stored the answer."""
    on.world.arm("newsroom.open_forum_post:ended")
    article = on.life.publish(FORUM_NEWS)
    assert await on.world.died(OPENED)
    await on.world.start()
    await on.until_opened(article)
    assert len(on.asked(OPENS)) == 1


async def sent_again_blindly(on: Stage) -> None:
    """2: the post is there, its answer is not, and the process that asked is dead."""
    await on.scene.fault(**OPENS, drop="after", delay=0.3)
    article = on.life.publish(FORUM_NEWS)
    await on.until_asked(OPENS)
    await on.again()
    await on.until_opened(article)
    assert len(on.asked(OPENS)) == 1


async def looked_for_at_once(on: Stage) -> None:
    """3: when the next process starts, Discord has not made the post yet; it does a moment later."""
    await on.scene.fault(**OPENS, late=EFFECT)
    article = on.life.publish(FORUM_NEWS)
    await on.until_asked(OPENS)
    await on.again()
    await on.until_opened(article)
    assert len(on.asked(OPENS)) == 1


async def looked_for_before_it_is_listed(on: Stage) -> None:
    """4: the post is made as late as it may be, and no listing shows it yet."""
    await on.scene.fault(lag=LAG)
    await on.scene.fault(**OPENS, late=EFFECT)
    article = on.life.publish(FORUM_NEWS)
    await on.until_asked(OPENS)
    await on.again()
    await on.until_opened(article)
    assert len(on.asked(OPENS)) == 1


async def no_deadline(on: Stage) -> None:
    """5: the request waits for Discord's pace past its deadline; what leaves then belongs to another claim."""
    await on.scene.fault(**OPENS, status=429, retry_after=DWELL)
    await on.scene.fault(**OPENS, late=EFFECT)
    article = on.life.publish(FORUM_NEWS)
    await on.until_asked(OPENS, times=2)
    await on.again()
    await on.until_opened(article)
    assert len(on.asked(OPENS)) == 2  # refused, and posted late


async def as_built(on: Stage) -> None:
    """6: killed before the request could do anything: it is sent again, once."""
    await on.scene.fault(**OPENS, drop="before", delay=0.3)
    article = on.life.publish(FORUM_NEWS)
    await on.until_asked(OPENS)
    await on.again()
    await on.until_opened(article)
    assert len(on.asked(OPENS)) == 2


async def repeated_by_the_library(on: Stage) -> None:
    """7: a 502 comes after the deed; discord.py would send the request again by itself."""
    await on.scene.fault(**OPENS, status=502, drop="after")
    article = on.life.publish(FORUM_NEWS)
    await on.until_opened(article)
    assert len(on.asked(OPENS)) == 1


async def two_processes(on: Stage) -> None:
    """8 and 9: while the answer of one is out, another is started on the same store, and leaves at once."""
    await on.scene.fault(**OPENS, delay=2.0, drop="after")
    article = on.life.publish(FORUM_NEWS)
    await on.until_asked(OPENS)
    second = Bot(on.scene.folder / "config", on.scene.folder / "nowhere", on.scene.folder / "second.log")
    await second.start()
    assert await second.ended(OPENED)
    assert second.code == LOCKED
    await on.until_opened(article)
    assert len(on.asked(OPENS)) == 1


async def deleted_while_dead(on: Stage) -> None:
    """10: a moderator deletes the post before anybody has looked for it, and no process hears of that."""
    await on.scene.fault(**OPENS, drop="after")
    article = on.life.publish(FORUM_NEWS)
    await on.until_asked(OPENS)
    await on.world.kill()
    thread = await until(partial(on.life.thread, article.path, article.number), OPENED)
    article.removed = True
    await on.scene.call("DELETE", f"/local/as/ada/channels/{thread}")
    await on.world.start()
    await _stays_removed(on, article)


async def deleted_while_listening(on: Stage) -> None:
    """11: the same, and the gateway told of the post and of its end."""
    await on.scene.fault(**OPENS, drop="after")
    article = on.life.publish(FORUM_NEWS)
    thread = await until(partial(on.life.thread, article.path, article.number), OPENED)
    article.removed = True
    await on.scene.call("DELETE", f"/local/as/ada/channels/{thread}")
    await _stays_removed(on, article)


async def _stays_removed(on: Stage, article: Article) -> None:
    await on.until_opening(article, "removed")
    assert len(on.asked(OPENS)) == 1


async def set_back_under_way(on: Stage) -> None:
    """An old copy of the store, looked for too early: it is put back while a request is on its way that it knows nothing of."""
    await on.scene.fault(**OPENS, drop="before")
    article = on.life.publish(FORUM_NEWS)
    await on.until_asked(OPENS)
    await on.world.kill()
    copy = await on.world.back_up()
    await on.world.start()
    await on.scene.fault(**OPENS, late=EFFECT)
    await on.until_asked(OPENS, times=2)
    await on.world.kill()
    on.world.set_back(copy)
    await on.world.start()
    await on.until_opened(article)
    assert len(on.asked(OPENS)) == 2


async def nonce_forgotten(on: Stage) -> None:
    """12: by the time the attempt is looked for, Discord has forgotten its nonce and would post a second time."""
    await on.scene.fault(**SENDS, drop="after")
    article = on.life.publish(TEXT_NEWS)
    await on.until_asked(SENDS)
    await on.scene.call("POST", "/local/clock", {"advance": 200})
    await on.until_opened(article)
    assert len(on.asked(SENDS)) == 1


async def nonce_unknown_yet(on: Stage) -> None:
    """13: within the nonce's time the first message may not be there yet; it comes late, and is listed later."""
    await on.scene.fault(lag=LAG)
    await on.scene.fault(**SENDS, late=EFFECT)
    article = on.life.publish(TEXT_NEWS)
    await on.until_asked(SENDS)
    await on.again()
    await on.until_opened(article)
    assert len(on.asked(SENDS)) == 1


Script = Callable[[Stage], Awaitable[None]]

# The last one moves time on, at Discord's only.
SCRIPTS: tuple[Script, ...] = (
    sent_then_stored,
    sent_again_blindly,
    looked_for_at_once,
    looked_for_before_it_is_listed,
    no_deadline,
    as_built,
    repeated_by_the_library,
    two_processes,
    deleted_while_dead,
    deleted_while_listening,
    set_back_under_way,
    nonce_unknown_yet,
    nonce_forgotten,
)


async def play(world: World, life: Life, scripts: tuple[Script, ...]) -> None:
    """One after the other, in one world.

    Raises:
        AssertionError: a script did not end as it should.
    """
    world.scene.delivery = DELIVERY
    write_config(world.scene, world.scene.folder / "config")
    stage = Stage(world, life)
    await stage.begin()
    await life.begin()
    for script in scripts:
        await stage.begin()
        await script(stage)
