"""What is posted: quotes that nothing escapes from, and answers kept to what their author may do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import groupby

from hypothesis import given
from hypothesis import strategies as st

from bot.model import Quotation, Quote
from bot.text.posting import (
    companion_text,
    jump_link,
    mentions_in,
    quoting_content,
    restored_content,
    typed_answer,
)
from bot.text.quoting import own_words
from tests.text.discord_markdown import read as see
from tests.text.strategies import any_texts
from tests.text.test_quoting import SAY, own, said
from tests.text.test_tidy import TYPED

GUILD, THREAD = 1300000000000001000, 1300000000000002500
AT = datetime.fromtimestamp(1_700_000_000, UTC)
BOB = Quotation(
    source_id=30, thread_id=THREAD, author_id=3, name="Bob", at=AT, text="the quoted words\nof Bob"
)
CAROL = replace(BOB, source_id=40, name="Carol", text="hers")
LINK = f"https://discord.com/channels/{GUILD}/{THREAD}/30"
BOB_SAID = f"> **Bob** said <t:1700000000:R>: [view post]({LINK})"
LONG = " ".join(f"Number {number} is this sentence." for number in range(200))


def content(quotes: Sequence[Quote | Quotation], words: str, **keys: object) -> str:
    made = quoting_content(quotes, words, GUILD, SAY, **keys)  # type: ignore[arg-type]
    assert made is not None
    return made


def blocks(markdown: str) -> list[str]:
    """The quotes in ``markdown`` by Discord's own rule (lines together that begin with "> "), without marks."""
    lines = markdown.split("\n")
    runs = ("\n".join(run) for quoted, run in groupby(lines, lambda line: line.startswith("> ")) if quoted)
    return [re.sub(r"^> ?", "", run, flags=re.MULTILINE) for run in runs]


def test_a_quote_and_its_answer() -> None:
    """Who said it, when, the way there, the words, and then the answer."""
    assert content([BOB], "Alice's answer") == f"{BOB_SAID}\n> the quoted words\n> of Bob\nAlice's answer"
    assert content([BOB], "") == f"{BOB_SAID}\n> the quoted words\n> of Bob"
    assert content([replace(BOB, text="")], "x") == f"{BOB_SAID}\nx"


def test_several_quotes_are_several_blocks() -> None:
    """One below the other in their order, apart, the answer last."""
    assert content([BOB, CAROL], "both") == (
        f"{BOB_SAID}\n> the quoted words\n> of Bob\n\n"
        f"> **Carol** said <t:1700000000:R>: [view post]({LINK[:-2]}40)\n> hers\nboth"
    )


def test_a_lost_quote_says_so() -> None:
    """No name, no words, no link are left of it."""
    lost = Quote(1, 2, 0, BOB, lost_at=AT)

    assert content([lost], "x") == "> [quoted post was removed]\nx"
    assert content([replace(lost, lost_at=None)], "x") == content([BOB], "x")


def test_an_answer_that_quotes_is_apart() -> None:
    """What the author typed as a quote does not become a part of ours."""
    assert content([CAROL], "> old\nnew").endswith("\n> hers\n\n> old\nnew")


def test_the_bot_speaks_for_a_member() -> None:
    """Under its own name the first line says for whom."""
    made = content([CAROL], "x", speaker="Al*ice\u200b @everyone")

    assert made.startswith("**Al\\*ice @\u200beveryone**:\n> **Carol** said")
    assert content([CAROL], "x", speaker="Alice").startswith("**Alice**:\n> ")


def test_names_are_shown_as_they_are() -> None:
    """Neither formatting nor a link nor a ping; a name of nothing visible is replaced."""
    made = content([replace(BOB, name="**[x](http://evil.example)** @here\n> y" + "z" * 200)], "")

    assert see(made).links == [LINK]
    assert "@here" not in made
    assert made.count("\n") == 2
    assert content([replace(BOB, name="\u3164")], "").startswith("> **A member** said")


def test_long_quotes_are_cut_at_a_sentence() -> None:
    """With a link to the rest."""
    made = content([replace(BOB, text=LONG)], "answer", limit=400)

    assert len(made) <= 400
    assert re.search(rf"Number \d+ is this sentence\. \[\u2026\]\({LINK}\)\nanswer\Z", made)


def test_a_cut_code_block_is_closed_before_the_link() -> None:
    """Inside the quote, on a line of its own."""
    made = content([replace(BOB, text="```py\n" + "line()\n" * 100 + "```")], "", limit=300)

    assert made.endswith(f"\n> line()\n> ```\n> [\u2026]({LINK})")


def test_long_quotes_share_what_the_answer_leaves() -> None:
    """A short one is whole, the long ones are about as long as one another, and hardly a character is wasted."""
    made = content([replace(BOB, text=LONG), CAROL, replace(BOB, text=LONG)], "a" * 500)
    first, second, third = blocks(made)

    assert 1900 < len(made) <= 2000
    assert second.endswith("\nhers")
    assert abs(len(first) - len(third)) < 60


def test_no_room_for_a_word_leaves_the_way_there() -> None:
    """The first line of every quote is whole, or there is no post."""
    header = len(BOB_SAID)

    assert content([BOB], "a" * (1999 - header)) == f"{BOB_SAID}\n{'a' * (1999 - header)}"
    assert quoting_content([BOB], "a" * (2000 - header), GUILD, SAY) is None
    assert quoting_content([BOB], "a" * 2000, GUILD, SAY) is None
    rest = f"\n> [\u2026]({LINK})"
    room = 2 * header + len("\n\n\n") + len("\n> the quoted words\n> of Bob") + len(rest)
    assert f"{rest}\n" in content([BOB, replace(BOB, text=LONG)], "a" * (2000 - room))
    assert "\u2026" not in content([BOB, replace(BOB, text=LONG)], "a" * (2001 - room))


def test_a_companion_has_the_quotes_alone() -> None:
    """As in a post; when not even who is quoted fits, as many as do."""
    assert companion_text([BOB], GUILD, SAY) == content([BOB], "")
    assert companion_text([BOB] * 50, GUILD, SAY, 300).count("**Bob**") == 2
    assert companion_text([BOB], GUILD, SAY, 10) == ""
    assert len(companion_text([replace(BOB, text=LONG * 3)], GUILD, SAY)) <= 4096


texts = TYPED | any_texts
quotes = st.lists(
    st.builds(
        Quotation,
        source_id=st.just(30),
        thread_id=st.just(THREAD),
        author_id=st.just(3),
        name=any_texts,
        at=st.just(AT),
        text=texts,
    ),
    min_size=1,
    max_size=4,
)


@given(quotes, texts, st.integers(min_value=100, max_value=700), any_texts | st.none())
def test_nothing_escapes_from_a_quote(
    quoted: list[Quotation], words: str, limit: int, speaker: str | None
) -> None:
    """Within the limit, a block for each quote with its line above it, and no line of a quote outside of it."""
    made = quoting_content(quoted, words, GUILD, SAY, limit, speaker)
    if made is None:
        return
    assert len(made) <= limit
    answer = words.strip()
    assert made.endswith(answer)
    above = made[: len(made) - len(answer)] if answer else made
    found = blocks(above)
    assert len(found) == len(quoted)
    for block in found:
        header, *below = block.split("\n")
        assert re.fullmatch(rf"\*\*.+\*\* said <t:1700000000:R>: \[view post\]\({LINK}\)", header)
        assert see(header).links == [LINK]
        assert see("\n".join(below)).text is not None
    outside = [line for line in above.split("\n") if not line.startswith("> ")]
    assert [line for line in outside if line] == ([outside[0]] if speaker is not None else [])
    assert "@everyone" not in above.lower()
    assert "@here" not in above.lower()
    assert "<@&" not in above


@given(quotes, texts, st.booleans())
def test_quoting_a_quoting_post_quotes_its_answer(quoted: list[Quotation], words: str, spoken: bool) -> None:
    """Found in what was posted, even when nobody remembers the words."""
    made = quoting_content(quoted, words, GUILD, SAY, 10_000, "Alice" if spoken else None)
    assert made is not None

    assert own(made, ours=spoken) == own_words(said(words), None, SAY)


ANSWER = (
    "Hi <@5> <@&7> <@&8> @everyone <:own:1> <a:far:2> `<:far:2>` https://a.example/x, [b](http://b.example)"
)


def may(
    text: str,
    *,
    everyone: bool = False,
    roles: frozenset[int] = frozenset(),
    embeds: bool = True,
    emoji: frozenset[int] | None = None,
) -> str:
    return typed_answer(
        text,
        may_mention_everyone=everyone,
        mentionable_roles=roles,
        may_link_embeds=embeds,
        own_emoji=emoji,
    )


LINE = "-# Posted <t:1700000000:f>; reinstated"


@given(
    quoted=st.lists(st.builds(replace, st.just(BOB), text=any_texts), max_size=3),
    words=st.one_of(any_texts, st.just(LONG), st.integers(1900, 2100).map("x".__mul__)),
)
def test_a_restored_post_says_so_whatever_it_said(quoted: list[Quotation], words: str) -> None:
    """Below all its words where they find room; cut words are told, so that they can come as a file."""
    made, cut = restored_content(quoted, words, LINE, GUILD, SAY)
    assert len(made) <= 2000
    assert made.endswith(LINE)
    assert cut or words.strip() in made
    if len(words.strip()) + len("\n") + len(LINE) > 2000:
        assert cut


def test_typed_answers_keep_to_what_their_author_may() -> None:
    """Who may do all keeps all; otherwise pings are broken, links bare of previews, foreign emoji named."""
    assert may(f" {ANSWER}\r\n", everyone=True) == ANSWER
    assert may(ANSWER, roles=frozenset({7}), embeds=False, emoji=frozenset({1})) == (
        "Hi <@5> <@&7> <@\u200b&8> @\u200beveryone <:own:1> :far: `<:far:2>` <https://a.example/x>,"
        " [b](<http://b.example>)"
    )
    assert may("> <:far:2> ||<:far:2> https://a.example||", embeds=False, emoji=frozenset()) == (
        "> :far: ||:far: <https://a.example>||"
    )


@given(texts)
def test_typed_answers_never_ping_everybody(text: str) -> None:
    """Without permission neither everybody nor a role, in code as little as outside; allowed twice is allowed once."""
    answer = may(text, embeds=False, emoji=frozenset())

    assert "@everyone" not in answer.lower()
    assert "@here" not in answer.lower()
    assert not re.search(r"<@&\d+>", answer)
    assert may(answer, embeds=False, emoji=frozenset()) == answer


def test_mentions_are_found_outside_code() -> None:
    """In quotes and spoilers as well, by kind."""
    text = "<@1> <@!2> ||<@3>|| `<@4>` ```\n<@5>\n``` \n> <@&6>\n<@&7> <#8> <@x>"

    assert mentions_in(text) == (frozenset({1, 2, 3}), frozenset({6, 7}))
    assert mentions_in("") == (frozenset(), frozenset())


def test_jump_links() -> None:
    """Guild, thread, message."""
    assert jump_link(1, 2, 3) == "https://discord.com/channels/1/2/3"
