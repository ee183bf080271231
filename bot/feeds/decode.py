"""Content-Encoding undone while the body streams in, within a limit, and truncation noticed.

aiohttp's own decoder takes gzip without its end for a complete answer and refuses what harmless servers send: a
second gzip inside the first, junk behind it, raw deflate. Hence this one. It knows gzip and deflate, which are all
that we ask for; whatever a header claims, the bytes decide.
"""

from __future__ import annotations

import codecs
import zlib

_GZIP = b"\x1f\x8b"
_HEAD = 64  # bytes looked at before choosing
_SLICE = 16 * 1024  # what follows a gzip member is copied once a member: small slices keep that linear
_MEMBERS = 1024
_LAYERS = 3
# Values seen in the wild that name no coding of the body.
_IDENTITY = frozenset(("", "identity", "none", "binary", "7bit", "8bit", "utf-8", "utf8", "chunked"))


class Undecodable(Exception):
    """The body is not in the coding its server names, or ends before its end. The text is one sentence."""


class TooLarge(Exception):
    """The body exceeds the limit."""


class Decoder:
    """Takes the body as it came over the wire, piece by piece, and gives it decoded.

    ``limit`` is in bytes and holds for what comes over the wire, for the result and for every layer between.
    """

    def __init__(self, content_encoding: str, limit: int) -> None:
        names = [name.strip().lower() for name in content_encoding.split(",")]
        codings = [name for name in names if name not in _IDENTITY]
        if len(codings) > _LAYERS:
            raise Undecodable(f"The server compressed the feed {len(codings)} times over.")
        # The last coding named was applied last (RFC 9110 §8.4). The nameless layer at the end finds gzip that
        # no header admits to: .xml.gz served as it is, or compressed both by the program and by its server.
        self._layers = [_Layer(name, limit) for name in (*reversed(codings), "")]
        self._body = bytearray()
        self._wire = 0
        self._limit = limit

    def feed(self, data: bytes) -> None:
        """Take the next piece.

        Raises:
            Undecodable, TooLarge
        """
        self._wire += len(data)
        if self._wire > self._limit:
            raise TooLarge
        for start in range(0, len(data), _SLICE):
            self._pass_on(data[start : start + _SLICE], 0)

    def finish(self) -> bytes:
        """The whole body, decoded.

        Raises:
            Undecodable: the coded body ended before its end.
            TooLarge
        """
        for index, layer in enumerate(self._layers):
            self._pass_on(layer.end(), index + 1)
        return bytes(self._body)

    def so_far(self) -> bytes:
        """What has been decoded up to now."""
        return bytes(self._body)

    def _pass_on(self, data: bytes, index: int) -> None:
        for layer in self._layers[index:]:
            if not data:
                return
            data = layer.push(data)
        self._body += data
        if len(self._body) > self._limit:
            raise TooLarge


class _Layer:
    """One coding, chosen by the first bytes rather than by its declared name."""

    def __init__(self, declared: str, limit: int) -> None:
        self._declared = declared.removeprefix("x-")
        self._limit = limit
        self._held = b""  # bytes that are too few to act on
        self._window: int | None = None  # zlib's wbits; 0 is plain, None not yet known
        self._inflater: zlib._Decompress | None = None
        self._members = 0
        self._produced = 0
        self._over = False  # what follows is junk

    def push(self, data: bytes) -> bytes:
        data = self._held + data
        self._held = b""
        if self._window is None:
            if len(data) < _HEAD:
                self._held = data
                return b""
            self._window = self._choose(data[:_HEAD])
        return self._inflate(data)

    def end(self) -> bytes:
        rest = b""
        if self._window is None:
            self._window = self._choose(self._held)
            rest, self._held = self._inflate(self._held), b""
        if self._inflater is not None:
            raise Undecodable("The compressed feed ends too early: it was cut short on its way.")
        return rest

    def _choose(self, head: bytes) -> int:
        if head.startswith(_GZIP):
            return 16 + zlib.MAX_WBITS
        if not self._declared or not head:
            return 0
        known = self._declared in {"gzip", "deflate"}
        if known and len(head) >= 2 and head[0] & 0x0F == 8 and int.from_bytes(head[:2]) % 31 == 0:
            return zlib.MAX_WBITS  # RFC 1950, which is what "deflate" means
        if _is_text(head):
            return 0
        if self._declared == "deflate":
            return -zlib.MAX_WBITS  # RFC 1951, which is what some servers take it for
        if known:
            raise Undecodable(f"The server says that the feed is {self._declared}, but it is not.")
        raise Undecodable(
            f'The server compressed the feed as "{self._declared[:30]}", which was not asked for.'
        )

    def _inflate(self, data: bytes) -> bytes:
        if self._window == 0:
            return data
        assert self._window is not None
        pieces = []
        while data and not self._over:
            if self._inflater is None:
                if self._members and not data.startswith(_GZIP):
                    self._over = data != _GZIP[:1]
                    self._held = data if not self._over else b""
                    break
                self._inflater = zlib.decompressobj(self._window)
            try:
                piece = self._inflater.decompress(data, self._limit - self._produced + 1)
            except zlib.error as error:
                raise Undecodable(f"The compressed feed is damaged ({error}).") from error
            pieces.append(piece)
            self._produced += len(piece)
            if self._produced > self._limit:
                raise TooLarge
            if self._inflater.eof:
                data = self._inflater.unused_data
                self._inflater = None
                self._members += 1
                self._over = self._window < 16  # only gzip may consist of several members (RFC 1952 §2.2)
                if self._members > _MEMBERS:
                    raise Undecodable("The compressed feed is chopped into too many pieces.")
            else:
                data = self._inflater.unconsumed_tail
        return b"".join(pieces)


def _is_text(head: bytes) -> bool:
    """Whether these are the first bytes of XML, HTML or JSON."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return True
    try:
        text = codecs.getincrementaldecoder("utf-8-sig")().decode(head)
    except UnicodeDecodeError:
        return False
    return text.lstrip().startswith(("<", "{", "[")) and all(c.isprintable() or c.isspace() for c in text)
