"""British local time on the wire and in front of a patient."""

from datetime import UTC, date, datetime, timedelta

import pytest

from booking_core.uk_time import days_later, hour_begins, midnight, on_the_wire, spoken


@pytest.mark.parametrize(
    ("instant", "text"),
    [
        (datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC), "2026-03-29T00:59:59+00:00"),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "2026-03-29T02:00:00+01:00"),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "2026-10-25T01:30:00+01:00"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "2026-10-25T01:30:00+00:00"),
    ],
)
def test_the_wire_has_local_time_with_the_offset_in_force(instant: datetime, text: str) -> None:
    assert on_the_wire(instant) == text


def test_a_summer_day_begins_at_eleven_the_evening_before() -> None:
    assert midnight(date(2026, 7, 1)) == datetime(2026, 6, 30, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "begins"),
    [
        (date(2026, 3, 28), [0, 1, 2, 9, 24]),
        (date(2026, 3, 29), [0, 1, 1, 8, 23]),
        (date(2026, 10, 25), [0, 1, 3, 10, 25]),
    ],
)
def test_the_hours_of_the_wall_clock_begin_where_the_clock_change_puts_them(day: date, begins: list[int]) -> None:
    hours = [(hour_begins(day, hour) - midnight(day)) / timedelta(hours=1) for hour in (0, 1, 2, 9, 24)]
    assert hours == begins


def test_a_link_that_lives_a_week_keeps_its_hour_over_a_clock_change() -> None:
    assert days_later(datetime(2026, 3, 27, 9, tzinfo=UTC), 7) == datetime(2026, 4, 3, 8, tzinfo=UTC)


def test_a_patient_reads_the_day_and_the_hour() -> None:
    assert spoken(datetime(2026, 3, 30, 8, 5, tzinfo=UTC)) == "Monday 30 March at 9:05am"
    assert spoken(datetime(2026, 1, 5, 12, 0, tzinfo=UTC)) == "Monday 5 January at 12:00pm"
