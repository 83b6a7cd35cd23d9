"""Whatever a supplier's switches and whatever goes wrong: booked means exactly one appointment, not booked means none."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harness.virtual_time import run_virtual
from mock_gpconnect.suppliers.profile import Profile, load_profile
from tests.mock_gpconnect.any_profile import PROFILES

from .faults import BOOKING, CHANGING, faults
from .test_beliefs import SEEDS, Case, play, tabs


def as_toml(profile: Profile) -> str:
    """The profile as somebody would write it, every difference assumed."""
    set_here = {part: value for part, value in profile.model_dump().items() if value != getattr(PLAIN, part)}
    tables = {part: value for part, value in set_here.items() if isinstance(value, dict) and part != "basis"}
    plain = [f"{part} = {json.dumps(value)}" for part, value in set_here.items() if part not in (*tables, "basis")]
    lines = [*plain, 'extends = "strict"']
    for part, table in tables.items():
        lines += [f"[{part}]", *(f"{json.dumps(name)} = {json.dumps(value)}" for name, value in _set(table))]
    return "\n".join([*lines, "[basis]", *(f'"{name}" = "assumed"' for name in _names(set_here))]) + "\n"


PLAIN = Profile(name="x")


def _set(table: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    return ((name, value) for name, value in table.items() if value is not None)


def _names(set_here: dict[str, Any]) -> Iterator[str]:
    for part, value in set_here.items():
        if part in ("name", "basis"):
            continue
        yield from ((f"{part}.{name}" for name, _ in _set(value)) if isinstance(value, dict) else (part,))


@given(PROFILES)
def test_any_profile_can_be_written_as_a_file_and_read_again(
    tmp_path_factory: pytest.TempPathFactory, profile: Profile
) -> None:
    path = tmp_path_factory.mktemp("profiles") / "drawn.toml"
    path.write_text(as_toml(profile), encoding="utf-8")
    assert load_profile(path).model_copy(update={"basis": {}}) == profile


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(profile=PROFILES, sitting=tabs(["alice", "bob"], ["book"]), wrong=faults(BOOKING), seed=SEEDS)
def test_with_any_supplier_a_booking_ends_in_one_appointment_or_in_none(
    tmp_path_factory: pytest.TempPathFactory, profile: Profile, sitting: Any, wrong: Any, seed: int
) -> None:
    path = tmp_path_factory.mktemp("profiles") / "drawn.toml"
    path.write_text(as_toml(profile), encoding="utf-8")
    case = Case(str(path), sitting, wrong, may_cancel=False, are_apart=False, seed=seed)
    assert run_virtual(lambda: play(case)) == []


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(profile=PROFILES, wish=st.sampled_from(["cancel", "move"]), wrong=faults(CHANGING), seed=SEEDS, data=st.data())
def test_with_any_supplier_a_change_leaves_one_appointment_or_none(
    tmp_path_factory: pytest.TempPathFactory, profile: Profile, wish: str, wrong: Any, seed: int, data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("profiles") / "drawn.toml"
    path.write_text(as_toml(profile), encoding="utf-8")
    sitting = data.draw(tabs(["alice"], [wish]))
    case = Case(str(path), sitting, wrong, may_cancel=True, are_apart=False, seed=seed, has_booked=True)
    assert run_virtual(lambda: play(case)) == []
