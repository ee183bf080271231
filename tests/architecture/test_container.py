"""The Dockerfile, compose.yaml and .ci/run, as far as they can be checked without running them."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shlex
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from bot.settings.keys import StatusKeys, StoreKeys
from tests.architecture import ROOT


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile as (instruction, rest), continuation lines joined and comments left out."""
    lines = [
        line for line in (ROOT / "Dockerfile").read_text("utf-8").splitlines() if not line.startswith("#")
    ]
    logical = "\n".join(lines).replace("\\\n", " ").splitlines()
    return [
        (word, rest.strip()) for line in logical if line.strip() for word, _, rest in [line.partition(" ")]
    ]


def final_stage() -> list[tuple[str, str]]:
    everything = instructions()
    last = max(place for place, (word, _) in enumerate(everything) if word == "FROM")
    return everything[last:]


def only(word: str) -> str:
    (rest,) = [rest for found, rest in final_stage() if found == word]
    return rest


def compose() -> dict[str, str]:
    """The settings of the service in compose.yaml: key to its line's value, lists to their items joined by spaces."""
    settings: dict[str, str] = {}
    key = ""
    text = (ROOT / "compose.yaml").read_text("utf-8")
    service = text[text.index("  newsthread:\n") : text.index("\nsecrets:\n")]
    for line in re.sub(r"(^|\s)#.*", "", service, flags=re.MULTILINE).splitlines()[1:]:
        if found := re.fullmatch(r"    (\w+):(.*)", line):
            key = found[1]
            settings[key] = found[2].strip()
        elif line:
            settings[key] = f"{settings[key]} {line.strip().removeprefix('- ')}".strip()
    return settings


def test_what_is_copied_exists_and_is_let_in() -> None:
    """Every COPY from the build's context names something that exists and that .dockerignore lets through."""
    allowed = {
        line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")
    }
    sources = [
        source.rstrip("/")
        for word, rest in instructions()
        if word == "COPY" and "--from" not in rest
        for source in shlex.split(rest)[:-1]
    ]

    assert set(sources) == allowed
    for source in sources:
        assert (ROOT / source).exists(), source


def test_the_image_carries_no_local_discord() -> None:
    """Production is bot and cogs: no local Discord, no tests, no configuration, no secrets."""
    copied = {source for word, rest in instructions() if word == "COPY" for source in shlex.split(rest)}

    assert {"bot/", "cogs/"} <= copied
    assert not {
        source for source in copied if re.match(r"(localdiscord|tests|bench|config|secrets|\.)(/|$)", source)
    } - {"./"}


def test_the_image_runs_unprivileged_with_one_volume() -> None:
    """A numeric user that is not root (as runAsNonRoot needs it), one volume, and exec forms that pass signals on."""
    assert only("USER") == "10001:10001"
    assert only("VOLUME") == "/data"
    assert json.loads(only("ENTRYPOINT")) == ["newsthread"]
    assert json.loads(only("CMD")) == ["run", "--config", "/config"]


def test_the_default_store_lies_in_the_volume() -> None:
    """The path that config/ ships, taken from the working directory, is inside the volume."""
    path = StoreKeys().url.removeprefix("sqlite+aiosqlite:///")

    assert (Path(only("WORKDIR")) / path).parent == Path(only("VOLUME"))


def test_dependencies_are_checked_by_hash() -> None:
    """What is fetched for the image is what the lock file names, and build tools don't stay."""
    runs = [rest for word, rest in instructions() if word == "RUN"]

    installs = [run for run in runs if "-r requirements" in run]
    assert installs
    assert all("--require-hashes" in run for run in installs)
    assert any("uninstall --yes setuptools" in run for run in runs)
    assert any("pip uninstall --yes" in run for run in runs)


def test_the_image_is_what_stripping_left() -> None:
    """The last stage begins from nothing, takes what the one that was stripped has, and needs no shell for anything."""
    stripped, strip = instructions()[-len(final_stage()) - 1]
    assert (stripped, strip) == ("RUN", '["/usr/local/bin/python3", "-I", "/strip.py", "/"]')
    assert only("FROM") == "scratch"
    assert ("COPY", "--from=system / /") in final_stage()
    for word, rest in final_stage():
        if word in ("RUN", "ENTRYPOINT", "HEALTHCHECK"):
            assert json.loads(rest.partition("CMD ")[2] or rest)[0] in ("python", "newsthread"), rest
    (environment,) = [rest for word, rest in final_stage() if word == "ENV"]
    assert environment.startswith("PATH=/opt/newsthread/bin ")


def plant(root: Path, path: str, mode: int = 0o755) -> None:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("")
    file.chmod(mode)


def test_stripping_leaves_nothing_to_run(tmp_path: Path) -> None:
    """Of a Debian with Python only the interpreter and our command remain to be executed; libraries and data stay."""
    root = tmp_path / "root"
    stays = [
        "usr/local/bin/python3.11",
        "opt/newsthread/bin/newsthread",
        "usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2",
        "usr/local/lib/libpython3.11.so.1.0",
        "opt/newsthread/lib/python3.11/site-packages/lxml/etree.cpython-311-x86_64-linux-gnu.so",
        "proc/self/exe",
    ]
    goes = [
        *(f"usr/bin/{name}" for name in ("dash", "perl", "apt-get", "dpkg", "cat", "passwd", "env")),
        "usr/sbin/useradd",
        "usr/local/bin/idle3.11",
        "opt/newsthread/bin/alembic",
        "usr/lib/apt/methods/http",
        "usr/lib/x86_64-linux-gnu/perl-base/Config.pm",
        "usr/share/perl5/Debconf.pm",
        "usr/local/lib/python3.11/ensurepip/_bundled/pip.whl",
        "etc/cron.daily/dpkg",
        "var/lib/dpkg/info/base.postinst",
    ]
    for path in (*stays, *goes):
        plant(root, path)
    plant(root, "usr/bin/passwd", 0o4755)
    data = ["etc/passwd", "etc/ssl/certs/ca.pem", "usr/share/zoneinfo/UTC", "var/lib/dpkg/status"]
    for path in data:
        plant(root, path, 0o644)
    links = {
        "bin": "usr/bin",
        "usr/bin/sh": "dash",
        "usr/bin/awk": "/etc/alternatives/awk",
        "usr/local/bin/python3": "python3.11",
        "opt/newsthread/bin/python": "/usr/local/bin/python3",
        "usr/lib/ssl-certs": "/etc/ssl/certs",
    }
    for link, target in links.items():
        (root / link).parent.mkdir(parents=True, exist_ok=True)
        (root / link).symlink_to(target)
    script = tmp_path / "strip.py"
    script.write_bytes((ROOT / "docker" / "strip.py").read_bytes())

    subprocess.run([sys.executable, "-I", script, root], check=True, timeout=30)

    left = {path.relative_to(root).as_posix() for path in root.rglob("*") if not path.is_dir()}
    kept_links = {"usr/local/bin/python3", "opt/newsthread/bin/python"}
    assert left - {"usr/lib/ssl-certs"} == {*stays, *data, *kept_links}
    assert (root / "bin").is_symlink()
    assert not script.exists()


def test_what_the_program_loads_is_not_stripped() -> None:
    """Every file that the running program maps into memory counts as a library, but for the interpreter itself."""
    load = "import bot.app, bot.feeds.parse, cogs.news; print(open('/proc/self/maps').read())"
    done = subprocess.run(
        [sys.executable, "-c", load], capture_output=True, text=True, timeout=60, cwd=ROOT, check=True
    )
    mapped = {Path(path) for path in re.findall(r" (/.*)$", done.stdout, re.MULTILINE)}
    specification = importlib.util.spec_from_file_location("strip", ROOT / "docker" / "strip.py")
    assert specification is not None
    assert specification.loader is not None
    strip = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(strip)

    programs = {path for path in mapped if strip.is_program(path)}

    assert len(mapped) > 50
    assert programs <= {Path(sys.executable).resolve()}


class Health(BaseHTTPRequestHandler):
    """Answers /healthz with whatever its server's ``health`` says."""

    def do_GET(self) -> None:
        assert isinstance(self.server, Server)
        self.send_response(self.server.health if self.path == "/healthz" else 404)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        pass


class Server(HTTPServer):
    health = 200


@pytest.mark.parametrize(("health", "well"), [(200, True), (503, False), (None, False)])
def test_the_health_check_tells_health(health: int | None, well: bool) -> None:
    """The command of HEALTHCHECK succeeds on 200, and fails on 503 and when nobody listens; a proxy is not asked."""
    command = json.loads(only("HEALTHCHECK").partition("CMD ")[2])
    assert command[:2] == ["python", "-c"]
    with Server(("127.0.0.1", 0), Health) as server:
        server.health = health or 0
        thread = threading.Thread(target=server.handle_request)
        if health is None:
            server.server_close()
        else:
            thread.start()
        result = subprocess.run(
            [sys.executable, *command[1:]],
            env={
                "HEALTH_URL": f"http://127.0.0.1:{server.server_port}/healthz",
                "http_proxy": "http://127.0.0.1:9",
            },
            capture_output=True,
            timeout=30,
            check=False,
        )
        if health is not None:
            thread.join()

    assert (result.returncode == 0) is well, result.stderr


def test_the_health_check_asks_where_the_status_page_is() -> None:
    """The address that the image asks by default is the status page's default."""
    (environment,) = [rest for word, rest in final_stage() if word == "ENV"]

    assert f"HEALTH_URL=http://{StatusKeys().listen}/healthz" in environment


def test_compose_locks_the_container_down() -> None:
    """Nothing writable but the volume and a small /tmp, no capabilities, bounded memory and processes."""
    settings = compose()

    assert settings["read_only"] == "true"
    assert settings["cap_drop"] == "ALL"
    assert settings["security_opt"] == "no-new-privileges:true"
    assert settings["tmpfs"].startswith("/tmp:")
    assert settings["init"] == "true"
    assert {"pids_limit", "mem_limit"} <= set(settings)
    assert settings["volumes"] == "./config:/config:ro data:/data"
    assert "privileged" not in settings
    assert "ports" not in settings


def test_compose_keeps_the_token_out_of_the_environment() -> None:
    """The token is a secret's file; nothing that `docker inspect` shows holds it."""
    settings = compose()

    assert settings["environment"] == "DISCORD_TOKEN_FILE: /run/secrets/discord_token"
    assert settings["secrets"] == "discord_token"


def test_compose_gives_up_on_what_does_not_heal() -> None:
    """A wrong token or configuration is not tried for ever, and a stop gets longer than the ten seconds it needs."""
    settings = compose()

    assert re.fullmatch(r"on-failure:[1-9]", settings["restart"])
    assert settings["stop_grace_period"] == "30s"


def test_ci_runs_lint_and_tests() -> None:
    """.ci/run can be executed, is sound bash, stops at the first failure and runs both make targets."""
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert subprocess.run(["bash", "-n", script], check=False).returncode == 0
    lines = script.read_text("utf-8").splitlines()
    assert "set -euo pipefail" in lines
    assert lines[-2:] == ["make lint", "make test"]
