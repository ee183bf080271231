"""The invented news themselves."""

from __future__ import annotations

import re
from collections import Counter

import lxml.html
import pytest

from localdiscord.newspaper.archive import Report, reports
from localdiscord.newspaper.editions import slug_of, split_slug, text_of
from localdiscord.newspaper.pictures import SCENES, alt_text, paint
from tests.newspaper.test_http import pixels_of

KNOWN_TAGS = {
    "p",
    "a",
    "em",
    "strong",
    "q",
    "code",
    "ul",
    "ol",
    "li",
    "blockquote",
    "br",
    "h3",
    "table",
    "tr",
    "th",
    "td",
}


def test_there_is_enough_to_read() -> None:
    """At least forty articles, four desks of equal size, no name or headline twice."""
    everything = reports()

    assert len(everything) >= 40
    assert len(set(Counter(report.desk for report in everything).values())) == 1
    assert len({report.slug for report in everything}) == len(everything)
    assert len({report.title for report in everything}) == len(everything)


@pytest.mark.parametrize("report", reports(), ids=lambda report: report.slug)
def test_an_article_is_whole(report: Report) -> None:
    """Headline, author, scene, categories and two to six paragraphs of sound HTML."""
    assert 20 <= len(report.title) <= 90
    assert report.author
    assert report.scene in SCENES
    assert report.categories[0] in {"World", "Business", "Science", "Culture"}
    assert len(report.categories) >= 2
    body = lxml.html.fragment_fromstring(report.body, create_parent="div")
    assert 2 <= len(body.xpath("./p")) <= 6
    assert {element.tag for element in body.iterdescendants()} <= KNOWN_TAGS
    assert not any(element.get("style") or element.get("onclick") for element in body.iterdescendants())


def test_links_lead_to_what_is_already_out() -> None:
    """An article links only to articles published before it, so that no reader meets a dead link."""
    order = [report.slug for report in reports()]
    links = 0
    for report in reports():
        for target in re.findall(r'href="article:([^"]+)"', report.body):
            links += 1
            assert order.index(target) < order.index(report.slug), (report.slug, target)

    assert links >= 5


def test_corrections_correct_something() -> None:
    """A correction finds its passage exactly once, and changes a headline or a passage."""
    titles = 0
    for report in reports():
        if report.correction is None:
            continue
        before, after = (text_of(report, 0, corrected=corrected) for corrected in (False, True))
        assert report.correction.note in after.body or "&" in after.body
        titles += before.title != after.title
        if report.correction.find:
            assert report.body.count(report.correction.find) == 1
            assert report.correction.replace in after.body
        else:
            assert before.title != after.title

    assert titles >= 4


@pytest.mark.parametrize("edition", range(1, 6))
def test_follow_ups_say_something_new(edition: int) -> None:
    """From the second edition on, every article has a headline and a text of its own that fit a thread's name."""
    texts = [text_of(report, edition, corrected=False) for report in reports()]

    assert len({text.title for text in texts}) == len(texts)
    assert not {text.title for text in texts} & {report.title for report in reports()}
    for report, text in zip(reports(), texts, strict=True):
        assert len(text.title) <= 120
        assert f'href="article:{report.slug}"' in text.body
        lxml.html.fragment_fromstring(text.body, create_parent="div")


@pytest.mark.parametrize("edition", [0, 1, 7, 123])
def test_names_can_be_read_back(edition: int) -> None:
    """The name of an article tells report and edition."""
    for report in reports():
        assert split_slug(slug_of(report, edition)) == (report.slug, edition)


@pytest.mark.slow
@pytest.mark.parametrize("scene", SCENES)
def test_every_scene_is_painted_whole(scene: str) -> None:
    """Each scene is a sound PNG with a description, and no plain surface."""
    pixels = pixels_of(paint(scene, "one"))

    assert len({pixels[at : at + 3] for at in range(1, len(pixels) - 3, 3607)}) > 12
    assert re.fullmatch(r"Illustration: [^.]+", alt_text(scene))


@pytest.mark.slow
def test_the_name_decides_the_picture() -> None:
    """The same name gives the same picture, another name another."""
    assert paint("planet", "one") == paint("planet", "one")
    assert paint("planet", "one") != paint("planet", "two")
