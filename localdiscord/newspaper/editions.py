"""What an article says in each edition: first as written, later followed up, now and then corrected. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from localdiscord.newspaper.archive import Report


@dataclass(frozen=True, slots=True)
class Text:
    """``title`` and ``summary`` are plain text, ``body`` is HTML."""

    title: str
    summary: str
    body: str


def slug_of(report: Report, edition: int) -> str:
    """The article's name in one edition; editions count from 0."""
    return report.slug if edition == 0 else f"{report.slug}-edition-{edition + 1}"


def split_slug(slug: str) -> tuple[str, int]:
    """The report's slug and the edition."""
    match = re.fullmatch(r"(.+)-edition-([1-9][0-9]{0,8})", slug)
    return (match[1], int(match[2]) - 1) if match else (slug, 0)


def text_of(report: Report, edition: int, *, corrected: bool) -> Text:
    """What the article says. From the second edition on it is a follow-up of what was printed in the first."""
    if edition == 0:
        return _corrected(report) if corrected else Text(report.title, report.summary, report.body)
    follow_ups = (_evening, _three_things, _letters, _questions)
    number, which = divmod(edition - 1, len(follow_ups))
    text = follow_ups[which](report)
    title = text.title if number == 0 else f"{text.title} ({number + 1})"
    if not corrected:
        return Text(title, text.summary, text.body)
    note = "<p><strong>Update:</strong> this piece was looked through again and now reads as we meant it.</p>"
    return Text(f"Updated: {title}", text.summary, f"{text.body}\n{note}")


def _corrected(report: Report) -> Text:
    correction = report.correction
    if correction is None:
        return Text(report.title, report.summary, report.body)
    note = f"<p><em>Correction: {_html(correction.note)}</em></p>"
    return Text(correction.title or report.title, report.summary, f"{_right_body(report)}\n{note}")


def _right_body(report: Report) -> str:
    correction = report.correction
    if correction is None or not correction.find:
        return report.body
    return report.body.replace(correction.find, correction.replace)


# --- follow-ups --------------------------------------------------------------------------------------------


def _evening(report: Report) -> Text:
    now = _corrected(report)
    lead = f"<p><em>From our evening edition. {_first_report(report, 'The story as it stood this morning')}.</em></p>"
    return Text(f"Evening edition: {now.title}", now.summary, f"{lead}\n{_right_body(report)}")


def _three_things(report: Report) -> Text:
    items = "\n".join(f"<li>{sentence}</li>" for sentence in _opening_sentences(report)[:3])
    body = (
        f"<p>{_html(report.summary)} Those who were away need not have missed it:</p>\n<ol>\n{items}\n</ol>\n"
        f"<p>All of it is in {_first_report(report, 'our first report')}.</p>"
    )
    return Text(f"Three things to know about {report.topic}", f"In short: {report.summary}", body)


def _letters(report: Report) -> Text:
    first, second, *_ = _opening_sentences(report)
    body = (
        f"<p>Since {_first_report(report, 'our report')}, the post has been heavier than usual. Two letters stand"
        " for many.</p>\n"
        f"<blockquote><p>“{first}” I read this aloud at breakfast, and for once nobody reached for the jam."
        "</p></blockquote>\n<p>A reader from Saltby</p>\n"
        f"<blockquote><p>“{second}” May I add that my aunt said so all along?</p></blockquote>\n"
        "<p>A reader from Quill, and her aunt</p>\n"
        f"<p>We thank all who wrote. {report.author} reads every letter, and answers most.</p>"
    )
    return Text(f"Letters to the Courier: {report.topic}", f"Readers write to us about {report.topic}.", body)


def _questions(report: Report) -> Text:
    *_, before_last, last = _opening_sentences(report)
    body = (
        f"<p>Many of you have asked us about {_html(report.topic)}. {report.author} answers.</p>\n"
        f"<h3>What is it about?</h3>\n<p>{_html(report.summary)}</p>\n"
        f"<h3>And then?</h3>\n<p>{before_last}</p>\n"
        f"<h3>Is there more to come?</h3>\n<p>{last} We shall go and look again.</p>\n"
        f"<p>{_first_report(report, 'The report that began it')} is still worth reading.</p>"
    )
    return Text(
        f"Readers ask about {report.topic}", f"Your questions about {report.topic}, and what we know.", body
    )


def _html(text: str) -> str:
    return escape(text, quote=False)


def _first_report(report: Report, words: str) -> str:
    return f'<a href="article:{report.slug}">{words}</a>'


def _opening_sentences(report: Report) -> list[str]:
    """The first sentence of each paragraph that says something by itself, as HTML without tags."""
    prose = re.sub(r"<blockquote>.*?</blockquote>", "", _right_body(report), flags=re.DOTALL)
    paragraphs = [re.sub(r"<[^>]+>", "", text) for text in re.findall(r"<p>(.*?)</p>", prose, re.DOTALL)]
    matches = [re.match(r'.+?[.!?]"?(?=\s|$)', paragraph) for paragraph in paragraphs]
    return [match[0] for match in matches if match and len(match[0].split()) > 5]
