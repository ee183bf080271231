"""One gateway connection: opcodes in, frames out."""

from __future__ import annotations

import asyncio
import contextlib
import json
import zlib
from collections import deque
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

from localdiscord import wire
from localdiscord.gateway.intents import GUILD_MEMBERS, KNOWN, PRIVILEGED
from localdiscord.model import JSON

if TYPE_CHECKING:
    from localdiscord.context import Context
    from localdiscord.gateway.server import Gateway
    from localdiscord.gateway.session import Session

HEARTBEAT = 41.25  # seconds
NETWORK = 0.02  # seconds that an answer takes at least, as over a real network
COMMANDS, PER = 120, 60.0  # what a client may send (docs events/gateway §Rate Limiting)
LARGEST = 4096  # bytes of a client's payload
DISPATCH, BEAT, IDENTIFY, PRESENCE, VOICE, RESUME, MEMBERS = 0, 1, 2, 3, 4, 6, 8


class CloseWith(Exception):
    """The client broke the protocol: close with this code (docs topics/opcodes §Gateway Close Event Codes)."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Connection:
    def __init__(self, ctx: Context, gateway: Gateway, request: web.Request) -> None:
        self._ctx = ctx
        self._gateway = gateway
        self._request = request
        self._socket = web.WebSocketResponse(max_msg_size=1 << 20)
        self._frames: asyncio.Queue[str] = asyncio.Queue()
        self._deflate = zlib.compressobj() if request.query.get("compress") == "zlib-stream" else None
        self._sending = asyncio.Lock()
        self._recent: deque[float] = deque()
        self.session: Session | None = None

    @property
    def closed_for_good(self) -> bool:
        """Closing with 1000 or 1001 ends the session (docs events/gateway §Initiating a Disconnect)."""
        return self._socket.close_code in (1000, 1001)

    async def run(self) -> web.WebSocketResponse:
        await self._socket.prepare(self._request)
        writer = asyncio.create_task(self._write())
        try:
            self._check_address()
            hello = {"heartbeat_interval": int(HEARTBEAT * 1000), "_trace": []}
            await self.send({"op": 10, "d": hello})
            while True:
                message = await self._socket.receive(timeout=HEARTBEAT * 1.5)
                if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                    break
                await self._take(message.data)
        except TimeoutError:
            await self.close(4009, "Session timed out.")
        except CloseWith as error:
            await self.close(error.code, error.reason)
        except ConnectionError:
            pass
        finally:
            writer.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await writer
        return self._socket

    def push(self, text: str) -> None:
        self._frames.put_nowait(text)

    async def send(self, payload: JSON) -> None:
        """Send what is not an event; it has no sequence number."""
        await self._frame(json.dumps({"t": None, "s": None} | payload))

    async def close(self, code: int, reason: str) -> None:
        with contextlib.suppress(ConnectionError, RuntimeError):
            await self._socket.close(code=code, message=reason.encode())

    def abort(self) -> None:
        if transport := self._request.transport:
            transport.abort()

    async def _write(self) -> None:
        while True:
            await self._frame(await self._frames.get())

    async def _frame(self, text: str) -> None:
        async with self._sending:
            with contextlib.suppress(ConnectionError, RuntimeError):
                if self._deflate is None:
                    await self._socket.send_str(text)
                else:
                    packed = self._deflate.compress(text.encode()) + self._deflate.flush(zlib.Z_SYNC_FLUSH)
                    await self._socket.send_bytes(packed)

    def _check_address(self) -> None:
        if self._request.query.get("v", "10") not in ("9", "10"):
            raise CloseWith(4012, "Invalid API version.")
        if self._request.query.get("encoding", "json") != "json":
            raise CloseWith(4002, "Only the JSON encoding is offered.")

    async def _take(self, raw: str | bytes) -> None:
        if len(raw) > LARGEST:
            raise CloseWith(4002, "Payload too large.")
        try:
            payload = json.loads(raw)
            opcode, data = payload["op"], payload.get("d")
        except (ValueError, TypeError, KeyError, AttributeError):
            raise CloseWith(4002, "Error while decoding payload.") from None
        if opcode == BEAT:
            # Answered within microseconds, discord.py's other thread has not yet noted that it asked, takes the
            # answer for that of the beat before, and warns of a connection 41 s behind.
            await asyncio.sleep(NETWORK)
            await self.send({"op": 11, "d": None})
            return
        self._count()
        match opcode:
            case 2:
                self._identify(data)
            case 6:
                await self._resume(data)
            case 3 | 4 if self.session:
                pass  # presence and voice have no effect here
            case 8 if self.session:
                self._members(data)
            case 3 | 4 | 8:
                raise CloseWith(4003, "Not authenticated.")
            case _:
                raise CloseWith(4001, "Unknown opcode.")

    def _count(self) -> None:
        now = self._ctx.clock.monotonic()
        while self._recent and self._recent[0] <= now - PER:
            self._recent.popleft()
        self._recent.append(now)
        if len(self._recent) > COMMANDS:
            raise CloseWith(4008, "You are being rate limited.")

    def _identify(self, data: Any) -> None:
        if self.session:
            raise CloseWith(4005, "Already authenticated.")
        if not isinstance(data, dict):
            raise CloseWith(4002, "Error while decoding payload.")
        if data.get("token") != self._ctx.world.token:
            raise CloseWith(4004, "Authentication failed.")
        if not self._ctx.world.session_starts:  # docs topics/gateway §Session Start Limit: the token is reset
            raise CloseWith(4004, "Authentication failed.")
        self._ctx.world.session_starts -= 1
        intents = data.get("intents")
        if not isinstance(intents, int) or isinstance(intents, bool) or intents < 0 or intents & ~KNOWN:
            raise CloseWith(4013, "Invalid intent(s).")
        if intents & PRIVILEGED and not self._ctx.world.privileged_intents:
            raise CloseWith(4014, "Disallowed intent(s).")
        shard = data.get("shard")
        if shard is not None and not (isinstance(shard, list) and len(shard) == 2):
            raise CloseWith(4010, "Invalid shard.")
        self._gateway.identify(self, data["token"], intents, shard)

    async def _resume(self, data: Any) -> None:
        if self.session:
            raise CloseWith(4005, "Already authenticated.")
        if not isinstance(data, dict) or data.get("token") != self._ctx.world.token:
            raise CloseWith(4004, "Authentication failed.")
        sequence = data.get("seq")
        if not isinstance(sequence, int) or not self._gateway.resume(
            self, str(data.get("session_id")), data["token"], sequence
        ):
            await self.send({"op": 9, "d": False})

    def _members(self, data: Any) -> None:
        """Opcode 8 (docs events/gateway-events §Request Guild Members)."""
        assert self.session is not None
        if not isinstance(data, dict):
            raise CloseWith(4002, "Error while decoding payload.")
        world = self._ctx.world
        ids, query = data.get("user_ids"), data.get("query")
        limit = data.get("limit") or 0
        if ids is not None:
            asked = {str(each) for each in (ids if isinstance(ids, list) else [ids])}
            found = [each for each in world.members.values() if str(each.id) in asked]
        else:
            if not query and not self.session.intents & GUILD_MEMBERS:
                raise CloseWith(4014, "Disallowed intent(s).")
            prefix = str(query or "").lower()
            found = [
                each for each in world.members.values() if world.users[each.id].username.startswith(prefix)
            ]
            found = found[: int(limit)] if limit else found
            asked = set()
        chunk: JSON = {
            "guild_id": str(world.guild.id),
            "members": [wire.member(world, each) for each in found],
            "chunk_index": 0,
            "chunk_count": 1,
        }
        if missing := sorted(asked - {str(each.id) for each in found}):
            chunk["not_found"] = missing
        if data.get("nonce") is not None:
            chunk["nonce"] = data["nonce"]
        self.session.dispatch("GUILD_MEMBERS_CHUNK", chunk)
