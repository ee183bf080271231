"""What Discord's programs show of the bot in a member's language: commands, menus, forms."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import discord
import pytest

from bot.client import EXTENSIONS, CommandNames, NewsthreadBot, Services
from bot.deliveries import Deliveries
from bot.governor import Governor
from bot.languages import Languages
from bot.languages.messages import CATALOGUES, template
from bot.model import Article, CasePost, Identity, Made, Post, Quotation, Said, Story, StoryDetails
from bot.moderation import Moderation
from bot.moderation.articles import Articles
from bot.moderation.cases import Cases
from bot.moderation.outside import Outside
from bot.moderation.privacy import Privacy
from bot.moderation.removals import Aim, Removals, Spot
from bot.moderation.reports import Reports
from bot.moderation.rights import PostingRights
from bot.moderation.rules import HouseRules
from bot.newsroom import Desk, Floor, Newsroom, Office
from bot.pace import Pace
from bot.quotes import Quotes, Source
from bot.reactions import Reactions
from bot.settings.keys import ModerationKeys, QuotesKeys, ReactionsKeys, Rule
from bot.store import Store
from bot.stories import Stories
from bot.troubles import Troubles
from cogs.moderation.form import RemovalForm
from cogs.posts import EditForm
from cogs.quotes import BasketForm, QuoteForm

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from tests.support import StillClock

GUILD, THREAD = 1300000000000001000, 1300000000000003000
AT = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)
LOCALES = sorted(path.stem for path in CATALOGUES.glob("*.po"))
MOST_OF_A_NAME, MOST_OF_A_DESCRIPTION, MOST_OF_A_TITLE = 32, 100, 45  # characters
MENUS = 5


@pytest.fixture
async def services(store: Store, clock: StillClock) -> Services:
    languages = Languages.load()
    floor, office = Floor(Desk(GUILD), clock), Office(Desk(GUILD), clock)
    return Services(
        stories=Stories(store, (), clock),
        quotes=Quotes(store, floor, {}, QuotesKeys(), languages.of("en-US"), clock, lambda: None),
        reactions=Reactions(store, floor, ReactionsKeys(), (), clock, lambda: None),
        moderation=_moderation(store, floor, office, languages, clock),
        deliveries=Deliveries(store, lambda: None),
        floor=floor,
        office=office,
        languages=languages,
        wake_publisher=lambda: None,
        catch_up=lambda: None,
    )


def _moderation(
    store: Store, floor: Floor, office: Office, languages: Languages, clock: StillClock
) -> Moderation:
    keys, say = ModerationKeys(), languages.of("en-US")
    rules = HouseRules([Rule(id="paid", title="No accusations", reason="claimed a member was paid to post")])

    def wake() -> None:
        pass

    return Moderation(
        rules=rules,
        removals=Removals(store, office, floor, keys, clock, wake),
        cases=Cases(store, rules, keys, clock, wake),
        rights=PostingRights(store, office, keys, clock, wake),
        reports=Reports(store, floor, keys, say, clock, wake),
        articles=Articles(store, office, Newsroom(Desk(GUILD), clock, Troubles(clock)), say, clock, wake),
        outside=Outside(store, office, clock, wake, lambda: False),
        privacy=Privacy(store, keys, clock, wake),
    )


@pytest.fixture
async def offered(services: Services, store: Store, clock: StillClock) -> AsyncIterator[list[dict[str, Any]]]:
    """What the bot registers with Discord: every command and menu, as discord.py writes it."""
    governor = Governor(store, clock, Troubles(clock))
    pace = Pace(clock, Troubles(clock))
    async with NewsthreadBot(services, GUILD, clock, governor, pace, message_content=True) as bot:
        for extension in EXTENSIONS:
            await bot.load_extension(extension)
        names = CommandNames(services.languages)
        yield [await command.get_translated_payload(bot.tree, names) for command in bot.tree.get_commands()]


@pytest.mark.parametrize("locale", LOCALES)
def test_commands_are_described_in_every_language(offered: list[dict[str, Any]], locale: str) -> None:
    """Commands, groups and options; what is typed stays English, what is chosen from a list or menu does not."""
    parts = list(_parts(offered))

    assert sum(map(_is_menu, offered)) == MENUS
    assert len(parts) > 20
    for part in parts:
        translated = part.get("name_localizations", {}).get(locale)
        if _is_menu(part) or "value" in part:
            assert translated, f"{part['name']!r} has no translation"
        else:
            assert translated is None, f"{part['name']!r} is typed: its name stays English"
            described = part.get("description_localizations", {}).get(locale)
            assert described, f"{part['name']!r}: {part['description']!r} has no translation"


def test_names_and_descriptions_are_within_discords_limits(offered: list[dict[str, Any]]) -> None:
    """In every language; Discord would refuse all commands for one that is too long."""
    for part in _parts(offered):
        most = MOST_OF_A_DESCRIPTION if "value" in part else MOST_OF_A_NAME
        for name in (part["name"], *part.get("name_localizations", {}).values()):
            assert 1 <= len(name) <= most, name
        if "description" in part:
            for text in (part["description"], *part.get("description_localizations", {}).values()):
                assert len(text) <= MOST_OF_A_DESCRIPTION, text


@pytest.mark.parametrize("locale", ["en-US", *LOCALES])
async def test_forms_are_labelled_in_full(services: Services, locale: str) -> None:
    """No title or label of a form is cut in any language."""
    say = services.languages.of(locale)
    whole = {say(message.id) for message in template() if isinstance(message.id, str)}
    whole.add(say("Quote {name}", name="Bob"))
    for form in _forms(services, locale):
        payload = form.to_dict()
        shown = [payload["title"], *_labels(payload["components"])]
        assert len(shown) > 1
        assert set(shown) <= whole
        assert len(payload["title"]) <= MOST_OF_A_TITLE


def _forms(services: Services, locale: str) -> Iterator[discord.ui.Modal]:
    say = services.languages.of(locale)
    quotation = Quotation(11, THREAD, 302, "Bob", AT, "The harbour is closed.")
    story = Story(1, 1, "world", 2, "token", first_seen=AT, thread_id=THREAD, message_id=THREAD)
    article = Article(
        Identity("guid", None, "digest"), None, "Storm", None, None, None, "", "", None, "print"
    )
    details = StoryDetails(story, article, ())
    said = Said(11, THREAD, 302, "Bob", "", AT, quotation.text)
    yield QuoteForm(services, 13, said, Source(details, quotation), say)
    yield QuoteForm(services, 13, said, Source(details, quotation, ("One.", "Two.")), say)
    yield BasketForm(services, 13, THREAD, [quotation], say)
    post = Post(1, 1, THREAD, 12, 301, Made.WEBHOOK, AT, words="Indeed.")
    yield EditForm(services, post, say)
    removed = CasePost(11, THREAD, 302, "Bob", "", Made.NATIVE, AT)
    yield RemovalForm(services, 13, Aim(Spot(details, THREAD, 11), removed), say)
    yield RemovalForm(services, 13, Aim(Spot(details, THREAD, THREAD), removed), say)


def _labels(components: list[dict[str, Any]]) -> Iterator[str]:
    for component in components:
        yield from (component[key] for key in ("label", "description") if component.get(key))


def _parts(payloads: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Commands with their subcommands, options and choices."""
    for payload in payloads:
        yield payload
        yield from _parts(payload.get("options", []))
        yield from _parts(payload.get("choices", []))


def _is_menu(part: dict[str, Any]) -> bool:
    return "description" not in part and "value" not in part
