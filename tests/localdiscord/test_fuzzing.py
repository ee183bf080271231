"""Whatever an application registers or opens and whatever a member gives: it is read, or refused with a reason."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from localdiscord import Clock
from localdiscord.acts.options import Options
from localdiscord.acts.resolving import Resolved
from localdiscord.clock import Snowflakes
from localdiscord.components import read_modal
from localdiscord.errors import ApiError, Mistake
from localdiscord.forms import Form
from localdiscord.media import Media
from localdiscord.permissions import ALL
from localdiscord.registration import read_command
from localdiscord.seed import ALICE, HEADLINES, empty_world, seed

pytestmark = pytest.mark.slow

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=12,
)
option = st.fixed_dictionaries(
    {
        "type": st.integers(1, 11) | anything,
        "name": st.sampled_from(["a", "b"]) | anything,
        "description": st.just("x"),
    },
    optional=dict.fromkeys(
        [
            "options",
            "choices",
            "required",
            "autocomplete",
            "min_length",
            "max_length",
            "min_value",
            "max_value",
        ],
        anything,
    )
    | {"channel_types": anything, "name_localizations": anything},
)
command = st.fixed_dictionaries(
    {"name": st.just("c") | anything, "description": st.just("x") | anything},
    optional={"options": st.lists(option, max_size=4) | anything}
    | dict.fromkeys(
        ["type", "contexts", "integration_types", "default_member_permissions", "nsfw"], anything
    ),
)
part = st.fixed_dictionaries(
    {
        "type": st.sampled_from([3, 4, 5, 6, 7, 8, 19, 21, 22, 23]) | anything,
        "custom_id": st.text(max_size=2),
    },
    optional={
        "options": st.lists(st.fixed_dictionaries({"label": st.just("a"), "value": st.text(max_size=2)}))
    }
    | dict.fromkeys(
        ["style", "required", "min_values", "max_values", "default_values", "value", "default"], anything
    ),
)
modal = st.fixed_dictionaries(
    {"custom_id": st.just("m") | anything, "title": st.just("T") | anything},
    optional={
        "components": st.lists(
            st.fixed_dictionaries({"type": st.just(18), "label": st.just("L"), "component": part})
            | st.fixed_dictionaries({"type": st.just(1), "components": st.lists(part, max_size=2)}),
            max_size=3,
        )
        | anything
    },
)


@settings(max_examples=200, deadline=None)
@given(command, modal)
def test_any_command_and_modal_is_read_or_refused(command: Any, modal: Any) -> None:
    """Whatever an application registers or opens, the worst that happens is 50035."""
    for body, read in ((command, read_command), (modal, read_modal)):
        form = Form(body)
        try:
            read(form)
            form.raise_any()
        except ApiError as error:
            assert error.code == 50035
            assert error.errors


TAKES_ALL: Any = {
    "name": "all",
    "options": [{"name": str(kind), "type": kind, "required": False} for kind in range(3, 12)],
}


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(st.sampled_from([str(kind) for kind in range(2, 12)]), anything, max_size=3) | anything,
    st.lists(st.text(max_size=5), max_size=2),
)
def test_any_options_are_read_or_refused(given_options: Any, words: list[str]) -> None:
    """Whatever a member gives, they get their options or one sentence."""
    world, clock = empty_world(), Clock()
    seed(world)
    ctx: Any = SimpleNamespace(world=world, ids=Snowflakes(clock), media=Media(), permissions=lambda *_: ALL)
    reading = Options(Resolved(ctx, ALICE, world.channels[HEADLINES]))
    try:
        found = reading.read(TAKES_ALL, words, given_options)
    except Mistake as mistake:
        assert mistake.message
        assert not mistake.message.endswith(".")
    else:
        json.dumps(found)
