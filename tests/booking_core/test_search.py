"""Windows over a horizon, and what of their slots a patient may choose."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking_core.gpconnect.values import Offer
from booking_core.search import Wanted, bookable, windows
from booking_core.uk_time import LONDON

MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))
HORIZONS = st.integers(1, 84)


def offer(**changes: str) -> Offer:
    at = datetime(2026, 3, 27, 9, tzinfo=UTC)
    texts = dict.fromkeys(
        ("slot_type", "channel", "session_name", "role", "practitioner_id", "practitioner_name", "location_id",
         "location_name", "location_address", "organisation_name"), "",
    )  # fmt: skip
    return Offer(slot_id="1", start=at, end=at + timedelta(minutes=10), **(texts | changes))


@given(MOMENTS, HORIZONS)
def test_windows_meet_exactly_so_that_no_slot_falls_between_two(now: datetime, horizon: int) -> None:
    found = windows(now, horizon)
    assert all(one[1] == other[0] for one, other in pairwise(found))
    assert found[0][0] == now


@given(MOMENTS, HORIZONS)
def test_a_window_is_never_longer_than_a_provider_accepts(now: datetime, horizon: int) -> None:
    local = [(start.astimezone(LONDON), end.astimezone(LONDON)) for start, end in windows(now, horizon)]
    assert all(end.replace(tzinfo=None) - start.replace(tzinfo=None) <= timedelta(days=14) for start, end in local)


@given(MOMENTS, HORIZONS)
def test_windows_end_at_the_horizons_last_midnight(now: datetime, horizon: int) -> None:
    end = windows(now, horizon)[-1][1].astimezone(LONDON)
    assert (end.hour, end.minute) == (0, 0)
    assert (end.date() - now.astimezone(LONDON).date()).days == horizon


def test_six_weeks_are_three_searches() -> None:
    assert len(windows(datetime(2026, 3, 27, 8, 55, tzinfo=UTC), 42)) == 3


@pytest.mark.parametrize(
    ("wanted", "admitted"),
    [
        (Wanted(), True),
        (Wanted(slot_types=("Smear",)), True),
        (Wanted(slot_types=("smear",)), False),
        (Wanted(slot_types=("Smear",), locations=("Branch",)), False),
        (Wanted(clinicians=("Dr Carys Llewellyn",)), True),
        (Wanted(locations=("Main",)), True),
    ],
)
def test_a_senders_filters_compare_names_as_they_are_spelt(wanted: Wanted, admitted: bool) -> None:
    smear = offer(slot_type="Smear", practitioner_name="Dr Carys Llewellyn", location_name="Main")
    assert wanted.admits(smear) is admitted


@pytest.mark.parametrize(
    ("hour", "channel", "same_day_calls", "may_be_chosen"),
    [
        (8, "In-person", True, False),  # it has begun
        (10, "In-person", False, True),
        (10, "Telephone", True, True),
        (10, "Telephone", False, False),
        (34, "Telephone", False, True),  # tomorrow
    ],
)
def test_a_call_whose_hour_is_not_told_is_never_for_today(
    hour: int, channel: str, same_day_calls: bool, may_be_chosen: bool
) -> None:
    today = datetime(2026, 3, 27, tzinfo=UTC)
    call = replace(offer(channel=channel), start=today + timedelta(hours=hour))
    wanted = Wanted(same_day_calls=same_day_calls)
    assert bookable(call, wanted, today + timedelta(hours=9)) is may_be_chosen
