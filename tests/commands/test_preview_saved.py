"""Every real feed, previewed: what would be sent is what Discord's own description allows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from bot.commands.preview import previews
from bot.errors import SourceError

if TYPE_CHECKING:
    from pathlib import Path

NOT_FEEDS = {"unrecognized.rss"}


@pytest.mark.slow
async def test_messages_validate(saved_feeds: list[Path], openapi_file: Path) -> None:
    """The message of each article validates as a message and as a forum post's opening."""
    components = json.loads(openapi_file.read_text())["components"]
    validators = [
        Draft202012Validator({"components": components, "$ref": f"#/components/schemas/{name}"})
        for name in ("MessageCreateRequest", "BaseCreateMessageCreateRequest")
    ]
    for path in saved_feeds:
        if path.name in NOT_FEEDS:
            with pytest.raises(SourceError):
                [preview async for preview in previews(str(path))]
            continue
        count = 0
        async for preview in previews(str(path)):
            count += 1
            assert 1 <= len(preview["thread_name"]) <= 100
            # Validating takes a while; one in ten of the long archives shows as much as all.
            if count % 10 == 1:
                for validator in validators:
                    validator.validate(preview["message"])
        assert count > 0, path.name
