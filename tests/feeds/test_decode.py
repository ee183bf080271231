"""Content-Encoding undone: what servers really send, bombs, and every cut."""

from __future__ import annotations

import functools
import gzip
import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.decode import Decoder, TooLarge, Undecodable

_gzip = functools.partial(gzip.compress, mtime=0)  # the time would be in the tests' names
FEED = (
    b"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>News</title></channel></rss>"
)
LIMIT = 1024 * 1024


def _raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


def _decode(coding: str, wire: bytes, *, limit: int = LIMIT, step: int = 1000) -> bytes:
    decoder = Decoder(coding, limit)
    for start in range(0, len(wire), step):
        decoder.feed(wire[start : start + step])
    return decoder.finish()


@pytest.mark.parametrize("step", [1, 7, 100_000])
@pytest.mark.parametrize(
    ("coding", "wire"),
    [
        ("", FEED),
        ("identity", FEED),
        ("utf-8", FEED),
        ("gzip", _gzip(FEED)),
        ("X-GZip", _gzip(FEED)),
        ("gzip", _gzip(FEED[:30]) + _gzip(FEED[30:])),
        ("gzip", _gzip(FEED) + b"\0" * 100),
        ("gzip", _gzip(FEED) + b"<!-- served by node 4 -->"),
        ("gzip, gzip", _gzip(_gzip(FEED))),
        ("gzip", _gzip(_gzip(FEED))),
        ("gzip, gzip", _gzip(FEED)),
        ("deflate, gzip", _gzip(zlib.compress(FEED))),
        ("deflate", zlib.compress(FEED)),
        ("deflate", _raw_deflate(FEED)),
        ("deflate", _gzip(FEED)),
        ("gzip", zlib.compress(FEED)),
        ("gzip", FEED),
        ("deflate", FEED),
        ("br", FEED),
        ("gzip", "\ufeff<rss/>".encode("utf-16")),
        ("", _gzip(FEED)),
        ("deflate", zlib.compress(FEED) + b"tail"),
    ],
)  # fmt: skip
def test_decodes_what_harmless_servers_send(coding: str, wire: bytes, step: int) -> None:
    """Whatever the header claims and however the body is sliced, the feed comes out whole."""
    expected = FEED if b"\xff\xfe" not in wire[:2] else wire

    assert _decode(coding, wire, step=step) == expected


@pytest.mark.parametrize("packed", [_gzip(FEED * 9), zlib.compress(FEED * 9), _raw_deflate(FEED * 9)])
def test_every_cut_of_a_compressed_body_is_noticed(packed: bytes) -> None:
    """No truncated body passes for a complete one, wherever it is cut."""
    coding = "gzip" if packed.startswith(b"\x1f\x8b") else "deflate"

    for end in range(2, len(packed)):
        with pytest.raises(Undecodable):
            _decode(coding, packed[:end])


@pytest.mark.parametrize(
    ("coding", "wire"),
    [
        ("br", b"\x1b\x5f\x00\xf8\x8d\x94\x6e\xee\x4d\x0e" * 9),
        ("zstd", b"\x28\xb5\x2f\xfd\x04\x58\x81\x00\x00" * 9),
        ("gzip", b"\x89PNG\r\n\x1a\n" * 9),
        ("gzip", _gzip(FEED)[:20] + b"\xff" * 60),
        ("gzip", _gzip(b"") * 2000),
        ("gzip, gzip, gzip, gzip", _gzip(FEED)),
    ],
)
def test_refuses_what_it_can_not_decode(coding: str, wire: bytes) -> None:
    """Codings that were not asked for and damaged bodies end in one sentence."""
    with pytest.raises(Undecodable, match=r"^[A-Z].+\.$"):
        _decode(coding, wire)


def test_a_bad_checksum_is_noticed() -> None:
    """A body whose CRC does not fit is damaged, even if it inflates."""
    wire = bytearray(_gzip(FEED))
    wire[-8] ^= 0xFF

    with pytest.raises(Undecodable):
        _decode("gzip", bytes(wire))


@pytest.mark.parametrize("coding", ["gzip", "deflate", "gzip, gzip"])
def test_a_bomb_is_stopped_at_the_limit(coding: str) -> None:
    """Sixty-four megabytes in sixty kilobytes never unfold beyond the limit."""
    bomb = zlib.compress(bytes(64 << 20)) if coding == "deflate" else _gzip(bytes(64 << 20))
    bomb = _gzip(bomb) if coding == "gzip, gzip" else bomb
    tracemalloc.start()
    try:
        with pytest.raises(TooLarge):
            _decode(coding, bomb)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert peak < 8 * LIMIT


def test_the_limit_holds_for_the_wire_too() -> None:
    """A body larger than the limit is refused even when it decodes to nothing."""
    with pytest.raises(TooLarge):
        _decode("gzip", _gzip(FEED) + b"\0" * LIMIT)


def test_a_body_of_exactly_the_limit_passes() -> None:
    """The limit is the largest size allowed."""
    body = b"<" * LIMIT

    assert _decode("", body) == body
    assert _decode("gzip", _gzip(body)) == body


@given(data=st.binary(max_size=3000), step=st.integers(1, 700))
def test_round_trip(data: bytes, step: int) -> None:
    """Any body survives gzip, in any slices."""
    assert _decode("gzip", _gzip(b"<" + data), step=step) == b"<" + data


@given(wire=st.binary(max_size=500), coding=st.sampled_from(["", "gzip", "deflate", "br", "gzip, deflate"]))
def test_garbage_never_surprises(wire: bytes, coding: str) -> None:
    """Any bytes under any header decode or are refused, and nothing else."""
    try:
        _decode(coding, wire)
    except (Undecodable, TooLarge) as refusal:
        assert isinstance(refusal, TooLarge) or str(refusal).endswith(".")
