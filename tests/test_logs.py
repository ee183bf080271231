"""The log: its forms, and that no secret gets through by whichever way it came."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.logs import Redactor

ROOT = Path(__file__).resolve().parents[1]
TOKEN = "MTMwMDAwMDAwMDAwMDAwMzAwMA.GaBcDe.abcdefghijklmnopqrstuvwxyz0123456789AB"
OTHERS = "MTMwMDAwMDAwMDAwMDAwMzAwMQ.GaBcDf.zyxwvutsrqponmlkjihgfedcba9876543210BA"
SIGNATURE = TOKEN.rpartition(".")[2]
HOOK = "WebhookTokenWebhookTokenWebhookTokenWebhookToken"
INTERACTION = "aW50ZXJhY3Rpb246MTMwMDAwMDAwMDAwMDAwMzAwMA" + "x" * 90


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        (f"as {TOKEN}!", "as (hidden)!"),
        (f"Bot%20{TOKEN}", "Bot%20(hidden)"),
        (f"its end {SIGNATURE}", "its end (hidden)"),
        (f"somebody else's {OTHERS}", "somebody else's (hidden)"),
        (f"POST /api/v10/webhooks/13000/{HOOK}?wait=true", "POST /api/v10/webhooks/13000/(hidden)?wait=true"),
        (f"/interactions/13000/{INTERACTION}/callback", "/interactions/13000/(hidden)/callback"),
        (f"answering {INTERACTION} late", "answering (hidden) late"),
        ("Authorization: Bot abc", "Authorization: Bot (hidden)"),
        ("{'Authorization': 'Bearer abc', 'X': 1}", "{'Authorization': 'Bearer (hidden)', 'X': 1}"),
        ("'Authorization', 'Basic dXNlcjpwdw=='", "'Authorization', 'Basic (hidden)'"),
        ('{"op": 2, "d": {"token": "abc", "intents": 1}}', '{"op": 2, "d": {"token": "(hidden)", "intents": 1}}'),
        (r'"{\"token\": \"abc\"}"', r'"{\"token\": \"(hidden)\"}"'),
        ("https://ida:p@ss@news.example/feed", "https://(hidden)@news.example/feed"),
        ("at HTTP://key@[::1]:80/", "at HTTP://(hidden)@[::1]:80/"),
        ("https://social.example/@ida, ida@news.example", "https://social.example/@ida, ida@news.example"),
        ("https://news.example/?at=x@y.example", "https://news.example/?at=x@y.example"),
        ("job 12: its token aaaabbbbccccdddd", "job 12: its token aaaabbbbccccdddd"),
        ("/webhooks/1300000000000003000", "/webhooks/1300000000000003000"),
    ],
)  # fmt: skip
def test_secrets_are_taken_out(text: str, clean: str) -> None:
    """Every kind of secret is known by its value or its shape, and what is none stays."""
    redactor = Redactor(TOKEN)

    assert redactor.clean(text) == clean
    assert redactor.clean(clean) == clean


@pytest.mark.parametrize("token", ["local-bot-token", "a b/c%d+e", "x"])
def test_a_token_of_any_shape_is_taken_out(token: str) -> None:
    """What is configured as the token is hidden as it is and as addresses write it."""
    said = Redactor(token).clean(f"<{token}> a%20b%2Fc%25d%2Be")

    assert f"<{token}>" not in said
    assert "a%20b%2Fc%25d%2Be" not in said or token != "a b/c%d+e"


@given(
    st.lists(
        st.sampled_from([TOKEN, SIGNATURE, HOOK, "/webhooks/1/", "https://", "a:b@", " ", '"', "é", "Bot "])
    )
)
def test_no_surroundings_save_a_token(pieces: list[str]) -> None:
    """Whatever stands around it, the token goes; and cleaning twice changes nothing more."""
    clean = Redactor(TOKEN).clean("".join(pieces))

    assert SIGNATURE not in clean
    assert Redactor(TOKEN).clean(clean) == clean


LEAKS = f"""
import asyncio, logging, sys, threading, warnings
from bot import logs
from bot.settings.keys import LogKeys

TOKEN, HOOK = {TOKEN!r}, {HOOK!r}
logs.configure(LogKeys(level="debug", format=sys.argv[1]), TOKEN)

class Said:
    def __repr__(self): return TOKEN
    def __del__(self): raise RuntimeError(TOKEN)

log = logging.getLogger("bot.some")
log.debug("message " + TOKEN)
log.info("arguments %s %r", TOKEN, {{"Authorization": "Bot " + TOKEN}})
log.info("extra", extra={{"token_of": TOKEN}})
log.info("stack", stack_info=True)
log.info("wrong number of arguments %s %s", TOKEN)
try:
    try:
        raise ValueError("cause " + TOKEN)
    except ValueError as cause:
        raise RuntimeError("at https://ida:sesame@news.example/webhooks/1/" + HOOK) from cause
except RuntimeError:
    log.exception("exception")
logging.getLogger("discord.http").warning("discord.py %s", TOKEN)
logging.getLogger("discord.gateway").debug("not to be seen")
logging.getLogger("aiosqlite").debug("not to be seen")
warnings.warn("warning " + TOKEN)
def fails():
    raise RuntimeError("thread " + TOKEN)
thread = threading.Thread(target=fails); thread.start(); thread.join()
said = Said(); del said
async def main():
    asyncio.get_running_loop().call_soon(fails)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    async def lost(): raise RuntimeError("task " + TOKEN)
    task = asyncio.create_task(lost()); await asyncio.sleep(0); del task
    raise RuntimeError("uncaught " + TOKEN)
asyncio.run(main())
"""


@pytest.mark.parametrize("form", ["text", "json"])
def test_nothing_on_standard_error_holds_a_secret(form: str, tmp_path: Path) -> None:
    """Records of every logger, exceptions and their causes, warnings, what nobody caught anywhere: all without."""
    # From a file: a trace shows the source's lines, in which the secrets must not stand.
    (tmp_path / "leaks.py").write_text(LEAKS.replace(f"{TOKEN!r}, {HOOK!r}", "sys.argv[2], sys.argv[3]"))
    done = subprocess.run(
        [sys.executable, tmp_path / "leaks.py", form, TOKEN, HOOK],
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 1
    assert done.stdout == ""
    assert not any(secret in done.stderr for secret in (TOKEN, SIGNATURE, HOOK, "sesame", "not to be seen"))
    for told in ("message", "arguments", "stack", "cause", "exception", "discord.py", "warning", "thread", "task", "uncaught"):  # fmt: skip
        assert told in done.stderr, told
    assert re.search(
        r"^a record of bot\.some, line \d+, could not be written: TypeError$", done.stderr, re.MULTILINE
    )
    if form == "json":
        lines = [line for line in done.stderr.splitlines() if not line.startswith("a record of")]
        records = [json.loads(line) for line in lines]
        assert {"time", "level", "logger", "message"} <= records[0].keys()
        assert any("cause (hidden)" in record.get("exception", "") for record in records)
        assert any("Stack" in record.get("stack", "") for record in records)


RECONNECTING = """
import logging, sys
from bot import logs
from bot.settings.keys import LogKeys
logs.configure(LogKeys(), None)
client = logging.getLogger("discord.client")
for message in ("Attempting a reconnect in %.2fs", "a fault in %.2fs"):
    try:
        raise ConnectionRefusedError("nobody listens")
    except OSError:
        client.exception(message, 1.5)
"""


def test_discord_away_is_a_line_for_each_try() -> None:
    """No trace, which would call for a report; other exceptions keep theirs."""
    done = subprocess.run(
        [sys.executable, "-c", RECONNECTING],
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    away, fault, *trace = done.stderr.splitlines()
    assert away.endswith("no connection to Discord (ConnectionRefusedError: nobody listens): attempting a reconnect in 1.50s")  # fmt: skip
    assert fault.endswith("a fault in 1.50s")
    assert trace[0].startswith("Traceback")
