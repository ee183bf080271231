"""The status page as one self-contained HTML document: no scripts, no forms, nothing loaded from anywhere.

Every word from outside (titles, addresses, sentences) goes through ``html.escape``.
"""

from __future__ import annotations

import base64
import hashlib
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from bot.model import JobState
from bot.status.facts import FeedState
from bot.status.health import judge

if TYPE_CHECKING:
    from datetime import datetime

    from bot.model import WaitingJob
    from bot.status.facts import FeedFacts, StatusFacts
    from bot.status.health import Health

REFRESH = 15  # seconds between two loads, for who asks for it

_STYLE = """
:root { color-scheme: light dark; --paper: #fff; --sheet: #f6f7f9; --ink: #1c2024; --soft: #60646c; --line: #dddfe4;
  --good: #18794e; --bad: #b42318; --wait: #8a5a00; --link: #0b5cad; }
@media (prefers-color-scheme: dark) { :root { --paper: #131416; --sheet: #1b1d20; --ink: #edeef0; --soft: #a5a9b1;
  --line: #2e3135; --good: #3dd68c; --bad: #ff9189; --wait: #ffca6b; --link: #8ec8ff; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
header, main, footer { max-width: 75rem; margin: 0 auto; padding: 0 1rem; }
header { padding-top: 1.5rem; }
h1 { font-size: 1.25rem; margin: 0; }
h2 { font-size: 1.05rem; margin: 2rem 0 .5rem; }
p { margin: .25rem 0; overflow-wrap: anywhere; }
a { color: var(--link); }
a:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
small, .soft, footer { color: var(--soft); font-size: .875rem; }
.good { color: var(--good); } .bad { color: var(--bad); } .wait { color: var(--wait); }
.verdict { font-size: 1.1rem; font-weight: 600; }
.tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(10rem, 1fr)); gap: .5rem; margin: 1rem 0 0; }
.tiles div { background: var(--sheet); border: 1px solid var(--line); border-radius: .5rem; padding: .5rem .75rem; }
.tiles dt { color: var(--soft); font-size: .875rem; }
.tiles dd { margin: 0; font-weight: 600; }
table { width: 100%; border-collapse: collapse; }
th { text-align: left; color: var(--soft); font-size: .875rem; font-weight: 500; }
th, td { padding: .5rem .75rem .5rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td { overflow-wrap: anywhere; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
td small, dd small { display: block; font-weight: 400; }
time { white-space: nowrap; }
td p { margin: 0; }
footer { padding-top: 1rem; padding-bottom: 2rem; }
@media (max-width: 45rem) {
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table, tbody, tr, td { display: block; }
  tr { border: 1px solid var(--line); border-radius: .5rem; background: var(--sheet); padding: .5rem .75rem; margin: .5rem 0; }
  td { border: 0; padding: .125rem 0; }
  td.number { text-align: left; }
  td[data-label]::before { content: attr(data-label) ": "; color: var(--soft); font-size: .875rem; }
}
"""

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    f"style-src 'sha256-{base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()}'"
)

_ORDER = list(FeedState)
_CLASSES = {
    FeedState.GOOD: "good",
    FeedState.FAILING: "bad",
    FeedState.WAITING: "wait",
    FeedState.PAUSED: "soft",
}


def render(facts: StatusFacts, now: datetime, *, refreshing: bool = False) -> str:
    """The page as of ``now``; ``refreshing`` makes the browser load it again every ``REFRESH`` seconds."""
    health = judge(facts, now)
    again = (
        '<a href="/">Stop refreshing</a>'
        if refreshing
        else f'<a href="/?refresh">Refresh every {REFRESH} seconds</a>'
    )
    body = f"""<header>
<h1>Newsthread</h1>
{_verdict(facts, health)}
</header>
<main>
{_tiles(facts, health, now)}
{_troubles(facts, now)}
{_waiting(facts.waiting, now)}
{_feeds(facts.feeds, now)}
</main>
<footer>As of {_moment(now)} · started {_ago(facts.started_at, now)} · version {escape(facts.version)} · {again}</footer>"""
    return _document(body, refreshing=refreshing)


def render_failure(sentence: str) -> str:
    """The page when there are no facts to show."""
    return _document(
        f'<header><h1>Newsthread</h1><p class="verdict bad">{escape(sentence)}</p></header>', refreshing=True
    )


def _document(body: str, *, refreshing: bool) -> str:
    refresh = f'<meta http-equiv="refresh" content="{REFRESH}">\n' if refreshing else ""
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
{refresh}<title>Newsthread status</title>
<style>{_STYLE}</style>
</head>
<body>
{body}
</body>
</html>
"""


def _verdict(facts: StatusFacts, health: Health) -> str:
    failing = sum(feed.state is FeedState.FAILING for feed in facts.feeds)
    sentences = list(health.problems)
    if failing:
        sentences.append(f"{failing} of {len(facts.feeds)} feeds can't be read at the moment.")
    if parked := facts.jobs.get(JobState.PARKED, 0):
        sentences.append(f"{_count(parked, 'job')} can't be done until you change something.")
    if facts.troubles:
        sentences.append(f"{_count(len(facts.troubles), 'trouble')} with the program as a whole: see below.")
    if not sentences:
        return '<p class="verdict good">All is well.</p>'
    return "\n".join(
        f'<p class="verdict {"wait" if health.ok else "bad"}">{escape(sentence)}</p>'
        for sentence in sentences
    )


def _tiles(facts: StatusFacts, health: Health, now: datetime) -> str:
    latency = (
        f"<small>{facts.gateway_latency * 1000:.0f} ms</small>" if facts.gateway_latency is not None else ""
    )
    open_jobs = sum(
        facts.jobs.get(state, 0) for state in (JobState.PENDING, JobState.SENDING, JobState.UNKNOWN)
    )
    oldest = (
        f"<small>oldest from {_ago(facts.oldest_open, now)}</small>"
        if open_jobs and facts.oldest_open
        else ""
    )
    tiles = [
        ("Discord", _told(health.gateway_connected, "connected", "not connected") + latency),
        *((loop.capitalize(), _told(health.alive(loop), "at work", "not reporting")) for loop in health.ages),
        ("Store", _told(health.store_writable, "writable", "not writable")),
        ("Outbox", f"{_count(open_jobs, 'job')}{oldest}"),
        ("Parked", _count(facts.jobs.get(JobState.PARKED, 0), "job")),
        ("Threads opened", str(sum(feed.threads for feed in facts.feeds))),
    ]
    rows = "\n".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in tiles)
    return f'<dl class="tiles">\n{rows}\n</dl>'


def _told(well: bool, yes: str, no: str) -> str:
    return f'<span class="{"good" if well else "bad"}">{yes if well else no}</span>'


def _troubles(facts: StatusFacts, now: datetime) -> str:
    rows = [
        f'<tr><td>{_outside(_sentence(trouble.sentence))}</td><td data-label="Since">{_ago(trouble.since, now)}</td></tr>'
        for trouble in facts.troubles
    ]
    table = _table("Troubles", ("What is wrong", "Since"), rows) if rows else ""
    if not facts.restarts:
        return table
    said = ", ".join(
        f"{escape(loop)} {_count(count, 'time')}" for loop, count in sorted(facts.restarts.items())
    )
    return f'{table}\n<p class="soft">Begun anew after a failure, since the start: {said}.</p>'


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith('.') else '.'}"


def _waiting(jobs: tuple[WaitingJob, ...], now: datetime) -> str:
    if not jobs:
        return ""
    rows = []
    for job in jobs:
        parked = job.state is JobState.PARKED
        state = '<span class="bad">parked</span>' if parked else '<span class="wait">held up</span>'
        then = (
            f"to retry: /delivery retry {job.job_id}"
            if parked
            else f"tried again {_due(job.not_before, now)}"
        )
        title = "Moderation" if job.title is None else _outside(job.title or "(untitled)")
        place = "" if job.feed_id is None else f" · feed {escape(job.feed_id)} · channel {job.channel_id}"
        rows.append(
            f"<tr><td>{title}<small>job {job.job_id} · {escape(job.kind)}{place}</small></td>"
            f'<td data-label="State">{state}<small>{then}</small></td>'
            f'<td data-label="Why">{_outside(job.problem)}</td>'
            f'<td data-label="Since">{_ago(job.created_at, now)}</td></tr>'
        )
    return _table("What stands in the way", ("Article", "State", "Why", "Since"), rows)


def _feeds(feeds: tuple[FeedFacts, ...], now: datetime) -> str:
    if not feeds:
        return "<h2>Feeds</h2>\n<p>No feed is configured: add one to feeds.toml.</p>"
    ordered = sorted(feeds, key=lambda feed: (_ORDER.index(feed.state), feed.id))
    return _table(
        "Feeds",
        ("Feed", "State", "Last poll", "Next poll", "Articles", "Threads"),
        [_feed(feed, now) for feed in ordered],
    )


def _feed(feed: FeedFacts, now: datetime) -> str:
    said = [f"<small>{_outside(warning)}</small>" for warning in feed.warnings]
    if feed.state is FeedState.FAILING and feed.failure is not None:
        times = "" if feed.failures == 1 else f", {feed.failures} times in a row"
        last = f"; last read {_ago(feed.succeeded_at, now)}" if feed.succeeded_at else "; never read yet"
        said.insert(
            0,
            f"<p>{_outside(feed.failure.sentence)}<small>{escape(feed.failure.kind)}{times}{last}</small></p>",
        )
    coming = _due(feed.next_at, now) if feed.next_at and feed.enabled else "–"
    polled = _ago(feed.polled_at, now) if feed.polled_at else "never"
    return (
        f"<tr><td>{_outside(feed.title or feed.id)}<small>{escape(feed.id)} · {_link(feed.url)} ·"
        f" channel {feed.channel_id}</small></td>"
        f'<td data-label="State"><span class="{_CLASSES[feed.state]}">{feed.state}</span>{"".join(said)}</td>'
        f'<td data-label="Last poll">{polled}</td><td data-label="Next poll">{coming}</td>'
        f'<td class="number" data-label="Articles">{feed.articles}</td>'
        f'<td class="number" data-label="Threads">{feed.threads}</td></tr>'
    )


def _table(title: str, heads: tuple[str, ...], rows: list[str]) -> str:
    numbers = {"Articles", "Threads"}
    head = "".join(
        f'<th scope="col"{" class=number" if name in numbers else ""}>{name}</th>' for name in heads
    )
    lines = "\n".join(rows)
    return f"<h2>{title}</h2>\n<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{lines}\n</tbody>\n</table>"


def _outside(text: str) -> str:
    """Words from outside, which may run in either direction."""
    return f"<bdi>{escape(text)}</bdi>"


def _link(url: str) -> str:
    """A feed's address as a link, without a name and password that may be in it."""
    parts = urlsplit(url)
    if parts.username is not None:
        url = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
    if parts.scheme not in {"http", "https"}:
        return _outside(url)
    return f'<a href="{escape(url)}" rel="noreferrer">{escape(url)}</a>'


def _count(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


def _moment(moment: datetime) -> str:
    return f'<time datetime="{moment.isoformat()}">{moment:%Y-%m-%d %H:%M:%S} UTC</time>'


def _due(moment: datetime, now: datetime) -> str:
    """Like ``_ago`` for what is to come: what is overdue is due now."""
    return _ago(max(moment, now), now)


def _ago(moment: datetime, now: datetime) -> str:
    """The distance in the largest unit that fits, with the moment itself on hover."""
    seconds = (now - moment).total_seconds()
    size, name = next(
        (
            (size, name)
            for size, name in ((86400, "day"), (3600, "hour"), (60, "minute"))
            if abs(seconds) >= size
        ),
        (1, "second"),
    )
    number = int(abs(seconds) // size)
    distance = f"{number} {name}{'' if number == 1 else 's'}"
    words = "now" if number == 0 else f"{distance} ago" if seconds > 0 else f"in {distance}"
    return f'<time datetime="{moment.isoformat()}" title="{moment:%Y-%m-%d %H:%M:%S} UTC">{words}</time>'
