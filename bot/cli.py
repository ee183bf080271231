"""The console script: argv, environment, exit codes. What a command does lives elsewhere."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from bot import __version__, logs
from bot.clock import Clock
from bot.errors import ConfigError, NewsthreadError, StoreLocked, TokenRefused
from bot.stopping import stop_on_signals

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.settings.keys import Settings

# Commands import what they need when they run: discord.py and SQLAlchemy take a second that `check` need not wait.
# ruff: noqa: PLC0415

OK, FAILED, BAD_CONFIG, BAD_TOKEN, LOCKED = 0, 1, 2, 3, 4

Command = Callable[[argparse.Namespace], int]


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit codes are documented in the README."""
    arguments = _parser().parse_args(argv)
    command: Command = arguments.command
    arguments.environ = dict(os.environ)
    os.environ.pop("DISCORD_TOKEN", None)  # no child, and no dump of the environment, needs to have it
    try:
        return command(arguments)
    except ConfigError as error:
        return _fail(BAD_CONFIG, error)
    except TokenRefused as error:
        return _fail(BAD_TOKEN, error)
    except StoreLocked as error:
        return _fail(LOCKED, error)
    except NewsthreadError as error:
        return _fail(FAILED, error)
    except KeyboardInterrupt:
        return OK
    except BrokenPipeError:
        # The reader went away (`… | head`): nobody is left to tell, at interpreter exit neither.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED


def _fail(code: int, error: Exception) -> int:
    print(logs.Redactor(None).clean(str(error)), file=sys.stderr)
    return code


# --- run, demo, local ---------------------------------------------------------------------------------


def _run(arguments: argparse.Namespace) -> int:
    asyncio.run(_until_signalled(_settings(arguments.config, arguments.environ)))
    return OK


def _settings(folder: Path, environ: Mapping[str, str]) -> Settings:
    from bot.settings import load

    return load(folder, environ, need_token=True)


async def _until_signalled(settings: Settings) -> None:
    from bot.app import App

    assert settings.token is not None
    logs.configure(settings.log, settings.token.get_secret_value())
    await App(settings, Clock()).run(stop_on_signals())


def _demo(arguments: argparse.Namespace) -> int:
    if arguments.data is not None:
        asyncio.run(_demo_in(arguments.data.resolve(), arguments))
        return OK
    with tempfile.TemporaryDirectory(prefix="newsthread-demo-") as folder:
        asyncio.run(_demo_in(Path(folder), arguments))
    return OK


async def _demo_in(folder: Path, arguments: argparse.Namespace) -> None:
    from bot.commands import demo

    print("Newsthread demo: starting a local Discord and a sample newspaper …", flush=True)
    config = demo.write_config(folder, arguments.port, fast=arguments.fast)
    options = ["--newspaper", "--data", str(folder / "localdiscord"), *(["--fast"] if arguments.fast else [])]
    async with demo.local_discord(arguments.port, *options) as local:
        print(f"Open {local['page']} – news arrives there by itself; Ctrl-C stops everything.", flush=True)
        if not arguments.no_browser:
            webbrowser.open(local["page"])
        await _until_signalled(_settings(config, {"DISCORD_TOKEN": demo.TOKEN}))


def _local(arguments: argparse.Namespace) -> int:
    from bot.commands.demo import local_command

    options = ["--data", str(arguments.data)] if arguments.data else []
    command = local_command(arguments.port, *options)
    os.execv(command[0], command)  # noqa: S606 - our own interpreter and module, no shell
    return FAILED  # pragma: no cover - execv does not return


# --- check, preview, opml, db --------------------------------------------------------------------------


def _check(arguments: argparse.Namespace) -> int:
    from bot.commands import check

    if arguments.write_schema:
        return check.write_generated(arguments.config)
    return check.check(arguments.config, arguments.environ, online=arguments.online)


def _preview(arguments: argparse.Namespace) -> int:
    from bot.commands import preview

    async def show() -> None:
        render = preview.as_json if arguments.json else preview.as_text
        async for article in preview.previews(arguments.source):
            print(render(article))

    asyncio.run(show())
    return OK


def _opml_import(arguments: argparse.Namespace) -> int:
    from bot.commands import opml

    print(opml.to_toml(arguments.file), end="")
    return OK


def _opml_export(arguments: argparse.Namespace) -> int:
    from bot.commands import opml
    from bot.settings import load

    print(opml.from_feeds(load(arguments.config, arguments.environ).feeds), end="")
    return OK


def _db(arguments: argparse.Namespace) -> int:
    from bot import store
    from bot.settings import load

    url = load(arguments.config, arguments.environ).store.url
    if arguments.db == "upgrade":
        print(asyncio.run(store.upgrade(url, Clock())))
    elif arguments.db == "backup":
        asyncio.run(store.backup(url, arguments.file))
        print(f"backed up to {arguments.file}")
    else:
        problems = asyncio.run(store.check(url))
        print("\n".join(problems) or "the store is sound")
        return FAILED if problems else OK
    return OK


# --- argv ----------------------------------------------------------------------------------------------


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="newsthread", description="Mirrors news feeds as forum-like threads on Discord."
    )
    parser.add_argument("--version", action="version", version=f"newsthread {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    def add(name: str, command: Command, summary: str, to: object = commands) -> argparse.ArgumentParser:
        sub: argparse.ArgumentParser = to.add_parser(name, help=summary, description=summary)  # type: ignore[attr-defined]
        sub.set_defaults(command=command)
        return sub

    def add_config(sub: argparse.ArgumentParser) -> None:
        sub.add_argument(
            "--config", type=Path, default=Path("config"), metavar="DIR", help="default: config/"
        )

    def add_local(sub: argparse.ArgumentParser) -> None:
        sub.add_argument("--port", type=int, default=8700, help="default: 8700")
        sub.add_argument("--data", type=Path, metavar="DIR", help="keep the data here")

    add_config(add("run", _run, "watch the feeds and run the bot until stopped"))

    sub = add("demo", _demo, "a local Discord, a sample newspaper and the real bot, all on this machine")
    add_local(sub)
    sub.add_argument("--no-browser", action="store_true", help="don't open the page")
    sub.add_argument("--fast", action="store_true", help="an article every two seconds")

    add_local(add("local", _local, "the local Discord alone"))

    sub = add("check", _check, "check every configuration file; exit 2 and a line for each fault")
    add_config(sub)
    sub.add_argument("--online", action="store_true", help="also ask Discord and each feed")
    sub.add_argument(
        "--write-schema", action="store_true", help="write the JSON Schemas and the key reference"
    )

    sub = add("preview", _preview, "show what a feed's articles would look like; posts nothing")
    sub.add_argument("source", metavar="SOURCE", help="a feed's file or http(s) address")
    sub.add_argument("--json", action="store_true", help="one JSON object a line, oldest first")

    opml = add("opml", _opml_import, "lists of feeds, from and to other readers").add_subparsers(
        required=True
    )
    add("import", _opml_import, "OPML to feeds.toml entries on stdout", opml).add_argument(
        "file", metavar="FILE"
    )
    add_config(add("export", _opml_export, "the configured feeds as OPML on stdout", opml))

    db = add("db", _db, "the store's upkeep").add_subparsers(required=True, dest="db")
    add_config(add("upgrade", _db, "bring the store to this version", db))
    add_config(add("check", _db, "look for damage", db))
    sub = add("backup", _db, "copy the store to FILE, also while the bot runs", db)
    sub.add_argument("file", type=Path, metavar="FILE")
    add_config(sub)
    return parser
