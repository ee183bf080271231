"""HTML's elements, sorted by what they mean to a reader in a chat. Knowledge shared by all who hear HTML."""

from __future__ import annotations

import re
from collections.abc import Mapping

_DROPPED_WORDS = """
applet audio button canvas datalist embed form frame frameset head iframe input map math noembed
noframes noscript object option optgroup rp rt script select style svg template textarea title video
"""
DROPPED = frozenset(_DROPPED_WORDS.split())
_BLOCKS_WORDS = """
address article aside body center dd details dialog dir div dl dt fieldset figcaption figure footer
h1 h2 h3 h4 h5 h6 header hgroup hr legend listing main menu nav ol p pre search section summary
table tbody td tfoot th thead tr ul li blockquote caption xmp
"""
BLOCKS = frozenset(_BLOCKS_WORDS.split())
_HIDDEN = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)


def is_hidden(attributes: Mapping[str, str]) -> bool:
    return "hidden" in attributes or bool(_HIDDEN.search(attributes.get("style", "")))
