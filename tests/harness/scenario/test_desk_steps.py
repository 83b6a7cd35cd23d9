"""What staff do at a desk in a scenario: each act is met by the consumer's next request."""

from typing import Any

import pytest

from harness.scenario.load import Loaded
from harness.scenario.run import Case, run_case
from harness.scenario.schema import Scenario
from harness.worlds import load_world

from .conftest import BOOKING, WORLD, Play

INVITE, OPEN, CHOOSE = BOOKING
AT, FRIDAY = {"at": "riverside"}, "2026-03-27"


def booked(patient: str, count: int) -> dict[str, Any]:
    return {"check": "appointments", "at": "riverside", "patient": patient, "count": count}


def explain(reason: str, **more: Any) -> dict[str, Any]:
    return {"do": "explain", **AT, "for": "millbrook", "expect": reason, **more}


def set_slots(**options: Any) -> dict[str, Any]:
    return {"do": "set_slots", **AT, **options}


def test_a_receptionist_books_the_slot_for_a_patient_who_is_known_there(play: Play) -> None:
    take = {"do": "take_slot", **AT, "link": "link", "patient": "erin"}
    result = play(booked("erin", 1), booked("alice", 0), steps=(INVITE, OPEN, take, {**CHOOSE, "expect": "B1"}))
    assert result.verdict == "pass"


def test_the_desk_cannot_book_for_somebody_whom_the_practice_does_not_know(play: Play) -> None:
    result = play(steps=(INVITE, OPEN, {"do": "take_slot", **AT, "link": "link", "patient": "bob"}))
    assert (result.verdict, "patient_unknown" in result.lines[-1].detail) == ("fail", True)


def test_what_a_receptionist_cancels_is_free_again(play: Play) -> None:
    cancel = {"do": "cancel_at_desk", **AT, "patient": "alice"}
    assert play(booked("alice", 0), steps=(*BOOKING, cancel)).verdict == "pass"
    again = play(steps=(*BOOKING, cancel, cancel))
    assert [line.verdict for line in again.lines] == ["pass"] * 4 + ["fail"]


def test_a_full_book_is_given_back(play: Play) -> None:
    take, give = {"do": "take_all", **AT}, {"do": "give_back", **AT}
    assert play(steps=(take, explain("not_free"), give, explain("visible"), INVITE)).verdict == "pass"


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"bookable": False}, "not_bookable"),
        ({"role": ""}, "no_role"),
        ({"role": "R0010"}, "role_not_listed"),
        ({"channel": "Visit"}, "home_visit"),
        ({"only_for": ["parkview"]}, "other_organisations_only"),
        ({"only_types": ["urgent-care"]}, "other_types_only"),
        ({"embargo_until": "2026-04-30T00:00:00+01:00"}, "not_released"),
    ],
    ids=str,
)
def test_options_are_set_for_all_for_a_day_or_for_one_slot(play: Play, options: dict[str, Any], reason: str) -> None:
    one_day = set_slots(day=FRIDAY, **options)
    one_slot = set_slots(day=FRIDAY, time="10:50", **options)
    late = {"clock": f"{FRIDAY}T10:45:00+00:00", "supplier": "systmone"}
    today = [{"days": 1}, explain("begun", days=1)]
    assert play(steps=(set_slots(**options), explain(reason))).verdict == "pass"
    assert play(steps=(one_day, explain(reason, days=1), explain("visible"))).verdict == "pass"
    assert play(steps=(explain("visible", days=1), one_slot, today[1], explain("visible")), **late).verdict == "pass"


def test_a_session_gets_a_holder_and_loses_him(play: Play) -> None:
    named = {"clinicians": ["Dr Carys Llewellyn"]}
    nobody, somebody = set_slots(holder=""), set_slots(session="Telephone clinic", holder="llewellyn")
    steps = (nobody, explain("filtered_by_the_sender", **named), somebody, {**INVITE, **named})
    assert play(steps=steps).verdict == "pass"
    assert "there are llewellyn" in play(steps=(set_slots(holder="nobody"),)).lines[-1].detail


@pytest.mark.parametrize(("busyness", "slower"), [(0, False), (0.9, True)])
def test_a_busy_system_takes_longer_where_the_world_takes_time(busyness: float, slower: bool) -> None:
    world, _ = load_world(WORLD)
    steps = ({"do": "set_practice", **AT, "busyness": busyness}, INVITE)
    rows = {"id": "test/one", "title": "One", "clock": f"{FRIDAY}T08:55:00+00:00", "world": "w", "steps": steps}
    scenario = Scenario.model_validate(rows)
    loaded = Loaded(WORLD, scenario, world.model_copy(update={"latency": True}), WORLD)
    result = run_case(Case(loaded, "emis", scenario.seed, False))
    assert result.verdict == "pass"
    assert (result.lines[-1].ended_s > 4) == slower
