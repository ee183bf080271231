"""Whom the page answers, where it listens, and what goes along with every answer."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING

import aiohttp
import pytest

from bot.errors import StatusError, StoreError
from bot.status import StatusServer
from bot.status import server as server_module
from tests.status.conftest import Program, serving
from tests.support import StillClock

if TYPE_CHECKING:
    from bot.status import StatusFacts


@pytest.mark.parametrize("path", ["/", "/healthz", "/metrics", "/nowhere"])
async def test_security_headers(client: aiohttp.ClientSession, path: str) -> None:
    """Every answer, refusals too, forbids scripts, framing, sniffing and caching, and does not name the server."""
    async with client.get(path) as response:
        policy = response.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; ")
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["X-Frame-Options"] == "DENY"
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Server"] == "Newsthread"
        assert "Access-Control-Allow-Origin" not in response.headers


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
async def test_read_only(client: aiohttp.ClientSession, method: str) -> None:
    """Nothing but GET and HEAD is answered."""
    for path in ("/", "/healthz", "/metrics"):
        async with client.request(method, path) as response:
            assert response.status == 405
            assert response.headers["Allow"] == "GET,HEAD"
    async with client.head("/") as response:
        assert response.status == 200


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1", 200),
        ("127.0.0.1:1234", 200),
        ("localhost:8710", 200),
        ("LOCALHOST", 200),
        ("[::1]:8710", 200),
        ("evil.example", 403),
        ("evil.example:8710", 403),
        ("127.0.0.1.evil.example", 403),
        ("localhost.evil.example:80", 403),
        ("192.168.1.2:8710", 403),
        ("user@127.0.0.1", 403),
        ("127.0.0.1:80:80", 403),
        ("", 403),
    ],
)
async def test_names_behind_loopback(client: aiohttp.ClientSession, host: str, status: int) -> None:
    """On loopback only this machine's own names are answered, so that no web site can read the page by DNS rebinding."""
    async with client.get("/", headers={"Host": host}) as response:
        assert response.status == status
        assert ("Newsthread status" in await response.text()) is (status == 200)


async def test_request_without_a_host(client: aiohttp.ClientSession) -> None:
    """A request that names no host at all is refused on loopback."""
    url = client._base_url
    assert url is not None
    reader, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(b"GET / HTTP/1.0\r\n\r\n")

    assert (await reader.readline()).split()[1] == b"403"
    writer.close()
    await writer.wait_closed()


async def test_any_name_elsewhere(program: Program) -> None:
    """Open to other machines, the page is answered under whatever name they know it by."""
    server = StatusServer("0.0.0.0:0", program.gather, StillClock())
    address = await server.start()
    port = address.rsplit(":", 1)[1]
    try:
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"http://127.0.0.1:{port}/", headers={"Host": "status.example"}) as response,
        ):
            assert response.status == 200
    finally:
        await server.close()


async def test_ipv6(program: Program) -> None:
    """An IPv6 address is listened on and named in brackets."""
    if not socket.has_ipv6:
        pytest.skip("this machine has no IPv6")
    try:
        async with serving(program, "[::1]:0") as session, session.get("/healthz") as response:
            assert str(session._base_url).startswith("http://[::1]:")
            assert response.status == 200
    except StatusError as error:
        pytest.skip(f"no IPv6 loopback here: {error}")


async def test_off(program: Program) -> None:
    """ "" serves nothing, and closing nothing is fine."""
    server = StatusServer("", program.gather, StillClock())

    assert await server.start() == ""
    await server.close()


async def test_address_in_use(program: Program) -> None:
    """An address that is taken is one sentence with the cure; the one that has it goes on."""
    async with serving(program) as session:
        assert session._base_url is not None
        listen = f"127.0.0.1:{session._base_url.port}"
        second = StatusServer(listen, program.gather, StillClock())

        with pytest.raises(StatusError) as caught:
            await second.start()

        assert str(caught.value) == (
            f"the status page can't listen on {listen}: something else listens there already; change listen under"
            ' [status] in newsthread.toml, or set it to "" for no page'
        )
        await second.close()
        async with session.get("/healthz") as response:
            assert response.status == 200


async def test_address_of_another_machine(program: Program) -> None:
    """An address that is not ours (here one reserved for documentation, RFC 5737) says so."""
    with pytest.raises(StatusError, match="this machine has no such address"):
        await StatusServer("192.0.2.1:8710", program.gather, StillClock()).start()


async def test_close(program: Program) -> None:
    """After closing nothing listens any more, though a connection was kept alive; closing twice is fine."""
    server = StatusServer("127.0.0.1:0", program.gather, StillClock())
    address = await server.start()
    async with aiohttp.ClientSession(address) as session:
        async with session.get("/healthz") as response:
            assert response.status == 200

        async with asyncio.timeout(server_module.CLOSE_TIMEOUT + 5):
            await server.close()
        with pytest.raises(aiohttp.ClientConnectionError):
            await session.get("/healthz")
    await server.close()


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (StoreError("the store is damaged: <restore> a backup"), "the store is damaged: <restore> a backup"),
        (TimeoutError(), "The store has not answered for 5 seconds."),
        (ZeroDivisionError("secret"), "The state of the program can't be read; its log says why."),
    ],
)
async def test_no_facts(
    program: Program, client: aiohttp.ClientSession, error: Exception, sentence: str
) -> None:
    """When the facts can't be had, each route answers 503 with a plain sentence and nothing of our insides."""
    program.facts = error

    async with client.get("/healthz") as response:
        assert response.status == 503
        assert await response.json() == {
            "ok": False,
            "store": {"writable": False},
            "problems": [sentence],
        }
    async with client.get("/metrics") as response:
        assert (response.status, await response.text()) == (503, f"{sentence}\n")
    async with client.get("/") as response:
        page = await response.text()
        assert response.status == 503
        assert sentence.replace("<", "&lt;").replace(">", "&gt;").replace("'", "&#x27;") in page


async def test_a_store_that_hangs() -> None:
    """Facts that never come end in 503, not in a request that hangs."""

    async def never() -> StatusFacts:
        await asyncio.Event().wait()
        raise AssertionError

    server = StatusServer("127.0.0.1:0", never, StillClock(), facts_timeout=0.05)
    address = await server.start()
    try:
        async with aiohttp.ClientSession(address) as session, session.get("/healthz") as response:
            assert response.status == 503
    finally:
        await server.close()
