"""Dates as feeds write them: RFC 3339, RFC 822 with its many mistakes, other languages' months, Unix time.

A date never decides whether an article is new, so a date that can't be read is simply absent.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)  # before that, it is a default value rather than a date of news
_LONGEST = 100  # characters

_LOOSE = re.compile(
    r"(?P<day>\d{1,2})\.?[\s-]+(?:de\s+)?(?P<month>[^\W\d_]{3,12})\.?,?[\s-]+(?:de\s+)?(?P<year>\d{4}|\d\d)\b"
    r"(?:,?\s+(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d))?(?:\.\d+)?\s*(?P<half>[ap]\.?m\b)?)?"
    r"\s*(?P<zone>[+-]\d\d:?\d\d|[A-Za-z]{1,5})?",
    re.IGNORECASE,
)
_AMERICAN = re.compile(
    r"\b(?P<month>[^\W\d_]{3,12})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})\b"
)
_UNIX = re.compile(r"(\d{10})(\d{3})?(?:\.\d+)?")
_ISO_LIKE = re.compile(r"(\d{4})[-/](\d\d)[-/](\d\d)(.*)", re.DOTALL)

# English, German, French, Spanish, Portuguese, Italian, Dutch, Polish, Scandinavian; the first three letters
# decide wherever they can, because most of the world abbreviates to them.
_MONTHS = {
    prefix: number
    for number, prefixes in enumerate(
        (
            "jan ene gen sty",
            "feb fev fév feb lut",
            "mar mär mrz mrt maa",
            "apr avr abr kwi",
            "may mai mag mei maj",
            "jun juin giu cze",
            "jul juil lug lip",
            "aug aou aoû ago sie",
            "sep set wrz",
            "oct okt out ott paź paz",
            "nov lis",
            "dec dez déc dic gru",
        ),
        start=1,
    )
    for prefix in prefixes.split()
}

# Hours east of UTC. RFC 822 names the American ones; the rest are what European and Asian publishers write.
_ZONES = {
    "ut": 0, "utc": 0, "gmt": 0, "z": 0, "wet": 0,
    "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
    "brt": -3, "art": -3, "bst": 1, "west": 1, "cet": 1, "met": 1, "mez": 1, "cest": 2, "mest": 2, "mesz": 2,
    "eet": 2, "sast": 2, "eest": 3, "msk": 3, "ist": 5.5, "jst": 9, "kst": 9, "aest": 10, "aedt": 11,
    "nzst": 12, "nzdt": 13,
}  # fmt: skip


def parse_date(text: str) -> datetime | None:
    """The moment that ``text`` names, in UTC; without a zone it counts as UTC. None when it is no date."""
    text = " ".join(text[:_LONGEST].split())
    for reader in (_iso, _loose, _unix, _american):
        try:
            moment = reader(text)
            if moment is not None:
                return moment.astimezone(UTC)
        except (ValueError, OverflowError):  # a 31st of February, a zone of +25:00, the year 0
            continue
    return None


def _iso(text: str) -> datetime | None:
    match = _ISO_LIKE.fullmatch(text)
    if match is None:
        return None
    year, month, day, rest = match.groups()
    rest = rest.strip().lstrip("Tt").strip()
    zone = UTC
    name = re.search(r"\s*([A-Za-z]{2,4})$", rest)
    if name is not None:
        rest, zone = rest[: name.start()], _zone(name[1])
    # Python 3.11 reads "Z", "+0200" and fractions, but no blank before the zone.
    moment = datetime.fromisoformat(
        f"{year}-{month}-{day}" + (f"T{rest.replace(' ', '').upper()}" if rest else "")
    )
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _loose(text: str) -> datetime | None:
    match = _LOOSE.search(text)
    if match is None:
        return None
    month = _month(match["month"])
    if month is None:
        return None
    year = int(match["year"])
    if len(match["year"]) == 2:  # RFC 2822 §4.3
        year += 2000 if year < 50 else 1900
    hour = int(match["hour"] or 0)
    if match["half"]:
        hour = hour % 12 + (12 if match["half"][0] in "pP" else 0)
    minute, second = int(match["minute"] or 0), min(int(match["second"] or 0), 59)
    midnight = datetime(year, month, int(match["day"]), tzinfo=_zone(match["zone"]))
    if hour > 24:
        raise ValueError(hour)
    return midnight + timedelta(hours=hour, minutes=minute, seconds=second)


def _american(text: str) -> datetime | None:
    match = _AMERICAN.search(text)
    month = _month(match["month"]) if match else None
    if match is None or month is None:
        return None
    return datetime(int(match["year"]), month, int(match["day"]), tzinfo=UTC)


def _unix(text: str) -> datetime | None:
    match = _UNIX.fullmatch(text)
    return datetime.fromtimestamp(int(match[1]), UTC) if match else None


def _month(name: str) -> int | None:
    name = name.lower()
    return _MONTHS.get(name[:4]) or _MONTHS.get(name[:3])


def _zone(name: str | None) -> timezone:
    if not name:
        return UTC
    if name[0] in "+-":
        digits = name[1:].replace(":", "")
        minutes = int(digits[:2]) * 60 + int(digits[2:])
        return timezone(timedelta(minutes=-minutes if name[0] == "-" else minutes))
    return timezone(timedelta(hours=_ZONES.get(name.lower(), 0)))
