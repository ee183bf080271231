"""Fetching over real sockets: what servers answer, refuse, drag out and cut off."""

from __future__ import annotations

import asyncio
import base64
import gzip
import re
import socket
from collections.abc import Callable
from datetime import timedelta

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from bot.feeds import verdict
from bot.feeds.fetch import Fetcher
from bot.model import Failure, FailureKind, Fetched, NotModified, Validators
from tests.feeds.conftest import MakeFetcher
from tests.feeds.site import Script, Site, response
from tests.support import StillClock

FEED = b"<rss version='2.0'><channel><title>News</title></channel></rss>"
NONE = Validators()


class Names(AbstractResolver):
    """A resolver that answers what it is told, a different address each time if need be."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = list(addresses)

    async def resolve(self, host: str, port: int = 0, family: int = socket.AF_INET) -> list[ResolveResult]:
        address = self.addresses.pop(0) if len(self.addresses) > 1 else self.addresses[0]
        kind = socket.AF_INET6 if ":" in address else socket.AF_INET
        return [ResolveResult(hostname=host, host=address, port=port, family=kind, proto=6, flags=0)]

    async def close(self) -> None:
        pass


async def _fail(fetcher: Fetcher, url: str, validators: Validators = NONE) -> Failure:
    outcome = await fetcher.fetch(url, validators)
    assert isinstance(outcome, Failure), outcome
    assert re.fullmatch(r"[^.].+\.", outcome.sentence)
    assert "\n" not in outcome.sentence
    return outcome


async def _fetched(fetcher: Fetcher, url: str, validators: Validators = NONE) -> Fetched:
    outcome = await fetcher.fetch(url, validators)
    assert isinstance(outcome, Fetched), outcome
    return outcome


# --- the plain case ---------------------------------------------------------------------------------


async def test_brings_the_body_and_what_the_server_says_of_it(site: Site, fetcher: Fetcher) -> None:
    """A 200 gives body, content type and validators exactly as sent."""
    site.answer(
        "/feed", FEED, Content_Type="text/xml; charset=x", ETag='W/"a-gzip"', Last_Modified="whenever"
    )

    fetched = await _fetched(fetcher, site.url())

    assert fetched == Fetched(site.url(), FEED, "text/xml; charset=x", Validators('W/"a-gzip"', "whenever"))


async def test_says_who_asks_and_what_it_takes(site: Site, make_fetcher: MakeFetcher) -> None:
    """The request names program, version and contact, asks for feeds, and carries nothing else."""
    site.answer("/feed", FEED)

    await _fetched(make_fetcher(contact="https://admin.example"), site.url())

    headers = site.requests[0].headers
    assert re.fullmatch(r"Newsthread/\d\S* \(\+https://admin.example\)", headers["user-agent"])
    assert headers["accept"].startswith("application/rss+xml, application/atom+xml, application/feed+json")
    assert headers["accept-encoding"] == "gzip, deflate"
    assert not {"cookie", "authorization", "if-none-match", "if-modified-since", "range"} & headers.keys()


async def test_validators_go_back_byte_for_byte(site: Site, fetcher: Fetcher) -> None:
    """A conditional request repeats what was stored, and a 304 is told apart."""
    site.script("/feed", response(304))

    outcome = await fetcher.fetch(site.url(), Validators('W/"x-gzip"', "Tue, 24 Nov 2026 11:00:00 GMT"))

    assert outcome == NotModified()
    assert site.requests[0].headers["if-none-match"] == 'W/"x-gzip"'
    assert site.requests[0].headers["if-modified-since"] == "Tue, 24 Nov 2026 11:00:00 GMT"


async def test_an_unasked_304_is_a_failure(site: Site, fetcher: Fetcher) -> None:
    """Without validators there is nothing that could be unmodified."""
    site.script("/feed", response(304))

    assert (await _fail(fetcher, site.url())).kind is FailureKind.SERVER


@pytest.mark.parametrize(
    "headers", [{"Expires": "0"}, {"ETag": "x" * 2000}, {"ETag": '"\x01"'}, {"ETag": '"\xff"'}]
)
async def test_useless_validators_are_not_kept(site: Site, fetcher: Fetcher, headers: dict[str, str]) -> None:
    """What is stale on arrival, endless or can't be stored is forgotten."""
    lines = {"ETag": '"good"', "Content-Length": str(len(FEED)), **headers}
    head = "HTTP/1.1 200 OK\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    site.script("/feed", (head + "\r\n").encode("latin-1") + FEED)

    outcome = await fetcher.fetch(site.url(), NONE)

    assert not isinstance(outcome, Fetched) or outcome.validators.etag is None


async def test_cookies_are_not_kept(site: Site, make_fetcher: MakeFetcher) -> None:
    """A site can't recognise the bot by a cookie."""
    fetcher = make_fetcher(resolver=Names("127.0.0.1"))
    site.answer("/feed", FEED, Set_Cookie="id=1; Path=/")

    for _ in range(2):
        await _fetched(fetcher, site.url(host="feeds.example"))

    assert "cookie" not in site.requests[1].headers


async def test_closing_twice_and_going_on(site: Site, fetcher: Fetcher) -> None:
    """A closed fetcher may be closed again, and opens anew when used."""
    site.answer("/feed", FEED)
    await fetcher.close()
    await fetcher.close()

    assert (await _fetched(fetcher, site.url())).body == FEED


# --- compression ------------------------------------------------------------------------------------


@pytest.mark.parametrize("cut", [0, 1, 9, 30])
async def test_truncated_gzip_is_noticed(site: Site, fetcher: Fetcher, cut: int) -> None:
    """A compressed body without its end is a failure though HTTP is satisfied."""
    packed = gzip.compress(FEED * 5)
    site.answer("/feed", packed[: len(packed) - cut], Content_Encoding="gzip")

    outcome = await fetcher.fetch(site.url(), NONE)

    if cut:
        assert isinstance(outcome, Failure)
        assert outcome.kind is FailureKind.ENCODING
    else:
        assert isinstance(outcome, Fetched)
        assert outcome.body == FEED * 5


async def test_unknown_codings_have_their_sentence(site: Site, fetcher: Fetcher) -> None:
    """Brotli, which was not asked for, is named."""
    site.answer("/feed", b"\x1b\x5f\x00\xf8\x8d\x94" * 20, Content_Encoding="br")

    failure = await _fail(fetcher, site.url())

    assert failure.kind is FailureKind.ENCODING
    assert '"br"' in failure.sentence


async def test_a_bomb_is_cut_at_the_limit(site: Site, make_fetcher: MakeFetcher) -> None:
    """A hundred megabytes in a hundred kilobytes stop at watcher.max_bytes."""
    site.answer("/feed", gzip.compress(bytes(100 << 20)), Content_Encoding="gzip")

    failure = await _fail(make_fetcher(max_bytes=1 << 20), site.url())

    assert failure == Failure(FailureKind.TOO_LARGE, "The feed is larger than 1 MiB (watcher.max_bytes).")


async def test_a_body_cut_short_is_noticed(site: Site, fetcher: Fetcher) -> None:
    """A body shorter than its Content-Length, or a chunk that never ends, is a failure."""
    site.script("/length", response(200, FEED, {"Content-Length": "5000"}))
    site.script("/chunk", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1000\r\n" + FEED)

    for path in ("/length", "/chunk"):
        assert (await _fail(fetcher, site.url(path))).kind is FailureKind.ENCODING


# --- size and time ----------------------------------------------------------------------------------


async def _endless(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
    while True:
        writer.write(b"x" * 65536)
        await writer.drain()


def _slowly(start: bytes) -> Script:
    async def script(writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        while True:
            await asyncio.sleep(0.05)
            writer.write(b"x")
            await writer.drain()

    return script


async def test_an_endless_body_stops_at_the_limit(site: Site, make_fetcher: MakeFetcher) -> None:
    """A body without length or end costs no more than the limit."""
    site.script("/feed", _endless)

    assert (await _fail(make_fetcher(max_bytes=100_000), site.url())).kind is FailureKind.TOO_LARGE


async def test_an_announced_giant_is_not_read(site: Site, fetcher: Fetcher) -> None:
    """Content-Length beyond the limit is believed."""
    site.script("/feed", response(200, b"", {"Content-Length": str(4 << 30)}))

    assert (await _fail(fetcher, site.url())).kind is FailureKind.TOO_LARGE


@pytest.mark.slow
@pytest.mark.parametrize(
    "start",
    [b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n", b"HTTP/1.1 200 OK\r\nX-Slow: ", b"HTTP/1.1 200 "],
)
async def test_slow_servers_meet_the_deadline(site: Site, make_fetcher: MakeFetcher, start: bytes) -> None:
    """A byte now and then does not extend the deadline, be it in body, header or status line."""
    site.script("/feed", _slowly(start))

    failure = await _fail(make_fetcher(timeout=1), site.url())

    assert failure == Failure(FailureKind.TIMEOUT, "127.0.0.1 did not deliver the feed within 1 seconds.")


@pytest.mark.slow
async def test_a_slow_handshake_meets_the_deadline(site: Site, make_fetcher: MakeFetcher) -> None:
    """A server that takes the connection and then waits instead of speaking TLS."""
    failure = await _fail(make_fetcher(timeout=1), f"https://127.0.0.1:{site.port}/feed")

    assert failure.kind is FailureKind.TIMEOUT


@pytest.mark.parametrize("flood", [b"X: " + b"y" * 40_000, b"\r\n".join(b"X-%d: y" % n for n in range(3000))])
async def test_header_floods_are_refused(site: Site, fetcher: Fetcher, flood: bytes) -> None:
    """Headers beyond 32 KiB, or thousands of them, end the request."""
    site.script("/feed", b"HTTP/1.1 200 OK\r\n" + flood + b"\r\nContent-Length: 0\r\n\r\n")

    assert (await _fail(fetcher, site.url())).kind is FailureKind.TOO_LARGE


async def test_large_headers_are_read(site: Site, fetcher: Fetcher) -> None:
    """A policy header of 20 KiB, as real sites send, does no harm."""
    site.answer("/feed", FEED, Content_Security_Policy="x " * 10_000)

    assert (await _fetched(fetcher, site.url())).body == FEED


async def test_cancelling_ends_the_request(site: Site, fetcher: Fetcher) -> None:
    """A cancelled fetch raises CancelledError and leaves the fetcher usable."""
    site.script("/slow", _slowly(b""))
    site.answer("/feed", FEED)
    task = asyncio.create_task(fetcher.fetch(site.url("/slow"), NONE))
    await _until(lambda: site.busy == 1)

    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await _fetched(fetcher, site.url())).body == FEED


async def test_four_requests_to_a_host_at_a_time(site: Site, fetcher: Fetcher) -> None:
    """A host with many feeds is not stormed, but they do not queue one by one either."""
    release = asyncio.Event()

    async def held(writer: asyncio.StreamWriter) -> None:
        await release.wait()
        writer.write(response(200, FEED))
        await writer.drain()

    site.script("/feed", held)
    tasks = [asyncio.create_task(fetcher.fetch(site.url(), NONE)) for _ in range(9)]
    await _until(lambda: site.busy == 4)
    release.set()

    outcomes = await asyncio.gather(*tasks)

    assert site.most_busy == 4
    assert all(isinstance(outcome, Fetched) for outcome in outcomes)


# --- redirects --------------------------------------------------------------------------------------


def _to(location: str, status: int = 302) -> bytes:
    return response(status, b"moved", {"Location": location})


async def test_follows_redirects_and_names_the_last_address(site: Site, fetcher: Fetcher) -> None:
    """The body is that of the last hop, whose address is the base of relative links."""
    site.script("/feed", _to("/a/feed?x=1#top"))
    site.script("/a/feed?x=1", _to("../b", 307))
    site.answer("/b", FEED)

    fetched = await _fetched(fetcher, site.url(), Validators("e"))

    assert (fetched.url, fetched.body, fetched.moved_to) == (site.url("/b"), FEED, None)
    assert [request.headers["if-none-match"] for request in site.requests] == ["e"] * 3


@pytest.mark.parametrize(
    ("statuses", "moved"), [((301, 308), True), ((301, 302), False), ((303, 301), False)]
)
async def test_a_move_is_permanent_when_every_hop_is(
    site: Site, fetcher: Fetcher, statuses: tuple[int, int], moved: bool
) -> None:
    """Only 301 and 308 all the way mean that the address has changed."""
    site.script("/feed", _to("/a", statuses[0]))
    site.script("/a", _to("/b", statuses[1]))
    site.answer("/b", FEED)

    fetched = await _fetched(fetcher, site.url())

    assert fetched.moved_to == (site.url("/b") if moved else None)


async def test_five_hops_and_no_more(site: Site, fetcher: Fetcher) -> None:
    """A chain of five redirects is followed, one of six is not."""
    for hop in range(6):
        site.script(f"/{hop}", _to(f"/{hop + 1}"))
    site.answer("/6", FEED)

    assert (await _fetched(fetcher, site.url("/1"))).body == FEED
    failure = await _fail(fetcher, site.url("/0"))
    assert failure.kind is FailureKind.REDIRECT
    assert "more than 5 times" in failure.sentence


@pytest.mark.parametrize(
    ("location", "words"),
    [
        ("/feed", "circle"),
        ("", "nowhere"),
        ("   ", "nowhere"),
        ("file:///etc/passwd", "not an http address"),
        ("ftp://feeds.example/x", "not an http address"),
        ("gopher://feeds.example/x", "not an http address"),
        ("javascript:alert(1)", "not an http address"),
        ("http://[::1", "not an http address"),
        ("http://feeds.example:99999/", "not an http address"),
    ],
)
async def test_redirects_that_lead_nowhere(site: Site, fetcher: Fetcher, location: str, words: str) -> None:
    """Circles, missing addresses and other schemes end with a sentence that says so."""
    site.script("/feed", _to(location))

    failure = await _fail(fetcher, site.url())

    assert failure.kind is FailureKind.REDIRECT
    assert words in failure.sentence


@pytest.mark.parametrize(
    ("there", "configured_as_http", "followed"),
    [
        ("http://x.example/", False, False),
        ("http://x.example/", True, True),
        ("https://x.example/", False, True),
    ],
)
def test_https_is_not_given_up(there: str, configured_as_http: bool, followed: bool) -> None:
    """A feed configured as https is never fetched over http, whatever its server says."""
    here = URL("https://feeds.example/")

    failure = verdict.of_hop(here, URL(there), {here}, configured_as_http, 5)

    assert (failure is None) is followed
    assert failure is None or failure.kind is FailureKind.REDIRECT


async def test_a_redirect_without_location(site: Site, fetcher: Fetcher) -> None:
    """A 302 with no Location at all is a failure, not an answer."""
    site.script("/feed", response(302, FEED))

    assert (await _fail(fetcher, site.url())).kind is FailureKind.REDIRECT


async def test_userinfo_in_a_redirect_is_dropped(site: Site, fetcher: Fetcher) -> None:
    """A redirect can't make the bot log in anywhere."""
    site.script("/feed", _to(f"http://user:secret@127.0.0.1:{site.port}/b"))
    site.answer("/b", FEED)

    fetched = await _fetched(fetcher, site.url())

    assert fetched.url == site.url("/b")
    assert "authorization" not in site.requests[1].headers


async def test_the_admins_password_stays_with_its_host(site: Site, fetcher: Fetcher) -> None:
    """A login in the configured address is sent there, to no other host or port, and never shown."""
    async with Site() as other:
        site.script("/feed", _to("/moved", 301))
        site.script("/moved", _to(other.url("/b"), 301))
        other.answer("/b", FEED)

        fetched = await _fetched(fetcher, f"http://ada:s3cret@127.0.0.1:{site.port}/feed")

        login = "Basic " + base64.b64encode(b"ada:s3cret").decode()
        assert [request.headers.get("authorization") for request in site.requests] == [login, login]
        assert "authorization" not in other.requests[0].headers
        assert (fetched.url, fetched.moved_to) == (other.url("/b"), None)


# --- addresses --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "0.0.0.0",
        "[::ffff:127.0.0.1]",
        "0x7f000001",
        "127.1",
        "2130706433",
        "①②⑦.⓪.⓪.①",
    ],
)
async def test_loopback_is_refused_in_every_spelling(
    site: Site, make_fetcher: MakeFetcher, host: str
) -> None:
    """Without the setting no notation of a loopback address reaches a server."""
    site.answer("/feed", FEED)

    failure = await _fail(make_fetcher(allow_private_addresses=False), site.url(host=host))

    assert failure.kind is FailureKind.ADDRESS
    assert site.requests == []


async def test_the_sentence_names_the_address_and_the_setting(site: Site, make_fetcher: MakeFetcher) -> None:
    """An admin who meant it learns what to set."""
    fetcher = make_fetcher(allow_private_addresses=False, resolver=Names("192.168.1.7"))

    failure = await _fail(fetcher, "http://intranet.example/feed")

    assert failure == Failure(
        FailureKind.ADDRESS,
        "intranet.example is at 192.168.1.7, which is not a public address; "
        "set watcher.allow_private_addresses to allow it.",
    )


async def test_rebinding_meets_the_guard(site: Site, make_fetcher: MakeFetcher) -> None:
    """A name that is public once and metadata the next time is checked each time it is connected to."""
    site.answer("/feed", FEED)
    fetcher = make_fetcher(resolver=Names("127.0.0.1", "169.254.169.254"))

    assert isinstance(await fetcher.fetch(site.url(host="feeds.example"), NONE), Fetched)
    await fetcher.close()
    failure = await _fail(fetcher, site.url(host="feeds.example"))

    assert failure.kind is FailureKind.ADDRESS
    assert "169.254.169.254" in failure.sentence
    assert len(site.requests) == 1


async def test_redirects_meet_the_guard(site: Site, fetcher: Fetcher) -> None:
    """A redirect to a forbidden address is refused like any other."""
    site.script("/feed", _to("http://169.254.169.254/latest/meta-data/"))

    assert (await _fail(fetcher, site.url())).kind is FailureKind.ADDRESS


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "/etc/passwd",
        "feed://x.example/",
        "",
        "http://",
        "https://x:0x/",
        "http://[::1",
        "http://" + "a" * 300,
    ],
)
async def test_other_addresses_are_not_fetched(fetcher: Fetcher, url: str) -> None:
    """Paths, other schemes and nonsense are refused with a sentence."""
    assert (await _fail(fetcher, url)).kind is FailureKind.ADDRESS


async def test_unknown_names_and_closed_ports(make_fetcher: MakeFetcher) -> None:
    """A name without address and a port without server are told apart."""

    class Nowhere(Names):
        async def resolve(
            self, host: str, port: int = 0, family: int = socket.AF_INET
        ) -> list[ResolveResult]:
            raise OSError(None, "Name or service not known")

    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        closed = await _fail(make_fetcher(), f"http://127.0.0.1:{port}/")
    unknown = await _fail(make_fetcher(resolver=Nowhere("")), "http://no.such.example/")

    assert closed.kind is FailureKind.CONNECTION
    assert "127.0.0.1 can't be reached" in closed.sentence
    assert unknown == Failure(
        FailureKind.ADDRESS, "The name no.such.example can't be resolved to an address."
    )


async def test_tls_to_a_plain_server(fetcher: Fetcher) -> None:
    """https to something that speaks no TLS is a failed connection."""

    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 This is not TLS\r\n\r\n")
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        failure = await _fail(fetcher, f"https://127.0.0.1:{port}/")

    assert failure.kind is FailureKind.CONNECTION
    assert "secure connection" in failure.sentence


@pytest.mark.parametrize("noise", [b"SSH-2.0-OpenSSH_9.6\r\n", b"\x00\x01\x02\x03\r\n\r\n", b""])
async def test_what_is_no_http(site: Site, fetcher: Fetcher, noise: bytes) -> None:
    """Another protocol on the port, or a closed connection, is a failed connection."""
    site.script("/feed", noise)

    assert (await _fail(fetcher, site.url())).kind is FailureKind.CONNECTION


# --- statuses ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (204, FailureKind.EMPTY), (206, FailureKind.ENCODING), (300, FailureKind.REDIRECT),
        (400, FailureKind.NOT_FOUND), (401, FailureKind.BLOCKED), (403, FailureKind.BLOCKED),
        (404, FailureKind.NOT_FOUND), (407, FailureKind.BLOCKED), (408, FailureKind.TIMEOUT),
        (410, FailureKind.GONE), (429, FailureKind.LIMITED), (451, FailureKind.BLOCKED),
        (500, FailureKind.SERVER), (503, FailureKind.SERVER), (202, FailureKind.SERVER),
    ],
)  # fmt: skip
async def test_each_status_has_its_class(
    site: Site, fetcher: Fetcher, status: int, kind: FailureKind
) -> None:
    """What a status means for a feed, with the status in the sentence."""
    site.answer("/feed", b"" if status == 204 else FEED, status)

    failure = await _fail(fetcher, site.url())

    assert failure.kind is kind
    assert str(status) in failure.sentence


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        ("1", 60),
        ("0", 60),
        ("99999999999999", 86400),
        ("Tue, 24 Nov 2026 12:10:00 GMT", 600),
        ("Tue, 24 Nov 2026 11:00:00 GMT", 60),
        ("Tue, 24 Nov 2099 11:00:00 GMT", 86400),
        ("soon", None),
        ("-5", None),
        ("", None),
    ],
)
async def test_retry_after_is_clamped(
    site: Site, fetcher: Fetcher, status: int, value: str, seconds: float | None
) -> None:
    """Seconds or a date, never less than a minute nor more than a day, and junk is ignored."""
    site.answer("/feed", status=status, Retry_After=value)

    assert (await _fail(fetcher, site.url())).retry_after == seconds


@pytest.mark.parametrize(
    ("status", "headers", "body"),
    [
        (403, {"CF-Mitigated": "challenge"}, b""),
        (200, {"cf-mitigated": "challenge"}, b"<html></html>"),
        (503, {"Server": "cloudflare"}, b"<html><head><title>Just a moment...</title>" + b"x" * 100_000),
        (403, {"Server": "cloudflare"}, b"<TITLE>Attention Required! | Cloudflare</TITLE>"),
        (202, {"x-amzn-waf-action": "challenge"}, b""),
    ],
)
async def test_challenges_are_named(
    site: Site, fetcher: Fetcher, status: int, headers: dict[str, str], body: bytes
) -> None:
    """A page that tells browsers from programs is "blocked", whatever its status."""
    site.script("/feed", response(status, body, headers))

    failure = await _fail(fetcher, site.url())

    assert failure.kind is FailureKind.BLOCKED
    assert "challenge for browsers" in failure.sentence


async def test_a_web_page_is_left_to_the_parser(site: Site, fetcher: Fetcher) -> None:
    """A 200 with HTML arrives: naming it is the parser's work."""
    site.answer("/feed", b"<html></html>", Content_Type="text/html")

    assert (await _fetched(fetcher, site.url())).content_type == "text/html"


async def test_retry_after_counts_from_the_clock(clock: StillClock) -> None:
    """A date is measured against the clock that was passed in."""
    date = {"Retry-After": "Tue, 24 Nov 2026 13:00:00 GMT"}

    assert verdict.retry_after(date, clock.now()) == 3600
    assert verdict.retry_after(date, clock.now() + timedelta(minutes=50)) == 600


async def _until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - the server has no event to wait for
            await asyncio.sleep(0.01)
