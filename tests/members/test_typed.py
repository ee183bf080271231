"""What members type, wherever they can type something: it pings nobody, leads nowhere, stays where it is put, and breaks nothing."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Declined
from bot.languages import Languages
from bot.model import Quotation
from bot.text.choosing import chosen_list, label, words_back
from tests.e2e.test_removal_faults import letters, until_done
from tests.members.conftest import MODERATORS, Place
from tests.members.forging import FORM, answered_once, one_answer
from tests.moderation.acting import fields_of
from tests.scenario import GUILD, MOD_LOG, Scenario, texts
from tests.text.cases import AT, TYPED
from tests.text.discord_markdown import read as see
from tests.text.strategies import any_texts

if TYPE_CHECKING:
    from collections.abc import Iterable

SAY = Languages({}).of("en-GB")
MEMBERS = {f"<@130000000000000300{n}>" for n in range(1, 5)}
NASTY = [
    "@everyone @here <@1300000000000003004> <@&1300000000000004001> <#1300000000000002000> </remove:5> [nice]"
    "(https://evil.example/y) [https://bank.example](https://evil.example/x) discord.gg/abc javascript:alert(1)",
    "```\n> # Big\n-# small\n>>> all ||hid|| ~~gone~~ `code **loud\n- item"
    " \u202eevil\u202c \u2066x\u200b Z" + "\u0301" * 40 + " \u3164 \U000e0041",
    "nul\x00bell\x07line\x85sep\u2028par\u2029end {member} {0} %s ' OR 1=1; --"
    + "x" * 120
    + " \U0001f468\u200d\U0001f469\u200d\U0001f467" * 10,
]
LEADS = (f"https://discord.com/channels/{GUILD}/", "https://news.example/")


def check(markdown: str, limit: int = 4000) -> None:
    """Outside of quotes and code nothing is mentioned but members, linked but posts, or formatted as members wished."""
    assert len(markdown) <= limit
    lowered = markdown.lower()
    assert "@everyone" not in lowered
    assert "@here" not in lowered
    assert "<@&" not in markdown
    assert not [char for char in markdown if char in "\x00\x07\x85\u2028\u2029\u202e\u2066\u3164\U000e0041"]
    assert "\u0301" * 5 not in markdown
    quoted = lambda line: line.startswith("> ")  # noqa: E731
    for inside, lines in groupby(markdown.split("\n"), quoted):
        seen = see("\n".join(lines))
        if not inside:
            assert all(link.startswith(LEADS) for link in seen.links), seen.links
            assert all(one in MEMBERS or one.startswith("<t:") for one in seen.mentions), seen.mentions
            assert not [kind for kind, _ in seen.markup if kind in ("heading", "spoiler", "quote")], markdown


@pytest.mark.slow
async def test_every_form_and_command(scene: Scenario, place: Place) -> None:
    """Names, file names, replies, quotes, edits, reports, reasons, notes, appeals, searches: all of it at its worst."""
    thread, told = place.thread, list[str]()

    async def slash(name: str, who: str = "mia", where: str | int = thread, **options: Any) -> None:
        told.append(
            one_answer(await scene.interact(who, "slash", where, name=name, options=options, force=True))
        )

    async def fill(who: str, opened: list[dict[str, Any]], *typed: str) -> None:
        (form,) = opened
        if form["type"] != 9:
            told.append(one_answer(opened))
            return
        assert len(form["data"]["title"]) <= 45
        assert not set("\u202e\u2066\x00") & set(form["data"]["title"])
        inputs = [one["custom_id"] for one in fields_of(form) if one["type"] == 4]
        sent = {
            "custom_id": form["data"]["custom_id"],
            "fields": dict(zip(inputs[-len(typed) :], typed, strict=True)),
        }
        answer = await scene.interact(who, "modal", thread, **sent)
        if answer[-1]["type"] != "delete":  # a quote that went out is its own answer
            told.append(one_answer(answer))

    (appeal,) = place.letter["components"][0]["components"]
    for number, words in enumerate(NASTY):
        await scene.call("PATCH", "/local/members/alice", {"nick": words[:32]})
        file = {"filename": f"{words[:40]}.txt".replace("/", ""), "text": words}
        body = {"content": words, "attachments": [file]}
        post = await scene.call("POST", f"/local/as/alice/channels/{thread}/messages", body)
        await scene.until_seen(post["id"])
        await scene.post("bob", thread, words, reply_to=post["id"])
        menu = {"target_id": post["id"]}
        await fill("bob", await scene.interact("bob", "message", thread, name="Quote…", **menu), words[:300])
        await scene.interact("bob", "message", thread, name="Add to multi-quote", **menu)
        await fill("bob", await scene.interact("bob", "slash", thread, name="quotes reply"), words[:300])
        await fill(
            "bob", await scene.interact("bob", "message", thread, name="Report post…", **menu), words[:300]
        )
        await until_done(scene)
        made = [one["id"] for one in await scene.messages(thread) if one.get("webhook_id")]
        (panel,) = await scene.interact("bob", "message", thread, name="My post…", target_id=made[-1])
        edit = panel["message"]["components"][0]["components"][0]["custom_id"]
        where = {"target_id": panel["message"]["id"], "custom_id": edit}
        await fill("bob", await scene.interact("bob", "component", thread, **where), words[:300])
        await slash("quotes of", "bob", post=words)
        await slash("reactions post", "bob", post=words)
        await slash("reactions thread", "bob", thread=thread)
        await slash("remove", post=post["id"], reason=words, next_step=words[:290])
        await slash("case note", case=1, text=words)
        await slash("case edit", case=1, reason=words, next_step=words[:290], rule=words)
        await slash("case search", text=words[:60].strip())
        await slash("case list", rule=words)
        await slash("suspend", member="1300000000000003001", duration=words, reason=words)
        await slash("suspend", member="1300000000000003001", duration="1m", reason=words)
        await slash("unsuspend", member="1300000000000003001", reason=words)
        await slash("article lock", reason=words)
        await slash("article unlock")
        await slash("article retag", tags=words)
        await slash("article repost", article=words)
        for name, option in (
            ("case note", "case"),
            ("remove", "reason"),
            ("remove", "rule"),
            ("article retag", "tags"),
        ):
            typed = {"options": {option: words}, "focused": option, "force": True}
            one_answer(await scene.interact("mia", "autocomplete", thread, name=name, **typed))
        if number == 0:
            pressed = {"target_id": place.letter["id"], "custom_id": appeal["custom_id"]}
            (form,) = await scene.interact("bob", "component", place.letter["channel_id"], **pressed)
            fields = {fields_of(form)[0]["custom_id"]: words}
            sent = {"custom_id": form["data"]["custom_id"], "fields": fields}
            await scene.interact("bob", "modal", place.letter["channel_id"], **sent)
    await slash("article withdraw", reason=NASTY[0], next_step=NASTY[1])
    await slash("case reinstate", case=1, why=NASTY[0])
    await until_done(scene)

    for text in told:
        check(text)
    there = [*await scene.messages(thread), *await scene.messages(MOD_LOG), *await letters(scene, "bob")]
    for message in there:
        own = message["author"].get("bot") and not message["flags"] & 64
        if own and message["id"] != thread:  # the opening post has headings of its own
            assert (message["mention_everyone"], message["mention_roles"]) == (False, [])
            if message.get("webhook_id"):
                assert len(message["content"]) <= 2000
            else:
                check(texts(message))
    for asked in [*await scene.requests("POST", "/"), *await scene.requests("PATCH", "/messages/")]:
        body = asked["body"] if isinstance(asked["body"], dict) else {}
        sent = body.get("data") or body.get("message") or body
        if {"content", "embeds", "components"} & sent.keys() and body.get("type") != FORM:
            allowed = sent["allowed_mentions"]
            by_hand = [MODERATORS] if "username" in sent else []  # a role that everybody may mention
            assert allowed["parse"] == [], sent
            assert (allowed.get("roles") or []) in ([], by_hand), sent
    await answered_once(scene)


quotations = st.builds(
    Quotation,
    source_id=st.just(1),
    thread_id=st.just(2),
    author_id=st.just(3),
    name=TYPED | any_texts,
    at=st.just(AT),
    text=TYPED | any_texts | any_texts.map(lambda text: text * 300),
)


@given(st.lists(quotations, min_size=1, max_size=10))
def test_a_list_of_chosen_posts_has_no_effect(chosen: list[Quotation]) -> None:
    """Names and words, whatever they are, stand on a line of their own post each, within what a message holds."""
    shown = chosen_list(chosen)
    check(shown, 1900)
    assert [line.split(".")[0] for line in shown.split("\n")] == [str(n) for n in range(1, len(chosen) + 1)]


@given(TYPED | any_texts, st.integers(1, 100))
def test_an_option_can_be_shown(words: str, limit: int) -> None:
    """Never empty and never too long, with nothing in it that is not seen."""
    assert 0 < len(label(words, limit)) <= limit
    assert not set(label(words, limit)) & set("\x00\x85\u2028\u202e\u200b\n")


@given(TYPED | any_texts | any_texts.map(lambda text: (text + " ") * 400))
def test_words_come_back_in_a_block(words: str) -> None:
    """Everything that was typed stands in one block of code, which it does not leave, within what a message holds."""
    shown = words_back(Declined("Why."), words, SAY)
    assert len(shown) <= 2000
    assert shown.count("```") == 2
    assert shown.endswith("\n```")
    lines: Iterable[str] = shown.split("\n")
    assert list(lines)[:3] == ["Why.", "Your answer was:", "```"]
