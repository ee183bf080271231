"""Whatever is sent as a message: it is taken in a form that Discord could answer, or refused with a code."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from localdiscord.errors import ApiError
from localdiscord.forms import Form
from localdiscord.rest.bodies import read_body
from localdiscord.validate import read_content
from tests.openapi import Openapi

pytestmark = pytest.mark.slow

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
component = st.recursive(
    st.fixed_dictionaries(
        {"type": st.sampled_from([1, 2, 3, 5, 9, 10, 11, 12, 13, 14, 17])},
        optional={
            "content": st.text(max_size=30) | anything,
            "label": st.text(max_size=90),
            "custom_id": st.text(max_size=5),
            "style": st.integers(0, 7),
            "url": st.sampled_from(["https://a.example", "x", "javascript:1", "attachment://a", "http://["])
            | anything,
            "id": st.integers(-1, 5),
            "options": st.lists(
                st.fixed_dictionaries({"label": st.text(max_size=3), "value": st.text(max_size=3)})
            ),
            "items": st.lists(
                st.fixed_dictionaries(
                    {"media": st.fixed_dictionaries({"url": st.just("https://a.example/b")})}
                )
            ),
            "media": st.fixed_dictionaries({"url": st.just("https://a.example/b")}) | anything,
            "emoji": anything,
        },
    ),
    lambda inner: st.fixed_dictionaries(
        {"type": st.sampled_from([1, 9, 17]), "components": st.lists(inner, max_size=3)},
        optional={"accessory": inner},
    ),
    max_leaves=6,
)
body = st.fixed_dictionaries(
    {},
    optional={
        "content": st.text(max_size=30) | anything,
        "flags": st.sampled_from([0, 1 << 15]) | anything,
        "components": st.lists(component, max_size=3) | anything,
        "embeds": anything,
        "attachments": anything,
        "allowed_mentions": anything,
    },
)


@settings(max_examples=120, deadline=None)
@given(body)
def test_any_body_is_read_or_refused(body: Any) -> None:
    """Nothing but a refusal is ever raised, and a refusal names at least one fault."""
    form = Form(body)
    try:
        read_content(form)
        form.raise_any()
    except ApiError as error:
        assert error.code in (50035, 40005)
        assert error.errors


@settings(max_examples=100, deadline=None)
@given(st.lists(component, min_size=1, max_size=3))
def test_components_that_pass_are_answered_in_discords_shape(openapi: Openapi, components: list[Any]) -> None:
    """What comes back validates against the description: ids, defaults, nothing left over."""
    form = Form({"components": components, "flags": 1 << 15})
    content = read_content(form)
    try:
        form.raise_any()
    except ApiError:
        return
    names = {
        1: "ActionRow",
        9: "Section",
        10: "TextDisplay",
        12: "MediaGallery",
        13: "File",
        14: "Separator",
        17: "Container",
    }
    for each in content.components or ():
        openapi.check(f"{names[each['type']]}ComponentResponse", each)


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=300),
    st.text(st.characters(codec="ascii", exclude_characters='"\\\r\n'), min_size=1, max_size=20),
)
def test_uploads_arrive_byte_for_byte(data: bytes, name: str) -> None:
    """Multipart bodies are cut at their boundary only."""
    raw = (
        b'--B0\r\nContent-Disposition: form-data; name="payload_json"\r\n\r\n{"content": "x"}\r\n'
        b'--B0\r\nContent-Disposition: form-data; name="files[3]"; filename="' + name.encode() + b'"\r\n'
        b"Content-Type: image/png\r\n\r\n" + data + b"\r\n--B0--\r\n"
    )
    if b"--B0" in data:
        return
    found, [upload] = read_body("multipart/form-data; boundary=B0", raw)
    assert found == {"content": "x"}
    assert (upload.index, upload.body, upload.content_type) == (3, data, "image/png")
