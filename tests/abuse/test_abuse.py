"""Broken feeds through the path of ``newsthread preview``: nothing raises, hangs, pings, deceives or breaks a limit.

By hand, with another seed or only one case: ``python -m tests.abuse --help``.
"""

from __future__ import annotations

import html
import zlib

import pytest

from tests.abuse import Case, cases, run
from tests.abuse.cases import MADE
from tests.abuse.harness import SEED, judge
from tests.abuse.rules import HOME
from tests.abuse.strings import HTML, TEXTS
from tests.feeds.site import Site

CHUNKS, EACH = 8, 250  # `make torture` takes all five thousand


@pytest.mark.slow
@pytest.mark.parametrize("chunk", range(CHUNKS))
async def test_broken_feeds(chunk: int) -> None:
    """Each is read or refused with a sentence, by the same child, and every message made of one keeps the rules."""
    figures = await run(EACH, SEED, start=chunk * EACH, workers=1)

    assert not figures.broken, "\n".join(map(str, figures.broken[:20]))
    assert figures.cases == EACH
    assert figures.children == 1
    assert figures.feeds > EACH // 2, "hardly a feed was read: the damage is too great to tell anything"
    assert len(figures.refused) > 5


def test_cases_follow_from_seed_and_number() -> None:
    """Whatever was made before: a case that broke a rule can be made again. Other seeds make others."""
    made = list(cases(SEED, 40, [MADE]))

    assert list(cases(SEED, 10, [MADE], start=30)) == made[30:]
    assert not {case.body for case in cases(SEED + 1, 40, [MADE])} & {
        case.body for case in made if "bytes" in case.recipe
    }


def _case(number: int, document: str, **keys: str) -> Case:
    return Case(
        0,
        number,
        "example",
        document.encode("utf-8", "surrogatepass"),
        "text/xml",
        keys.get("coding", ""),
        document,
    )


def _saying(words: str) -> str:
    """A feed whose one article says it everywhere."""
    safe = html.escape(words)
    return (
        "<?xml version='1.0'?><rss version='2.0'><channel><title>News</title><item><guid>1</guid><link>https://news.example/1</link>"
        f"<title>{safe}</title><description>{safe}</description><author>{safe}</author><category>{safe}</category>"
        f"<source url='https://news.example/'>{safe}</source></item></channel></rss>"
    )


# Each of these broke something once.
EXAMPLES = [
    _saying("[" + "-" * 2000 + "]"),  # held the loop for minutes: cubic in what is no word
    _saying("<a href='https://evil.example/'>BANK.COM, your bank</a>"),
    _saying("<a href='https://evil.example/'>bank\u3002com and bank\u2024com</a>"),
    _saying("<a href='https://evil.example/'>\uff42\uff41\uff4e\uff4b\uff0e\uff43\uff4f\uff4d</a>"),
    _saying("<i>bank.com"),
    _saying("www.bank.com log in"),
    _saying("<a href='/" + "\u0e49" * 80 + "'>x</a><img src='/" + "\u0e49" * 80 + "'>"),
    _saying("<img src='https://canary.discord.com/invite/x'>"),
    '<!DOCTYPE r [\n<!-- <a -->\n<!ENTITY a "ha">\n<!ENTITY b "&a;&a;">]>'
    + _saying("x").replace("x<", "&b;<"),
    '<!DOCTYPE r [\n<!EN\x00TITY a "ha">\n<!EN\x00TITY b "&a;&a;">]>' + _saying("x").replace("x<", "&b;<"),
]


@pytest.mark.slow
async def test_what_once_broke_a_rule() -> None:
    """The cases that found a fault of ours, and every hostile text and piece of HTML in every place by itself."""
    documents = [*EXAMPLES, *map(_saying, [*TEXTS, *HTML])]

    figures = await judge(_case(number, document) for number, document in enumerate(documents))

    assert not figures.broken, "\n".join(map(str, figures.broken[:20]))
    assert figures.feeds >= len(documents) - 2  # two declare entities


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
async def test_bombs_in_any_coding(coding: str) -> None:
    """A hundred megabytes in a hundred kilobytes, and codings that nobody asked for, end in one sentence."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31 if coding == "gzip" else 15)
    bomb = packer.compress(bytes(100 << 20)) + packer.flush()
    body = b"\x28\xb5\x2f\xfd" + bomb if coding in ("br", "zstd") else bomb

    figures = await judge([Case(0, 0, coding, body, "text/xml", coding, "")])

    assert not figures.broken
    assert figures.refused.total() == 1


async def test_nothing_but_the_feed_is_fetched() -> None:
    """Pictures, pages, style sheets, document types, entities, included files: named in a feed, asked for by nobody."""
    async with Site() as canary:
        there = canary.url("/x.png", HOME)
        document = (
            f"<?xml version='1.0'?><?xml-stylesheet href='{there}'?><!DOCTYPE rss SYSTEM '{there}'>"
            f"<rss version='2.0' xmlns:media='http://search.yahoo.com/mrss/' xmlns:xi='http://www.w3.org/2001/XInclude' xml:base='{there}'>"
            f"<channel><title>News</title><link>{there}</link><image><url>{there}</url></image><cloud domain='{HOME}' port='{canary.port}'/>"
            f"<item><title>A</title><link>{there}</link><guid>{there}</guid><comments>{there}</comments><xi:include href='{there}'/>"
            f"<enclosure url='{there}' type='image/png'/><media:content url='{there}'/><media:thumbnail url='{there}'/>"
            f"<description>&lt;img src='{there}'&gt;&lt;iframe src='{there}'&gt;&lt;/iframe&gt;&lt;link rel=stylesheet href='{there}'&gt;"
            f"&lt;a href='{there}'&gt;x&lt;/a&gt;</description><content type='xhtml' src='{there}'/></item></channel></rss>"
        )

        figures = await judge(
            [
                _case(0, document),
                _case(1, f"<!DOCTYPE r [<!ENTITY % p SYSTEM '{there}'> %p;]>{document[21:]}"),
            ]
        )

        assert canary.requests == []
    assert (figures.feeds, figures.articles, figures.broken) == (1, 1, [])
