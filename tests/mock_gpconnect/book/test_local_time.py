from datetime import UTC, date, datetime, time

import pytest

from mock_gpconnect.book.local_time import in_reach, local_date, local_moment, wire_time


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        (datetime(2026, 3, 29, 0, 59, 59, 999999, UTC), "2026-03-29T00:59:59+00:00"),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "2026-03-29T02:00:00+01:00"),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "2026-10-25T01:30:00+01:00"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "2026-10-25T01:30:00+00:00"),
    ],
)
def test_the_wire_shows_british_time_with_its_offset(moment: datetime, shown: str) -> None:
    assert wire_time(moment) == shown


def test_a_summer_evening_in_utc_is_already_the_next_day() -> None:
    assert local_date(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)) == date(2026, 7, 1)


@pytest.mark.parametrize(
    ("day", "at", "moment"),
    [
        (date(2026, 3, 29), time(0), datetime(2026, 3, 29, 0, tzinfo=UTC)),
        (date(2026, 6, 1), time(0), datetime(2026, 5, 31, 23, tzinfo=UTC)),
        (date(2026, 10, 25), time(1, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (date(2026, 3, 29), time(1, 30), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
    ],
)
def test_a_time_on_the_wall_is_an_instant(day: date, at: time, moment: datetime) -> None:
    assert local_moment(day, at) == moment


@pytest.mark.parametrize(("year", "safe"), [(1, False), (1899, False), (1900, True), (2200, True), (9999, False)])
def test_dates_at_the_ends_of_the_calendar_are_out_of_reach(year: int, safe: bool) -> None:
    assert in_reach(date(year, 1, 1)) == safe
