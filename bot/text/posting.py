"""What is posted for a member: quotes with the answer to them, and answers kept to what their author may do."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.languages import Say
from bot.model import Quotation, Quote
from bot.text.clean import clean
from bot.text.cut import ELLIPSIS, cut_words
from bot.text.escape import BREAK, escape
from bot.text.markdown import cut_markdown
from bot.text.tidy import settled, tidy, unpinged
from bot.text.typed import FENCE, Kind, Piece, flat

MAX_CONTENT = 2000
MAX_DESCRIPTION = 4096  # of an embed
MAX_SPEAKER = 80  # no name on Discord is longer
_STEP = 50  # code points by which words are shortened until they find room

_EMOJI = re.compile(r"<a?(:\w{1,32}:)([0-9]{1,20})>")
_ROLE = re.compile(r"<@&([0-9]{1,20})>")
_USER = re.compile(r"<@!?([0-9]{1,20})>")
_EVERYONE = re.compile(r"[@\uff20\ufe6b](?=everyone|here)", re.IGNORECASE)


def quoting_content(
    quotes: Sequence[Quote | Quotation],
    words: str,
    guild_id: int,
    say: Say,
    limit: int = MAX_CONTENT,
    speaker: str | None = None,
) -> str | None:
    """``quotes`` one below the other and the answer ``words`` behind them, in at most ``limit`` code points.

    Every quote is a block of its own, so that nothing in one can reach into the next or into the answer; long
    ones share what the answer leaves. ``speaker`` names whom the bot speaks for under its own name. None when
    the answer leaves no room for who is quoted.
    """
    opening = f"**{_shown(speaker)}**:\n" if speaker is not None else ""
    answer = words.strip()
    # ">" at the beginning of an answer would make it a part of the quote before it.
    between = ("\n\n" if answer.startswith(">") else "\n") if answer and quotes else ""
    room = limit - len(opening) - len(between) - len(answer)
    quoted = _quoted(quotes, guild_id, say, room)
    return None if quoted is None else f"{opening}{quoted}{between}{answer}"


def restored_content(
    quotes: Sequence[Quote | Quotation],
    words: str,
    line: str,
    guild_id: int,
    say: Say,
    limit: int = MAX_CONTENT,
    speaker: str | None = None,
) -> tuple[str, bool]:
    """A removed post as it is posted again, with ``line`` as its last; and whether ``words`` had to be cut for that."""
    for room in range(limit, 0, -_STEP):
        said = cut_markdown(words, room)
        answer = "\n".join(filter(None, (said, line)))
        content = quoting_content(quotes, answer, guild_id, say, limit, speaker)
        if content is not None:
            return content, said != words
    return line, True


def companion_text(
    quotes: Sequence[Quote | Quotation], guild_id: int, say: Say, limit: int = MAX_DESCRIPTION
) -> str:
    """The quotes alone, for the description of an embed; the last ones are left out when not all find room."""
    for count in range(len(quotes), 0, -1):
        quoted = _quoted(quotes[:count], guild_id, say, limit)
        if quoted is not None:
            return quoted
    return ""


def typed_answer(
    text: str,
    *,
    may_mention_everyone: bool,
    mentionable_roles: frozenset[int],
    may_link_embeds: bool,
    own_emoji: frozenset[int] | None,
) -> str:
    """Typed text kept to what its author could have posted: what they may not do reads the same without effect.

    ``mentionable_roles`` are ids; who may mention everyone may mention every role. ``own_emoji`` are the ids
    of the guild's emoji; None: the author may use those of other guilds, too.
    """

    def allowed(piece: Piece) -> str:
        if not may_link_embeds:
            match piece:
                case Piece(Kind.LINK):
                    return f"<{piece.text}>"
                case Piece(Kind.TARGET):
                    return f"](<{piece.inside}>"
                case Piece(Kind.LOOSE, "\\"):  # it would take the meaning of the "<" behind it
                    return "\\\\"
        emoji = _EMOJI.fullmatch(piece.text) if piece.kind is Kind.ANGLE else None
        return emoji[1] if emoji and own_emoji is not None and int(emoji[2]) not in own_emoji else piece.text

    answer = "".join(map(allowed, flat("\n".join(text.splitlines())))).strip()
    if may_mention_everyone:
        return answer
    answer = _EVERYONE.sub(lambda match: match[0] + BREAK, answer)
    return _ROLE.sub(
        lambda match: match[0] if int(match[1]) in mentionable_roles else unpinged(match[0]), answer
    )


def mentions_in(text: str) -> tuple[frozenset[int], frozenset[int]]:
    """The ids of the users and of the roles that ``text`` mentions outside code."""
    words = "".join(piece.text for piece in flat(text) if piece.kind not in (Kind.CODE, Kind.BLOCK))
    return frozenset(map(int, _USER.findall(words))), frozenset(map(int, _ROLE.findall(words)))


def jump_link(guild_id: int, thread_id: int, message_id: int) -> str:
    """The address that leads to a message."""
    return f"https://discord.com/channels/{guild_id}/{thread_id}/{message_id}"


def _quoted(quotes: Sequence[Quote | Quotation], guild_id: int, say: Say, room: int) -> str | None:
    """All quotes within ``room``, or None when not even their first lines fit."""
    blocks: list[str] = []
    texts: dict[int, str] = {}  # by place, as they would read in full
    links: list[str] = []
    for place, quote in enumerate(quotes):
        lost = isinstance(quote, Quote) and quote.lost_at is not None
        quotation = quote.quotation if isinstance(quote, Quote) else quote
        link = jump_link(guild_id, quotation.thread_id, quotation.source_id)
        links.append(link)
        header = say("[quoted post was removed]") if lost else _header(quotation, link, say)
        blocks.append(f"> {header}")
        if not lost and (text := tidy(quotation.text)):
            texts[place] = text
    left = room - sum(map(len, blocks)) - len("\n\n") * max(0, len(blocks) - 1)
    if left < 0:
        return None
    # The shortest first: what it does not need goes to the others.
    for done, place in enumerate(sorted(texts, key=lambda each: len(_marked(texts[each])))):
        fitted = _fitted(texts[place], left // (len(texts) - done), links[place])
        blocks[place] += fitted
        left -= len(fitted)
    return "\n\n".join(blocks)


def _header(quotation: Quotation, link: str, say: Say) -> str:
    name = _shown(quotation.name) or say("A member")
    when = f"<t:{int(quotation.at.timestamp())}:R>"
    shown = say("view post")
    return say("**{name}** said {when}: {link}", name=name, when=when, link=f"[{shown}]({link})")


def _fitted(text: str, room: int, link: str) -> str:
    """The lines below a quote's first one, cut to ``room``; a cut text ends with a link to the rest."""
    whole = _marked(text)
    if len(whole) <= room:
        return whole
    rest = f"[{ELLIPSIS}]({link})"
    behind = f"\n> {rest}"
    cut = cut_markdown(_marked(settled(text))[1:], room - len(behind) - 1)
    said = cut.removesuffix(ELLIPSIS).rstrip()
    if not said.startswith("> "):  # not a word of it fits
        return behind if len(behind) <= room else ""
    return f"\n{said}{behind if said.endswith(FENCE) else f' {rest}'}"


def _marked(text: str) -> str:
    return "".join(f"\n> {line}" for line in text.splitlines())


def _shown(name: str) -> str:
    return escape(cut_words(clean(name), MAX_SPEAKER), links=False, inline=True)
