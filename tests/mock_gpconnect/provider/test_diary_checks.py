"""Whether a booking fits the diary, rule by rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from mock_gpconnect.book.protocol import Access, Schedule, Slot
from mock_gpconnect.checks import enforce
from mock_gpconnect.provider.appointment_form import AppointmentForm
from mock_gpconnect.provider.diary_checks import DIARY_CHECKS, Plan
from mock_gpconnect.provider.visibility import Rules
from mock_gpconnect.refusals import Refused
from mock_gpconnect.suppliers.profile import Profile
from tests.mock_gpconnect.provider.messages import booking
from tests.mock_gpconnect.provider.riverside import NOW

OPEN = Access(role="R0260", channel="Telephone")
TEN = timedelta(minutes=10)
SCHEDULE = Schedule("sch", "Clinic", "loc", "pr", OPEN, NOW, NOW + 60 * TEN)
FIRST = Slot("s1", "sch", NOW + TEN, NOW + 2 * TEN, "Call", OPEN)
SECOND = Slot("s2", "sch", NOW + 2 * TEN, NOW + 3 * TEN, "Call", OPEN)


RULES = Rules(Profile(name="x"), NOW)


def plan(*slots: Slot, rules: Rules = RULES) -> Plan:
    form = AppointmentForm(booking(slots, "loc", "alice"))
    return Plan(form, slots, SCHEDULE, rules, limit_reached=False)


def test_two_slots_that_belong_together_fit() -> None:
    enforce(DIARY_CHECKS, plan(FIRST, SECOND))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"starts": NOW + 2.5 * TEN}, "the end of one is not the start of the next"),
        ({"starts": NOW + 1.5 * TEN}, "the end of one is not the start of the next"),
        ({"schedule_id": "another"}, "different schedules"),
        ({"access": replace(OPEN, channel="Video")}, "different delivery channels"),
        ({"slot_type": "Review"}, "different slot types"),
    ],
    ids=["a gap", "an overlap", "schedule", "channel", "type"],
)
def test_two_slots_that_do_not_belong_together_are_refused(change: dict[str, Any], told: str) -> None:
    with pytest.raises(Refused) as caught:
        enforce(DIARY_CHECKS, plan(FIRST, replace(SECOND, **change)))
    assert (caught.value.why, told in str(caught.value.facts["diagnostics"])) == ("slots_not_adjacent", True)


def test_every_slot_of_a_booking_must_be_offered() -> None:
    closed = replace(SECOND, access=replace(OPEN, bookable=False))
    with pytest.raises(Refused, match="slot_not_offered"):
        enforce(DIARY_CHECKS, plan(FIRST, closed))


@pytest.mark.parametrize(
    ("rules", "fits"),
    [
        ({"embargo": TEN}, True),
        ({"embargo": TEN + timedelta(seconds=1)}, False),
        ({"booking_window": TEN}, True),
        ({"booking_window": TEN - timedelta(seconds=1)}, False),
    ],
    ids=["at the embargo", "under it", "at the window's end", "beyond it"],
)
def test_the_edges_of_the_booking_window_can_be_booked(rules: dict[str, timedelta], fits: bool) -> None:
    asked = plan(FIRST, rules=Rules(Profile(name="x"), NOW, **rules))
    found = [check.why for check in DIARY_CHECKS if check.finds(asked)]
    assert found == ([] if fits else ["slot_not_offered"])


@pytest.mark.parametrize(("minutes", "past"), [(9, False), (10, True), (11, True)])
def test_a_slot_that_begins_this_moment_is_past(minutes: int, past: bool) -> None:
    asked = plan(FIRST, rules=Rules(Profile(name="x"), NOW + timedelta(minutes=minutes)))
    found = [check.why for check in DIARY_CHECKS if check.finds(asked)]
    assert ("booking_in_the_past" in found) == past
