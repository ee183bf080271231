"""Every configuration key, with its type, default, limits and the sentence that documents it.

The models are frozen and are used as they are throughout the program: nothing copies them. Their descriptions
and examples feed the JSON Schemas, the reference and the sentences of faults.
"""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import Annotated, Any, Literal, Optional

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    Strict,
    WithJsonSchema,
    create_model,
)

from bot.emoji import emoji_key
from bot.model import QuoteMode, Sentiment, Step
from bot.settings.values import (
    DurationBetween,
    check_api_base,
    check_color,
    check_contact,
    check_emoji,
    check_feed_id,
    check_feed_url,
    check_listen,
    check_one_line,
    check_reason,
    check_rule_id,
    check_snowflake,
    check_store_url,
    check_template,
    parse_duration,
)

__all__ = [
    "DEFAULT_TEMPLATE",
    "PLACEHOLDERS",
    "DeliveryKeys",
    "DiscordKeys",
    "Duration",
    "Feed",
    "FeedsFile",
    "Keys",
    "LogKeys",
    "ModerationKeys",
    "NewsthreadFile",
    "QuotesKeys",
    "Reaction",
    "ReactionsKeys",
    "Repeated",
    "Rule",
    "RulesKeys",
    "Settings",
    "StatusKeys",
    "StoreKeys",
    "WatcherKeys",
    "parse_duration",
]

Duration = Annotated[timedelta, DurationBetween()]
Snowflake = Annotated[
    int,
    AfterValidator(check_snowflake),
    WithJsonSchema({"type": "integer", "minimum": 1 << 22, "x-expects": "a Discord id, which is a number"}),
]
FeedId = Annotated[
    str,
    AfterValidator(check_feed_id),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": "^[a-z0-9][a-z0-9_-]{0,63}$",
            "x-expects": "1 to 64 of a-z, 0-9, - and _, in quotes",
        }
    ),
]
FeedUrl = Annotated[
    str,
    AfterValidator(check_feed_url),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": "^[Hh][Tt][Tt][Pp][Ss]?://\\S+$",
            "maxLength": 2048,
            "x-expects": "a web address in quotes",
        }
    ),
]
ApiBase = Annotated[
    str,
    AfterValidator(check_api_base),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": "^[Hh][Tt][Tt][Pp][Ss]?://\\S+$",
            "x-expects": "a web address in quotes; plain http only to this machine",
        }
    ),
]
StoreUrl = Annotated[
    str,
    AfterValidator(check_store_url),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": "^sqlite\\+aiosqlite:///.+",
            "x-expects": '"sqlite+aiosqlite:///" and a path, in quotes',
        }
    ),
]
Listen = Annotated[
    str,
    AfterValidator(check_listen),
    WithJsonSchema(
        {"type": "string", "pattern": "^$|:[0-9]{1,5}$", "x-expects": '"host:port", or "" for off'},
    ),
]
Contact = Annotated[
    str,
    AfterValidator(check_contact),
    WithJsonSchema({"type": "string", "maxLength": 200, "x-expects": "a web or e-mail address in quotes"}),
]
Color = Annotated[
    str,
    AfterValidator(check_color),
    WithJsonSchema(
        {"type": "string", "pattern": "^#[0-9a-fA-F]{6}$", "x-expects": 'a colour such as "#5865f2"'},
    ),
]
Emoji = Annotated[
    str,
    AfterValidator(check_emoji),
    WithJsonSchema(
        {
            "type": "string",
            "minLength": 1,
            "x-expects": 'an emoji in quotes, or "<:name:id>" for a custom one',
        }
    ),
]
ReactionName = Annotated[str, Field(min_length=1, max_length=32), AfterValidator(check_one_line)]
SourceName = Annotated[str, Field(max_length=100), AfterValidator(check_one_line)]
TagName = Annotated[str, Field(min_length=1, max_length=50)]
RuleId = Annotated[
    str,
    AfterValidator(check_rule_id),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": "^[a-z0-9][a-z0-9_-]{0,63}$",
            "x-expects": "1 to 64 of a-z, 0-9, - and _, in quotes",
        }
    ),
]
RuleTitle = Annotated[str, Field(min_length=1, max_length=100), AfterValidator(check_one_line)]
Reason = Annotated[str, Field(min_length=1, max_length=100), AfterValidator(check_reason)]

# What a template may hold, in the order in which the reference lists it.
PLACEHOLDERS: dict[str, str] = {
    "title": "The headline as plain text.",
    "title_link": "The headline, linking to the article; plain where the article has no link.",
    "url": "The article's address.",
    "image": "The lead picture. It needs a line of its own.",
    "text": "Summary or body, whichever the key `text` chooses, cut at a sentence to fit.",
    "summary": "The summary that the feed carries.",
    "body": "The full text, where the feed carries it.",
    "categories": "The article's categories, separated by middle dots.",
    "author": "Who wrote it.",
    "published": "When it was published, in full, in each reader's own time zone.",
    "published_relative": "When it was published, as a live distance such as “5 minutes ago”.",
    "updated": "When the publisher last changed it, in full, in each reader's own time zone.",
    "date": "The day it was published, as YYYY-MM-DD in UTC.",
    "source": "The name of the publication.",
    "source_line": "“Based on a report from {source} {date}”.",
    "feed_id": "The feed's `id`.",
    "enclosures": "Links to the files that come with the article, such as a podcast's episode.",
}

DEFAULT_TEMPLATE = """\
## {title_link}
{image}
{text}
-# {categories}
-# {author} {published}
{source_line}
"""


def _check_template(value: str) -> str:
    return check_template(value, PLACEHOLDERS)


class Keys(BaseModel):
    """Base of every table: frozen and strict; unknown keys are reported by the reader rather than here."""

    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        strict=True,
        field_title_generator=lambda name, _: name.replace("_", " ").capitalize(),
    )


class DiscordKeys(Keys):
    """Which server the bot serves, and where Discord is."""

    guild_id: Snowflake = Field(
        description="The id of your Discord server. Turn on Developer Mode in Discord's settings, right-click the"
        " server's name and choose Copy Server ID.",
        examples=[1300000000000001000],
    )
    api_base: ApiBase = Field(
        "https://discord.com/api/v10",
        description="Where Discord's REST API v10 is. Change it only to use another server that speaks it, such as"
        " `newsthread local`; the gateway's address is asked of it.",
        examples=["https://discord.com/api/v10", "http://127.0.0.1:8700/api/v10"],
    )
    language: Literal["en", "de"] = Field(
        "en",
        description="The language of what the bot posts for everyone to read. What it tells one person alone is in"
        " that person's own language, where it has it.",
    )
    message_content: bool = Field(
        True,
        description="Whether the bot reads what members write in the threads. It needs the Message Content Intent,"
        " a switch on the Bot page of Discord's developer portal. Without it Discord's own replies can't become"
        " quotes; the posts' menu still quotes.",
    )


class StoreKeys(Keys):
    """Where Newsthread remembers what it has seen and posted."""

    url: StoreUrl = Field(
        "sqlite+aiosqlite:///data/newsthread.db",
        description="The database file. A path without a leading slash is relative to the working directory; a full"
        " path needs four slashes. Keep it on a local disk, not on a network share.",
        examples=[
            "sqlite+aiosqlite:///data/newsthread.db",
            "sqlite+aiosqlite:////var/lib/newsthread/newsthread.db",
        ],
    )


class WatcherKeys(Keys):
    """How feeds are fetched and read."""

    concurrency: int = Field(
        64, ge=1, le=1024, description="How many feeds are fetched at the same time, at most.", examples=[64]
    )
    allow_private_addresses: bool = Field(
        False,
        description="Whether feeds may live on this machine or in a private network. Leave it off unless you trust"
        " everyone who can name a feed.",
    )
    timeout: Annotated[timedelta, DurationBetween("1s", "10m")] = Field(
        timedelta(seconds=30),
        description="How long one fetch may take, from looking up the host to the last byte, redirects included.",
        examples=["30s"],
    )
    max_bytes: int = Field(
        8 * 1024 * 1024,
        ge=1024,
        le=256 * 1024 * 1024,
        description="The largest feed that is read, in bytes, both as it travels and unpacked.",
        examples=[8388608],
    )
    parse_workers: int = Field(
        2, ge=1, le=32, description="How many processes read feeds. One for each processor core is plenty."
    )
    parse_timeout: Annotated[timedelta, DurationBetween("1s", "10m")] = Field(
        timedelta(seconds=20),
        description="How long reading one feed may take before its process is ended and the feed set aside.",
        examples=["20s"],
    )
    contact: Contact = Field(
        "",
        max_length=200,
        description="A web or e-mail address that publishers see in the User-Agent, to reach you instead of"
        " blocking you.",
        examples=["https://example.org/newsthread"],
    )


class DeliveryKeys(Keys):
    """How posts get to Discord without being lost or doubled."""

    send_deadline: Annotated[timedelta, DurationBetween("1s", "5m")] = Field(
        timedelta(seconds=30),
        description="A request that is not on its way by then is not sent, and tried again later.",
        examples=["30s"],
    )
    settle: Annotated[timedelta, DurationBetween("1s", "1h")] = Field(
        timedelta(seconds=150),
        description="After an answer was lost: how long before looking whether the post took effect. Shorter risks"
        " posting an article twice.",
        examples=["150s"],
    )


class QuotesKeys(Keys):
    """Quoting in the threads. What becomes of Discord's own replies is a key of each feed."""

    typed: bool = Field(
        True,
        description="Whether an answer may be typed into a form, which the bot then posts. Discord's AutoMod does"
        " not look at what a bot posts; `false` lets members answer by Discord's own replies only.",
    )
    follow_edits: Annotated[timedelta, DurationBetween("0s", "365d")] = Field(
        timedelta(days=7),
        description='For how long after a post its quotes follow its edits. `"0s"` leaves them as they were; a deleted'
        " post's quotes go at any age.",
        examples=["7d"],
    )
    basket: Annotated[timedelta, DurationBetween("1m", "30d")] = Field(
        timedelta(days=1),
        description="How long posts that a member collected for one answer stay collected.",
        examples=["1d"],
    )
    most: int = Field(5, ge=1, le=10, description="How many posts one answer may quote.")
    catch_up: Annotated[timedelta, DurationBetween("0s", "14d")] = Field(
        timedelta(days=1),
        description="After a time without connection: replies up to this age still become quotes.",
        examples=["1d"],
    )


class ModerationKeys(Keys):
    """Removing posts, and who learns of it. The house rules are in rules.toml."""

    log_channel_id: Snowflake | None = Field(
        None,
        description="The id of the text channel in which the bot keeps the moderators' log: an entry for each case and"
        " report, and what they ought to know besides. Without it, it tells only its own log.",
        examples=[1300000000000002002],
    )
    moderator_role_id: Snowflake | None = Field(
        None,
        description="The id of the role that is mentioned in the log when a post has been reported `ping_at` times.",
        examples=[1300000000000004000],
    )
    ping_at: int = Field(
        0,
        ge=0,
        le=1000,
        description="How many members' reports of a post mention that role, once. 0 never does. Reports hide nothing.",
        examples=[3],
    )
    name_moderators: bool = Field(
        False, description="Whether the notice in the thread names the moderator who removed the post."
    )
    tell_authors: bool = Field(
        True,
        description="Whether the author of a removed post is told by direct message, unless the moderator chooses"
        " otherwise.",
    )
    appeals: Annotated[timedelta, DurationBetween("0s", "365d")] = Field(
        timedelta(days=30),
        description='For how long after a removal its author may appeal, by a button of that message. `"0s"`: not at all.',
        examples=["30d"],
    )
    keep: Annotated[timedelta, DurationBetween("1h", "3650d")] = Field(
        timedelta(days=180),
        description="How long the words and files of removed posts are kept: as long they can be looked at and"
        " reinstated. The case itself stays, without them.",
        examples=["180d"],
    )
    keep_files: int = Field(
        25 * 1024 * 1024,
        ge=0,
        le=1024 * 1024 * 1024,
        description="How much of a removed post's files is kept, in bytes for each post. 0 keeps none.",
        examples=[26214400],
    )
    suspended_role_id: Snowflake | None = Field(
        None,
        description="The id of a role that suspended members get, which you forbid to post in the news channels. It needs"
        " Manage Roles. Without it they get Discord's time-out, which silences them in the whole server and needs"
        " Moderate Members.",
        examples=[1300000000000004009],
    )


class StatusKeys(Keys):
    """The health, metrics and status page."""

    listen: Listen = Field(
        "127.0.0.1:8710",
        description='Host and port of the page; "" turns it off. The page has no login, so keep it on 127.0.0.1'
        " unless something in front of it asks for one.",
        examples=["127.0.0.1:8710", "[::1]:8710", ""],
    )


class LogKeys(Keys):
    """What is written to standard error while it runs."""

    level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="The least serious kind of line that is written."
    )
    format: Literal["text", "json"] = Field(
        "text", description="`text` for people, `json` for log collectors: one object a line."
    )


class Feed(Keys):
    """One feed, and how its articles become threads."""

    id: FeedId = Field(
        description="The feed's lasting name: what slash commands, the status page and the store call it. A changed"
        " id makes it a new feed.",
        examples=["world"],
    )
    url: FeedUrl = Field(
        description="The address of the feed: RSS, RDF, Atom or JSON Feed.",
        examples=["https://news.example/world.rss"],
    )
    channel_id: Snowflake = Field(
        description="The id of the forum or text channel that gets the threads. Right-click the channel and choose"
        " Copy Channel ID.",
        examples=[1300000000000002000],
    )
    enabled: bool = Field(
        True, description="`false` stops polling the feed and keeps everything that is known of it."
    )
    interval: Annotated[timedelta, DurationBetween("1s", "30d")] = Field(
        timedelta(minutes=5),
        description="How often the feed is polled; one that fails is polled less often until it works again.",
        examples=["5m"],
    )
    backfill: int = Field(
        0,
        ge=0,
        le=100,
        description="How many articles are posted the first time this feed is seen: the newest ones, oldest first."
        " 0 posts only what comes after.",
        examples=[0, 5],
    )
    source: SourceName | None = Field(
        None,
        description="The publication's name in the source line; without it, the feed's own title.",
        examples=["The Example Times"],
    )
    tags: tuple[TagName, ...] = Field(
        (),
        max_length=5,
        description="Names of the forum channel's tags that every thread of this feed gets.",
        examples=[["World"]],
    )
    category_tags: bool = Field(
        True,
        description="Whether an article's categories also become tags, where the forum has a tag of that name.",
    )
    mention_role_id: Snowflake | None = Field(
        None,
        description="The id of a role that is mentioned in every new thread; without it, nobody is.",
        examples=[1300000000000004000],
    )
    auto_archive: Literal["1h", "1d", "3d", "7d"] = Field(
        "3d", description="After how long without a post Discord hides the thread from the channel's list."
    )
    slow_mode: Annotated[timedelta, DurationBetween("0s", "6h")] | None = Field(
        None,
        description="How long a member has to wait between two posts in a thread; without it, what the channel says.",
        examples=["10s"],
    )
    text: Literal["auto", "summary", "body"] = Field(
        "auto",
        description="What `{text}` shows: the summary, the full body, or `auto`: the summary where there is a good"
        " one, otherwise the beginning of the body.",
    )
    quotes: Annotated[QuoteMode, Strict(False)] = Field(
        QuoteMode.REPOST,
        description="What becomes of Discord's own reply in a thread. `repost`: the bot replaces it by a post under"
        " the member's name and picture that begins with the quote, which needs Manage Webhooks and Manage Messages."
        " `companion`: the reply stays and the bot answers it with the quote, which needs Embed Links. `off`:"
        " nothing. Without the permissions it falls to the next of these.",
    )
    image: bool = Field(True, description="Whether the opening post shows the article's lead picture.")
    accent_color: Color | None = Field(
        None, description="The colour of the opening post's edge; without it, none.", examples=["#5865f2"]
    )
    template: Annotated[str, AfterValidator(_check_template)] = Field(
        DEFAULT_TEMPLATE,
        min_length=1,
        max_length=4000,
        description="The layout of the opening post: Discord Markdown with the placeholders listed in the reference."
        " A line whose placeholders are all empty is left out.",
        examples=["## {title_link}\n{image}\n{text}\n{source_line}\n"],
    )


class NewsthreadFile(Keys):
    """newsthread.toml: the server, the store, and how Newsthread runs."""

    discord: DiscordKeys
    store: StoreKeys = StoreKeys()
    watcher: WatcherKeys = WatcherKeys()
    delivery: DeliveryKeys = DeliveryKeys()
    quotes: QuotesKeys = QuotesKeys()
    moderation: ModerationKeys = ModerationKeys()
    status: StatusKeys = StatusKeys()
    log: LogKeys = LogKeys()


def _all_optional(model: type[Keys]) -> dict[str, Any]:
    """The fields of a model for ``create_model``; those that have no default get None."""
    fields: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        optional = copy.copy(field)
        if field.is_required():
            optional.default = None
            fields[name] = (Optional[field.annotation], optional)  # noqa: UP045 - a value, no annotation
        else:
            fields[name] = (field.annotation, optional)
    return fields


FeedDefaults = create_model(
    "FeedDefaults",
    __base__=Keys,
    __doc__="Any key of a feed: it holds for every feed that does not set that key itself.",
    **_all_optional(Feed),
)


class FeedsFile(Keys):
    """feeds.toml: the feeds, and what they have in common."""

    defaults: FeedDefaults = FeedDefaults()
    feed: tuple[Feed, ...] = Field((), description="One [[feed]] for each feed.")


class Reaction(Keys):
    """One reaction that has a name: the opening post counts it, policies are about it. Discord takes 20 on a message."""

    name: ReactionName = Field(description="What people read.", examples=["Like"])
    shown: Emoji = Field(
        alias="emoji",
        title="Emoji",
        description="Any of Discord's emoji, or one of your server's own as `<:name:id>`: type `\\:name:` in Discord and"
        " send it to see its id.",
        examples=["💙", "<:factcheck:1300000000000006001>"],
    )
    sentiment: Annotated[Sentiment, Strict(False)] = Field(
        description="What it says of a post. The positive ones lead to recommendations.",
        examples=["positive"],
    )
    order: int | None = Field(
        None,
        ge=0,
        le=1000,
        description="Its place in lists, the smallest first. Those without one follow, as they stand in the file.",
        examples=[1],
    )

    @property
    def emoji(self) -> str:
        """As ``Reacted.emoji`` and ``emoji_key`` have it; ``shown`` is how it is written in a message."""
        return emoji_key(self.shown)


def _named(name: str, emoji: str, sentiment: Sentiment) -> Reaction:
    return Reaction(name=name, emoji=emoji, sentiment=sentiment)


# What members of a news forum know from there.
SHIPPED_REACTIONS = (
    _named("Like", "💙", Sentiment.POSITIVE),
    _named("Thanks", "🙏", Sentiment.POSITIVE),
    _named("Haha", "😂", Sentiment.POSITIVE),
    _named("Confused", "😕", Sentiment.NEUTRAL),
    _named("Sad", "😢", Sentiment.NEGATIVE),
    _named("Love It", "❤️", Sentiment.POSITIVE),
    _named("Thumbs Up", "👍", Sentiment.POSITIVE),
)


def _in_order(reactions: tuple[Reaction, ...]) -> tuple[Reaction, ...]:
    return tuple(sorted(reactions, key=lambda one: (one.order is None, one.order or 0)))


class ReactionsKeys(Keys):
    """reactions.toml: the reactions that have a name, and what becomes of reactions. The file may be left out."""

    policy: Literal["any", "named_only", "one_each"] = Field(
        "any",
        description="`any` leaves reactions as Discord has them. `named_only`: the bot takes away those without a name"
        " below. `one_each`: a member's new named reaction to a post replaces the one from before. The last two"
        " need Manage Messages.",
    )
    self_reactions: bool = Field(True, description="Whether members' reactions to their own posts count.")
    line: Literal["thread", "post", "off"] = Field(
        "thread",
        description="What the line of counts on the opening post counts: reactions in the whole `thread`, those to"
        " the opening `post` only, or `off` for no line.",
    )
    line_interval: Annotated[timedelta, DurationBetween("5s", "1d")] = Field(
        timedelta(minutes=1),
        description="How often that line is brought up to date, at most: Discord slows down whoever edits often.",
        examples=["1m"],
    )
    buttons: bool = Field(
        False,
        description="Whether the opening post has a button for each named reaction, for reacting by one click.",
    )
    recommend_at: int = Field(
        5,
        ge=0,
        le=10_000,
        description="How many members' positive reactions recommend a post. 0 leaves recommending to moderators.",
    )
    recount: Annotated[timedelta, DurationBetween("0s", "30d")] = Field(
        timedelta(days=7),
        description="After a time without connection: the threads with anything new in so long are counted anew.",
        examples=["7d"],
    )
    reactions: Annotated[tuple[Reaction, ...], AfterValidator(_in_order)] = Field(
        SHIPPED_REACTIONS,
        alias="reaction",
        title="Reaction",
        max_length=20,
        description="One [[reaction]] for each; without any, the seven that come with Newsthread. `reaction = []`: none.",
        json_schema_extra={
            "x-expects": "at most 20 [[reaction]] sections, which is what Discord takes on one message"
        },
    )


class Repeated(Keys):
    """What repeated strikes lead to. They count whichever rule they were for; of several that apply, the longest holds."""

    strikes: int = Field(
        ge=1,
        le=100,
        description="How many strikes of a member lead to it, the one for this removal included.",
        examples=[3],
    )
    within: Annotated[timedelta, DurationBetween("1s", "365d")] = Field(
        description="How long before the removal the strikes may lie.", examples=["30d"]
    )
    suspend: Annotated[timedelta, DurationBetween("1s", "365d")] = Field(
        description="For how long the member's posting rights are suspended.", examples=["1d"]
    )


class Rule(Keys):
    """One house rule that removals cite."""

    id: RuleId = Field(
        description="The rule's lasting name: what the store calls it. A changed id makes it a new rule.",
        examples=["paid"],
    )
    title: RuleTitle = Field(
        description="What people read: in the notice, in commands, in `/transparency`.",
        examples=["No accusations without evidence"],
    )
    reason: Reason = Field(
        description="What a post did that broke it, as it continues “Removed a post that”. Moderators may say it otherwise.",
        examples=["claimed a member was paid to post"],
    )
    next_step: str = Field(
        "",
        max_length=300,
        description="What to do instead, in a sentence that follows the reason.",
        examples=["If you have evidence, forward it to support."],
    )
    strike: bool = Field(True, description="Whether a removal by it is a strike against the author.")
    repeated: tuple[Repeated, ...] = Field(
        (),
        max_length=10,
        description="What repeated strikes lead to when this rule brings one more.",
        json_schema_extra={"x-expects": "at most 10 [[rule.repeated]] sections"},
    )

    @property
    def steps(self) -> tuple[Step, ...]:
        """As a case takes them."""
        return tuple(Step(one.strikes, one.within, one.suspend) for one in self.repeated)


class RulesKeys(Keys):
    """rules.toml: the house rules. The file may be left out: a reason in a moderator's own words always does."""

    rules: tuple[Rule, ...] = Field(
        (),
        alias="rule",
        title="Rule",
        max_length=25,
        description="One [[rule]] for each, in the order in which moderators are offered them.",
        json_schema_extra={
            "x-expects": "at most 25 [[rule]] sections, which is what Discord offers in one list"
        },
    )


class Settings(NewsthreadFile):
    """The whole configuration, as one value. ``token`` comes from the environment only."""

    feeds: tuple[Feed, ...] = ()
    reactions: ReactionsKeys = ReactionsKeys()
    rules: RulesKeys = RulesKeys()
    token: SecretStr | None = None
