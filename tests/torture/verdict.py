"""What there is in a world at the end, held against what was meant: what is lost, what is there twice, what is wrong."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.scenario import FORUM, MOD_LOG, texts
from tests.torture.life import UNNAMED, label
from tests.torture.world import FEEDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from localdiscord.model import Message
    from tests.torture.life import Article, Life, Removal
    from tests.torture.world import World


@dataclass
class Verdict:
    """A sentence for each thing that is not as it was meant."""

    lost: list[str] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def once(self, count: int, what: str, *, sure: bool = True) -> None:
        """Exactly one; none is allowed where the bot never said that it had heard of it."""
        if count > 1:
            self.repeated.append(f"{what}: {count} times")
        elif count < 1 and sure:
            self.lost.append(what)

    def all(self) -> list[str]:
        return [f"{name}: {each}" for name in ("lost", "repeated", "wrong") for each in getattr(self, name)]

    def none(self, count: int, what: str) -> None:
        if count:
            self.repeated.append(f"{what}: is back")


def judge(life: Life) -> Verdict:
    """Of a world in which everything is done that can be."""
    verdict, world = Verdict(), life.world
    there = Standing(world)
    _articles(verdict, life, there)
    _answers(verdict, life, there)
    for removal in life.meant.removals:
        _removal(verdict, world, there, removal)
    _reports(verdict, life, there)
    _markers(verdict, there)
    _reactions(verdict, world, there)
    return verdict


class Standing:
    """Everything that stands in the local Discord, read from its memory."""

    def __init__(self, world: World) -> None:
        self._world = world.local.ctx.world
        self.bot = self._world.bot_id

    def threads(self, channel: int) -> list[tuple[int, str]]:
        """Id and name of each, in the order in which they were made."""
        return sorted((one.id, one.name) for one in self._world.threads(channel))

    def said(self, channel: int | str) -> list[Message]:
        return [one for one in self._world.history(int(channel)) if one.ephemeral_for is None]

    def all(self) -> Iterator[Message]:
        for channel in list(self._world.messages):
            if channel in self._world.channels:
                yield from self.said(channel)

    def letters(self, member: str) -> list[Message]:
        user = next(one for one in self._world.users.values() if member in (str(one.id), one.username))
        place = self._world.direct_channel(user.id)
        return [] if place is None else [one for one in self.said(place.id) if one.author_id == self.bot]


def words_of(message: Message) -> str:
    shown = texts({"components": message.components, "content": message.content})
    return "\n".join([shown, *(str(embed.get("description", "")) for embed in message.embeds)])


def markers_of(message: Message) -> set[str]:
    """What our buttons bear: the kind of post, its token, and between them a case's number where it has one."""
    found: set[str] = set()

    def walk(component: Any) -> None:
        if isinstance(component, dict):
            if isinstance(mark := component.get("custom_id"), str):
                found.add(":".join(mark.split(":")[: 3 if mark.startswith("na:") else 2]))
            for value in component.values():
                walk(value)
        elif isinstance(component, list):
            for one in component:
                walk(one)

    walk(message.components)
    return found


def _articles(verdict: Verdict, life: Life, there: Standing) -> None:
    known = {label(article.number): article for article in life.meant.articles}
    found: dict[str, list[int]] = defaultdict(list)
    for channel in dict.fromkeys(FEEDS.values()):
        order: dict[str, list[int]] = defaultdict(list)
        for thread, name in there.threads(channel):
            mark = next((mark for mark in known if mark in name), None)
            if mark is None:
                verdict.wrong.append(f"thread {thread} {name!r} is no article's")
                continue
            article = known[mark]
            found[mark].append(thread)
            order[article.path].append(article.number)
            if name != article.titles[-1]:
                verdict.wrong.append(f"thread of {mark} is called {name!r}, not {article.titles[-1]!r}")
        for path, numbers in order.items():
            if numbers != sorted(numbers):
                verdict.wrong.append(f"articles of {path} are out of order: {numbers}")
        if channel != FORUM:
            for mark, article in known.items():
                if FEEDS[article.path] == channel:
                    posts = [one for one in there.said(channel) if mark in words_of(one)]
                    verdict.once(len(posts), f"{mark}: opening post in the channel")
    for mark, article in known.items():
        if article.removed:
            verdict.none(len(found[mark]), f"{mark}: thread that a moderator deleted")
            continue
        verdict.once(len(found[mark]), f"{mark} of {article.path}: thread")
        if len(found[mark]) == 1:
            _headlines(verdict, article, there.said(found[mark][0]))


def _headlines(verdict: Verdict, article: Article, said: list[Message]) -> None:
    notes = Counter(
        text
        for one in said
        if (text := texts({"components": one.components, "content": ""})).startswith("Headline changed")
    )
    for text, count in notes.items():
        if count > 1:
            verdict.repeated.append(f"note {text!r}: {count} times")
    if len(article.titles) > 1 and not any(article.titles[-1] in text for text in notes):
        verdict.lost.append(f"note on the headline {article.titles[-1]!r}")


def _answers(verdict: Verdict, life: Life, there: Standing) -> None:
    removed = {removal.words for removal in life.meant.removals if not removal.reinstated}
    for answer in life.meant.answers:
        if answer.words in removed:
            continue
        said = there.said(answer.thread)
        own = f"So {answer.words}"
        posts = [
            one
            for one in said
            if (one.webhook_id or (one.author_id == there.bot and not one.embeds)) and own in one.content
        ]
        beside = [
            one
            for one in said
            if one.embeds and one.reference and one.reference.get("message_id") == answer.native
        ]
        native = [one for one in said if str(one.id) == answer.native]
        what = f"quote of {answer.words} in {answer.thread}"
        if answer.withdrawn and not native:
            if len(posts) + len(beside) > 1:
                verdict.repeated.append(what)
            continue
        verdict.once(len(posts) + len(beside), what, sure=answer.sure)
        if posts and native:
            verdict.wrong.append(f"{what}: the reply still stands beside its quote")
        if beside and not native:
            verdict.wrong.append(f"{what}: the reply is gone, its quote is not")
        if answer.newest and posts and answer.newest not in posts[0].content:
            verdict.wrong.append(f"{what}: it has not the newest words")


def _removal(verdict: Verdict, world: World, there: Standing, removal: Removal) -> None:
    found = world.scene.rows("SELECT DISTINCT case_id FROM case_post WHERE message_id = ?", int(removal.post))
    what = f"removal of {removal.words}"
    verdict.once(len(found), f"{what}: case", sure=removal.sure)
    if not found:
        return
    ((case,),) = found
    ((token, log_token, state),) = world.scene.rows(
        "SELECT token, log_token, state FROM moderation_case WHERE id = ?", case
    )
    said = there.said(removal.thread)
    standing = [one for one in said if removal.words in one.content and not one.content.startswith(">")]
    if state == "reinstated":
        verdict.once(len(standing), f"{what} (case {case}): the post again")
    else:
        verdict.none(len(standing), f"{what} (case {case}): the post")
        quoted = [one for one in said if removal.words in words_of(one)]
        verdict.none(len(quoted), f"{what} (case {case}): its words in a quote")
    verdict.once(sum(f"nc:{token}" in markers_of(one) for one in said), f"{what} (case {case}): notice")
    told = world.scene.rows("SELECT token, payload FROM job WHERE case_id = ? AND kind = 'tell'", case)
    verdict.once(sum('"case"' in payload for _, payload in told), f"{what} (case {case}): telling its author")
    for letter, _ in told:
        letters = [one for one in there.letters(removal.author) if f"na:{case}:{letter}" in markers_of(one)]
        verdict.once(len(letters), f"{what} (case {case}): direct message {letter}")
    entries = [one for one in there.said(MOD_LOG) if f"nc:{log_token}" in markers_of(one)]
    verdict.once(len(entries), f"{what} (case {case}): entry in the log")
    if state not in {"standing", "reinstated"}:
        verdict.lost.append(f"{what} (case {case}): it is still {state}")


def _reports(verdict: Verdict, life: Life, there: Standing) -> None:
    tokens = dict(life.world.scene.rows("SELECT message_id, token FROM report"))
    for post, sure in life.meant.reports.items():
        token = tokens.get(int(post))
        if token is None:
            if sure:
                verdict.lost.append(f"report of {post}")
            continue
        entries = [one for one in there.said(MOD_LOG) if f"nx:{token}" in markers_of(one)]
        verdict.once(len(entries), f"report of {post}: entry in the log")


def _markers(verdict: Verdict, there: Standing) -> None:
    """No two posts of ours bear the same token, whatever they are."""
    seen: dict[str, set[int]] = defaultdict(set)
    for message in there.all():
        if message.author_id == there.bot:
            for marker in markers_of(message):
                if re.fullmatch(r"n[tcx]:[a-z0-9]{13,24}|na:\d+:[a-z0-9]{13,24}", marker):
                    seen[marker].add(message.id)
    for marker, messages in seen.items():
        if len(messages) > 1:
            verdict.repeated.append(f"post {marker}: {sorted(messages)}")


def _reactions(verdict: Verdict, world: World, there: Standing) -> None:
    """The store counts what there is, and what the policy takes away is gone."""
    counted = defaultdict(set)
    for message_id, member_id, emoji in world.scene.rows("SELECT message_id, member_id, emoji FROM reaction"):
        counted[message_id].add((member_id, emoji))
    for message in there.all():
        is_there = {
            (member, reaction.key)
            for reaction in message.reactions
            for member in (*reaction.normal, *reaction.burst)
            if member != there.bot
        }
        if any(emoji == UNNAMED for _, emoji in is_there):
            verdict.wrong.append(f"post {message.id}: a reaction without a name still stands")
        if is_there != counted.pop(message.id, set()):
            verdict.wrong.append(f"post {message.id}: its reactions are not counted as they are")
    for message_id, stored in counted.items():
        if stored:
            verdict.wrong.append(f"post {message_id} is gone, its reactions are still counted")
