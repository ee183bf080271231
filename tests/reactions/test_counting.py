"""What becomes of Discord's events: counted once, in order, under the policy, from news threads only."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.model import Reacted
from tests.reactions.conftest import ALICE, BOB, CAROL, DAVE, POST, THREAD, House, Open
from tests.store.samples import CHANNEL, OTHER_CHANNEL

pytestmark = pytest.mark.slow

LIKE, LOVE, SAD, THUMB = "💙", "❤️", "😢", "👍"


async def test_a_reaction_told_twice_counts_once(house: House) -> None:
    """Events come once or twice; taking a reaction back works however often it is told, too."""
    await house.react(BOB, LIKE)
    await house.react(BOB, LIKE)
    await house.react(CAROL, LIKE)
    assert await house.counts() == {LIKE: 2}

    await house.unreact(BOB, LIKE)
    await house.unreact(BOB, LIKE)
    assert await house.counts() == {LIKE: 1}


async def test_a_reaction_taken_back_at_once_does_not_stay(house: House) -> None:
    """Both events are under way together, and end in the order in which they came."""
    reacted = Reacted(POST, BOB, LIKE)
    for _ in range(5):
        await asyncio.gather(
            house.reactions.added(THREAD, CHANNEL, reacted, by_bot=False),
            house.reactions.removed(THREAD, CHANNEL, reacted),
        )
        assert await house.counts() == {}


async def test_super_reactions_count_their_member_once(house: House) -> None:
    """One who gave an emoji in both ways is one; each way is taken back by itself."""
    await house.react(BOB, LIKE)
    await house.react(BOB, LIKE, kind=1)
    assert await house.counts() == {LIKE: 1}

    await house.unreact(BOB, LIKE)
    assert await house.counts() == {LIKE: 1}
    await house.unreact(BOB, LIKE, kind=1)
    assert await house.counts() == {}


async def test_bots_do_not_count(house: House) -> None:
    """Their reactions are as if not there, and leave nothing to do."""
    await house.react(BOB, LIKE, by_bot=True)

    assert await house.counts() == {}
    assert await house.jobs("revise") == []


async def test_other_places_are_left_alone(house: House) -> None:
    """A thread elsewhere, a foreign thread of the same channel, a message beside the opening posts: nothing happens."""
    for channel, parent in ((777, OTHER_CHANNEL), (777, CHANNEL), (777, None), (CHANNEL, CHANNEL)):
        await house.reactions.added(channel, parent, Reacted(POST, BOB, LIKE), by_bot=False)
        await house.reactions.cleared(777, OTHER_CHANNEL, POST)

    assert await house.counts() == {}
    assert house.wakes == []


async def test_the_opening_post_counts_from_either_place(house: House) -> None:
    """In a forum it stands in its thread, in a text channel beside it."""
    await house.reactions.added(THREAD, CHANNEL, Reacted(THREAD, BOB, LIKE), by_bot=False)
    await house.reactions.added(CHANNEL, CHANNEL, Reacted(THREAD, CAROL, LIKE), by_bot=False)

    assert await house.counts(THREAD) == {LIKE: 2}


async def test_a_thread_that_is_not_in_the_cache(house: House) -> None:
    """Then its parent is not known, and the store is asked."""
    await house.reactions.added(THREAD, None, Reacted(POST, BOB, LIKE), by_bot=False)

    assert await house.counts() == {LIKE: 1}


async def test_one_emoji_however_it_is_written(house: House) -> None:
    """With and without its selector, and a custom one under another name."""
    await house.react(BOB, "❤")
    await house.react(CAROL, "❤️")
    await house.react(BOB, "party:1300000000000006001")
    await house.react(CAROL, "<a:fiesta:1300000000000006001>")

    assert await house.counts() == {LOVE: 2, "emoji:1300000000000006001": 2}


async def test_cleared(house: House) -> None:
    """A moderator clears one emoji, then all; what was given by a button is not Discord's to clear."""
    for emoji in (LIKE, LOVE, SAD):
        await house.react(BOB, emoji, THREAD)
    token = house.story.token
    await house.press(token, THUMB, BOB, 1)

    await house.reactions.cleared(THREAD, CHANNEL, THREAD, LIKE)
    assert await house.counts(THREAD) == {LOVE: 1, SAD: 1, THUMB: 1}
    await house.reactions.cleared(THREAD, CHANNEL, THREAD)
    assert await house.counts(THREAD) == {THUMB: 1}


async def test_any_leaves_everything(house: House) -> None:
    """Reactions without a name are counted, and none is taken off."""
    for emoji in ("🎉", LIKE, SAD):
        await house.react(BOB, emoji)

    assert await house.counts() == {"🎉": 1, LIKE: 1, SAD: 1}
    assert await house.jobs("unreact") == []


async def test_named_only_takes_off_the_others(open_house: Open) -> None:
    """One without a name is never counted, and a job takes it off."""
    house = await open_house(policy="named_only")
    await house.react(BOB, "🎉")
    await house.react(BOB, LIKE)

    assert await house.counts() == {LIKE: 1}
    assert await house.jobs("unreact") == [{"message": str(POST), "member": str(BOB), "emoji": "🎉"}]


async def test_one_each_replaces(open_house: Open) -> None:
    """The newest named one stays, the former is taken off; other members, posts and emoji are untouched."""
    house = await open_house(policy="one_each")
    await house.react(BOB, LIKE)
    await house.react(CAROL, LIKE)
    await house.react(BOB, LIKE, THREAD)
    await house.react(BOB, "🎉")
    await house.react(BOB, LOVE)

    assert await house.counts() == {LIKE: 1, LOVE: 1, "🎉": 1}
    assert await house.counts(THREAD) == {LIKE: 1}
    assert await house.jobs("unreact") == [{"message": str(POST), "member": str(BOB), "emoji": LIKE}]


async def test_one_each_holds_for_buttons(open_house: Open) -> None:
    """A button's reaction replaces a native one, which is taken off, and the other way round."""
    house = await open_house(policy="one_each")
    await house.react(BOB, LIKE, THREAD)
    await house.press(house.story.token, LOVE, BOB, 1)
    assert await house.counts(THREAD) == {LOVE: 1}
    assert await house.jobs("unreact") == [{"message": str(THREAD), "member": str(BOB), "emoji": LIKE}]

    await house.react(BOB, SAD, THREAD)
    assert await house.counts(THREAD) == {SAD: 1}


async def test_a_press_toggles(house: House) -> None:
    """Two clicks give and take back; each is answered for what it did."""
    first = await house.press(house.story.token, LIKE, BOB, 1)
    assert (first.emoji, first.given, await house.counts(THREAD)) == (LIKE, True, {LIKE: 1})

    second = await house.press(house.story.token, LIKE, BOB, 2)
    assert (second.given, await house.counts(THREAD)) == (False, {})


async def test_one_click_delivered_twice(house: House) -> None:
    """It is one click, also when both are under way together, and answered the same."""
    answers = await asyncio.gather(*(house.press(house.story.token, LIKE, BOB, 1) for _ in range(3)))

    assert {answer.given for answer in answers} == {True}
    assert await house.counts(THREAD) == {LIKE: 1}


@pytest.mark.parametrize("line", ["thread", "post", "off"])
async def test_what_the_opening_post_tells(open_house: Open, line: str) -> None:
    """Named emoji only, of the whole thread, of the opening post, or none; recommended posts in any case."""
    house = await open_house(line=line)
    await house.react(BOB, LIKE)
    await house.react(BOB, "🎉")
    await house.react(BOB, LOVE, THREAD)
    await house.reactions.recommend(POST, DAVE)

    told = await house.reactions.discussion(house.story)
    assert dict(told.tally.counts) == {"thread": {LIKE: 1, LOVE: 1}, "post": {LOVE: 1}, "off": {}}[line]
    assert [one.message_id for one in told.recommended] == [POST]


async def test_own_posts_as_configured(open_house: Open) -> None:
    """Whether a member's reaction to their own post counts."""
    for counted in (True, False):
        house = await open_house(self_reactions=counted)
        await house.react(ALICE, LIKE)
        await house.react(BOB, LIKE)

        assert await house.counts() == {LIKE: 2 if counted else 1}
        assert dict((await house.reactions.discussion(house.story)).tally.counts) == await house.counts()


async def test_names_keep_their_order(open_house: Open) -> None:
    """``order`` first, then as written."""
    reactions = (
        {"name": "Second", "emoji": LOVE, "sentiment": "neutral"},
        {"name": "Third", "emoji": "<:party:1300000000000006001>", "sentiment": "neutral"},
        {"name": "First", "emoji": LIKE, "sentiment": "positive", "order": 1},
    )
    house = await open_house(reaction=reactions)
    assert house.reactions.named == (
        (LIKE, "First"),
        (LOVE, "Second"),
        ("emoji:1300000000000006001", "Third"),
    )


async def test_buttons(open_house: Open) -> None:
    """None unless asked for; then one for each named reaction, with its count on the opening post."""
    house = await open_house()
    assert await house.reactions.buttons(house.story) == ()

    house = await open_house(buttons=True)
    await house.press(house.story.token, LIKE, BOB, 1)
    await house.react(CAROL, LIKE)
    offered = await house.reactions.buttons(house.story)
    assert offered[:2] == ((LIKE, "Like 1"), ("🙏", "Thanks"))
    assert len(offered) == len(house.reactions.named)


@pytest.mark.slow
async def test_a_thousand_reactions_make_one_edit(house: House) -> None:
    """A flood, all at once, is counted exactly, and one revision waits for its interval; then at most one a minute."""
    emoji = (LIKE, LOVE, SAD, THUMB, "🙏")
    await asyncio.gather(
        *(house.react(1000 + member, each, THREAD) for each in emoji for member in range(200))
    )

    assert await house.counts(THREAD) == dict.fromkeys(emoji, 200)
    (job,) = await house.store.next_jobs()
    assert (job.kind, job.not_before - house.clock.now()) == ("revise", timedelta(seconds=5))
    await house.take("revise")
    await house.react(BOB, LIKE, THREAD)
    waiting = [job for job in await house.store.next_jobs() if job.kind == "revise"]
    assert len(waiting) == 1
