"""Texts: how many a phone company counts, and that each names the site."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from booking_core.gpconnect.values import Offer
from booking_core.selfbook.messages import cancellation_text, confirmation_text, fragments, when_told
from booking_core.selfbook.pilot import Settings

AT = datetime(2026, 3, 30, 8, 5, tzinfo=UTC)
OFFER = Offer(
    "1", AT, AT + timedelta(minutes=10), "Routine", "In-person", "", "", "", "", "l", "Harbour House", "2 Quay Road", "Hub"
)  # fmt: skip
CALL = replace(OFFER, channel="Telephone")
WINDOWS = Settings(telephone_windows=True)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),  # an escape before each
        ("€" * 81, 2),
        ("a" * 152 + "€" + "a" * 151, 2),
        ("a" * 152 + "€" + "a" * 152, 3),  # an escape and its letter stay together
        ("Ł" + "a" * 69, 1),  # one letter outside GSM-7 makes all of them wide
        ("Ł" + "a" * 70, 2),
        ("😀" * 35, 1),  # two units each
        ("😀" * 36, 2),
        ("ŵ" * 66 + "😀" + "ŵ" * 65, 2),
        ("ŵ" * 66 + "😀" + "ŵ" * 66, 3),  # so do two units
        ("ŵ" * 134, 2),
        ("ŵ" * 135, 3),
    ],
)
def test_fragments_are_counted_as_a_phone_company_does(text: str, count: int) -> None:
    assert fragments(text) == count


def test_a_long_name_of_a_hub_is_seen_to_cost_a_fragment() -> None:
    short = confirmation_text(OFFER, "Hub", "Mill Lane", Settings())
    long = confirmation_text(OFFER, "Westhaven and Stonebridge Extended Access Hub", "Mill Lane", Settings())
    assert (fragments(short), fragments(long)) == (1, 2)


def test_a_confirmation_names_receiver_place_address_and_who_to_call() -> None:
    text = confirmation_text(OFFER, "Riverside PCN Hub", "Mill Lane", Settings())
    assert text == (
        "Your in-person appointment with Riverside PCN Hub is booked for Monday 30 March at 9:05am, "
        "at Harbour House, 2 Quay Road. To cancel, contact Mill Lane."
    )


def test_nobody_is_sent_to_an_address_for_a_telephone_call() -> None:
    assert "Quay Road" not in confirmation_text(CALL, "Harbour House", "Mill Lane", Settings())


@pytest.mark.parametrize(
    ("hour", "window"),
    [(9, "Monday 30 March between 8:30am and 1pm"), (13, "Monday 30 March between 2pm and 6pm")],
)
def test_a_call_is_told_as_half_a_day_where_the_pilot_wants_it(hour: int, window: str) -> None:
    call = replace(CALL, start=AT.replace(hour=hour))
    assert window in confirmation_text(call, "Hub", "Mill Lane", WINDOWS)
    assert window not in confirmation_text(OFFER, "Hub", "Mill Lane", WINDOWS)


@pytest.mark.parametrize(
    ("offer", "settings", "when"),
    [(OFFER, WINDOWS, "at 9:05am"), (CALL, Settings(), "at 9:05am"), (CALL, WINDOWS, "between 8:30am and 1pm")],
)
def test_a_cancellation_names_the_receiver_and_tells_no_more_of_the_time_than_was_told(
    offer: Offer, settings: Settings, when: str
) -> None:
    text = cancellation_text(when_told(offer, settings), "Hub")
    assert text == f"Your appointment with Hub on Monday 30 March {when} is cancelled."
