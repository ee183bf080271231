"""What admins read of deliveries that something stands in the way of."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.model import JobKind, JobState, WaitingJob
from bot.text.waiting import choice_of, waiting_list
from tests.text.cases import AT, SAY

JOB = WaitingJob(
    job_id=12,
    kind=JobKind.OPEN,
    state=JobState.PARKED,
    feed_id="world",
    channel_id=2,
    title="A bridge is opened",
    created_at=AT,
    not_before=AT,
    problem="channel #news: Discord refused it",
    url="https://news.example/bridge",
)


def test_each_job_tells_what_it_is_and_what_hinders_it() -> None:
    """With its number, by which it is retried, and a link to the article; what is parked waits for whoever reads it."""
    held = replace(
        JOB, job_id=13, state=JobState.PENDING, kind=JobKind.TAKE_DOWN, title=None, url=None, case_id=7
    )
    said = waiting_list([JOB, held], SAY).split("\n")

    when = f"<t:{int(AT.timestamp())}:R>"
    assert said == [
        "**2 deliveries are held up or parked.**",
        "What is parked waits for you: cure what stands in the way, then use /delivery retry.",
        f"**12** thread of an article · [A bridge is opened](<https://news.example/bridge>) · {when}",
        "-# Parked: channel #news: Discord refused it",
        f"**13** removal of a post · Case #7 · {when}",
        f"-# Held up: channel #news: Discord refused it; tried again {when}",
    ]
    assert choice_of(JOB, SAY, 100) == "12 · thread of an article · A bridge is opened"


def test_many_are_counted() -> None:
    """As many as there is room for, and how many there are besides."""
    said = waiting_list([replace(JOB, job_id=number, problem="x" * 200) for number in range(50)], SAY)

    assert len(said) <= 2000
    told = said.count("-# Parked")
    assert 0 < told < 50
    assert said.endswith(f"… and {50 - told} more.")


@pytest.mark.parametrize(
    "title", ["www.bank.example opens", "bank.example/login opens", "https://bank.example", ""]
)
def test_a_title_that_is_an_address_is_no_link(title: str) -> None:
    """Discord shows a masked link whose text holds an address as it is typed, and it would deceive."""
    assert "](" not in waiting_list([replace(JOB, title=title)], SAY)
