"""Interactions answered: the application's first answer, its follow-ups, edits and deletions."""

from __future__ import annotations

from localdiscord import wire
from localdiscord.acts import deletions, messages
from localdiscord.acts.addressing import Author
from localdiscord.acts.interactions import AUTOCOMPLETE, COMMAND, COMPONENT, MODAL_SUBMIT
from localdiscord.components import read_modal
from localdiscord.context import Context
from localdiscord.errors import form_error, refusal
from localdiscord.forms import Form
from localdiscord.interactions import Interaction
from localdiscord.model import CHAT_COMMAND, CONTEXT_COMMAND, DEFAULT, EPHEMERAL, JSON, LOADING, Message
from localdiscord.registration import CHOICE_NAME, CHOICES, STRING, STRING_VALUE
from localdiscord.validate import Upload, read_content

REPLY, DEFER, DEFER_UPDATE, UPDATE, CHOOSE, MODAL = 4, 5, 6, 7, 8, 9  # kinds of answer
ALLOWED = {
    COMMAND: (REPLY, DEFER, MODAL),
    COMPONENT: (REPLY, DEFER, DEFER_UPDATE, UPDATE, MODAL),
    AUTOCOMPLETE: (CHOOSE,),
    MODAL_SUBMIT: (REPLY, DEFER, DEFER_UPDATE, UPDATE),
}


def respond(
    ctx: Context, interaction: Interaction, body: object, files: tuple[Upload, ...] = ()
) -> tuple[int, Message | None]:
    """The application's first answer; the kind of answer and the message it made or changed."""
    form = Form(body)
    kind = form.choice("type", ALLOWED[interaction.kind], required=True) or 0
    data = Form(form.data.get("data") or {}, form.errors, ("data",))
    form.raise_any()
    flags = data.integer("flags", low=0) or 0
    interaction.ephemeral = bool(flags & EPHEMERAL)
    message: Message | None = None
    shown: JSON = {"type": kind}
    match kind:
        case 4:
            message = _send(ctx, interaction, data, files, interaction.ephemeral, first=True)
        case 5:
            message = _send(ctx, interaction, None, (), interaction.ephemeral, first=True)
            interaction.deferred = True
            shown["ephemeral"] = interaction.ephemeral
        case 6:
            message = interaction.source
        case 7:
            message = messages.edit(ctx, interaction.channel, _source(ctx, interaction), data.data, files)
        case 8:
            shown["data"] = {"choices": _choices(interaction, data)}
        case 9:
            shown["data"] = modal = read_modal(data)
            data.raise_any()
            ctx.interactions.open_modal(interaction, modal)
    if kind in (REPLY, UPDATE) and message:
        shown["message"] = wire.message(ctx.world, message, interaction.member_id)
    interaction.answered = True
    interaction.original = message
    if interaction.sending:
        ctx.interactions.close_modal(interaction.sending)
    interaction.tell(shown)
    return kind, message


def follow_up(ctx: Context, interaction: Interaction, body: object, files: tuple[Upload, ...]) -> Message:
    """Another message; right after a deferral it takes the place of the message that was announced."""
    if interaction.deferred:
        return edit(ctx, interaction, answer_message(ctx, interaction, "@original"), body, files)
    form = Form(body)
    flags = form.integer("flags", low=0) or 0
    message = _send(ctx, interaction, form, files, bool(flags & EPHEMERAL))
    interaction.tell(
        {"type": "follow_up", "message": wire.message(ctx.world, message, interaction.member_id)}
    )
    return message


def edit(
    ctx: Context, interaction: Interaction, message: Message, body: object, files: tuple[Upload, ...]
) -> Message:
    """Change one of the answers, or fill one that was announced."""
    changed = messages.edit(ctx, interaction.channel, message, body, files)
    if interaction.original and interaction.original.id == changed.id:
        interaction.original = changed
        interaction.deferred = False
    interaction.tell({"type": "edit", "message": wire.message(ctx.world, changed, interaction.member_id)})
    return changed


def delete(ctx: Context, interaction: Interaction, message: Message) -> None:
    """Take one of the answers back."""
    deletions.delete(ctx, interaction.channel, message)
    if interaction.original and interaction.original.id == message.id:
        interaction.deferred = False
    interaction.tell({"type": "delete", "id": str(message.id)})


def answer_message(ctx: Context, interaction: Interaction, message_id: str) -> Message:
    """``@original`` or one of the follow-ups, ephemeral ones too."""
    here = ctx.world.messages.get(interaction.channel.id, {})
    if message_id == "@original":
        original = interaction.original
        found = here.get(original.id) if original else None
    else:
        found = here.get(int(message_id) if message_id.isdigit() else 0)
        if found and (found.interaction or {}).get("id") != str(interaction.id):
            found = None
    if found is None:
        raise refusal(10008)
    return found


def _source(ctx: Context, interaction: Interaction) -> Message:
    """The message whose component was used, as it is now; 10008 when it has gone."""
    source = interaction.source
    if source is None:
        raise form_error(("type",), "BASE_TYPE_CHOICES", "There is no message to update.")
    found = ctx.world.messages.get(interaction.channel.id, {}).get(source.id)
    if found is None:
        raise refusal(10008)
    return found


def _send(
    ctx: Context,
    interaction: Interaction,
    form: Form | None,
    files: tuple[Upload, ...],
    ephemeral: bool,
    *,
    first: bool = False,
) -> Message:
    """``form`` None announces a message that is still to come."""
    content = read_content(form or Form({}), files)
    if form:
        form.raise_any()
        if content.empty:
            raise refusal(50006)
    content.stickers = None  # as with webhooks
    metadata, kind = interaction.metadata, DEFAULT
    if first and interaction.kind == COMMAND:
        menu = {"target_message_id", "target_user_id"} & metadata.keys()
        kind = CONTEXT_COMMAND if menu else CHAT_COMMAND
    if not first and interaction.original:
        metadata = metadata | {"original_response_message_id": str(interaction.original.id)}
    return messages.write(
        ctx,
        Author(ctx.world.bot_id),
        interaction.channel,
        content,
        kind=kind,
        interaction=metadata,
        ephemeral_for=interaction.member_id if ephemeral else None,
        extra_flags=(EPHEMERAL if ephemeral else 0) | (0 if form else LOADING),
    )


def _choices(interaction: Interaction, data: Form) -> list[JSON]:
    """What autocomplete offers, of the type of the option it is for."""
    completing = interaction.completing or {"type": STRING}
    found = []
    for each in data.items("choices", CHOICES) or ():
        each.text("name", CHOICE_NAME, low=1, required=True)
        value = each.data.get("value")
        if value is None:
            each.fault("value", "BASE_TYPE_REQUIRED", "This field is required")
        elif completing["type"] == STRING:
            each.text("value", STRING_VALUE, strip=False)
        elif isinstance(value, bool) or not isinstance(value, (int, float)):
            each.fault("value", "NUMBER_TYPE_COERCE", f'Value "{value}" is not a number.')
        found.append(each.data)
    data.raise_any()
    return found
