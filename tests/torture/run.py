"""One world, killed over and over: a point or a moment for each life of the bot, faults all around, a verdict at last."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from time import monotonic
from typing import TYPE_CHECKING, Any

import aiohttp

from tests.scenario import HEADLINES, until
from tests.torture.life import Life
from tests.torture.provoke import FORUM_ARTICLE, LOGS, OPENS, REMOVAL, REPLY, SPEAKS, WRITES, Way, way_to
from tests.torture.verdict import Verdict, judge
from tests.torture.world import TROUBLES, world

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tests.torture.world import World

log = logging.getLogger(__name__)

STRIKES_WITHIN = 25.0  # seconds that a way may take to its point
TRIES = 3
QUIET_AFTER = 90.0  # seconds in which everything has to be done at the end
CALM = 1.5  # seconds without a request
QUIET_WITHIN = 15.0
RANDOM_LIFE = 2.5  # seconds, at most, that a bot lives until a random moment

# What befalls a request. Effects come late within what ``settle`` allows for, and listings show them within it, too.
ANSWERS: tuple[dict[str, Any], ...] = (
    {"drop": "before"},
    {"drop": "after"},
    {"status": 500},
    {"status": 502, "drop": "after"},
    {"status": 503},
    {"status": 429, "retry_after": 0.3, "times": 3},
    {"late": 0.4},
    {"delay": 0.4},
    {"delay": 0.4, "drop": "after"},
)
REQUESTS: tuple[dict[str, Any], ...] = (
    OPENS,
    SPEAKS,
    LOGS,
    WRITES,
    {"method": "POST", "path": f"/channels/{HEADLINES}/messages$"},
    {"method": "POST", "path": f"/channels/{HEADLINES}/messages/\\d+/threads$"},
    {"method": "PATCH", "path": r"/messages/\d+$"},
    {"method": "DELETE", "path": r"/messages/\d+$"},
    {"method": "PUT", "path": "/"},
    {"method": "GET", "path": "/messages"},
    {"method": "GET", "path": "/threads/"},
    {"method": "GET", "path": r"/channels/\d+$"},
)
EVENTS = ("MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE", "THREAD_CREATE", "MESSAGE_REACTION_ADD")
LAG = 0.5
# Killed while a request is on its way: that route, and what leads to it.
ON_THE_WAY: tuple[tuple[dict[str, Any], Way], ...] = (
    (OPENS, FORUM_ARTICLE),
    (SPEAKS, REPLY),
    ({"method": "DELETE", "path": r"/messages/\d+$"}, REMOVAL),
    (WRITES, REMOVAL),
    (LOGS, REMOVAL),
    ({"method": "POST", "path": f"/channels/{HEADLINES}/messages"}, way_to("newsroom.post_opening")),
)


@dataclass
class Figures:
    """What was done to a world, or to several, and what came of it."""

    kills: Counter[str] = field(default_factory=Counter)  # by class of moment
    struck: set[str] = field(default_factory=set)
    missed: set[str] = field(default_factory=set)
    faults: Counter[str] = field(default_factory=Counter)
    articles: int = 0
    answers: int = 0
    removals: int = 0
    reports: int = 0
    jobs: Counter[str] = field(default_factory=Counter)
    tracebacks: int = 0
    verdict: Verdict = field(default_factory=Verdict)
    seconds: float = 0.0

    def add(self, other: Figures) -> None:
        for counter in ("kills", "faults", "jobs"):
            getattr(self, counter).update(getattr(other, counter))
        self.struck |= other.struck
        self.missed |= other.missed
        for name in ("articles", "answers", "removals", "reports", "tracebacks"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name in ("lost", "repeated", "wrong"):
            getattr(self.verdict, name).extend(getattr(other.verdict, name))
        self.seconds = max(self.seconds, other.seconds)

    @property
    def good(self) -> bool:
        return not (self.verdict.all() or self.missed)

    def told(self) -> str:
        """For people."""
        verdict = self.verdict
        lines = [
            f"kills      {self.kills.total()} ({_counted(self.kills)})",
            f"faults     {self.faults.total()} ({_counted(self.faults)})",
            f"articles   {self.articles}, answers {self.answers}, removals {self.removals}, reports {self.reports}",
            f"jobs       {self.jobs.total()} ({_counted(self.jobs)})",
            f"points     {len(self.struck)} struck, {len(self.missed)} missed",
            f"lost       {len(verdict.lost)}",
            f"repeated   {len(verdict.repeated)}",
            f"wrong      {len(verdict.wrong)}",
            f"faults of ours in the logs  {self.tracebacks}",
            f"seconds    {self.seconds:.0f}",
        ]
        lines += [f"  missed: {each}" for each in sorted(self.missed)]
        lines += [f"  {each}" for each in verdict.all()]
        return "\n".join(lines)


def _counted(counter: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counter.most_common())


async def torment(
    folder: Path, points: Iterable[str], moments: int, requests: int, seed: int, last: float
) -> Figures:
    """Kill a bot at each of ``points``, ``moments`` times at random and ``requests`` times with a request on its way.

    Nothing new is begun after ``last`` on the monotonic clock; what is left then is missed.
    """
    random = Random(seed)
    began = monotonic()
    async with world(folder) as broken:
        tormentor = _Tormentor(broken, random)
        assert await broken.start()
        await tormentor.life.begin()
        plan = [*points, *["moment"] * moments, *["request"] * requests]
        random.shuffle(plan)
        for each in plan:
            if monotonic() > last:
                if each not in ("moment", "request"):
                    tormentor.figures.missed.add(each)
                continue
            await tormentor.one_life(each)
        figures = await tormentor.end()
    figures.seconds = monotonic() - began
    return figures


class _Tormentor:
    def __init__(self, broken: World, random: Random) -> None:
        self.world = broken
        self.life = Life(broken, random)
        self.figures = Figures()
        self._random = random
        self._acting: set[asyncio.Task[None]] = set()

    async def one_life(self, goal: str) -> None:
        """The bot lives, from where it was left, until it is killed as ``goal`` says."""
        match goal:
            case "moment":
                await self._by_chance()
            case "request":
                await self._on_the_way()
            case point:
                await self._at(point)

    async def _at(self, point: str) -> None:
        way = way_to(point)
        for _ in range(TRIES):
            await self._trouble()
            if way.before is not None and not await self._dies_at(way.before, way):
                continue
            follows = way if way.before is None else None
            if await self._dies_at(point, follows):
                self.figures.struck.add(point)
                return
        log.warning("%s was never reached", point)
        self.figures.missed.add(point)

    async def _dies_at(self, point: str, way: Way | None) -> bool:
        """Whether it did. A way that began in the life before is not begun again."""
        await self._alive()
        if way is not None and way.set_back:
            await self._set_back(way)
        self.world.arm(point)
        if self._starts(point) or not self.world.alive:
            # Only a start leads there.
            if self.world.alive:
                await self.world.kill()
                self._count("start")
                self._act(way)
            await self.world.start()
        elif way is not None:
            for fault in way.faults:
                await self._fault(fault)
            self._act(way)
        died = await self.world.died(STRIKES_WITHIN)
        struck = self.world.disarm()
        if died:
            self._count("point")
        return died and struck

    async def _set_back(self, way: Way) -> None:
        """Kill it, and put back the store from before the act, with nothing else done in between."""
        await self.life.scene.clear_faults()
        if self._acting:
            await asyncio.wait(self._acting, timeout=STRIKES_WITHIN)
        await self._quiet()
        copy = await self.world.back_up()
        await way.act(self.life)
        await self._quiet()
        await self.world.kill()
        self._count("set back")
        self.world.set_back(copy)

    async def _quiet(self) -> None:
        """Wait until nothing is due and nothing has been asked of Discord for a while: each feed is polled by then, each
        thread looked through. Not for ever: something may stand in the way that is looked into later."""
        last, since = 0, monotonic()

        async def is_quiet() -> bool:
            nonlocal last, since
            asked = self.world.local.ctx.log.since(last)
            if asked or self.world.waiting():
                last, since = (asked[-1]["n"] if asked else last), monotonic()
            return monotonic() - since > CALM

        with contextlib.suppress(AssertionError):
            await until(is_quiet, QUIET_WITHIN)

    @staticmethod
    def _starts(point: str) -> bool:
        return point.startswith(("store.recover", "store.restored_at", "store.retarget"))

    async def _by_chance(self) -> None:
        await self._alive()
        await self._trouble()
        self._act(None)
        await asyncio.sleep(self._random.uniform(0, RANDOM_LIFE))
        await self.world.kill()
        self._count("moment")
        if self._random.random() < 0.3:  # it may not even get to a session
            starting = asyncio.create_task(self.world.start())
            await asyncio.sleep(self._random.uniform(0.3, 1.2))
            await self.world.kill()
            await starting
            self._count("start")

    async def _on_the_way(self) -> None:
        """Before or after its effect, which comes while the bot is dead already."""
        await self._alive()
        await self.life.scene.clear_faults()
        request, way = self._random.choice(ON_THE_WAY)
        asked = self.world.local.ctx.log.since(0)
        before = asked[-1]["n"] if asked else 0
        await self._fault(request | {"delay": 0.4, "drop": self._random.choice(("before", "after"))})
        self._act(way)

        async def met() -> bool:
            return any(each.get("fault") for each in self.world.local.ctx.log.since(before))

        with contextlib.suppress(AssertionError):
            await until(met, STRIKES_WITHIN)
        await asyncio.sleep(self._random.uniform(0, 0.3))
        await self.world.kill()
        self._count("request")

    async def _alive(self) -> None:
        while not self.world.alive:
            await self.world.start()

    def _act(self, way: Way | None) -> None:
        """Begin something and go on: it may need the bot of the next life."""

        async def act() -> None:
            # Whoever acts while the bot dies is told that it did not respond; who acts as the bot meets its faults.
            with contextlib.suppress(AssertionError, aiohttp.ClientError):
                await (self.life.noise() if way is None else way.act(self.life))

        task = asyncio.create_task(act())
        self._acting.add(task)
        task.add_done_callback(self._acting.discard)

    async def _trouble(self) -> None:
        """Faults for the next life, now and then."""
        random = self._random
        await self.life.scene.clear_faults()
        if random.random() < 0.4:
            await self._fault(random.choice(REQUESTS) | random.choice(ANSWERS))
        if random.random() < 0.3:
            await self.life.scene.fault(lag=LAG)
            self.figures.faults["listings lag"] += 1
        if random.random() < 0.2:
            mode = random.choice(("lose", "twice", "late"))
            await self.life.scene.fault(event=random.choice(EVENTS), mode=mode)
            self.figures.faults[f"event {mode}"] += 1
        if random.random() < 0.1:
            how = random.choice(("drop", "reconnect", "invalidate"))
            await self.life.scene.call("POST", f"/local/gateway/{how}")
            self.figures.faults[f"gateway {how}"] += 1
        if random.random() < 0.3:
            self.world.paper.troubles.append(random.choice(TROUBLES))
        self._act(None)

    async def _fault(self, fault: dict[str, Any]) -> None:
        await self.life.scene.fault(**fault)
        kind = (
            "late"
            if "late" in fault
            else f"drop {fault['drop']}"
            if "drop" in fault
            else str(fault.get("status", "delay"))
        )
        self.figures.faults[kind] += 1

    def _count(self, moment: str) -> None:
        self.figures.kills[moment] += 1

    async def end(self) -> Figures:
        """Let everything be done that is to be, and judge."""
        figures, broken = self.figures, self.world
        await self.life.scene.clear_faults()
        broken.paper.troubles.clear()
        broken.disarm()
        await self._alive()
        if self._acting:
            await asyncio.wait(self._acting, timeout=30)
        deadline = monotonic() + QUIET_AFTER
        calm = 0
        while calm < 2 and monotonic() < deadline:
            await broken.stop()
            await broken.retry_parked()
            await broken.start()  # hastens what waits
            await self._quiet()
            calm = 0 if self._left() else calm + 1
        await broken.stop()
        figures.verdict = judge(self.life)
        figures.verdict.lost += [f"still to be done: {each}" for each in self._left()]
        meant = self.life.meant
        figures.articles, figures.answers = len(meant.articles), len(meant.answers)
        figures.removals, figures.reports = len(meant.removals), len(meant.reports)
        figures.jobs.update(dict(broken.scene.rows("SELECT kind, count(*) FROM job GROUP BY kind")))
        figures.faults["feed"] += broken.paper.met
        figures.tracebacks = (
            (self.life.scene.folder / "bot.log").read_text("utf-8", "replace").count("Traceback (")
        )
        return figures

    def _left(self) -> list[Any]:
        return self.world.scene.rows(
            "SELECT kind, state, problem FROM job WHERE state IN ('pending', 'sending', 'unknown', 'parked')"
            " AND kind != 'rights'"
        )
