"""Webhooks, and messages through them. A token of an interaction leads to that interaction's follow-ups."""

from __future__ import annotations

from localdiscord import wire
from localdiscord.acts import answers, deletions, messages
from localdiscord.acts import webhooks as acts
from localdiscord.acts.access import require
from localdiscord.errors import refusal
from localdiscord.interactions import Interaction
from localdiscord.model import JSON, Channel, Message, Webhook
from localdiscord.permissions import P
from localdiscord.rest.common import Call, Route


def create(call: Call) -> JSON:
    webhook = acts.create(call.ctx, call.channel(), call.body, call.by, call.reason)
    return wire.webhook(call.ctx.world, webhook, with_token=True)


def of_channel(call: Call) -> list[JSON]:
    channel = call.channel(P.MANAGE_WEBHOOKS)
    found = [each for each in call.ctx.world.webhooks.values() if each.channel_id == channel.id]
    return [_shown(call, each) for each in found]


def of_guild(call: Call) -> list[JSON]:
    found = []
    for each in call.ctx.world.webhooks.values():
        require(call.ctx, call.by, call.ctx.world.channel(each.channel_id), P.MANAGE_WEBHOOKS)
        found.append(_shown(call, each))
    return found


def _shown(call: Call, webhook: Webhook) -> JSON:
    """Tokens are shown of one's own webhooks only."""
    return wire.webhook(call.ctx.world, webhook, with_token=webhook.application_id == call.by)


def get(call: Call) -> JSON:
    webhook = acts.find(call.ctx, call.id("webhook"))
    require(call.ctx, call.by, call.ctx.world.channel(webhook.channel_id), P.MANAGE_WEBHOOKS)
    return _shown(call, webhook)


def change(call: Call) -> JSON:
    webhook = acts.find(call.ctx, call.id("webhook"))
    return _shown(call, acts.change(call.ctx, webhook, call.body, call.by, call.reason))


def delete(call: Call) -> None:
    acts.delete(call.ctx, acts.find(call.ctx, call.id("webhook")), call.by, call.reason)


def _with_token(call: Call) -> Webhook:
    return acts.find(call.ctx, call.id("webhook"), call.text("token"))


def get_with_token(call: Call) -> JSON:
    return wire.webhook(call.ctx.world, _with_token(call), with_token=True, with_user=False)


def change_with_token(call: Call) -> JSON:
    webhook = acts.change(call.ctx, _with_token(call), call.body, None)
    return wire.webhook(call.ctx.world, webhook, with_token=True, with_user=False)


def delete_with_token(call: Call) -> None:
    acts.delete(call.ctx, _with_token(call), None)


# --- messages -------------------------------------------------------------------------------------


def _interaction(call: Call) -> Interaction | None:
    """Set when the address names the application instead of a webhook."""
    if call.id("webhook") != call.ctx.world.bot_id:
        return None
    return call.ctx.interactions.for_follow_up(call.text("token"))


def execute(call: Call) -> JSON | None:
    if interaction := _interaction(call):
        message = answers.follow_up(call.ctx, interaction, call.body, call.files)
        return wire.message(call.ctx.world, message, call.by)
    message = acts.execute(call.ctx, _with_token(call), call.body, call.files, call.query("thread_id"))
    return wire.message(call.ctx.world, message) if call.truth("wait") else None


def _found(call: Call) -> tuple[Channel, Message, Interaction | None]:
    if interaction := _interaction(call):
        return (
            interaction.channel,
            answers.answer_message(call.ctx, interaction, call.text("message")),
            interaction,
        )
    if call.text("message") == "@original":
        raise refusal(10008)
    channel, message = acts.own_message(
        call.ctx, _with_token(call), call.id("message"), call.query("thread_id")
    )
    return channel, message, None


def get_message(call: Call) -> JSON:
    return wire.message(call.ctx.world, _found(call)[1])


def edit_message(call: Call) -> JSON:
    channel, message, interaction = _found(call)
    if interaction:
        changed = answers.edit(call.ctx, interaction, message, call.body, call.files)
    else:
        changed = messages.edit(call.ctx, channel, message, call.body, call.files)
    return wire.message(call.ctx.world, changed)


def delete_message(call: Call) -> None:
    channel, message, interaction = _found(call)
    if interaction:
        answers.delete(call.ctx, interaction, message)
    else:
        deletions.delete(call.ctx, channel, message)


_BY_TOKEN = "/webhooks/{webhook}/{token}"  # noqa: S105 - a route template
ROUTES = [
    Route("POST", "/channels/{channel}/webhooks", create),
    Route("GET", "/channels/{channel}/webhooks", of_channel),
    Route("GET", "/guilds/{guild}/webhooks", of_guild),
    Route("GET", "/webhooks/{webhook}", get),
    Route("PATCH", "/webhooks/{webhook}", change),
    Route("DELETE", "/webhooks/{webhook}", delete),
    Route("GET", _BY_TOKEN, get_with_token, open=True),
    Route("PATCH", _BY_TOKEN, change_with_token, open=True),
    Route("DELETE", _BY_TOKEN, delete_with_token, open=True),
    Route("POST", _BY_TOKEN, execute, open=True),
    Route("GET", _BY_TOKEN + "/messages/{message}", get_message, open=True),
    Route("PATCH", _BY_TOKEN + "/messages/{message}", edit_message, open=True),
    Route("DELETE", _BY_TOKEN + "/messages/{message}", delete_message, open=True),
]
