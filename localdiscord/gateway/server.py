"""The gateway's sessions and connections as a whole: accepts, resumes, and cuts them on order."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterable

from aiohttp import web

from localdiscord import wire
from localdiscord.acts import elsewhere
from localdiscord.acts.listings import active
from localdiscord.context import Context
from localdiscord.gateway.connection import Connection
from localdiscord.gateway.intents import GUILD_MEMBERS, GUILDS
from localdiscord.gateway.session import Session
from localdiscord.hub import Subscriber
from localdiscord.model import JSON

SESSIONS = 20  # detached sessions kept for a resume


class Gateway:
    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._sessions: dict[str, tuple[Session, Subscriber]] = {}
        self._connections: set[Connection] = set()
        self._told = False

    @property
    def connected(self) -> bool:
        """Whether the bot is logged in and listening."""
        return any(connection.session for connection in self._connections)

    @property
    def address(self) -> str:
        return f"ws{self._ctx.world.origin.removeprefix('http')}/gateway"

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        connection = Connection(self._ctx, self, request)
        self._connections.add(connection)
        try:
            return await connection.run()
        finally:
            self._connections.discard(connection)
            if connection.session and connection.session.connection is connection:
                connection.session.connection = None
                if connection.closed_for_good:
                    self._forget([connection.session.id])
            self.tell_state()

    # --- orders -----------------------------------------------------------------------------------

    def drop(self) -> None:
        """Cut every connection without a word, as a failing network does. Sessions can be resumed."""
        for connection in tuple(self._connections):
            connection.abort()

    async def ask_to_reconnect(self) -> None:
        """Opcode 7 to everybody."""
        for connection in tuple(self._connections):
            await connection.send({"op": 7, "d": None})

    async def invalidate(self) -> None:
        """Forget every session and say so: opcode 9, not resumable."""
        connections = tuple(self._connections)
        self._forget(list(self._sessions))
        for connection in connections:
            connection.session = None
            await connection.send({"op": 9, "d": False})
        self.tell_state()

    async def close(self) -> None:
        connections = tuple(self._connections)
        await asyncio.gather(*(connection.close(1001, "going away") for connection in connections))

    # --- sessions ---------------------------------------------------------------------------------

    def identify(self, connection: Connection, token: str, intents: int, shard: list[int] | None) -> None:
        """A new session: READY, then the guild."""
        ctx, world = self._ctx, self._ctx.world
        session = Session(secrets.token_hex(16), token, intents, world.bot_id, ctx.faults)
        session.connection = connection
        connection.session = session
        guilds = [world.guild.id, *([elsewhere.ELSEWHERE] if elsewhere.invited(ctx) else [])]
        ready: JSON = {
            "v": 10,
            "user": wire.own_user(world.bot),
            "user_settings": {},
            "session_type": "normal",
            "session_id": session.id,
            "resume_gateway_url": self.address,
            "private_channels": [],
            "presences": [],
            "relationships": [],
            "guilds": [{"id": str(each), "unavailable": True} for each in guilds],
            "guild_join_requests": [],
            "geo_ordered_rtc_regions": [],
            "application": {"id": str(world.bot_id), "flags": wire.application(world)["flags"]},
            "_trace": [],
        }
        if shard:
            ready["shard"] = shard
        session.dispatch("READY", ready)
        if intents & GUILDS:
            session.deliver("GUILD_CREATE", self._guild(intents))
            if elsewhere.invited(ctx):
                session.deliver("GUILD_CREATE", elsewhere.created(ctx))
        self._sessions[session.id] = (session, ctx.hub.subscribe(world.bot_id, session.deliver))
        detached = [id_ for id_, (each, _) in self._sessions.items() if each.connection is None]
        self._forget(detached[:-SESSIONS])
        self.tell_state()

    def resume(self, connection: Connection, session_id: str, token: str, sequence: int) -> bool:
        """Take a session up again; False when that can't be done."""
        session, _ = self._sessions.get(session_id, (None, None))
        if session is None or session.token != token or not session.can_resume(sequence):
            self._forget([session_id])
            return False
        connection.session = session
        session.resume(connection, sequence)
        self.tell_state()
        return True

    def tell_state(self) -> None:
        """Let the pages know when the bot came or went."""
        connected = self.connected
        if connected != self._told:
            self._told = connected
            people = self._ctx.hub.everyone() - {self._ctx.world.bot_id}
            self._ctx.hub.emit("BOT_STATE", people, {"connected": connected})

    def _forget(self, session_ids: Iterable[str]) -> None:
        for id_ in session_ids:
            if id_ in self._sessions:
                session, subscriber = self._sessions.pop(id_)
                session.connection = None
                self._ctx.hub.unsubscribe(subscriber)

    def _guild(self, intents: int) -> JSON:
        ctx, world = self._ctx, self._ctx.world
        bot = world.members[world.bot_id]
        members = world.members.values() if intents & GUILD_MEMBERS else [bot]
        return wire.guild(world) | {
            "joined_at": bot.joined_at,
            "large": False,
            "unavailable": False,
            "member_count": len(world.members),
            "voice_states": [],
            "members": [wire.member(world, each) for each in members],
            "channels": [wire.channel(world, each) for each in world.guild_channels()],
            "threads": [wire.channel(world, each, world.bot_id) for each in active(ctx, world.bot_id)],
            "presences": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
        }
