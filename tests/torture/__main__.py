"""``python -m tests.torture``: everything that breaks the delivery, in under ten minutes.

Four parts: the fault scripts, the kills, a flood of articles, broken feeds. The exit code is 1 if anything was lost, was
there twice, or was otherwise not as it was meant; then the worlds' folders are left to look at.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import shutil
import sys
import tempfile
from pathlib import Path
from random import Random
from time import monotonic

from tests.abuse import harness as abuse
from tests.flood import flood
from tests.torture.life import Life
from tests.torture.points import named_points, watched_points
from tests.torture.run import Figures, torment
from tests.torture.scripts import SCRIPTS, play
from tests.torture.verdict import Verdict, judge
from tests.torture.world import world

MEMORY = Path("/dev/shm")
WORLDS = 4
MOMENTS, REQUESTS = 30, 15  # kills in all that no point of the code has to do with
FLOOD = 1000  # articles
FEEDS = 5000  # broken ones
PARTS = ("scripts", "kills", "flood", "feeds")


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.torture",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("parts", nargs="*", help="only these (default: all)")
    parser.add_argument(
        "--seed", type=int, default=5, help="of what is left to chance (default: %(default)s)"
    )
    parser.add_argument(
        "--minutes",
        type=float,
        default=6.0,
        help="after which no further kill is begun (default: %(default)s)",
    )
    parser.add_argument("--only", default="", help="only kills at points with this in their name")
    asked = parser.parse_args()
    logging.basicConfig(level=logging.ERROR)  # of the flood's bot, which is in this process
    folder = Path(tempfile.mkdtemp(prefix="torture-", dir=MEMORY if MEMORY.is_dir() else None))
    began, good = monotonic(), True
    for part in asked.parts or PARTS:
        print(f"== {part}", flush=True)
        place = folder / part
        place.mkdir()
        match part:
            case "scripts":
                good &= _scripts(place)
            case "kills":
                good &= _kills(place, asked.seed, asked.minutes, asked.only)
            case "flood":
                good &= _flood(place)
            case "feeds":
                good &= _feeds(asked.seed)
    print(f"== {'good' if good else 'NOT GOOD'} after {monotonic() - began:.0f} s")
    if good:
        shutil.rmtree(folder)
    else:
        print(f"left in {folder}")
    return 0 if good else 1


def _scripts(folder: Path) -> bool:
    async def all_of_them() -> list[Verdict]:
        return await asyncio.gather(*(_play(folder / str(part), part) for part in range(2)))

    began = monotonic()
    wrong = [each for verdict in asyncio.run(all_of_them()) for each in verdict.all()]
    print(f"{len(SCRIPTS)} scripts for thirteen protocols: {len(wrong)} wrong, {monotonic() - began:.0f} s")
    print("".join(f"  {each}\n" for each in wrong), end="", flush=True)
    return not wrong


async def _play(folder: Path, part: int) -> Verdict:
    folder.mkdir()
    async with world(folder) as broken:
        life = Life(broken, Random(part))
        try:
            await play(broken, life, SCRIPTS[part::2])
        except AssertionError as error:
            return Verdict(wrong=[str(error)])
        await broken.stop()
        return judge(life)


def _kills(folder: Path, seed: int, minutes: float, only: str) -> bool:
    points = [each for each in (*watched_points(), *named_points()) if only in each]
    moments, requests = (0, 0) if only else (MOMENTS, REQUESTS)
    last = monotonic() + minutes * 60

    async def all_worlds() -> Figures:
        """The points dealt out to so many worlds, which are tormented side by side."""
        folders = [folder / f"world{index}" for index in range(WORLDS)]
        for each in folders:
            each.mkdir()
        whole = Figures()
        for figures in await asyncio.gather(
            *(
                torment(
                    folders[index],
                    points[index::WORLDS],
                    moments // WORLDS,
                    requests // WORLDS,
                    seed * 1000 + index,
                    last,
                )
                for index in range(WORLDS)
            )
        ):
            whole.add(figures)
        return whole

    figures = asyncio.run(all_worlds())
    print(f"seed       {seed}\n{figures.told()}", flush=True)
    return figures.good


def _flood(folder: Path) -> bool:
    figures = asyncio.run(flood(folder, FLOOD))
    print(figures, flush=True)
    return figures.threads == FLOOD and not figures.repeated and figures.in_order and figures.limited <= 5


def _feeds(seed: int) -> bool:
    figures = asyncio.run(abuse.run(FEEDS, seed))
    for broken in figures.broken:
        print(broken)
    print(figures, flush=True)
    return not figures.broken


if __name__ == "__main__":
    sys.exit(main())
