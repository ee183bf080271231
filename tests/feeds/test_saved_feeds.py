"""The saved feeds of real publishers: what each of them comes to."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from bot.feeds.decide import oldest_first
from bot.feeds.parse import parse
from bot.model import Failure, FailureKind, ParsedFeed
from tests.support import START


class Expected(NamedTuple):
    format: str
    title: str
    articles: int
    titled: int
    linked: int
    dated: int
    pictured: int
    first_id: str
    first_title: str
    first_date: str  # day of publication, "" when there is none


TABLE = {
    "atom-customfields.atom": Expected("atom10", "L2inc", 15, 15, 15, 15, 15, "yt:video:lR-w1h5ONOY", "Buy Now, Bitches*", "2017-09-14"),
    "content-encoded.rss": Expected("rss20", "Food in Invironment on Medium", 7, 7, 7, 7, 7, "https://medium.com/p/125af37d838f", "THE CREATIVE FORAGER", "2018-04-09"),
    "craigslist.rss": Expected("rss10", "craigslist SF bay area | apts/housing for rent search", 25, 25, 25, 25, 24, "http://sfbay.craigslist.org/eby/apa/6186664607.html", "Bright, Spacious Beautiful Victorian (oakland north / temescal) $4300 3bd 1930ft2", "2017-06-21"),
    "customfields.rss": Expected("rss20", "Varthabharathi : Kanrnataka's Leading Kannada News Portal", 15, 15, 15, 15, 15, "http://www.varthabharati.in/article/english/74450", "ISUZU launches the ‘mu-X’ premium full-size 7 seater SUV in Bengaluru", "2017-05-19"),
    "encoding.rss": Expected("rss20", "Jornal de Notícias - Últimas Notícias", 40, 40, 40, 40, 0, "https://www.jn.pt/nacional/interior/sonia-laig-e-a-nova-presidente-da-rarissimas-9021600.html", "Mãe de utente é a nova presidente da Raríssimas", "2018-01-03"),
    "feedburner.atom": Expected("atom10", "Google Ads Developer Blog", 25, 25, 25, 25, 18, "tag:blogger.com,1999:blog-7815614485808579332.post-8394866751819460570", "AdWords and DFP Java client library will soon require Java 7+", "2016-06-03"),
    "giantbomb-podcast.rss": Expected("rss20", "Giant Bombcast", 730, 730, 730, 730, 730, "1600-2823", "Giant Bombcast 603: Call of Tuesday", "2019-10-01"),
    "guardian.rss": Expected("rss20", "The Guardian", 55, 55, 55, 55, 55, "https://www.theguardian.com/us-news/2018/jan/31/donald-trump-state-of-the-union-address-unity-discord", "Trump State of the Union address promised unity but emphasized discord", "2018-01-31"),
    "gulp-atom.atom": Expected("atom10", "Release notes from gulp", 10, 10, 10, 10, 0, "tag:github.com,2008:Repository/11167738/v3.9.0", "v3.9.0", "2015-06-01"),
    "heise.atom": Expected("atom10", "heise developer neueste Meldungen", 15, 15, 15, 15, 12, "http://heise.de/-3088438", "Java-Anwendungsserver: Red Hat gibt WildFly 10 frei", "2016-02-01"),
    "heraldsun.rss": Expected("rss092", "RSS0.92 Example", 2, 2, 2, 0, 0, "http://www.oreilly.com/example/001.html", "The First Item", ""),
    "incomplete-fields.atom": Expected("atom10", "", 1, 0, 0, 0, 0, "96a296d224f285c67bee93c30f8a3091", "", ""),
    "instant-article.rss": Expected("rss20", "Instant Article Test", 1, 1, 1, 1, 0, "https://localhost:8000", "My first Instant Article", "2016-05-04"),
    "item-itunes-episodeType.rss": Expected("rss20", "Baywatch Berlin", 1, 1, 1, 1, 1, "cc973b648d6fb41e4e5ef7e4b4ee7604", "Trailer", "2019-11-18"),
    "itunes-category.rss": Expected("rss20", "Taverncast - Happy Hour in Your Head - Since 2005", 1, 1, 1, 1, 0, "http://taverncast.com/shows/taverncast-62.mp3", "Taverncast 62 - Temporal Anomaly", "2015-11-07"),
    "itunes-href.rss": Expected("rss20", "Transfermarkt", 10, 10, 10, 10, 0, "http://www.transfermarkt.de/eberl-lobt-bvb-fur-pulisic-deal-ndash-hudson-odoi-kostet-bdquo-fast-so-viel-wie-mein-kader-ldquo-/view/news/326649?rss", "Manager bewertet Transfers | Eberl lobt BVB für Pulisic-Deal – Hudson-Odoi kostet „fast so viel wie mein Kader“", "2019-01-07"),
    "itunes-keywords-array.rss": Expected("rss20", "SWR2 Impuls - Wissen aktuell", 1, 1, 1, 1, 1, "c88fbba9-c228-4724-bf41-8c193b72491c", "Ostafrika stellt sich auf die nächste Heuschreckenplage ein", "2020-03-10"),
    "itunes-keywords-astext.rss": Expected("rss20", "Endorphine für Delfine", 32, 32, 32, 32, 32, "3602b6b4-68e4-47a6-81b9-323cc79ed87f", "Die mit Alice Merton und der Wespen-Taschen Psychologie", "2020-10-15"),
    "itunes-keywords.rss": Expected("rss20", "Taverncast - Happy Hour in Your Head - Since 2005", 1, 1, 1, 1, 0, "http://taverncast.com/shows/taverncast-62.mp3", "Taverncast 62 - Temporal Anomaly", "2015-11-07"),
    "itunes-missing-image.rss": Expected("rss20", "Taverncast - Happy Hour in Your Head - Since 2005", 130, 130, 130, 130, 0, "http://taverncast.com/shows/taverncast-62.mp3", "Taverncast 62 - Temporal Anomaly", "2015-11-07"),
    "many-links.rss": Expected("atom10", "Google Testing Blog", 25, 25, 25, 25, 8, "tag:blogger.com,1999:blog-15045980.post-8046216467923860328", "Code Health: Providing Context with Commit Messages and Bug Reports", "2017-09-11"),
    "missing-fields.atom": Expected("atom10", "", 1, 0, 0, 0, 0, "tag:github.com,2008:Repository/11167738/v3.9.0", "", ""),
    "narro.rss": Expected("rss20", "foobar on Narro", 1, 1, 1, 1, 1, "https://www.narro.co/article/54e703933058540300000069", "FAQ for Narro", "2015-02-20"),
    "pagination-links.rss": Expected("rss20", "New Show - With Episode Block", 1, 1, 1, 1, 1, "a6f22abe-be5c-4a37-8f4b-8be3d69b0235", "The First Episode", "2021-01-21"),
    "reddit-atom.rss": Expected("rss20", "reddit: the front page of the internet", 24, 24, 24, 24, 15, "https://www.reddit.com/r/space/comments/42babr/the_difficulties_in_space/", "The Difficulties in Space", "2016-01-23"),
    "reddit-home.rss": Expected("atom10", "reddit: the front page of the internet", 24, 24, 24, 24, 14, "t3_42tizy", "How the British as seen by Americans and Europeans", "2016-01-26"),
    "reddit.rss": Expected("rss20", "reddit: the front page of the internet", 24, 24, 24, 24, 16, "https://www.reddit.com/r/funny/comments/3skxqc/the_water_is_too_deep_so_he_improvises/", "The water is too deep, so he improvises", "2015-11-12"),
    "rss-1.rss": Expected("rss10", "Science twis", 69, 69, 69, 69, 0, "http://science.sciencemag.org/cgi/content/short/356/6343/1134-a?rss=1", "Food for fungi", "2017-06-15"),
    "uolNoticias.rss": Expected("rss", "UOL Noticias", 15, 15, 15, 15, 4, "https://noticias.uol.com.br/politica/eleicoes/2018/noticias/2018/09/24/ibope-bolsonaro-perde-de-haddad-ciro-e-alckmin-em-simulacoes-de-2-turno.htm", "Ibope: Bolsonaro perde de Haddad, Ciro e Alckmin em simulações de 2º turno", "2018-09-24"),
    "xml2js-options.rss": Expected("rss10", "Science twis", 69, 69, 69, 69, 0, "http://science.sciencemag.org/cgi/content/short/356/6343/1134-a?rss=1", "Food for fungi", "2017-06-15"),
}  # fmt: skip


@pytest.fixture(scope="session")
def parsed_feeds(saved_feeds: list[Path]) -> dict[str, ParsedFeed | Failure]:
    return {
        path.name: parse(path.read_bytes(), "text/xml", f"http://127.0.0.1:8000/{path.name}")
        for path in saved_feeds
    }


def _feed(parsed_feeds: dict[str, ParsedFeed | Failure], name: str) -> ParsedFeed:
    parsed = parsed_feeds[name]
    assert isinstance(parsed, ParsedFeed), parsed
    return parsed


def test_every_file_is_accounted_for(parsed_feeds: dict[str, ParsedFeed | Failure]) -> None:
    """Each of the 31 files is in the table or is the one that is no feed."""
    assert sorted(parsed_feeds) == sorted([*TABLE, "unrecognized.rss"])


@pytest.mark.parametrize("name", TABLE)
def test_a_saved_feed(parsed_feeds: dict[str, ParsedFeed | Failure], name: str) -> None:
    """Title, number of articles, how many have what, and the first article of each file."""
    feed = _feed(parsed_feeds, name)

    articles, first = feed.articles, feed.articles[0]
    found = Expected(
        feed.format,
        feed.title,
        len(articles),
        sum(bool(article.title) for article in articles),
        sum(bool(article.url) for article in articles),
        sum(bool(article.published) for article in articles),
        sum(bool(article.image) for article in articles),
        first.id,
        first.title,
        f"{first.published:%Y-%m-%d}" if first.published else "",
    )
    assert found == TABLE[name]


@pytest.mark.parametrize("name", TABLE)
def test_no_link_of_a_saved_feed_leads_to_the_server_it_was_fetched_from(
    parsed_feeds: dict[str, ParsedFeed | Failure], name: str
) -> None:
    """Relative links go to the publisher, not to the mirror."""
    for article in _feed(parsed_feeds, name).articles:
        assert "127.0.0.1" not in f"{article.url} {article.image} {article.body} {article.summary}"


def test_the_file_that_is_no_feed(parsed_feeds: dict[str, ParsedFeed | Failure]) -> None:
    """An HTML page saved under .rss is set aside as what it is."""
    failure = parsed_feeds["unrecognized.rss"]

    assert isinstance(failure, Failure)
    assert failure.kind is FailureKind.NOT_A_FEED
    assert "web page" in failure.sentence


def test_warnings_are_rare(parsed_feeds: dict[str, ParsedFeed | Failure]) -> None:
    """Two files have faults that an admin is told of; none is read by the loose parser."""
    warned = {
        name: feed.warnings
        for name, feed in parsed_feeds.items()
        if isinstance(feed, ParsedFeed) and feed.warnings
    }

    assert sorted(warned) == ["itunes-missing-image.rss", "uolNoticias.rss"]
    assert not any("not well-formed" in " ".join(warnings) for warnings in warned.values())


def test_details(parsed_feeds: dict[str, ParsedFeed | Failure]) -> None:
    """Relative links, largest pictures, foreign dates, authors and categories as these publishers write them."""
    guardian = _feed(parsed_feeds, "guardian.rss").articles[0]
    uol = _feed(parsed_feeds, "uolNoticias.rss").articles[0]

    assert guardian.author == "David Smith in Washington"
    assert guardian.image is not None
    assert "w=460" in guardian.image
    assert guardian.categories[:2] == ("Donald Trump", "State of the Union address")
    assert guardian.published == datetime(2018, 1, 31, 7, 26, 5, tzinfo=UTC)
    assert uol.published == datetime(2018, 9, 24, 22, 42, 40, tzinfo=UTC)
    assert (
        _feed(parsed_feeds, "gulp-atom.atom").articles[0].url
        == "https://github.com/gulpjs/gulp/releases/tag/v3.9.0"
    )
    assert _feed(parsed_feeds, "heraldsun.rss").articles[0].source == "Another Site"
    assert _feed(parsed_feeds, "narro.rss").articles[0].author is None
    assert "Heuschrecken" in _feed(parsed_feeds, "itunes-keywords-array.rss").articles[0].categories


@pytest.mark.parametrize("name", TABLE)
def test_saved_feeds_are_posted_oldest_first(
    parsed_feeds: dict[str, ParsedFeed | Failure], name: str
) -> None:
    """Each file's articles are put in the order of their dates."""
    feed = _feed(parsed_feeds, name)

    ordered = oldest_first(feed.articles, feed, START)
    dates = [article.published for article in ordered if article.published]
    assert dates == sorted(dates)
    assert len(ordered) == len(feed.articles)
