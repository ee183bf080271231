"""A forum's tags as moderators type them: several in one line, separated by commas. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.errors import Declined
from bot.text.clean import clean
from bot.text.cut import cut_words
from bot.text.escape import escape

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_TAGS = 5  # that a forum post may have
_MAX_NAME = (
    20  # characters of a tag's name, so that it has fewer commas (docs resources/channel §Forum Tag Object)
)


def named_tags(text: str, there: Sequence[str]) -> tuple[str, ...]:
    """The tags, of those that are ``there``, that ``text`` names, separated by commas, in its order and as they are
    spelled. Case and blanks do not matter; a name may have commas in it.

    Raises:
        Declined: one is not there, there is none, or there are more than five.
    """
    by_name = {_plain(name): name for name in there}
    parts = [part for part in text.split(",") if part.strip()]
    tags: dict[str, None] = {}
    while parts:
        lengths = range(min(len(parts), _MAX_NAME), 0, -1)
        length = next((n for n in lengths if _plain(",".join(parts[:n])) in by_name), None)
        if length is None:
            raise Declined(
                "There is no tag {tag} here. There are: {tags}.",
                tag=_shown(parts[0], 50),
                tags=_shown(", ".join(there), 600),
            )
        tags[by_name[_plain(",".join(parts[:length]))]] = None
        del parts[:length]
    if not tags:
        raise Declined("Name at least one tag.")
    if len(tags) > MOST_TAGS:
        raise Declined("A post can have {most} tags at most.", most=MOST_TAGS)
    return tuple(tags)


def completions(text: str, there: Sequence[str]) -> tuple[str, ...]:
    """What may be meant by ``text`` of which the last tag is still being typed."""
    before, _, last = text.rpartition(",")
    try:
        chosen = named_tags(before, there) if before.strip(", ") else ()
    except Declined:
        return ()
    wanted = _plain(last)
    offered = [", ".join((*chosen, tag)) for tag in there if tag not in chosen and wanted in _plain(tag)]
    return tuple(offered) if len(chosen) < MOST_TAGS else ()


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def _shown(text: str, limit: int) -> str:
    return escape(cut_words(clean(text), limit), links=False, inline=True)
