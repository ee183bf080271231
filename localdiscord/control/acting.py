"""Control routes by which members act. They obey the rules that Discord holds members to."""

from __future__ import annotations

from aiohttp import web

from localdiscord import wire
from localdiscord.acts import channels, deletions, messages, opening, reactions
from localdiscord.acts.addressing import Author
from localdiscord.context import Context
from localdiscord.control.common import answer, channel, done, member, message, read_json
from localdiscord.errors import mistake
from localdiscord.model import JSON, SUPPRESS_NOTIFICATIONS
from localdiscord.uploads import read_uploads
from localdiscord.validate import Upload

IN_POST = ("content", "embeds", "components", "flags", "attachments", "sticker_ids", "allowed_mentions")


def routes(ctx: Context) -> list[web.RouteDef]:
    async def write(request: web.Request) -> web.Response:
        who, place = member(ctx, request.match_info["member"]), channel(ctx, request)
        body, files = composed(await read_json(request))
        sent = messages.send(ctx, Author(who.id), place, body, files)
        return answer(wire.message(ctx.world, sent, who.id))

    async def open_post(request: web.Request) -> web.Response:
        who, place = member(ctx, request.match_info["member"]), channel(ctx, request)
        body = await read_json(request)
        if place.is_forum:
            whole, files = composed(body)
            inner = {key: value for key, value in whole.items() if key in IN_POST}
            thread, opened = opening.open_post(ctx, Author(who.id), place, body | {"message": inner}, files)
            data = wire.channel(ctx.world, thread, who.id)
            return answer(data | {"message": wire.message(ctx.world, opened, who.id)}, 201)
        if start := body.get("message_id"):
            origin = ctx.world.message(place.id, int(start))
            thread = opening.open_from_message(ctx, place, origin, body, who.id)
        else:
            thread = opening.open_without_message(ctx, place, {"type": 11} | body, who.id)
            if body.get("content"):
                messages.send(ctx, Author(who.id), thread, {"content": body["content"]})
        return answer(wire.channel(ctx.world, thread, who.id), 201)

    async def edit(request: web.Request) -> web.Response:
        who, place, target = (
            member(ctx, request.match_info["member"]),
            channel(ctx, request),
            message(ctx, request),
        )
        changed = messages.edit(ctx, place, target, await read_json(request), by=who.id)
        return answer(wire.message(ctx.world, changed, who.id))

    async def delete(request: web.Request) -> web.Response:
        who, place, target = (
            member(ctx, request.match_info["member"]),
            channel(ctx, request),
            message(ctx, request),
        )
        deletions.delete(ctx, place, target, by=who.id)
        return done()

    async def react(request: web.Request) -> web.Response:
        who, place, target = (
            member(ctx, request.match_info["member"]),
            channel(ctx, request),
            message(ctx, request),
        )
        burst = await _burst(request)
        reactions.add(ctx, place, target, request.match_info["emoji"], who.id, burst=burst)
        return done()

    async def unreact(request: web.Request) -> web.Response:
        who, place, target = (
            member(ctx, request.match_info["member"]),
            channel(ctx, request),
            message(ctx, request),
        )
        burst = await _burst(request)
        reactions.remove(ctx, place, target, request.match_info["emoji"], who.id, who.id, burst=burst)
        return done()

    async def change_channel(request: web.Request) -> web.Response:
        who, place = member(ctx, request.match_info["member"]), channel(ctx, request)
        changed = channels.change(ctx, place, who.id, await read_json(request))
        return answer(wire.channel(ctx.world, changed, who.id))

    async def delete_channel(request: web.Request) -> web.Response:
        who, place = member(ctx, request.match_info["member"]), channel(ctx, request)
        channels.delete(ctx, place, who.id)
        return done()

    of_message = "/local/as/{member}/channels/{channel}/messages/{message}"
    return [
        web.post("/local/as/{member}/channels/{channel}/messages", write),
        web.post("/local/as/{member}/channels/{channel}/threads", open_post),
        web.patch(of_message, edit),
        web.delete(of_message, delete),
        web.put(of_message + "/reactions/{emoji}", react),
        web.delete(of_message + "/reactions/{emoji}", unreact),
        web.patch("/local/as/{member}/channels/{channel}", change_channel),
        web.delete("/local/as/{member}/channels/{channel}", delete_channel),
    ]


def composed(body: JSON) -> tuple[JSON, tuple[Upload, ...]]:
    """What a member writes, as a body of Discord's API, and the files that go along.

    ``reply_to``, ``forward``, ``attachments`` with their contents, ``stickers``, ``ping`` (false: the author replied
    to is not pinged) and ``silent`` are this route's own words; all others are Discord's.
    """
    data = dict(body)
    files: tuple[Upload, ...] = ()
    if reply_to := data.pop("reply_to", None):
        data["message_reference"] = {"message_id": str(reply_to)}
    forward = data.pop("forward", None)
    if isinstance(forward, dict):
        data["message_reference"] = forward | {"type": 1}
    elif forward is not None:
        raise mistake("forward must be an object with channel_id and message_id")
    if (given := data.pop("attachments", None)) is not None:
        files = read_uploads(given, "attachments")
        data["attachments"] = [{"id": each.index, "filename": each.filename} for each in files]
    if (stickers := data.pop("stickers", None)) is not None:
        data["sticker_ids"] = stickers
    if data.pop("ping", True) is False:
        data.setdefault("allowed_mentions", {"parse": ["users", "roles", "everyone"], "replied_user": False})
    if data.pop("silent", False):
        data["flags"] = (data.get("flags") or 0) | SUPPRESS_NOTIFICATIONS
    return data, files


async def _burst(request: web.Request) -> bool:
    """Whether a super reaction is meant: ``?type=1`` or ``{"burst": true}``."""
    return request.query.get("type") == "1" or bool((await read_json(request)).get("burst"))
