"""What goes on in a world, and what was meant by it: articles, answers, removals, each with words found nowhere else.

An act is recorded before it is done; whether the bot heard of it before it died is ``sure`` once it said so, or once
Discord took it, which is then to have its consequences however often the bot dies.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import aiohttp

from tests.scenario import FORUM, texts, until
from tests.torture.world import BESIDE, FEEDS

if TYPE_CHECKING:
    from random import Random

    from tests.torture.world import World

NAMED, UNNAMED = ("💙", "👍"), "🥔"
PATIENCE = 20.0
MANAGE_MESSAGES, MANAGE_WEBHOOKS, SEND_MESSAGES = 1 << 13, 1 << 29, 1 << 11


@dataclass
class Article:
    path: str
    number: int
    item: dict[str, str]
    titles: list[str]
    removed: bool = False  # a moderator deleted its thread


@dataclass
class Answer:
    """A reply that is to become a quote, or an answer typed into a form (``native`` is None)."""

    thread: str
    words: str
    native: str | None
    sure: bool = True
    withdrawn: bool = False  # by its author, maybe before it was quoted
    newest: str | None = None  # after an edit


@dataclass
class Removal:
    thread: str
    author: str
    words: str
    post: str
    sure: bool = False
    reinstated: bool = False


@dataclass
class Meant:
    """All that was meant, for the verdict."""

    articles: list[Article] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    removals: list[Removal] = field(default_factory=list)
    reports: dict[str, bool] = field(default_factory=dict)  # by post: whether the member was thanked


Act = Callable[["Life"], Awaitable[object]]


class Life:
    """The people of a world. Acts that need the bot fail quietly when it dies over them."""

    def __init__(self, world: World, random: Random) -> None:
        self.world = world
        self.scene = world.scene
        self.random = random
        self.meant = Meant()
        self.homes: dict[str, list[Article]] = {path: [] for path in FEEDS}
        self.threads: dict[int, str] = {}  # of the articles in ``homes``, by number
        self.role: tuple[str, int]
        self._count = 0

    async def begin(self) -> None:
        """Some articles to talk about; the bot is up."""
        for path in FEEDS:
            self.homes[path] = [self.publish(path) for _ in range(2)]
        for path, articles in self.homes.items():
            for article in articles:
                self.threads[article.number] = await until(partial(self.thread, path, article.number))
        roles = (await self.scene.call("GET", "/local/state"))["roles"]
        self.role = next((one["id"], int(one["permissions"])) for one in roles if one["name"] == "Newsthread")

    async def thread(self, path: str, number: int) -> str | None:
        threads = await self.scene.threads(FEEDS[path])
        return next((one["id"] for one in threads if label(number) in one["name"]), None)

    def _words(self) -> str:
        self._count += 1
        return f"word{self._count:04d}w"

    def home(self, path: str) -> str:
        """The thread of some article of a feed."""
        return self.threads[self.random.choice(self.homes[path]).number]

    def talked_about(self) -> Article:
        return self.random.choice([one for articles in self.homes.values() for one in articles])

    # --- the newspaper -----------------------------------------------------------------------------------

    def publish(self, path: str) -> Article:
        number = len(self.meant.articles) + 1
        title = f"{label(number)} of the news"
        article = Article(path, number, self.scene.paper.publish(path, title), [title])
        self.meant.articles.append(article)
        return article

    async def opened(self) -> Article:
        """A new article, once its thread is there and the bot knows it."""
        article = self.publish("/forum.rss")

        async def known() -> bool:
            return bool(
                self.scene.rows(
                    "SELECT 1 FROM story JOIN article ON article_id = article.id"
                    " WHERE guid = ? AND thread_id IS NOT NULL",
                    article.item["guid"],
                )
            )

        await until(known, PATIENCE)
        return article

    def amend(self, article: Article) -> None:
        """Another headline."""
        article.titles.append(f"{label(article.number)} of the news, take {len(article.titles) + 1}")
        article.item["title"] = article.titles[-1]

    def extend(self, article: Article) -> None:
        """More to read in an article, under the same headline."""
        article.item["description"] += f"<p>And {self._words()}.</p>"

    async def unpublish(self) -> None:
        """A moderator deletes the thread of an article that nobody talks about."""
        home = {article.number for articles in self.homes.values() for article in articles}
        for article in self.random.sample(self.meant.articles, len(self.meant.articles)):
            if article.number in home or article.removed or article.path not in ("/forum.rss", BESIDE):
                continue
            thread = await self.thread(article.path, article.number)
            if thread is not None:
                await self.scene.call("DELETE", f"/local/as/ada/channels/{thread}")
                article.removed = True
                return

    # --- members -----------------------------------------------------------------------------------------

    async def say(self, thread: str, who: str = "bob", *, file: bool = False) -> dict[str, Any]:
        more: dict[str, Any] = {}
        if file:
            more["attachments"] = [{"filename": "receipt.txt", "text": "paid in full"}]
        return await self.scene.post(who, thread, f"I say {self._words()}.", **more)

    async def reply(self, path: str, *, who: str = "alice", to: dict[str, Any] | None = None) -> Answer:
        thread = to["channel_id"] if to else self.home(path)
        source = to or await self.say(thread)
        words = self._words()
        native = await self.scene.post(who, thread, f"So {words}?", reply_to=source["id"])
        answer = Answer(thread, words, native["id"])
        self.meant.answers.append(answer)
        return answer

    async def quoted(self, answer: Answer) -> dict[str, Any]:
        """Wait until the bot has posted the quote, and return that post."""

        async def there() -> Any:
            for one in await self.scene.messages(answer.thread):
                if one.get("webhook_id") and answer.words in one["content"]:
                    return one
            return None

        found: dict[str, Any] = await until(there, PATIENCE)
        return found

    async def type_answer(self) -> None:
        """Through the menu's form, where replies are not replaced."""
        thread = self.home(BESIDE)
        source = await self.say(thread)
        await self.scene.until_seen(source["id"])
        (form,) = await self.scene.interact("alice", "message", thread, name="Quote…", target_id=source["id"])
        answer = Answer(thread, self._words(), None, sure=False)
        self.meant.answers.append(answer)
        fields = [label["component"] for label in form["data"]["components"] if "component" in label]
        filled = {fields[-1]["custom_id"]: f"So {answer.words}?"}
        said = await self.scene.interact(
            "alice", "modal", thread, custom_id=form["data"]["custom_id"], fields=filled
        )
        answer.sure = bool(said)

    async def edit(self, who: str, message: dict[str, Any], content: str) -> None:
        path = f"/local/as/{who}/channels/{message['channel_id']}/messages/{message['id']}"
        await self.scene.call("PATCH", path, {"content": content})

    async def withdraw(self, answer: Answer) -> None:
        answer.withdrawn = True
        await self.scene.call("DELETE", f"/local/as/alice/channels/{answer.thread}/messages/{answer.native}")

    async def react(self) -> None:
        path = self.random.choice(list(FEEDS))
        article = self.random.choice(self.homes[path])
        thread = self.threads[article.number]
        place = thread if FEEDS[path] == FORUM else str(FEEDS[path])
        emoji = self.random.choice((*NAMED, UNNAMED))
        await self.scene.react(self.random.choice(("alice", "bob")), place, thread, emoji)

    async def react_unnamed(self) -> None:
        source = await self.say(self.home("/forum.rss"))
        await self.scene.until_seen(source["id"])
        await self.scene.react("alice", source["channel_id"], source["id"], UNNAMED)

    async def report(self, *, times: int = 1) -> None:
        """Some post, by one or two members."""
        post = await self.say(self.home("/forum.rss"))
        await self.scene.until_seen(post["id"])
        self.meant.reports[post["id"]] = False
        for who in ("alice", "mia")[:times]:
            (form,) = await self.scene.interact(
                who, "message", post["channel_id"], name="Report post…", target_id=post["id"]
            )
            (one,) = form["data"]["components"]
            order = {
                "custom_id": form["data"]["custom_id"],
                "fields": {one["component"]["custom_id"]: "Insults"},
            }
            said = await self.scene.interact(who, "modal", post["channel_id"], **order)
            self.meant.reports[post["id"]] |= "Thank you" in told(said)

    # --- moderators --------------------------------------------------------------------------------------

    async def removal(self, *, rule: str = "paid", who: str = "bob", quoted: bool = False) -> Removal:
        """A post with a file, maybe quoted, is removed."""
        post = await self.say(self.home("/forum.rss"), who, file=True)
        if quoted:
            await self.quoted(await self.reply("/forum.rss", to=post))
        await self.scene.until_seen(post["id"])
        return await self.remove(post, who, rule)

    async def remove(self, post: dict[str, Any], who: str, rule: str = "paid") -> Removal:
        removal = Removal(post["channel_id"], who, post["content"].split()[-1].strip(".?"), post["id"])
        self.meant.removals.append(removal)
        options = {"post": post["id"], "reason": "claimed a member was paid to post", "rule": rule}
        said = await self.scene.interact("mia", "slash", removal.thread, name="remove", options=options)
        removal.sure = "case" in told(said).lower()
        return removal

    async def suspension(self) -> None:
        self._count += 1
        who = f"carol{self._count}"
        await self.scene.call("POST", "/local/members", {"name": who})
        await self.removal(rule="again", who=who)

    async def case_of(self, removal: Removal) -> int:
        """Wait until it is a case whose post is gone."""

        async def gone() -> int:
            found = self.scene.rows(
                "SELECT case_id FROM case_post WHERE message_id = ? AND gone_at IS NOT NULL",
                int(removal.post),
            )
            return found[0][0] if found else 0

        return int(await until(gone, PATIENCE))

    async def correct(self, removal: Removal) -> None:
        """Another next step, which notice and entry are to tell."""
        case = await self.case_of(removal)

        async def entered() -> bool:
            asked = (
                "SELECT 1 FROM moderation_case WHERE id = ? AND log_id IS NOT NULL AND notice_id IS NOT NULL"
            )
            return bool(self.scene.rows(asked, case))

        await until(entered, PATIENCE)
        options = {"case": case, "next_step": f"Ask {self._words()}."}
        await self.scene.interact("mia", "slash", removal.thread, name="case edit", options=options)

    async def reinstate(self, removal: Removal) -> None:
        case = await self.case_of(removal)
        with contextlib.suppress(AssertionError):  # it may die over the answer
            await self.scene.interact(
                "mia", "slash", removal.thread, name="case reinstate", options={"case": case}
            )
        state = self.scene.rows("SELECT state FROM moderation_case WHERE id = ?", case)
        removal.reinstated = state == [("reinstated",)]

    async def permit(self, lacking: int) -> None:
        """What the bot's role may no longer do; 0 gives everything back."""
        role, had = self.role
        await self.scene.call("PATCH", f"/local/roles/{role}", {"permissions": str(had & ~lacking)})

    async def without(self, lacking: int, act: Awaitable[object], seconds: float = 1.0) -> None:
        """Do something while the bot lacks a permission."""
        await self.permit(lacking)
        try:
            await act
            await asyncio.sleep(seconds)
        finally:
            await self.permit(0)

    async def close(self, channel: int) -> list[dict[str, Any]]:
        """The bot may no longer post in a channel; its overwrites as they were."""
        state = await self.scene.call("GET", "/local/state")
        had: list[dict[str, Any]] = next(
            one["permission_overwrites"] for one in state["channels"] if one["id"] == str(channel)
        )
        deny = {"id": self.role[0], "type": 0, "allow": "0", "deny": str(SEND_MESSAGES)}
        others = [one for one in had if one["id"] != self.role[0]]
        await self.overwrite(channel, [*others, deny])
        return had

    async def overwrite(self, channel: int, overwrites: list[dict[str, Any]]) -> None:
        await self.scene.call("PATCH", f"/local/channels/{channel}", {"permission_overwrites": overwrites})

    async def lose_webhooks(self) -> None:
        found = (await self.scene.call("GET", "/local/webhooks"))["webhooks"]
        for webhook in found:
            await self.scene.call("DELETE", f"/local/webhooks/{webhook['id']}")

    async def as_bot(self, path: str, body: dict[str, Any]) -> None:
        """A request that Discord takes for the bot's."""
        headers = {"Authorization": "Bot local-bot-token"}
        address = f"{self.scene.discord}/api/v10{path}"
        async with (
            aiohttp.ClientSession() as session,
            session.post(address, json=body, headers=headers) as response,
        ):
            assert response.status < 300, await response.text()

    async def noise(self) -> None:
        """One thing of all that goes on."""
        match self.random.randrange(8):
            case 0 | 1:
                self.publish(self.random.choice(list(FEEDS)))
            case 2:
                self.amend(self.talked_about())
            case 3:
                await self.reply(self.random.choice(list(FEEDS)))
            case 4:
                await self.react()
            case 5:
                await self.removal()
            case 6:
                self.extend(self.talked_about())
            case _:
                await self.unpublish()


def told(said: list[dict[str, Any]]) -> str:
    """What the bot answered to an interaction, as far as it came."""
    return texts(said[-1]["message"]) if said and "message" in said[-1] else ""


def label(number: int) -> str:
    """Stands in every headline of an article, and in no other's."""
    return f"No. {number:04d}"
