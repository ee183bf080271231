"""Damage done to bytes, and the ways in which servers pack them."""

from __future__ import annotations

import gzip
import zlib
from random import Random

_SCRAPS = [
    b"\x00",
    b"\xff\xfe",
    b"\xfe\xff",
    b"\xef\xbb\xbf",
    b"\xc0\x80",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    b"\xff" * 8,
    b"\x1b$B",
    b"\x80" * 20,
]
_CODINGS = [
    "",
    "gzip",
    "deflate",
    "br",
    "zstd",
    "x-gzip",
    "gzip, gzip",
    "compress",
    "identity",
    "gzip, deflate, br, zstd",
    "none",
    "GZIP",
]


def damaged_bytes(body: bytes, chance: Random, done: list[str]) -> bytes:
    """Flipped bits, lost and repeated blocks, bytes that are no text."""
    done.append("bytes")
    damaged = bytearray(body)
    for _ in range(chance.randint(1, 12)):
        place = chance.randrange(len(damaged) + 1)
        match chance.randrange(6):
            case 0 if place < len(damaged):
                damaged[place] ^= 1 << chance.randrange(8)
            case 1:
                damaged[place:place] = chance.choice(_SCRAPS)
            case 2:
                del damaged[place : place + chance.randint(1, 200)]
            case 3:
                damaged[place:place] = damaged[max(0, place - chance.randint(1, 2000)) : place]
            case 4 if place < len(damaged):
                damaged[place] = chance.randrange(256)
            case _:
                damaged[place : place + 2] = damaged[place : place + 2][::-1]
    if chance.random() < 0.03:
        return chance.choice(
            (
                b"",
                b"\x00" * 1000,
                bytes(chance.randbytes(2000)),
                b"\x89PNG\r\n\x1a\n" + bytes(damaged),
                b"%PDF-1.7",
                bytes(damaged)[::-1],
            )
        )
    return bytes(damaged)


def packed(body: bytes, chance: Random, done: list[str]) -> tuple[bytes, str]:
    """The body as it is sent, and what its Content-Encoding says, truly or not."""
    if chance.random() > 0.2:
        return body, ""
    kind = chance.randrange(8)
    done.append(f"packed{kind}")
    match kind:
        case 0:
            return gzip.compress(body, 1, mtime=0), "gzip"
        case 1:
            return gzip.compress(gzip.compress(body, 1, mtime=0), 1, mtime=0), chance.choice(
                ("gzip", "gzip, gzip")
            )
        case 2:
            return zlib.compress(body, 1), chance.choice(_CODINGS)
        case 3:
            raw = zlib.compressobj(1, zlib.DEFLATED, -15)
            return raw.compress(body) + raw.flush(), chance.choice(("deflate", "gzip"))
        case 4:
            return gzip.compress(body, 1, mtime=0)[: chance.randrange(1, 400)], "gzip"
        case 5:
            return gzip.compress(body, 1, mtime=0) + chance.randbytes(chance.choice((1, 40))), chance.choice(
                _CODINGS
            )
        case 6:
            return damaged_bytes(gzip.compress(body, 1, mtime=0), chance, done), "gzip"
        case _:
            return body, chance.choice(_CODINGS)
