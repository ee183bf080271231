"""The real bot as a process of its own, for tests that kill it or need it to have an interpreter to itself."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.settings.keys import NewsthreadFile
from tests.scenario import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from tests.scenario import Scenario

ROOT = Path(__file__).resolve().parents[1]
STOPPED = 10.0  # seconds that a stop may take, see docs/delivery.md


@asynccontextmanager
async def bot_process(scene: Scenario) -> AsyncIterator[asyncio.subprocess.Process]:
    """``newsthread run`` with the scene's settings while the context lasts, connected; stopped by SIGTERM.

    It may be killed before, or kill itself at the point that the scene's ``failpoint`` file names. What it says is
    added to ``bot.log`` in the scene's folder.
    """
    config = scene.folder / "config"
    write_config(scene, config)
    with (scene.folder / "bot.log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "run", "--config", str(config)),
            cwd=ROOT,
            env=os.environ
            | {"DISCORD_TOKEN": "local-bot-token", "NEWSTHREAD_FAILPOINT": str(scene.folder / "failpoint")},
            stderr=log,
        )

    async def connected() -> bool:
        assert process.returncode is None, (scene.folder / "bot.log").read_text()
        return await is_connected(scene)

    async def gone() -> bool:
        return not await is_connected(scene)

    try:
        await until(connected)
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), STOPPED) in (0, -signal.SIGKILL)
        await until(gone)


async def is_connected(scene: Scenario) -> bool:
    """Whether the local Discord has a bot on its gateway."""
    connected: bool = (await scene.call("GET", "/local/state"))["bot"]["connected"]
    return connected


def write_config(scene: Scenario, folder: Path) -> None:
    """The scene's settings as an admin would write them."""
    said = scene.settings().model_dump(mode="json", by_alias=True, exclude_unset=True, exclude={"token"})
    feeds, reactions = said.pop("feeds"), said.pop("reactions", {})
    named, rules = reactions.pop("reaction", []), said.pop("rules", {}).pop("rule", [])
    assert said.keys() <= NewsthreadFile.model_fields.keys()
    sections = [f"[{name}]\n{_keys(keys)}" for name, keys in said.items()]
    folder.mkdir(exist_ok=True)
    for name, parts in {
        "newsthread": sections,
        "feeds": [f"[[feed]]\n{_keys(feed)}" for feed in feeds],
        "reactions": [_keys(reactions), *(f"[[reaction]]\n{_keys(each)}" for each in named)],
        "rules": [_rule(each) for each in rules],
    }.items():
        (folder / f"{name}.toml").write_text("\n".join(parts), encoding="utf-8")


def _rule(rule: dict[str, Any]) -> str:
    repeated = rule.pop("repeated", [])
    return f"[[rule]]\n{_keys(rule)}" + "".join(f"[[rule.repeated]]\n{_keys(each)}" for each in repeated)


def _keys(table: Mapping[str, Any]) -> str:
    # JSON's strings, numbers, truth values and lists are TOML's, too.
    return "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in table.items())
