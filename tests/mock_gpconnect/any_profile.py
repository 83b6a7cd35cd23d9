"""Profiles drawn at random: every switch at any value that it may have."""

from __future__ import annotations

from typing import Any, Literal, get_args, get_origin

from hypothesis import strategies as st
from pydantic.fields import FieldInfo

from booking_core.spec.errors import PROVIDER_ERRORS
from mock_gpconnect.refusals import REFUSALS
from mock_gpconnect.suppliers.profile import Profile

PARTS = {name: field for name, field in Profile.model_fields.items() if hasattr(field.annotation, "model_fields")}
TUPLES = {
    "formats": st.sampled_from([("json",), ("json", "xml"), ("xml", "json")]),
    "writes_back_to": st.sampled_from([(), ("emis",)]),
}
SITUATIONS = st.sampled_from([why for why, (layer, _) in REFUSALS.items() if layer == "provider"])
CODES = st.sampled_from([row.code for row in PROVIDER_ERRORS])


def settings_of(name: str, field: FieldInfo) -> st.SearchStrategy[Any]:
    """Values that a switch can have."""
    if name in TUPLES:
        return TUPLES[name]
    if get_origin(field.annotation) is Literal:
        return st.sampled_from(get_args(field.annotation))
    if field.annotation is bool:
        return st.booleans()
    if field.annotation is str:
        return st.sampled_from(["x", " / "])
    low = next((int(each.ge) for each in field.metadata if hasattr(each, "ge")), 0)
    return st.none() | st.integers(low, 1000) if type(None) in get_args(field.annotation) else st.integers(low, 1000)


def part_of(field: FieldInfo) -> st.SearchStrategy[Any]:
    model: Any = field.annotation
    return st.builds(model, **{name: settings_of(name, each) for name, each in model.model_fields.items()})


PROFILES = st.builds(
    Profile,
    name=st.just("drawn"),
    spec_version=st.sampled_from(["1.2.7", "1.2.9"]),
    refusals=st.dictionaries(SITUATIONS, CODES, max_size=5),
    wording=st.dictionaries(SITUATIONS, st.sampled_from(["No", "Not now"]), max_size=5),
    **{name: part_of(field) for name, field in PARTS.items()},
)
