"""What members ask, and which posts are recommended."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.errors import Declined
from bot.model import Made
from bot.reactions import Period
from tests.reactions.conftest import ALICE, BOB, CAROL, DAVE, POST, THREAD, House, Open
from tests.store.samples import CHANNEL, OTHER_CHANNEL

pytestmark = pytest.mark.slow

LIKE, LOVE, SAD = "💙", "❤️", "😢"


async def test_a_member_gave_and_received(open_house: Open) -> None:
    """Both ways, over all posts; with their own posts left out as configured."""
    house = await open_house(self_reactions=False)
    await house.react(BOB, LIKE)
    await house.react(BOB, LIKE, THREAD)
    await house.react(ALICE, LIKE)
    await house.react(ALICE, LOVE, THREAD)

    given, received = await house.reactions.member(ALICE)
    assert (dict(given.counts), dict(received.counts)) == ({LOVE: 1}, {LIKE: 1})
    given, received = await house.reactions.member(BOB)
    assert (dict(given.counts), received.total) == ({LIKE: 2}, 0)


async def test_a_thread_is_all_its_posts(house: House) -> None:
    """The opening post and the answers together."""
    await house.react(BOB, LIKE)
    await house.react(BOB, LIKE, THREAD)
    await house.react(CAROL, SAD, THREAD)

    details, tally = await house.reactions.thread(THREAD)
    assert (details.article.title, dict(tally.counts)) == ("one", {LIKE: 2, SAD: 1})


async def test_who_reacted(house: House) -> None:
    """Each member once for an emoji, in the order in which they came; named emoji first, in their order."""
    for member, emoji in ((BOB, "🎉"), (CAROL, LOVE), (DAVE, LIKE), (BOB, LOVE)):
        await house.react(member, emoji)
        house.clock.advance(1)
    await house.react(CAROL, LOVE, kind=1)

    assert await house.reactions.who(POST) == ((LIKE, (DAVE,)), (LOVE, (CAROL, BOB)), ("🎉", (BOB,)))


async def test_the_most_loved(house: House) -> None:
    """By positive reactions in the period, in channels that the one who asks can see."""
    await house.store.saw_post(house.story.id, THREAD, 6002, BOB, Made.NATIVE, house.clock.now())
    for member in (BOB, CAROL):
        await house.react(member, LIKE, 6002)
    for member in (BOB, CAROL, DAVE):
        await house.react(member, SAD)
    await house.react(DAVE, LIKE)
    await house.react(DAVE, LOVE, THREAD)

    posts = await house.reactions.top(Period.WEEK, "posts", {CHANNEL})
    assert [(one.message_id, one.author_id, one.count) for one in posts] == [(6002, BOB, 2), (POST, ALICE, 1)]
    (article,) = await house.reactions.top(Period.WEEK, "articles", {CHANNEL})
    assert (article.message_id, article.title, article.count) == (THREAD, "one", 1)
    assert await house.reactions.top(Period.WEEK, "posts", {OTHER_CHANNEL}) == ()
    assert await house.reactions.top(Period.WEEK, "articles", set()) == ()

    house.clock.advance(timedelta(days=2).total_seconds())
    assert await house.reactions.top(Period.DAY, "posts", {CHANNEL}) == ()
    assert len(await house.reactions.top(Period.ALL, "posts", {CHANNEL})) == 2


async def test_posts_that_can_not_be_asked_about(house: House) -> None:
    """Somewhere else, and deleted: each has its sentence."""
    with pytest.raises(Declined, match="no post in a news thread"):
        await house.reactions.post(999)
    with pytest.raises(Declined, match="no post in a news thread"):
        await house.reactions.post(999, 888)
    with pytest.raises(Declined, match="no news thread"):
        await house.reactions.thread(888)
    await house.store.lost([POST], house.clock.now())
    with pytest.raises(Declined, match="was deleted"):
        await house.reactions.post(POST)


async def test_buttons_that_lead_nowhere(house: House) -> None:
    """An unknown post, one in a channel that they do not see, a reaction taken out of the configuration, one given natively: each has its sentence."""
    press, token = house.press, house.story.token
    with pytest.raises(Declined, match="Nothing is stored"):
        await press("unknown000000000", LIKE, BOB, 1)
    with pytest.raises(Declined, match="Nothing is stored"):
        await press(token, LIKE, BOB, 1, CHANNEL + 1)
    with pytest.raises(Declined, match="not offered any more"):
        await press(token, "🎉", BOB, 2)
    await house.react(BOB, LIKE, THREAD)
    with pytest.raises(Declined, match="You gave Like already"):
        await press(token, LIKE, BOB, 3)
    assert await house.counts(THREAD) == {LIKE: 1}


# --- recommended posts -----------------------------------------------------------------------------------


async def recommended(house: House) -> list[int]:
    return [one.message_id for one in (await house.reactions.discussion(house.story)).recommended]


async def test_members_recommend(open_house: Open) -> None:
    """So many members with any named positive reaction do; the author, other feelings and repetitions don't count."""
    house = await open_house(recommend_at=3)
    await house.react(ALICE, LIKE)
    await house.react(BOB, LIKE)
    await house.react(BOB, LOVE)
    await house.react(BOB, LIKE, kind=1)
    await house.react(CAROL, SAD)
    await house.react(DAVE, "🎉")
    await house.react(DAVE, LIKE)
    assert await recommended(house) == []

    await house.react(CAROL, LOVE)
    assert await recommended(house) == [POST]
    assert (await house.reactions.post(POST)).by == 0


async def test_a_moderator_has_the_last_word(open_house: Open) -> None:
    """What was taken back is not recommended by further reactions, but may be by a moderator."""
    house = await open_house(recommend_at=1)
    await house.react(BOB, LIKE)
    assert await house.reactions.unrecommend(POST) is True
    assert await house.reactions.unrecommend(POST) is False
    await house.react(CAROL, LIKE)
    assert await recommended(house) == []

    assert await house.reactions.recommend(POST, DAVE) is True
    assert await house.reactions.recommend(POST, DAVE) is False
    assert (await house.reactions.post(POST)).by == DAVE


async def test_nought_leaves_it_to_moderators(open_house: Open) -> None:
    """With ``recommend_at = 0`` no number of reactions recommends."""
    house = await open_house(recommend_at=0)
    for member in range(100, 120):
        await house.react(member, LIKE)

    assert await recommended(house) == []


async def test_what_can_not_be_recommended(open_house: Open) -> None:
    """The opening post, by nobody; an unknown post."""
    house = await open_house(recommend_at=1)
    await house.react(BOB, LIKE, THREAD)
    assert await recommended(house) == []
    with pytest.raises(Declined, match="needs no recommendation"):
        await house.reactions.recommend(THREAD, DAVE)
    with pytest.raises(Declined, match="no post in a news thread"):
        await house.reactions.unrecommend(999)
