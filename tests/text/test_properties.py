"""The four promises about every text that goes out, as the issue of hostile input names them.

Posts, notes, names and answers made of an article, and what is said of cases and quotes, from any text whatever.
What each of them says otherwise is tested beside its own module.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import unquote

import pytest
from hypothesis import given

from bot.model import Article, Case, FormerHeadline, Quotation, Ranked, Story, StoryDetails, TextPart
from bot.text.cases import case_text, entry
from bot.text.clean import clean, clean_block
from bot.text.details import story_details
from bot.text.draft import headline_changed, opening_post, source_line, thread_name
from bot.text.html import to_markdown, to_text
from bot.text.links import canonical, in_markdown
from bot.text.notices import notice, tidy_reason
from bot.text.posting import quoting_content
from bot.text.quoting import own_words
from bot.text.received import ranking
from bot.text.waiting import choice_of, waiting_list
from tests.text.cases import AT, GUILD, SAY, any_cases
from tests.text.discord_markdown import read
from tests.text.strategies import any_texts, articles, feeds, html_texts
from tests.text.test_escape import INVITES, PINGS
from tests.text.test_quoting import said
from tests.text.test_waiting import JOB as WAITING

pytestmark = pytest.mark.slow

HERE = f"https://discord.com/channels/{GUILD}/"
LAYOUT = "## {title_link}\n{title}\n{image}\n{text}\n{summary}\n{body}\n-# {categories}\n{author} {source}\n{url}\n{enclosures}\n{source_line}"
_OURS = re.compile(r"<t:-?\d+:[fFRd]>")
html = html_texts.map(lambda text: to_markdown(text, "https://site.example/"))


def of_article(one: Article, former: str) -> Iterator[tuple[str, int]]:
    """Every text made of an article, with the most code points that Discord takes there; none is the other's part."""
    story = Story(1, 1, "world", 2, "token", first_seen=AT)
    draft = opening_post(one, feeds(template=LAYOUT), AT)
    yield "\n".join(part.markdown for part in draft.parts if isinstance(part, TextPart)), 4000
    yield headline_changed(former, one.title), 2000
    yield story_details(StoryDetails(story, one, (FormerHeadline(former, AT),) * 6), SAY), 2000
    yield ranking([Ranked(7, 8, None, 3, one.title)] * 15, GUILD, SAY), 2000
    yield waiting_list([replace(WAITING, title=one.title, url=one.url, problem=former)] * 30, SAY), 2000


def names_of(one: Article) -> Iterator[str]:
    """What is shown as plain text, where no Markdown is read."""
    yield opening_post(one, feeds(), AT).thread_name
    yield source_line(one, feeds(), AT)
    yield choice_of(replace(WAITING, title=one.title), SAY, 100)


@given(articles(any_texts, html), any_texts, any_cases)
def test_no_output_pings(one: Article, text: str, case: Case) -> None:
    """Nobody, whatever an article is called or says, or members wrote; nor does it invite anywhere."""
    for made in (_OURS.sub("", made) for made, _ in of_article(one, text)):
        assert not PINGS.search(made)
        assert not INVITES.search(made)
        assert not read(made).mentions
    quote = Quotation(
        source_id=1, thread_id=2, author_id=3, name=text, at=AT, text=own_words(said(text), None, SAY)
    )
    by_members = [notice(case, SAY, named=False), entry(case, SAY, GUILD).text, case_text(case, SAY, GUILD)]
    for made in (*by_members, quoting_content([quote], "", GUILD, SAY) or ""):
        assert not re.search(r"@(?:everyone|here)|<@&\d", made, re.IGNORECASE)


@given(articles(any_texts, html), any_texts)
def test_no_output_links_outside_what_the_article_links(one: Article, text: str) -> None:
    """To the article, what it carries, what its own text links to, and our own posts."""
    carried = {*read(one.summary).links, *read(one.body).links}
    addresses = [one.url or "", *(enclosure.url for enclosure in one.enclosures)]
    carried |= {in_markdown(link) for address in addresses if (link := canonical(address))}

    for made, _ in of_article(one, text):
        shown = {unquote(link) for link in read(_OURS.sub("", made)).links if not link.startswith(HERE)}
        assert shown <= {unquote(link) for link in carried}


@given(articles(any_texts, any_texts), any_texts)
def test_no_output_is_over_discords_limits(one: Article, text: str) -> None:
    """Neither with texts of any length nor with all of them long."""
    long = replace(
        one, title=f"{one.title} {text}" * 30, author=text * 40, source=text * 40, categories=(text * 9,) * 20
    )

    for each in (one, long):
        for made, limit in of_article(each, text * 50):
            assert len(made.strip()) > 0
            assert len(made) <= limit
        assert 1 <= len(opening_post(each, feeds(), AT).thread_name) <= 100


@given(articles(any_texts, any_texts), any_texts)
def test_neutralising_is_idempotent(one: Article, text: str) -> None:
    """What was cleaned stays as it is when it is cleaned again, and shows nothing that can't be seen."""
    for clear in (clean, clean_block, tidy_reason, thread_name):
        assert clear(clear(text)) == clear(text)
    assert clean(to_text(text)) == to_text(text)
    once = own_words(said(text), None, SAY)
    assert own_words(said(once), None, SAY) == once
    for name in names_of(one):
        assert clean(name) == name
