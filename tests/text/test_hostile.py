"""Size and depth as attackers choose them. Anything worse than linear would not end within the time limit."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.model import CaseMember
from bot.text.cases import case_text
from bot.text.clean import clean, clean_block
from bot.text.cut import cut_sentence, cut_words
from bot.text.draft import headline_changed, opening_post
from bot.text.escape import escape
from bot.text.html import images, to_markdown, to_text
from bot.text.links import canonical, claims_another_host, normalise
from bot.text.markdown import cut_markdown, plain
from bot.text.markup import MAX_INPUT
from bot.text.notices import letter, notice, tidy_reason
from tests.text.cases import AT, BOB, GUILD, SAY, case, post
from tests.text.strategies import article, feeds

pytestmark = [pytest.mark.slow, pytest.mark.timeout(100)]

N = 300_000
FLOODS = [
    "[](",
    "[",
    "](",
    "`",
    "``` ",
    "*",
    "\\",
    "_ ",
    "~",
    "||",
    "<",
    "<@",
    ":a",
    "> ",
    "\n",
    " \n",
    "- ",
    "1",
    "http://",
    "https://a.example/",
    "discord.gg/",
    "@everyone",
    "a.",
    "a.b ",
    "\u0301",
    "\u200d",
    "\u202e",
    "\U0001f1e9",
    "\u3002",
    "(",
]
MARKUP = [
    "<b>",
    "</b>",
    "<div>",
    "<p>",
    "<br>",
    "<ul><li>",
    "<blockquote>x",
    "<table><tr><td>",
    "<pre>```\n",
    "<a href=http://a.example/>x",
    "<a ",
    '<a "',
    "<!--",
    "<![CDATA[",
    "<script/",
    "<script>",
    "&amp;",
    "&#",
    "<q>",
    "<img src=a>",
    "<h1>x</h1>",
    "&lt;p&gt;",
]


@pytest.mark.parametrize("flood", FLOODS)
def test_floods_of_text_take_linear_time(flood: str) -> None:
    """Cleaning, escaping, cutting and reading links, on hundreds of thousands of the same."""
    text = flood * (N // len(flood))

    clean(text)
    clean_block(text)
    escape(text)
    escape(text, links=False)
    plain(text)
    for limit in (100, 4000, 20_000):
        assert len(cut_markdown(text, limit)) <= limit
        assert len(cut_words(text, limit)) <= limit
        assert len(cut_sentence(text, limit)) <= limit
    canonical(text[:8000], "https://a.example/")
    normalise(text)
    claims_another_host(text, "https://a.example/")


@pytest.mark.parametrize("flood", MARKUP)
def test_floods_of_markup_take_linear_time(flood: str) -> None:
    """Tags, unfinished tags, comments and entities."""
    html = flood * (N // len(flood)) + "end"

    assert len(to_markdown(html, "https://a.example/")) <= 20_000
    to_text(html)
    images(html, "https://a.example/")


@pytest.mark.parametrize(
    "flood", [*FLOODS, "-", "\u2026", "[\u2026", ". ", "[a](<https://a.example/>) ", "|", "{text}"]
)
@pytest.mark.parametrize("start", ["", "Words "])
def test_floods_in_articles_take_linear_time(flood: str, start: str) -> None:
    """Every field as long as an article has it at most; the loop that all of the bot shares must not be held."""
    text = start + flood * (6000 // len(flood))
    flooded = article(
        title=text[:300], summary=text, body=f"{text}x", author=text[:200], categories=(text[:100],) * 20
    )

    began = time.process_time()
    for _ in range(3):
        opening_post(flooded, feeds(), AT)
        opening_post(replace(flooded, title="", summary=text[: len(text) // 2]), feeds(), AT)
    headline_changed(text, text)
    assert time.process_time() - began < 7 * 0.1


@pytest.mark.parametrize("flood", ["``` ", "<", "\n", "that "])
def test_floods_in_cases_take_linear_time(flood: str) -> None:
    """Reasons, names, appeals and removed posts, far longer than Discord takes them."""
    text = flood * (30_000 // len(flood))
    flooded = case(
        reason=text,
        title=text,
        posts=(post(text, name=text),),
        members=(CaseMember(BOB, text, appeal=text, appealed_at=AT),),
    )

    tidy_reason(text)
    assert len(notice(flooded, SAY, named=True)) <= 2000
    assert len(letter(flooded, flooded.members[0], "case", SAY, GUILD, appeals=True).text) <= 2000
    assert len(case_text(flooded, SAY, GUILD)) <= 3900


@pytest.mark.parametrize("render", [to_markdown, to_text])
@pytest.mark.parametrize("tail", ["", "</i>" * 100_000, "</div>" * 100_000])
def test_depth_does_not_matter(render: Callable[[str], str], tail: str) -> None:
    """A hundred thousand nested elements are no problem, and what they hold is still read."""
    assert render("<div>" * 100_000 + "the end" + tail) == "the end"


def test_only_so_much_is_read() -> None:
    """What is behind the first two million characters can't reach a post."""
    assert to_text("x" * MAX_INPUT + "y")[-1] == "x"
