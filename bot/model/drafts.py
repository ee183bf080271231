"""A post, rendered but unsent."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class TextPart:
    markdown: str  # 1 to 4000 characters


@dataclass(frozen=True, slots=True)
class ImagePart:
    url: str
    description: str = ""  # alt text, at most 1024 characters


@dataclass(frozen=True, slots=True)
class RulePart:
    """A horizontal line."""


DraftPart = TextPart | ImagePart | RulePart


@dataclass(frozen=True, slots=True)
class Draft:
    """An opening post within all of Discord's limits (4000 characters over all text parts)."""

    thread_name: str  # 1 to 100 characters, nothing escaped: Discord renders no Markdown there
    parts: tuple[DraftPart, ...]
    link: str | None  # for the "read the article" button, at most 512 characters
    source_line: str  # "Based on a report from {source} {YYYY-MM-DD}", plain text

    def without_images(self) -> Draft:
        """The same post, should Discord refuse its pictures."""
        return replace(self, parts=tuple(part for part in self.parts if not isinstance(part, ImagePart)))
