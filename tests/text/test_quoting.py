"""What is quoted: own words, excerpts, paragraphs, and what a member may leave of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.languages import Languages
from bot.model import File, Quotation, Said
from bot.text.html import to_markdown
from bot.text.quoting import (
    MAX_PARAGRAPHS,
    excerpt,
    is_passage_of,
    own_words,
    paragraphs,
    picked_text,
    requoted,
)
from bot.text.tidy import heard, tidy
from bot.text.typed import Kind, read
from tests.text.strategies import any_texts, article, html_texts
from tests.text.test_tidy import TYPED

SAY = Languages({}).of("en-GB")
AT = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)
WORDS = "The harbour is closed. Nobody was hurt, they say. It opens on Monday, don't you think?\nI like it."


def said(content: str = "", **fields: Any) -> Said:
    return Said(
        **{
            "message_id": 1,
            "thread_id": 2,
            "author_id": 3,
            "name": "Bob",
            "avatar": "",
            "at": AT,
            "content": content,
            **fields,
        }
    )


def own(content: str = "", words: str | None = None, **fields: Any) -> str:
    return own_words(said(content, **fields), words, SAY)


def quotation(text: str, *, picked: bool = False) -> Quotation:
    return Quotation(source_id=1, thread_id=2, author_id=3, name="Bob", at=AT, text=text, picked=picked)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("Just words.", "Just words."),
        ("> **Carol** said <t:1:R>: [view post](https://discord.com/channels/1/2/3)\n> hers\nmine", "mine"),
        ("> hers", ""),
        ("before\n> hers\nafter", "before\nafter"),
        (
            "||secret|| <:wave:1> <@3>\n- a\n- b\n```py\nx\n```",
            "||secret|| <:wave:1> <@3>\n- a\n- b\n```py\nx\n```",
        ),
    ],
)
def test_own_words_are_without_what_they_quote(content: str, expected: str) -> None:
    """Nested quotes are dropped, ours with its header as well; the rest stays as it was written."""
    assert own(content) == expected


def test_known_words_are_taken_for_what_was_posted() -> None:
    """Of a post that we made the stored words count, and what they quote themselves is dropped, too."""
    assert (
        own("> **Carol** said\n> hers\nmine", "as stored\n> quoted", webhook_id=9, ours=True) == "as stored"
    )
    assert own("posted", "") == ""


def test_the_bots_own_post_is_its_speakers() -> None:
    """The line that names whom the bot speaks for is not the member's; anybody else's line is."""
    content = "**Alice**:\n> **Bob** said\n> his\nhers"

    assert own(content, ours=True, bot=True) == "hers"
    assert own(content) == "**Alice**:\nhers"


def test_everything_in_a_post_is_named() -> None:
    """Files, stickers, embeds and polls by their names, without addresses, none of them formatting anything."""
    assert own(
        "look",
        files=(File("a_b*.png", "https://cdn.example/a?ex=1"), File("`c`.txt", "https://cdn.example/c")),
        stickers=("Wave",),
        embeds=("A **title** @everyone",),
        poll="Yes or no?",
    ) == (
        "look\n\U0001f4ce a\\_b\\*.png  \U0001f4ce \\`c\\`.txt\n[sticker: Wave]\n"
        "[embed: A \\*\\*title\\*\\* @\u200beveryone]\n[poll: Yes or no?]"
    )
    assert own(stickers=("Wave",)) == "[sticker: Wave]"
    assert own(files=(File("\u200b", ""),)) == "\U0001f4ce ?"


saids = st.builds(
    said,
    TYPED | any_texts,
    files=st.lists(st.builds(File, any_texts, any_texts), max_size=3).map(tuple),
    stickers=st.lists(any_texts, max_size=2).map(tuple),
    embeds=st.lists(any_texts, max_size=2).map(tuple),
    poll=any_texts | st.none(),
)


@given(saids)
def test_own_words_are_their_own_words(post: Said) -> None:
    """Quoting what was quoted changes nothing more, and pings nobody."""
    once = own_words(post, None, SAY)

    assert own(once) == once
    assert "@everyone" not in once.lower()
    assert "@here" not in once.lower()
    assert "<@&" not in once


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("It rained. It poured. Nobody", 24, "It rained. It poured."),
        ("short", 5, "short"),
        ("foo ||secret\nwords that are long|| and more", 30, "foo ||secret||\n||words that\u2026||"),
        ("see ```py\none\ntwo\nthree``` end", 26, "see\n```py\none\ntwo\n```"),
        ("5 * 3 is snake_case and so on and on", 28, "5 \\* 3 is snake\\_case and\u2026"),
        ("**bold words here** and more", 14, "**bold\u2026**"),
    ],
)
def test_excerpts_end_well(text: str, limit: int, expected: str) -> None:
    """At a sentence, a word or a line of code; spoilers, styles and code closed, nothing else marked."""
    assert excerpt(text, limit) == expected


@given(TYPED | any_texts, st.integers(min_value=0, max_value=60))
def test_excerpts_are_within_their_limit(text: str, limit: int) -> None:
    """Whatever is cut."""
    assert len(excerpt(text, limit)) <= limit


@given(TYPED, st.integers(min_value=4, max_value=60))
def test_excerpts_hide_what_was_hidden(text: str, limit: int) -> None:
    """No cut opens a spoiler: pipes and the word behind them are hidden, or not there."""
    whole = tidy(heard(f"a\n||hid {text} secret||"))
    if not any("secret" in piece.inside for piece in read(whole) if piece.kind is Kind.SPOILER):
        return
    shown = [piece.text for piece in read(excerpt(whole, limit)) if piece.kind is not Kind.SPOILER]
    assert "secret" not in "".join(shown).replace(text, "")


@pytest.mark.slow
@pytest.mark.parametrize(
    "unit", ["[](", "||", "`", "``` ", "```\n", "> ", "*_", "<", "](http://a", "a\n", "\\", "[a]("]
)
@pytest.mark.timeout(20)
def test_floods_take_linear_time(unit: str) -> None:
    """The longest message of one thing, many times over: a hundred messages are read in the time a test has."""
    text = (unit * 4000)[:4000]
    long = (unit * 100_000)[:100_000]

    for _ in range(3):
        tidied = own(text)
        assert len(excerpt(text, 300)) <= 300
        is_passage_of(tidied, text)
    own(long)
    picked_text(long)
    assert len(excerpt(long, 2000)) <= 2000
    is_passage_of(long, long[:-1])


def test_requoted_text_follows_its_source() -> None:
    """All of it, unless a passage was picked by hand that the source still says."""
    picked = quotation("Nobody was\nhurt, they say.", picked=True)

    assert requoted(quotation("old"), "new") == "new"
    assert requoted(picked, WORDS) == picked.text
    assert requoted(picked, "The harbour is open.") == "The harbour is open."
    assert requoted(quotation("", picked=True), "new") == "new"


@pytest.mark.parametrize(
    ("picked", "expected"),
    [
        (WORDS, True),
        ("The harbour is closed.", True),
        ("harbour   is\nclosed", True),
        ("The harbour is closed. It opens on Monday, don't you think?", True),
        ("The harbour is closed. I like it.", True),
        ("The harbour \u2026 was hurt, [\u2026] I like it.", True),
        ("The harbour [...] opens on Monday", True),
        ("", True),
        ("\u2026", True),
        ("I like it. The harbour is closed.", False),  # not in this order
        ("The harbour is open.", False),
        ("The harbour\nwas hurt", False),  # left out within a sentence, and not said so
        ("Nobody \u2026 I hate it.", False),
        ("body was hurt", False),  # half a word
        ("Nobody was hu", False),
        ("Nobody was hu\u2026", True),
        ("Nobody was hu \u2026", False),
        ("The harbour is **closed**.", False),  # their words, not their stress
        ("The harbour is ~~closed~~.", False),
        ("I like it. I like it.", False),
    ],
)
def test_only_what_the_source_says_is_quoted(picked: str, expected: bool) -> None:
    """Whole words in their order; whole lines and sentences may be left out, anything else with an ellipsis."""
    assert is_passage_of(picked, WORDS) is expected


def test_passages_of_scripts_without_spaces() -> None:
    """Where words have no spaces between them a passage begins and ends anywhere."""
    assert is_passage_of("\u4e8c\u53e5\u5f88", "\u7b2c\u4e00\u53e5\u3002\u7b2c\u4e8c\u53e5\u5f88\u957f")
    assert is_passage_of("\u7b2c\u4e00\u53e5\u3002\u5b8c", "\u7b2c\u4e00\u53e5\u3002\u4e8c\u3002\u5b8c")
    assert not is_passage_of("\u4e00\n\u957f", "\u7b2c\u4e00\u53e5\u5f88\u957f")


sentences = st.lists(
    st.lists(st.sampled_from(["Storm", "harbour", "\u4e2d", "5", "don't"]), min_size=1, max_size=5)
    .map(" ".join)
    .map(lambda words: f"The {words} is it."),
    min_size=1,
    max_size=8,
)


@given(sentences, st.data())
def test_sentences_may_be_left_out(source: list[str], data: st.DataObject) -> None:
    """Any of them, as long as the others stay in their order."""
    kept = [each for each in source if data.draw(st.booleans())]

    assert is_passage_of(" ".join(kept), " ".join(source))
    assert not is_passage_of(f"{' '.join(kept)} Never.", " ".join(source))


@given(sentences, st.integers(min_value=10, max_value=200))
def test_excerpts_are_passages(source: list[str], limit: int) -> None:
    """A source says what its excerpt says."""
    assert is_passage_of(excerpt(" ".join(source), limit), " ".join(source))


@example(">```|```")
@given(TYPED | any_texts)
def test_what_was_not_touched_is_a_passage(text: str) -> None:
    """A form sent back as it was offered is never refused."""
    offered = own(text)

    assert picked_text(offered) == offered
    assert is_passage_of(picked_text(offered), offered)


def test_picked_text_is_guarded_like_own_words() -> None:
    """Whatever was typed into the form: no quote in a quote, no ping, no code that runs on."""
    assert picked_text("> smuggled\nwords @everyone ```") == "words @\u200beveryone \\`\\`\\`"


def test_an_article_is_offered_by_the_paragraph() -> None:
    """Lists and code whole, headings with what they head, quotes without their marks, nothing without words."""
    html = (
        "<h2>Harbour</h2><p>Closed.</p><hr><ul><li>a<li>b</ul><blockquote><p>We wait.</p><p>Still.</p></blockquote>"
        "<pre>x = 1\n\ny = 2</pre>"
    )

    assert paragraphs(article(body=to_markdown(html), summary="unused")) == (
        "### Harbour\nClosed.",
        "- a\n- b",
        "We wait.",
        "Still.",
        "```\nx = 1\n\ny = 2\n```",
    )
    assert paragraphs(article(summary="The summary.")) == ("The summary.",)
    assert paragraphs(article()) == ()


def test_a_long_article_is_offered_in_larger_blocks() -> None:
    """All of it, in at most 25, while they keep the limit."""
    body = "\n\n".join(f"Paragraph number {number}." for number in range(200))
    offered = paragraphs(article(body=body))

    assert 10 < len(offered) <= MAX_PARAGRAPHS
    assert "\n\n".join(offered) == body
    assert len(paragraphs(article(body=body), 30)) == MAX_PARAGRAPHS


@given(html_texts, st.integers(min_value=20, max_value=200))
def test_paragraphs_are_passages_of_what_is_quoted(html: str, limit: int) -> None:
    """Each within its limit, tidy, and accepted when a form sends it back."""
    for block in paragraphs(article(body=to_markdown(html)), limit):
        assert len(block) <= limit
        assert is_passage_of(picked_text(block), block)
