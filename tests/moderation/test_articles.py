"""``/article``: what moderators do with an article's own thread, and that only they can."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Declined
from bot.moderation.tags import MOST_TAGS, completions, named_tags
from tests.scenario import FORUM, HEADLINES, MOD_LOG, Scenario, texts, until

TAGS = ("World", "Business", "Science", "Culture", "War, peace", "Süd")
DENIED = "You lack the permission for that in this channel."


# --- tags as they are typed ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("world", ("World",)),
        (" Science ,world,, SCIENCE", ("Science", "World")),
        ("war,  peace, süd", ("War, peace", "Süd")),
        ("World,", ("World",)),
    ],
)
def test_tags_are_found_as_they_are_typed(typed: str, meant: tuple[str, ...]) -> None:
    """Case, blanks and stray commas do not matter, and a name may hold a comma."""
    assert named_tags(typed, TAGS) == meant


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("Wirld", "There is no tag Wirld here. There are: World"),
        ("World, peace", "There is no tag peace here."),
        (" , ", "Name at least one tag."),
        (",".join(TAGS), "A post can have 5 tags at most."),
    ],
)
def test_tags_that_there_are_not(typed: str, sentence: str) -> None:
    """One sentence that says what is wrong and what there is."""
    with pytest.raises(Declined, match="^" + sentence.replace(".", r"\.")):
        named_tags(typed, TAGS)


def test_the_last_tag_is_completed() -> None:
    """What was typed before it stays; tags that are chosen already are not offered again."""
    assert completions("", TAGS) == TAGS
    assert completions("world, s", TAGS) == ("World, Business", "World, Science", "World, Süd")
    assert completions("nothing, s", TAGS) == ()
    assert completions("World, Business, Science, Culture, Süd, w", TAGS) == ()


@given(st.text(max_size=60), st.lists(st.text(min_size=1, max_size=8), max_size=6, unique=True))
def test_whatever_is_typed(typed: str, there: list[str]) -> None:
    """A sentence, or up to five of the tags that there are; what is offered names tags."""
    with contextlib.suppress(Declined):
        assert 0 < len(named_tags(typed, there)) <= MOST_TAGS
    for offered in completions(typed, there):
        assert any(offered.endswith(tag) for tag in there)


# --- with a Discord ----------------------------------------------------------------------------------------------


async def article(scene: Scenario, who: str, place: str, command: str, /, **options: str) -> str:
    """What ``/article`` answers the one who asked, whatever Discord hides from whom."""
    order = {"name": f"article {command}", "options": options, "force": True}
    answer: dict[str, Any] = (await scene.interact(who, "slash", place, **order))[-1]["message"]
    assert answer["flags"] & 64
    return texts(answer)


async def opening(scene: Scenario, thread: str) -> str:
    return texts((await scene.messages(thread))[0])


async def logged(scene: Scenario, *words: str) -> None:
    await scene.until_content(
        MOD_LOG, lambda messages: any(all(word in texts(each) for word in words) for each in messages)
    )


@pytest.mark.slow
async def test_an_articles_own_thread(scene: Scenario) -> None:
    """Locked and opened, tagged, refreshed, withdrawn; each is told in the log and signed in Discord's audit log."""
    scene.watch("/scene.rss")
    scene.paper.publish("/scene.rss", "A bridge is opened")
    async with scene.bot():
        thread = (await scene.until_names("A bridge is opened"))[0]["id"]
        for command, options in COMMANDS:
            assert await article(scene, "bob", thread, command, **options) == DENIED
        assert (await article(scene, "mia", str(HEADLINES), "lock")).startswith("That is no news thread")

        await article(scene, "mia", thread, "lock", reason="It is @everyone **late**")
        with pytest.raises(AssertionError, match="locked"):
            await scene.post("bob", thread, "Let me in")
        signed = [
            each["headers"]["X-Audit-Log-Reason"]
            for each in await scene.requests("PATCH", f"/channels/{thread}")
        ]
        assert any("Mia" in reason and "late" in reason for reason in signed)
        await logged(scene, "locked the discussion of [A bridge is opened](<", "\\*\\*late")
        await article(scene, "mia", thread, "unlock")
        await scene.post("bob", thread, "Thank you")

        typed = {"name": "article retag", "options": {"tags": "science, c"}}
        completed = (await scene.interact("mia", "autocomplete", thread, **typed))[0]["data"]["choices"]
        assert [each["value"] for each in completed] == ["Science, Culture"]
        assert "There is no tag Sports here" in await article(scene, "mia", thread, "retag", tags="Sports")
        assert "Science, World" in await article(scene, "mia", thread, "retag", tags="science, world")
        state = await scene.call("GET", f"/local/channels/{FORUM}/threads?as=ada")
        assert len(state["threads"][0]["applied_tags"]) == 2

        before = len(await scene.requests("PATCH", f"/messages/{thread}"))
        await article(scene, "mia", thread, "refresh")

        async def edited() -> bool:
            return len(await scene.requests("PATCH", f"/messages/{thread}")) > before

        await until(edited)

        assert "case #1" in await article(scene, "mia", thread, "withdraw", reason="confused two bridges")
        await scene.until_content(thread, lambda messages: "~~" in texts(messages[0]))
        assert "confused two bridges" in await opening(scene, thread)
        assert any(texts(each) == "Thank you" for each in await scene.messages(thread))
        again = await article(scene, "ada", thread, "withdraw", reason="is wrong")
        assert again == "The article is withdrawn already: case #1."


COMMANDS: tuple[tuple[str, dict[str, str]], ...] = (
    ("lock", {}),
    ("unlock", {}),
    ("withdraw", {"reason": "is wrong"}),
    ("retag", {"tags": "World"}),
    ("refresh", {}),
)


@pytest.mark.slow
async def test_an_article_in_a_text_channel(scene: Scenario) -> None:
    """Its opening post stands outside of its thread, and is struck there; there are no tags."""
    scene.watch("/scene.rss", HEADLINES)
    scene.paper.publish("/scene.rss", "A bridge is opened")
    async with scene.bot():
        thread = (await scene.until_names("A bridge is opened", channel=HEADLINES))[0]["id"]
        assert (await article(scene, "mia", thread, "retag", tags="World")).startswith(
            "There are no tags here"
        )
        assert "case #1" in await article(scene, "ada", thread, "withdraw", rule="", reason="is wrong")
        await scene.until_content(HEADLINES, lambda messages: "~~" in texts(messages[0]))


@pytest.mark.slow
async def test_a_deleted_thread_is_opened_again(scene: Scenario) -> None:
    """The article is offered by its title to who may, gets a thread once, and not while that stands."""
    scene.watch("/scene.rss")
    scene.paper.publish("/scene.rss", "A bridge is opened")
    async with scene.bot():
        thread = (await scene.until_names("A bridge is opened"))[0]["id"]
        standing = await article(scene, "mia", thread, "repost", article="A bridge is opened")
        assert standing.startswith("Choose one of the articles that are offered")

        await scene.call("DELETE", f"/local/as/ada/channels/{thread}")
        offers: list[dict[str, str]] = []

        async def offered(who: str = "mia") -> list[dict[str, str]]:
            order = {"name": "article repost", "options": {"article": "BRIDGE"}, "force": True}
            answer = await scene.interact(who, "autocomplete", HEADLINES, **order)
            offers[:] = answer[0]["data"]["choices"]
            return offers

        choice = (await until(offered))[0]
        assert choice["name"] == "A bridge is opened"
        assert await offered("bob") == []
        assert await article(scene, "bob", str(HEADLINES), "repost", article=choice["value"]) == DENIED

        await article(scene, "mia", str(HEADLINES), "repost", article=choice["value"])
        new = (await scene.until_names("A bridge is opened"))[0]["id"]
        assert new != thread
        again = await article(scene, "mia", str(HEADLINES), "repost", article=choice["value"])
        assert again.startswith("The article's thread still stands: ")
        assert again.endswith(f"/{new}")
        await logged(scene, "had a new thread opened")
