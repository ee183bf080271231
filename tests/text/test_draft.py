"""Opening posts: what they say, what they fall back on, and that no article breaks a limit."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import get_args
from urllib.parse import unquote

import pytest
from hypothesis import given

from bot.languages import Languages
from bot.model import (
    Article,
    Discussion,
    Draft,
    DraftPart,
    Enclosure,
    FormerHeadline,
    ImagePart,
    Ranked,
    RulePart,
    Story,
    StoryDetails,
    Tally,
    TextPart,
)
from bot.settings.keys import PLACEHOLDERS
from bot.text.details import story_details
from bot.text.draft import (
    draft_digest,
    fallback_thread_name,
    headline_changed,
    opening_post,
    source_line,
    thread_name,
)
from bot.text.html import to_markdown
from bot.text.links import canonical, in_markdown
from bot.text.template import MAX_PARTS, MAX_TEXT
from tests.text.discord_markdown import read
from tests.text.strategies import any_texts, article, articles, feeds, html_texts
from tests.text.test_escape import INVITES, PINGS

SAY = Languages({}).of("en-GB")
SEEN = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
LONG = "The storm has closed the harbour for the second time in a week, and nobody knows when it will open again."
NAMED = (("\u2764\ufe0f", "Love It"), ("\U0001f44d", "Thumbs Up"))
DISCUSSION = Discussion(
    Tally((("\U0001f44d", 2), ("\u2764\ufe0f", 1))),
    tuple(Ranked(10**18, (10**12 + number) << 22, 10**18, 5) for number in range(30)),
)
LAYOUT = "## {title_link}\n{image}\n{text}\n-# {categories}\n-# {author} {published}\n{source_line}\n"


def post(one: Article, **keys: object) -> Draft:
    return opening_post(one, feeds(**{"template": LAYOUT, **keys}), SEEN)


def words(draft: Draft) -> str:
    return "\n".join(part.markdown for part in draft.parts if isinstance(part, TextPart))


def test_a_post_is_worth_reading() -> None:
    """Linked title, picture, text, categories, author, live time and source line, each in its place."""
    draft = post(
        article(summary=LONG, image="https://a.example/\u00fc.jpg", categories=("World", "Weather", "world"))
    )

    assert draft == Draft(
        thread_name="Storm closes the harbour",
        parts=(
            TextPart("## [Storm closes the harbour](<https://www.site.example/news/1>)"),
            ImagePart("https://a.example/%C3%BC.jpg"),
            TextPart(
                f"{LONG}\n-# World \u00b7 Weather\n-# Jo March <t:1795501800:F>\n"
                "Based on a report from The Example Times 2026-11-24"
            ),
        ),
        link="https://www.site.example/news/1",
        source_line="Based on a report from The Example Times 2026-11-24",
    )


@pytest.mark.parametrize(
    ("fields", "keys", "expected"),
    [
        ({}, {"source": "My Name"}, "My Name 2026-11-24"),
        ({}, {}, "The Example Times 2026-11-24"),
        ({"source": ""}, {}, "www.site.example 2026-11-24"),
        ({"source": "", "url": None}, {}, "an unnamed source 2026-11-24"),
        (
            {"published": None, "updated": datetime(2026, 1, 2, tzinfo=UTC)},
            {},
            "The Example Times 2026-01-02",
        ),
        ({"published": None}, {}, "The Example Times 2026-11-25"),
        (
            {"published": datetime(2026, 11, 24, 23, 30, tzinfo=timezone(timedelta(hours=-2)))},
            {},
            "The Example Times 2026-11-25",
        ),
    ],
)
def test_the_source_line_names_source_and_day(
    fields: dict[str, object], keys: dict[str, object], expected: str
) -> None:
    """The configured name, else the article's, else its host; published, else updated, else first seen; in UTC."""
    line = source_line(article(**fields), feeds(**keys), SEEN)

    assert line == f"Based on a report from {expected}"


@pytest.mark.parametrize(
    "source", ["US news | The Guardian", "BBC News - World (UK)", "Le Monde: l'actu & plus", "1. FC"]
)
def test_the_source_line_reads_the_same_in_the_post(source: str) -> None:
    """Common names are not even escaped."""
    draft = post(article(source=source))

    assert words(draft).splitlines()[-1] == draft.source_line


def test_a_title_that_is_an_address_is_no_link() -> None:
    """Discord would show its brackets; and a title may not promise another address."""
    assert words(post(article(title="https://bank.com/"))).startswith("## https\\://bank.com/\n")
    assert words(post(article(title="bank.com"))).startswith("## bank.com\n")


def test_an_invitation_is_not_linked_at_all() -> None:
    """Neither as title nor as button nor as {url}."""
    draft = post(article(url="https://discord.gg/abc"), template="{title_link}\n{url}\n{source_line}")

    assert draft.link is None
    assert read(words(draft)).links == []


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"title": "", "summary": "**Rain** in [Rome](<https://a.example/>). More."}, "Rain in Rome."),
        ({"title": "", "summary": "\n- item one"}, "item one"),
        ({"title": "\u200b ", "summary": ""}, "The Example Times 2026-11-24"),
        ({"title": "", "summary": "***", "source": "", "url": None}, "Article 2026-11-24"),
        ({"title": "word " * 60}, ("word " * 20)[:99].strip() + "\u2026"),
        ({"title": "*Stars* & <b>"}, "*Stars* & <b>"),
    ],
)
def test_every_article_has_a_name(fields: dict[str, object], name: str) -> None:
    """The title, else the first sentence of the text, else source and day; plain and cut on a word."""
    draft = post(article(**fields))

    assert draft.thread_name == name
    assert words(draft)


@pytest.mark.parametrize(
    ("text", "summary", "body", "expected"),
    [
        ("auto", LONG, "Quite another text. " * 9, LONG),
        ("auto", "Short.", "A longer body than that.", "A longer body than that."),
        ("auto", "Short.", "", "Short."),
        ("auto", LONG[:90] + " [\u2026]", LONG, LONG),
        (
            "auto",
            LONG[:90] + "\u2026",
            LONG.replace("storm", "**storm**"),
            LONG.replace("storm", "**storm**"),
        ),
        ("auto", LONG, LONG, LONG),
        ("summary", "Short.", LONG, "Short."),
        ("summary", "", LONG, LONG),
        ("body", LONG, "Short.", "Short."),
        ("body", LONG, "", LONG),
    ],
)
def test_the_better_text_is_chosen(text: str, summary: str, body: str, expected: str) -> None:
    """A summary that says something, else the body; what the feed's key says wins where there is a choice."""
    draft = post(article(summary=summary, body=body), text=text, template="{text}")

    assert words(draft) == expected


@pytest.mark.parametrize(
    ("summary", "expected"),
    [
        ("Rain.\n\n[Continue reading...](<https://www.site.example/news/1/>)", "Rain."),
        ("Rain. [Read more](<https://www.site.example/news/1>)", "Rain."),
        ("Rain. [Another](<https://www.site.example/2>)", "Rain. [Another](<https://www.site.example/2>)"),
        (
            "Read [it here](<https://www.site.example/news/1>)",
            "Read [it here](<https://www.site.example/news/1>)",
        ),
    ],
)
def test_a_last_link_to_the_article_itself_is_left_out(summary: str, expected: str) -> None:
    """The title leads there already; a link inside a sentence stays."""
    assert words(post(article(summary=summary), template="{text}")) == expected


def test_a_text_that_only_repeats_the_title_is_left_out() -> None:
    """Nothing is said twice."""
    assert words(post(article(summary="**Storm closes** the harbour!"), template="{title}\n{text}")) == (
        "Storm closes the harbour"
    )


def test_pictures_can_be_turned_off() -> None:
    """feed.image = false leaves words only."""
    draft = post(article(image="https://a.example/a.jpg", summary=LONG), image=False)

    assert len(draft.parts) == 1


def test_enclosures_are_named() -> None:
    """What can be heard, watched or read, with its size; pictures and invitations are not."""
    enclosures = (
        Enclosure("https://a.example/1.mp3", "audio/mpeg", 12_345_678),
        Enclosure("https://a.example/2.mp4?x=1", "", None),
        Enclosure("https://a.example/3.PDF", "application/octet-stream", 1500),
        Enclosure("https://a.example/4.jpg", "", 5),
        Enclosure("https://a.example/5", "image/png", 5),
        Enclosure("javascript:alert(1)", "audio/mpeg", 5),
    )

    assert words(post(article(enclosures=enclosures), template="{enclosures}")) == (
        "[Audio (12 MB)](<https://a.example/1.mp3>) \u00b7 [Video](<https://a.example/2.mp4?x=1>)"
        " \u00b7 [PDF (1 kB)](<https://a.example/3.PDF>)"
    )


def test_every_documented_placeholder_is_filled() -> None:
    """The settings document exactly what a template can say."""
    full = article(
        summary=LONG,
        body="Body.",
        updated=SEEN,
        categories=("World",),
        enclosures=(Enclosure("https://a.example/1.mp3"),),
        image="https://a.example/a.jpg",
    )
    for name in PLACEHOLDERS:
        draft = post(full, template=f"begin\n{{{name}}}")
        assert f"{{{name}}}" not in words(draft)
        assert len(draft.parts) == 2 if name == "image" else len(words(draft)) > len("begin\n")


@given(articles(any_texts, any_texts))
def test_any_article_makes_a_draft_within_all_limits(one: Article) -> None:
    """Whatever a feed carried: names, texts, addresses and their sum."""
    draft = opening_post(one, feeds(), SEEN)

    assert 1 <= len(draft.thread_name) <= 100
    assert draft.thread_name.strip() == draft.thread_name
    assert 0 < len(words(draft)) <= 4000
    assert draft.link is None or len(draft.link) <= 512
    for part in draft.parts:
        assert isinstance(part, get_args(DraftPart))
        if isinstance(part, ImagePart):
            assert len(part.url) <= 2048
            assert part.url.isascii()
    assert any(isinstance(part, TextPart) for part in draft.without_images().parts)


def test_the_discussion_stands_below_the_article() -> None:
    """Counts and recommended posts as the last part, behind a rule; the digest tells of every change."""
    one = article(summary=LONG)
    draft = opening_post(one, feeds(), SEEN, DISCUSSION, NAMED, guild_id=7)
    *above, rule, below = draft.parts

    assert tuple(above) == opening_post(one, feeds(), SEEN).parts
    assert rule == RulePart()
    assert isinstance(below, TextPart)
    first, heading, *listed = below.markdown.split("\n")
    assert (first, heading) == (
        "\u2764\ufe0f Love It 1 \u00b7 \U0001f44d Thumbs Up 2",
        "**Recommended posts**",
    )
    assert len(listed) == 10
    assert listed[-1].endswith(f"(https://discord.com/channels/7/{10**18}/{(10**12 + 29) << 22})")
    fewer = replace(DISCUSSION, recommended=())
    assert draft_digest(draft) != draft_digest(opening_post(one, feeds(), SEEN, fewer, NAMED, guild_id=7))


def test_without_a_discussion_nothing_stands_below() -> None:
    """Nor where what was counted has no name: the same draft, the same digest, no post is edited for it."""
    one = article(summary=LONG)
    plain = opening_post(one, feeds(), SEEN)

    assert opening_post(one, feeds(), SEEN, Discussion(), NAMED, guild_id=7) == plain
    assert opening_post(one, feeds(), SEEN, replace(DISCUSSION, recommended=()), (), guild_id=7) == plain


def test_the_discussion_has_its_room() -> None:
    """A long article gives way, and a template of many parts as well."""
    long = article(body="One sentence more. " * 400, summary="")
    draft = opening_post(long, feeds(template="{title}\n{body}\n" * 4), SEEN, DISCUSSION, NAMED)
    many = opening_post(long, feeds(template="{title}\n---\n" * 40), SEEN, DISCUSSION, NAMED)

    assert (
        MAX_TEXT - 200
        < sum(len(part.markdown) for part in draft.parts if isinstance(part, TextPart))
        <= MAX_TEXT
    )
    for each in (draft, many):
        assert len(each.parts) <= MAX_PARTS
        assert "Love It 1" in words(each)
        assert each.parts[-2] == RulePart() != each.parts[-3]


@given(articles(any_texts, any_texts))
def test_any_article_leaves_room_for_its_discussion(one: Article) -> None:
    """The limits hold with the longest discussion, too."""
    draft = opening_post(one, feeds(), SEEN, DISCUSSION, NAMED)

    assert len(words(draft)) <= 4000
    assert words(draft).count("[view post]") == 10


@given(articles(any_texts, html_texts.map(lambda html: to_markdown(html, "https://site.example/"))))
def test_no_article_pings_invites_or_links_elsewhere(one: Article) -> None:
    """Links lead where the article leads, its enclosures or its own text; nobody is mentioned."""
    draft = opening_post(one, feeds(template=LAYOUT + "{url}\n{enclosures}\n{title}\n{source}"), SEEN)
    markdown = words(draft)
    shown = read(re.sub(r"<t:-?\d+:[FR]>", "", markdown))

    carried = {*read(one.summary).links, *read(one.body).links}
    addresses = [one.url or "", *(enclosure.url for enclosure in one.enclosures)]
    carried |= {in_markdown(link) for address in addresses if (link := canonical(address))}
    assert not PINGS.search(re.sub(r"<t:-?\d+:[FR]>", "", markdown))
    assert not INVITES.search(markdown)
    assert not shown.mentions
    assert {unquote(link) for link in shown.links} <= {unquote(link) for link in carried}


@given(any_texts, any_texts)
def test_a_changed_headline_is_told(old: str, new: str) -> None:
    """In the promised words, harmless, within a message's 2000 characters."""
    note = headline_changed(old * 40, new * 40)

    assert re.fullmatch("Headline changed: .+ \u2192 .+", note)
    assert len(note) <= 2000
    assert not PINGS.search(note)
    assert read(note).links == read(note).markup == []


def test_a_changed_headline_reads_as_promised() -> None:
    """Common headlines are not even escaped."""
    assert headline_changed("Storm nears", "") == "Headline changed: Storm nears \u2192 (none)"
    assert headline_changed("1. *a*", "b") == "Headline changed: 1. \\*a\\* \u2192 b"


def test_names_for_threads() -> None:
    """Plain, at most 100 characters; empty when nothing is to be seen."""
    assert thread_name(" *a*\n b ") == "*a* b"
    assert thread_name("\u3164\u200b") == ""
    assert fallback_thread_name(SEEN) == "Article 2026-11-25"


def test_the_digest_tells_drafts_apart() -> None:
    """Equal drafts have equal digests, any change another one."""
    draft = post(article(summary=LONG))

    others = [
        replace(draft, thread_name="x"),
        replace(draft, parts=()),
        replace(draft, link=None),
        replace(draft, source_line="x"),
    ]
    assert draft_digest(post(article(summary=LONG))) == draft_digest(draft)
    assert len({draft_digest(each) for each in [draft, *others]}) == 5


def test_details_tell_where_a_story_came_from() -> None:
    """One fact a line, former headlines included, what is unknown left out."""
    story = Story(1, 1, "world", 2, "token", first_seen=SEEN)
    details = StoryDetails(story, article(author=None), (FormerHeadline("Storm *nears*", SEEN),))

    assert story_details(details, SAY) == (
        "**Headline:** Storm closes the harbour\n**Earlier headline:** Storm \\*nears\\* (until <t:1795608000:f>)\n"
        "**Source:** The Example Times\n**Published:** <t:1795501800:f>\n**First seen:** <t:1795608000:f>\n"
        "**Feed:** world\n**Link:** <https://www.site.example/news/1>"
    )


@given(articles(any_texts, any_texts), any_texts)
def test_details_fit_a_message(one: Article, former: str) -> None:
    """2000 characters, and no pings."""
    story = Story(1, 1, "world", 2, "token", first_seen=SEEN)
    told = story_details(StoryDetails(story, one, (FormerHeadline(former * 50, SEEN),) * 6), SAY)

    assert len(told) <= 2000
    assert not PINGS.search(re.sub(r"<t:-?\d+:f>", "", told))
