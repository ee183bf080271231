"""Links as feeds write them, made absolute and safe to show. Does not fetch or judge where they lead.

Three forms, for three uses: ``canonical`` is stored and shown, ``normalise`` only ever compared, and
``to_ascii`` handed to Discord where it wants a bare URL (buttons, pictures).
"""

from __future__ import annotations

import re
import unicodedata
from ipaddress import AddressValueError, IPv6Address
from typing import NamedTuple
from urllib.parse import quote, urljoin

from bot.text.clean import scrub

MAX_LENGTH = 2048  # what Discord takes for any URL
MAX_BUTTON = 512

# RFC 3986 appendix B. Matches every string, in one pass.
_PARTS = re.compile(r"(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?://([^/?#]*))?([^?#]*)(\?[^#]*)?(#.*)?", re.DOTALL)
_EDGES = "".join(map(chr, range(0x21))) + "\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff"
_BROKEN_OVER_LINES = re.compile(r"[\t\r\n]+")  # the WHATWG URL standard drops these, as wrapped XML needs
_HOPELESS = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
# Blank, invisible, or able to end the <…> a link is shown in.
_ENCODE = re.compile(
    r"[\s<>\"\\\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff]"
)
_NOT_IN_HOST = re.compile(
    r"[\x00-\x20!-,/:-@\[-^`{-\x7f]|\s"
)  # ASCII other than letters, digits, "-", "." and "_"
_PORT = re.compile(r":([0-9]{0,5})$")
_DOTS = re.compile(r"[.\u3002\uff0e\uff61]")
_TRACKING_WORDS = """
fbclid gclid dclid gbraid wbraid msclkid mc_cid mc_eid igshid yclid twclid ttclid _openstat _hsenc
_hsmi __hssc __hstc __hsfp hsctatracking mkt_tok oly_anon_id oly_enc_id vero_id wickedid
"""
_TRACKING = frozenset(_TRACKING_WORDS.split())
_DISCORD_HOST = re.compile(r".*discord(?:app)?\.(?:gg|com|new|gift|me|io|li|media)\.?")
_ACTIVE = re.compile(
    r"[\\`*()|^]|(?<=_)_|(?<=~)~|[@\uff20\ufe6b](?=everyone|here)"
    r"|(?<=discord)[.\u3002\uff0e\uff61](?=(?:gg|new|gift|com/(?:invite|gifts?|template))/)"
    r"|(?<=discordapp)[.\u3002\uff0e\uff61](?=com/(?:invite|gifts?|template)/)",
    re.IGNORECASE,
)
_INVITING_PATH = re.compile(r"/(?:invite|gifts?|template)s?(?:/|$)", re.IGNORECASE)


class _Url(NamedTuple):
    scheme: str
    host: str  # as written, brackets included for IPv6
    port: str
    path: str
    query: str  # with its "?"
    fragment: str  # with its "#"

    def __str__(self) -> str:
        port = f":{self.port}" if self.port else ""
        return f"{self.scheme}://{self.host}{port}{self.path}{self.query}{self.fragment}"


def canonical(url: str, base: str | None = None) -> str | None:
    """``url`` as an absolute http(s) link without userinfo and tracking parameters, otherwise as it was written.

    A relative ``url`` is resolved against ``base``; blanks inside are percent-encoded. None for whatever can't
    be shown as a link: other schemes, no valid host, control characters, over 2048 characters. Never raises.
    """
    parsed = _parse(url, base)
    if parsed is None:
        return None
    link = str(
        parsed._replace(query=_untracked(parsed.query, "?"), fragment=_untracked(parsed.fragment, "#"))
    )
    return link if len(link) <= MAX_LENGTH else None


def normalise(url: str) -> str:
    """A key under which two spellings of one link are equal. For comparison only: it need not lead anywhere.

    http and https are the same, so are host case, default ports, a trailing slash, percent-encoding case, and
    any fragment. What is no link comes back trimmed.
    """
    link = canonical(url)
    parsed = _parse(link) if link else None
    if parsed is None:
        return url.strip()
    host = _ascii_host(parsed.host) or parsed.host.lower()
    port = "" if parsed.port in ("80", "443") else parsed.port
    rest = _ascii(parsed.path.rstrip("/")) + _ascii(parsed.query)
    rest = re.sub(r"%[0-9a-fA-F]{2}", lambda match: match[0].upper(), rest)
    return f"https://{host.rstrip('.')}{f':{port}' if port else ''}{rest}"


def host(url: str) -> str | None:
    """The host of a link in lower case, as people know it, or None."""
    parsed = _parse(url)
    return parsed.host.lower().rstrip(".") if parsed else None


def to_ascii(url: str) -> str | None:
    """A canonical link as the ASCII that HTTP wants (RFC 3987 §3.1), or None when it is none or grows too long."""
    parsed = _parse(url)
    name = _ascii_host(parsed.host) if parsed else None
    if parsed is None or name is None:
        return None
    link = str(
        parsed._replace(
            host=name, path=_ascii(parsed.path), query=_ascii(parsed.query), fragment=_ascii(parsed.fragment)
        )
    )
    return link if len(link) <= MAX_LENGTH else None


def in_markdown(url: str) -> str:
    """A canonical link for inside ``<…>``, with those few characters encoded that could do something there.

    They end the link, pair up with markup outside, or make a mention or an invitation of a part of it.
    """
    return _ACTIVE.sub(lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode()), url)


def linkable(url: str, base: str | None = None) -> str | None:
    """The canonical link, unless it is an invitation: those are never linked."""
    link = canonical(url, base)
    return None if link is None or is_invite(link) else link


def is_invite(url: str) -> bool:
    """Whether Discord would show the link as an invitation, gift or server template."""
    parsed = _parse(url)
    name = (_ascii_host(parsed.host) or parsed.host.lower()) if parsed else ""
    if parsed is None or not _DISCORD_HOST.fullmatch(name):
        return False
    return not name.rstrip(".").endswith((".com", ".media")) or bool(_INVITING_PATH.match(parsed.path))


def _parse(url: str, base: str | None = None) -> _Url | None:
    if len(url) > 4 * MAX_LENGTH:
        return None
    text = _BROKEN_OVER_LINES.sub("", url.strip(_EDGES))
    if not text or _HOPELESS.search(text):
        return None
    scheme, authority, path, query, fragment = _split(text)
    if not scheme:
        root = canonical(base) if base else None
        if root is not None:
            try:
                text = urljoin(root, _join("", authority, path, query, fragment))
            except ValueError:
                return None
            scheme, authority, path, query, fragment = _split(text)
        elif authority:
            scheme = "https"
    if scheme not in ("http", "https") or not authority:
        return None
    return _with_authority(scheme, authority, path, query, fragment)


def _split(text: str) -> tuple[str, str, str, str, str]:
    # Browsers read "\" as "/" before the query; so do we, or the two would see different hosts.
    head, mark, tail = text.partition("?") if "?" in text else text.partition("#")
    match = _PARTS.fullmatch(head.replace("\\", "/") + mark + tail)
    if match is None:  # pragma: no cover - the pattern matches every string
        return "", "", text, "", ""
    scheme, authority, path, query, fragment = match.groups(default="")
    return scheme.lower(), authority, path, query, fragment


def _join(scheme: str, authority: str, path: str, query: str, fragment: str) -> str:
    return (
        (f"{scheme}:" if scheme else "") + (f"//{authority}" if authority else "") + path + query + fragment
    )


def _with_authority(scheme: str, authority: str, path: str, query: str, fragment: str) -> _Url | None:
    place = authority.rpartition("@")[2]
    found = _PORT.search(place)
    name, port = (place[: found.start()], found[1]) if found else (place, "")
    if _ascii_host(name) is None or int(port or "0") > 0xFFFF:
        return None
    return _Url(scheme, name, port, _visible(path), _visible(query), _visible(fragment))


def _ascii_host(name: str) -> str | None:
    """The host as DNS spells it, or None when it can't be one."""
    if name.startswith("["):
        try:
            return f"[{IPv6Address(name[1:-1])}]" if name.endswith("]") and "%" not in name else None
        except AddressValueError:
            return None
    if not name or len(name) > 253 or not _is_shown(name) or _NOT_IN_HOST.search(name):
        return None
    try:
        plain = name.lower() if name.isascii() else name.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return None
    labels = _DOTS.split(plain.removesuffix("."))
    if _NOT_IN_HOST.search(plain) or any(not 0 < len(label) <= 63 for label in labels):
        return None
    return plain if any(char.isalnum() for char in plain) else None


def _untracked(part: str, mark: str) -> str:
    """A query or fragment without its tracking parameters; the very same string when it has none."""
    pairs = part.removeprefix(mark).split("&")
    kept = [pair for pair in pairs if not _tracks(pair)]
    if len(kept) == len(pairs) or (mark == "#" and kept):
        return part
    return mark + "&".join(kept) if kept else ""


def _tracks(pair: str) -> bool:
    name, equals, _ = pair.removeprefix("amp;").partition("=")
    name = name.lower()
    return bool(equals) and (name.startswith("utm_") or name in _TRACKING)


def _visible(part: str) -> str:
    part = _ENCODE.sub(_percent, part)
    return part if _is_shown(part) else _ascii(part)


def _is_shown(part: str) -> bool:
    """Whether every character can be seen, and none is buried under marks."""
    return part.isprintable() and scrub(part) == part


def _percent(match: re.Match[str]) -> str:
    return quote(match[0], safe="")


def _ascii(part: str) -> str:
    return part if part.isascii() else quote(part, safe="".join(map(chr, range(0x21, 0x7F))))


# What people take for an address in running text: a host under a common or a two-letter top-level domain.
_NAMED_HOST = re.compile(r"(?<![\w.@-])((?:[\w-]{1,63}\.){1,6}([^\W\d_]{2,24}))(?![\w-]|\.\w)(?!@)")
_COMMON_ENDS_WORDS = """
com org net gov edu mil int info biz app dev xyz online site shop club news blog
"""
_COMMON_ENDS = frozenset(_COMMON_ENDS_WORDS.split())
_BEHIND_HOST = re.compile(r"(?::[0-9]+)?(?:[/?#]\S*)?")
_LOOKS_LIKE_URL = re.compile(r"\w+://\S*|www\.\S+", re.IGNORECASE)
_LIKE_DOTS = str.maketrans("\u3002\uff61", "..")


def is_address(title: str) -> bool:
    """Whether a title is an address or begins with one. A site's name alone begins many an honest headline."""
    title = _spelled(title)
    first, _, more = title.partition(" ")
    if "://" in title or not more:
        return "://" in title or looks_like_url(first) or bool(_NAMED_HOST.search(first))
    return looks_like_url(first) and (first.lower().startswith("www.") or "/" in first)


def looks_like_url(text: str) -> bool:
    """Whether all of ``text`` would be taken for an address: ``https://a.b/c``, ``www.a.b``, ``a.b/c``."""
    text = _spelled(text).strip()
    if _LOOKS_LIKE_URL.fullmatch(text):
        return True
    found = _NAMED_HOST.match(text)
    return found is not None and _BEHIND_HOST.fullmatch(text, found.end()) is not None


def claims_another_host(text: str, url: str) -> bool:
    """Whether link text names a host that the link does not lead to, as deceptive links do."""
    target = _spelled(host(url) or "")
    text = _spelled(text)
    alone = looks_like_url(text)
    for found in _NAMED_HOST.finditer(text):
        named, end = found[1].lower(), found[2]
        short = len(end) == 2 and (end.islower() or found[1].isupper())
        if not (alone or short or end.lower() in _COMMON_ENDS):
            continue
        if not _same_site(named, target):
            return True
    return False


def _spelled(text: str) -> str:
    """``text`` with letters and dots of other widths and forms as those that they look like."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text).translate(_LIKE_DOTS)


def _same_site(named: str, target: str) -> bool:
    named, target = named.removeprefix("www."), target.removeprefix("www.")
    return named == target or target.endswith(f".{named}") or named.endswith(f".{target}")
