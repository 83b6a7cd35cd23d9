"""Sessions become schedules and slots by the clock on the wall."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_gpconnect.book.local_time import wire_time
from mock_gpconnect.book.sessions import Session, expand

MORNING = Session(
    "Morning", frozenset(range(5)), time(9), time(10), 20, "Routine", "In-person", "R0260", "pr-1", "loc-1"
)
MONDAY = date(2026, 3, 23)


def ids() -> Any:
    counter = itertools.count(1)
    return lambda: f"id-{next(counter)}"


def starts(session: Session, day: date, days: int = 1) -> list[str]:
    _, slots = expand([session], day, days, new_id=ids())
    return [wire_time(slot.starts) for slot in slots]


def test_a_session_is_cut_into_slots_of_its_length() -> None:
    (schedule,), slots = expand([MORNING], MONDAY, 1, new_id=ids())
    assert [slot.id for slot in slots] == ["id-2", "id-3", "id-4"]
    assert {slot.schedule_id for slot in slots} == {schedule.id} == {"id-1"}
    assert [(slot.ends - slot.starts) for slot in slots] == [timedelta(minutes=20)] * 3
    assert (schedule.starts, schedule.ends) == (slots[0].starts, slots[-1].ends)


def test_a_session_takes_place_on_its_days_only() -> None:
    schedules, _ = expand([MORNING], MONDAY, 14, new_id=ids())
    assert [each.starts.weekday() for each in schedules] == [0, 1, 2, 3, 4] * 2


def test_a_rest_too_short_for_a_slot_is_left_over() -> None:
    assert len(starts(replace(MORNING, every=25), MONDAY)) == 2


def test_a_gap_keeps_slots_apart() -> None:
    assert starts(replace(MORNING, gap=10), MONDAY) == ["2026-03-23T09:00:00+00:00", "2026-03-23T09:30:00+00:00"]


def test_a_session_over_midnight_ends_the_next_day() -> None:
    late = replace(MORNING, starts=time(23), ends=time(1), every=60)
    assert starts(late, MONDAY) == ["2026-03-23T23:00:00+00:00", "2026-03-24T00:00:00+00:00"]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 3, 28), "2026-03-28T09:00:00+00:00"),
        (date(2026, 3, 29), "2026-03-29T09:00:00+01:00"),
        (date(2026, 10, 24), "2026-10-24T09:00:00+01:00"),
        (date(2026, 10, 25), "2026-10-25T09:00:00+00:00"),
    ],
)
def test_a_morning_begins_at_nine_on_either_side_of_a_clock_change(day: date, expected: str) -> None:
    assert starts(replace(MORNING, days=frozenset(range(7))), day)[0] == expected


@pytest.mark.parametrize(("day", "slots"), [(date(2026, 3, 29), 3), (date(2026, 10, 25), 5), (date(2026, 3, 22), 4)])
def test_a_night_has_as_many_hours_as_pass(day: date, slots: int) -> None:
    night = replace(MORNING, days=frozenset(range(7)), starts=time(0), ends=time(4), every=60)
    assert len(starts(night, day)) == slots


@given(
    day=st.dates(date(2020, 1, 1), date(2035, 1, 1)), begins=st.times().map(lambda t: t.replace(microsecond=0, tzinfo=None)),
    ends=st.times().map(lambda t: t.replace(microsecond=0, tzinfo=None)), every=st.integers(5, 120), gap=st.integers(0, 30),
)  # fmt: skip
def test_slots_follow_each_other_inside_their_session(
    day: date, begins: time, ends: time, every: int, gap: int
) -> None:
    session = replace(MORNING, days=frozenset(range(7)), starts=begins, ends=ends, every=every, gap=gap)
    (schedule,), slots = expand([session], day, 1, new_id=ids())
    edges = [moment for slot in slots for moment in (slot.starts, slot.ends)]
    assert edges == sorted(edges)
    assert all(schedule.starts <= slot.starts and slot.ends <= schedule.ends for slot in slots)


def test_times_are_instants_in_utc() -> None:
    _, slots = expand([MORNING], date(2026, 7, 1), 1, new_id=ids())
    assert slots[0].starts == datetime(2026, 7, 1, 8, tzinfo=UTC)
    assert slots[0].starts.tzinfo is UTC


def test_a_session_rests_on_a_bank_holiday_unless_it_is_held_on_them() -> None:
    good_friday = date(2026, 4, 3)
    held = replace(MORNING, on_bank_holidays=True)
    _, slots = expand([MORNING, held], good_friday, 1, new_id=ids(), bank_holidays={good_friday})
    assert len(slots) == len(list(held.cuts(good_friday)))
