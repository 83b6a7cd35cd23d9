"""The promises of an appointment book."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mock_gpconnect.book.memory import MemoryBook
from mock_gpconnect.book.protocol import Access, Appointment, AppointmentBook, Schedule, Slot, SlotTaken, Stale, Window

NOW = datetime(2026, 3, 24, 9, tzinfo=UTC)
OPEN = Access(role="R0260", channel="Telephone")
CLOSED = Access(role="R0260", channel="Telephone", only_ods=frozenset({"A1"}))
TEN = timedelta(minutes=10)
ALL = Window(NOW, NOW + timedelta(days=1), NOW + timedelta(days=1))


def slot(number: int, access: Access = OPEN, schedule: str = "one") -> Slot:
    return Slot(f"{schedule}-{number}", schedule, NOW + number * TEN, NOW + (number + 1) * TEN, "Routine", access)


@pytest.fixture
def book() -> AppointmentBook:
    schedules = [
        Schedule("one", "Morning", "loc", "pr", OPEN, NOW, NOW + 6 * TEN),
        Schedule("two", "Hub", "loc", None, CLOSED, NOW, NOW + 6 * TEN),
    ]
    slots = [slot(number) for number in range(6)] + [slot(number, CLOSED, "two") for number in range(6)]
    return MemoryBook(schedules, slots)


def appointment(id: str, *slots: Slot, **more: Any) -> Appointment:
    return Appointment(
        id, "alice", slots[0].schedule_id, tuple(each.id for each in slots), slots[0].starts, slots[-1].ends, "x", NOW,
        **more,
    )  # fmt: skip


async def found(book: AppointmentBook, window: Window = ALL, *, only: Access | None = None) -> list[str]:
    free = await book.free_slots(window, lambda access: only in (None, access))
    assert [each.schedule_id for each in free.slots] == list(free.schedule_ids)
    assert all(each.id.encode() in part for each, part in zip(free.slots, free.fragments, strict=True))
    return [each.id for each in free.slots]


async def test_a_search_shows_the_classes_it_is_admitted_to_in_order_of_start(book: AppointmentBook) -> None:
    assert (await found(book))[:4] == ["one-0", "two-0", "one-1", "two-1"]
    assert await found(book, only=CLOSED) == [f"two-{number}" for number in range(6)]


@pytest.mark.parametrize(
    ("starts", "ends", "last", "numbers"),
    [
        (0, 6, 6, [0, 1, 2, 3, 4, 5]),
        (1, 3, 6, [1, 2]),
        (0.5, 2.5, 6, [1]),
        (0, 6, 2, [0, 1, 2]),
        (0, 6, 1.9, [0, 1]),
        (2, 2, 2, []),
        (4, 2, 2, []),
    ],
)
async def test_only_slots_wholly_inside_the_window_are_found(
    book: AppointmentBook, starts: float, ends: float, last: float, numbers: list[int]
) -> None:
    window = Window(NOW + starts * TEN, NOW + ends * TEN, NOW + last * TEN)
    assert await found(book, window, only=OPEN) == [f"one-{number}" for number in numbers]


async def test_a_long_slot_among_short_ones_is_not_found_when_it_reaches_out() -> None:
    long = Slot("long", "one", NOW + TEN, NOW + 9 * TEN, "Minor surgery", OPEN)
    schedule = Schedule("one", "Morning", "loc", "pr", OPEN, NOW, NOW + 9 * TEN)
    book = MemoryBook([schedule], [long, *(slot(number) for number in range(6))])
    assert await found(book, Window(NOW, NOW + 5 * TEN, NOW + 5 * TEN)) == [f"one-{number}" for number in range(5)]


async def test_a_claim_takes_its_slots_out_of_every_search(book: AppointmentBook) -> None:
    await found(book)
    await book.claim(appointment("a", slot(1), slot(2)))
    assert await found(book, only=OPEN) == ["one-0", "one-3", "one-4", "one-5"]
    assert "one-1" not in await found(book)


async def test_a_claim_of_which_one_slot_is_taken_takes_nothing(book: AppointmentBook) -> None:
    await book.claim(appointment("a", slot(2)))
    with pytest.raises(SlotTaken, match="one-2"):
        await book.claim(appointment("b", slot(1), slot(2), slot(3)))
    assert [await book.is_free(f"one-{number}") for number in (1, 2, 3)] == [True, False, True]
    assert await book.appointment("b") is None


async def test_a_cancelled_appointment_gives_back_its_own_slots(book: AppointmentBook) -> None:
    booked = appointment("a", slot(1), slot(2))
    await book.claim(booked)
    await book.change(replace(booked, status="cancelled", version=2), was=1)
    assert await found(book, only=OPEN) == [f"one-{number}" for number in range(6)]


async def test_a_change_of_an_old_version_changes_nothing(book: AppointmentBook) -> None:
    booked = appointment("a", slot(1))
    await book.claim(booked)
    await book.change(replace(booked, description="y", version=2), was=1)
    with pytest.raises(Stale):
        await book.change(replace(booked, status="cancelled", version=2), was=1)
    assert not await book.is_free("one-1")
    assert await book.appointment("a") == replace(booked, description="y", version=2)


async def test_a_receptionist_takes_slots_and_gives_back_only_her_own(book: AppointmentBook) -> None:
    await book.claim(appointment("a", slot(1)))
    await book.block(["one-2", "one-3"])
    with pytest.raises(SlotTaken):
        await book.block(["one-4", "one-1"])
    await book.unblock(["one-1", "one-2", "one-4"])
    assert [await book.is_free(f"one-{number}") for number in range(6)] == [True, False, True, False, True, True]


async def test_slots_booked_over_gp_connect_are_counted_for_all_and_for_each(book: AppointmentBook) -> None:
    booked = appointment("a", slot(1), slot(2), booker={"id": "1"}, booker_ods="A1")
    await book.claim(booked)
    await book.claim(appointment("b", slot(3), booker={"id": "1"}, booker_ods="B2"))
    await book.claim(appointment("own", slot(4)))
    assert [await book.booked_in("one"), await book.booked_in("one", "A1"), await book.booked_in("two")] == [3, 2, 0]
    await book.change(replace(booked, status="cancelled", version=2), was=1)
    assert [await book.booked_in("one"), await book.booked_in("one", "A1")] == [1, 0]


async def test_what_does_not_exist_is_left_out(book: AppointmentBook) -> None:
    assert [each.id for each in await book.slots(["one-2", "none", "one-0"])] == ["one-0", "one-2"]
    assert [each.id for each in await book.schedules(["two", "none", "one"])] == ["two", "one"]
    assert await book.appointments_of("nobody") == []
    assert not await book.is_free("none")


async def test_appointments_under_way_in_a_time_are_found_whoever_has_them(book: AppointmentBook) -> None:
    await book.claim(appointment("early", slot(0)))
    await book.claim(appointment("late", slot(3), slot(4)))
    assert [each.id for each in await book.appointments_between(NOW + TEN, NOW + 6 * TEN)] == ["late"]
    assert [each.id for each in await book.appointments_between(NOW, NOW + 4 * TEN)] == ["early", "late"]


async def test_a_claim_of_an_unknown_slot_takes_nothing(book: AppointmentBook) -> None:
    with pytest.raises(KeyError):
        await book.claim(appointment("a", slot(1), slot(99)))
    assert await book.is_free("one-1")


async def test_options_change_for_one_session_or_for_all(book: AppointmentBook) -> None:
    await book.reconfigure("Hub", only_ods=None, only_types={"urgent-care"}, limit=3)
    (slot_, *_) = await book.slots_of("Hub")
    assert slot_.access == replace(OPEN, only_types=frozenset({"urgent-care"}), limit=3)
    await book.reconfigure(None, bookable=False, channel="Video", role=None)
    assert {(each.access.bookable, each.access.channel, each.access.role) for each in await book.slots_of()} == {
        (False, "Video", None)
    }
    assert {each.version for each in await book.slots_of("Morning")} == {2}


async def test_a_change_of_options_keeps_taken_slots_taken_and_returns_them_under_the_new_ones(
    book: AppointmentBook,
) -> None:
    booked = appointment("a", *(slot(number) for number in range(6)))
    await book.claim(booked)
    await book.reconfigure("Morning", channel="Video")
    assert await found(book) == [f"two-{number}" for number in range(6)]
    await book.change(replace(booked, status="cancelled", version=2), was=1)
    assert len(await found(book, only=replace(OPEN, channel="Video"))) == 6


async def test_a_schedule_moves_to_another_holder_and_place(book: AppointmentBook) -> None:
    await book.reconfigure("Morning", practitioner_id=None, location_id="branch")
    (schedule,) = await book.schedules(["one"])
    assert (schedule.practitioner_id, schedule.location_id, schedule.version) == (None, "branch", 2)


async def test_more_kinds_of_askers_than_are_remembered_are_still_answered(book: AppointmentBook) -> None:
    classes = [replace(OPEN, limit=number) for number in range(1, 9)]
    slots = [Slot(f"x-{n}", "one", NOW + n * TEN, NOW + (n + 1) * TEN, "R", each) for n, each in enumerate(classes)]
    many = MemoryBook([Schedule("one", "M", "loc", None, OPEN, NOW, NOW + 9 * TEN)], slots)
    for chosen in range(1, 256):
        admitted = {each for n, each in enumerate(classes) if chosen >> n & 1}
        shown = await many.free_slots(ALL, admitted.__contains__)
        assert {each.access for each in shown.slots} == admitted
