"""discord.py's messages as our records. Reads only what a message itself holds, and cleans nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from bot.emoji import emoji_key
from bot.model import File, Said
from bot.newsroom.views import marker_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_BEGINNING = 100  # characters of an embed that has no title


def said_of(message: discord.Message, application_id: int | None, me_id: int) -> Said:
    """The post that ``message`` is.

    Over REST Discord tells the author's global name and picture, over the gateway and with interactions those
    that they have in the guild. Of a forwarded message it tells words and files, but not whose they are.
    """
    webhook_id = message.webhook_id if message.webhook_id != application_id else None
    forwarded = message.message_snapshots[0] if message.message_snapshots else None
    shown = forwarded or message
    reference = message.reference
    made = message.author.bot or message.webhook_id is not None or forwarded is not None
    return Said(
        message_id=message.id,
        thread_id=message.channel.id,
        author_id=message.author.id,
        name=message.author.display_name,
        avatar=avatar_of(message.author),
        at=message.created_at,
        content=shown.content or "\n".join(_texts(shown.components)),
        files=tuple(File(file.filename, file.url, file.size) for file in shown.attachments),
        # People can't send embeds: theirs are previews of their links, whatever type they bear.
        embeds=tuple(filter(None, map(_beginning, shown.embeds))) if made else (),
        stickers=tuple(sticker.name for sticker in shown.stickers),
        poll=str(message.poll.question) if message.poll else None,
        reactions=tuple(
            sorted(((emoji_key(str(one.emoji)), one.count) for one in message.reactions), key=_most)
        ),
        edited_at=message.edited_at,
        reply_to=reference.message_id if reference and message.type is discord.MessageType.reply else None,
        webhook_id=webhook_id,
        bot=message.author.bot,
        system=message.is_system(),
        forwarded_from=reference.channel_id if reference and forwarded else None,
        ours=contributed(message, application_id, me_id),
    )


def contributed(message: discord.Message, application_id: int | None, me_id: int) -> bool:
    """Whether ``message`` can be a post that we made for a member.

    That is one of ours which neither carries a marker (opening posts, notes, log lines) nor answers an
    interaction.
    """
    return (
        _ours(message, application_id, me_id)
        and not message.is_system()
        and message.type is not discord.MessageType.thread_starter_message
        and message.interaction_metadata is None
        and (message.webhook_id is None or message.webhook_id != application_id)
        and message.id != message.channel.id
        and marker_of(message) is None
    )


def avatar_of(author: discord.abc.User) -> str:
    """The address of the picture shown beside what ``author`` says."""
    return author.display_avatar.url.partition("?")[0]


def _most(reaction: tuple[str, int]) -> int:
    return -reaction[1]


def _ours(message: discord.Message, application_id: int | None, me_id: int) -> bool:
    if message.author.id == me_id:
        return True
    return (
        message.webhook_id is not None
        and application_id is not None
        and message.application_id == application_id
    )


def _beginning(embed: discord.Embed) -> str | None:
    """None for a preview: those that Discord makes of a link are of other types, or name their provider."""
    if embed.type != "rich" or embed.provider.name:
        return None
    if embed.title:
        return embed.title
    texts = (embed.description, embed.author.name, *(field.name for field in embed.fields), embed.footer.text)
    text = next((text for text in texts if text and text.strip()), "").strip()
    return text.splitlines()[0][:_BEGINNING] if text else None


def _texts(components: Iterable[Any]) -> Iterator[str]:
    """What a message made of components says: it has no content."""
    for component in components:
        if isinstance(component, discord.TextDisplay):
            yield component.content
        yield from _texts(getattr(component, "children", ()))
