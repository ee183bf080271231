"""Emoji: one form whatever way they are written, and what counts as one."""

from __future__ import annotations

import pytest
from discord import PartialEmoji
from hypothesis import given
from hypothesis import strategies as st

from bot.emoji import custom_id, emoji_key, emoji_markdown, is_emoji

CUSTOM = 1300000000000006001

# As Discord's own list has them: fully qualified.
LISTED = (
    "💙", "🙏", "❤️", "👍", "👍🏽", "☝️", "☝🏽", "✌️", "1️⃣", "#️⃣", "©️", "⭐", "⚡", "ℹ️", "🇪🇺", "🏳️‍🌈", "🏴‍☠️", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "❤️‍🔥", "👁️‍🗨️",
    "🤷🏽‍♂️", "👩‍❤️‍💋‍👨", "👨‍👩‍👧‍👦", "🧑🏿‍🤝‍🧑🏻", "🕵️‍♀️", "⛹🏻‍♀️", "🏽", "🫩", "🅰️", "㊗️",
)  # fmt: skip


@pytest.mark.parametrize("emoji", LISTED)
def test_variation_selectors_make_no_difference(emoji: str) -> None:
    """With its selectors, without them, or asking for text: one key, which is the form that Discord lists."""
    bare = emoji.replace("\ufe0f", "")

    assert {emoji_key(emoji), emoji_key(bare), emoji_key(emoji.replace("\ufe0f", "\ufe0e"))} == {emoji}
    assert is_emoji(emoji)
    assert is_emoji(bare)
    assert emoji_markdown(bare) == emoji
    assert custom_id(emoji) is None


def test_different_emoji_stay_different() -> None:
    """No two emoji share a key; skin tones and hearts of other colours are emoji of their own."""
    assert len({emoji_key(emoji) for emoji in LISTED}) == len(LISTED)


@pytest.mark.parametrize(
    "written",
    [f"<:factcheck:{CUSTOM}>", f"<a:factcheck:{CUSTOM}>", f"renamed:{CUSTOM}", f"factcheck~1:{CUSTOM}"],
)
def test_a_custom_emoji_is_its_id(written: str) -> None:
    """However a custom emoji is called at the moment, it is the same one."""
    assert emoji_key(written) == f"emoji:{CUSTOM}" == emoji_key(emoji_key(written))
    assert custom_id(written) == CUSTOM
    assert is_emoji(written)


def test_custom_emoji_in_messages() -> None:
    """What is known of name and movement is kept for showing; a key shows the emoji too."""
    assert emoji_markdown(f"a:spin:{CUSTOM}") == f"<a:spin:{CUSTOM}>"
    assert emoji_markdown(f"factcheck:{CUSTOM}") == f"<:factcheck:{CUSTOM}>"
    assert emoji_markdown(f"emoji:{CUSTOM}") == f"<:emoji:{CUSTOM}>"


@pytest.mark.parametrize("name", ["factcheck", None])
def test_emoji_of_discord_py(name: str | None) -> None:
    """What an event names, also where a deleted emoji has no name any more, gives the configured one's key."""
    assert emoji_key(str(PartialEmoji(name=name, id=CUSTOM))) == f"emoji:{CUSTOM}"  # type: ignore[arg-type]
    assert emoji_key(str(PartialEmoji(name="❤"))) == emoji_key("❤️")


@pytest.mark.parametrize(
    "text",
    ["", "x", "7", "#", "💙💙", "❤️💙", "💙 ", "🇪", "🇪🇺🇪", "\ufe0f", "\u200d", "💙\u200d", ":heart:", "🂡", "🄰", "→", "♔", "a\ufe0f",
     "<:factcheck:12>", f"<:factcheck:{CUSTOM}", f"factcheck:{CUSTOM}>", f":{CUSTOM}", f"<:a b:{CUSTOM}>", str(CUSTOM)],
)  # fmt: skip
def test_what_is_not_one_emoji(text: str) -> None:
    """Letters, digits, two at once, halves of flags and broken forms are none."""
    assert not is_emoji(text)


@given(st.text(st.sampled_from("❤💙👍1#🇪🇺🏽♂⚧\u200d\ufe0e\ufe0f\u20e3ax:<>")))
def test_keys_are_stable(text: str) -> None:
    """The key of a key is itself, and what counts as an emoji does not depend on how it is written."""
    key = emoji_key(text)

    assert emoji_key(key) == key
    assert is_emoji(key) == is_emoji(text)
