"""What every appointment book promises, whether it lives in memory or in PostgreSQL."""

from __future__ import annotations

import asyncio
import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mock_gpconnect.book.protocol import (
    Access,
    Appointment,
    AppointmentBook,
    Quota,
    QuotaReached,
    Schedule,
    Slot,
    SlotTaken,
    Stale,
    Window,
)

from .books import CLOSED, NOW, OPEN, TEN, Both, MakeBooks, appointment, in_postgres, slot

ROOT = Path(__file__).resolve().parents[2]
ALL = Window(NOW, NOW + timedelta(days=1), NOW + timedelta(days=1))


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


async def test_a_long_slot_among_short_ones_is_not_found_when_it_reaches_out(make_books: MakeBooks) -> None:
    long = Slot("long", "one", NOW + TEN, NOW + 9 * TEN, "Minor surgery", OPEN)
    schedule = Schedule("one", "Morning", "loc", "pr", OPEN, NOW, NOW + 9 * TEN)
    book, _ = await make_books([schedule], [long, *(slot(number) for number in range(6))])
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


async def test_the_slots_of_a_time_are_found_free_or_not_in_order(book: AppointmentBook) -> None:
    await book.claim(appointment("a", slot(1)))
    shown = await book.slots_between(NOW + TEN, NOW + 3 * TEN)
    assert [each.id for each in shown] == ["one-1", "two-1", "one-2", "two-2"]
    assert await book.slots_between(NOW + 6 * TEN, NOW + 60 * TEN) == []


async def test_the_first_start_after_a_moment_is_known_until_there_is_none(book: AppointmentBook) -> None:
    assert await book.first_start(NOW + TEN) == NOW + TEN
    assert await book.first_start(NOW + TEN / 2) == NOW + TEN
    assert await book.first_start(NOW + 6 * TEN) is None


async def test_slots_are_counted_by_schedule_type_and_options(book: AppointmentBook) -> None:
    await book.reconfigure(None, slot_ids=["one-1", "one-2"], bookable=False)
    found = {(each.schedule.id, each.slot_type, each.access): each.slots for each in await book.batches()}
    shut = replace(OPEN, bookable=False)
    assert found == {("one", "Routine", OPEN): 4, ("one", "Routine", shut): 2, ("two", "Routine", CLOSED): 6}


async def test_options_change_for_named_slots_and_not_for_their_schedule(book: AppointmentBook) -> None:
    before = await book.schedules(["one"])
    await book.claim(appointment("a", slot(1)))
    await book.reconfigure("Morning", slot_ids=["one-1", "one-2", "two-2", "none"], bookable=False, location_id="x")
    shut = {each.id for each in await book.slots_of() if not each.access.bookable}
    assert shut == {"one-1", "one-2"}
    assert await book.schedules(["one"]) == before
    assert await found(book, only=replace(OPEN, bookable=False)) == ["one-2"]
    assert await found(book, only=OPEN) == ["one-0", "one-3", "one-4", "one-5"]


async def test_options_change_for_a_stretch_of_time(book: AppointmentBook) -> None:
    later = NOW + timedelta(days=2)
    await book.reconfigure(None, between=(NOW + 2 * TEN, NOW + 4 * TEN), embargo_until=later, location_id="branch")
    held_back = [each.id for each in await book.slots_of() if each.access.embargo_until == later]
    assert held_back == ["one-2", "two-2", "one-3", "two-3"]
    assert {each.location_id for each in await book.schedules(["one", "two"])} == {"loc"}
    await book.reconfigure(None, between=(NOW, NOW + TEN), location_id="branch")
    assert {each.location_id for each in await book.schedules(["one", "two"])} == {"branch"}


async def test_more_kinds_of_askers_than_are_remembered_are_still_answered(make_books: MakeBooks) -> None:
    classes = [replace(OPEN, limit=number) for number in range(1, 9)]
    slots = [Slot(f"x-{n}", "one", NOW + n * TEN, NOW + (n + 1) * TEN, "R", each) for n, each in enumerate(classes)]
    many, _ = await make_books([Schedule("one", "M", "loc", None, OPEN, NOW, NOW + 9 * TEN)], slots)
    for chosen in range(1, 256):
        admitted = {each for n, each in enumerate(classes) if chosen >> n & 1}
        shown = await many.free_slots(ALL, admitted.__contains__)
        assert {each.access for each in shown.slots} == admitted


async def test_a_slot_that_lacks_what_the_wire_needs_is_told_only_to_those_who_would_see_it(
    make_books: MakeBooks,
) -> None:
    bare = replace(slot(0, CLOSED, "two"), slot_type="")
    schedules = [Schedule(name, "M", "loc", None, OPEN, NOW, NOW + TEN) for name in ("one", "two")]
    book, _ = await make_books(schedules, [slot(0), bare])
    assert (await book.free_slots(ALL, lambda access: access == CLOSED)).incomplete
    assert not (await book.free_slots(ALL, lambda access: access == OPEN)).incomplete


@pytest.mark.parametrize(("booker", "left"), [("A1", 1), ("B2", 3), (None, 0)])
async def test_a_quota_counts_what_the_named_organisation_booked_or_everybody(
    book: AppointmentBook, booker: str | None, left: int
) -> None:
    await book.claim(appointment("a", slot(0), slot(1), booker={"id": "1"}, booker_ods="A1"))
    await book.claim(appointment("own", slot(2)))
    await book.claim(appointment("b", slot(3), booker={"id": "1"}, booker_ods="A1" if booker is None else "C3"))
    wanted = appointment("c", slot(4), slot(5), booker={"id": "1"}, booker_ods=booker or "A1")
    if left >= len(wanted.slot_ids):
        await book.claim(wanted, quota=Quota(3, booker))
        return
    with pytest.raises(QuotaReached):
        await book.claim(wanted, quota=Quota(3, booker))
    assert await book.is_free("one-4")
    assert await book.appointment("c") is None


async def test_what_one_process_does_the_other_sees_at_once(books: Both) -> None:
    here, there = books
    assert len(await found(there)) == 12
    await here.claim(appointment("a", slot(1)))
    assert not await there.is_free("one-1")
    assert "one-1" not in await found(there)
    await there.reconfigure("Morning", channel="Video")
    assert {each.access.channel for each in (await here.free_slots(ALL, lambda _: True)).slots} == {
        "Telephone",
        "Video",
    }
    assert [each.channel for each in await classes_of(here)] == ["Telephone", "Video"]


async def test_a_find_knows_the_schedules_of_its_slots_as_any_process_left_them(books: Both) -> None:
    here, there = books
    before = await shown_with(here)
    await there.reconfigure("Hub", location_id="branch", channel="Video")
    after = await shown_with(here)
    assert [each.id for each in before] == [each.id for each in after] == ["one", "two"]
    assert [each.location_id for each in after] == ["loc", "branch"]
    assert after == list(await there.schedules(["one", "two"]))


async def shown_with(book: AppointmentBook) -> list[Schedule]:
    free = await book.free_slots(ALL, lambda _: True)
    return list(free.schedules or await book.schedules(list(dict.fromkeys(free.schedule_ids))))


async def classes_of(book: AppointmentBook) -> list[Access]:
    return sorted({each.access for each in await book.slots_of()}, key=lambda access: access.channel or "")


async def claims(book: AppointmentBook, wanted: Appointment, quota: Quota | None = None) -> bool:
    try:
        await book.claim(wanted, quota=quota)
    except (SlotTaken, QuotaReached):
        return False
    return True


@pytest.mark.parametrize("most", [1, 3])
async def test_of_many_who_want_the_last_slots_of_a_quota_only_so_many_get_one(books: Both, most: int) -> None:
    wanted = [appointment(f"a{n}", slot(n % 6), booker={"id": "1"}, booker_ods="A1") for n in range(60)]
    won = await asyncio.gather(*(claims(books[n % 2], each, Quota(most, "A1")) for n, each in enumerate(wanted)))
    assert sum(won) == most
    assert await books[0].booked_in("one", "A1") == most


def a_long_day(count: int) -> tuple[list[Schedule], list[Slot]]:
    return [Schedule("one", "All day", "loc", None, OPEN, NOW, NOW + count * TEN)], [slot(n) for n in range(count)]


RACES = {"memory": (10_000, 2_000), "postgres": (3_000, 600)}


async def test_of_thousands_of_racing_claims_each_slot_has_one_winner_and_nobody_is_lost(
    make_books: MakeBooks, request: pytest.FixtureRequest
) -> None:
    rng = random.Random(7)
    claimed, count = RACES[request.node.callspec.params["make_books"]]
    schedules, slots = a_long_day(count)
    books = await make_books(schedules, slots)
    wanted: list[Appointment] = []
    for number in range(claimed):
        first = rng.randrange(count - 3)
        run = slots[first : first + rng.randrange(1, 4)]
        wanted.append(appointment(f"a{number}", *run, patient_id=f"p{number % 50}", booker={}, booker_ods="T90052"))

    async def claim(number: int, each: Appointment) -> bool:
        for _ in range(rng.randrange(3)):
            await asyncio.sleep(0)
        return await claims(books[number % 2], each)

    won = await asyncio.gather(*(claim(number, each) for number, each in enumerate(wanted)))
    winners = [each for each, yes in zip(wanted, won, strict=True) if yes]
    losers = [each for each, yes in zip(wanted, won, strict=True) if not yes]
    held = Counter(slot_id for winner in winners for slot_id in winner.slot_ids)
    kept = [each for number in range(50) for each in await books[0].appointments_of(f"p{number}")]
    free = {
        each.id
        for each in (await books[1].free_slots(Window(NOW, slots[-1].ends, slots[-1].ends), lambda _: True)).slots
    }
    assert set(held.values()) == {1}
    assert sorted(each.id for each in kept) == sorted(each.id for each in winners)
    assert all(set(loser.slot_ids) & set(held) for loser in losers)
    assert free == {each.id for each in slots} - set(held)
    assert await books[0].booked_in("one") == len(held)


async def test_of_many_changes_to_one_version_one_is_heard(books: Both) -> None:
    booked = appointment("a", slot(1), slot(2))
    await books[0].claim(booked)

    async def change(number: int) -> bool:
        status = ["booked", "cancelled"][number % 2]
        try:
            await books[number % 3 % 2].change(
                replace(booked, description=str(number), status=status, version=2), was=1
            )
        except Stale:
            return False
        return True

    heard = await asyncio.gather(*map(change, range(40)))
    stored = await books[1].appointment("a")
    assert sum(heard) == 1
    assert stored is not None
    assert stored.description == str(heard.index(True))
    assert await books[0].is_free("one-1") == (stored.status == "cancelled")


@pytest.mark.parametrize("seed", range(3))
async def test_however_bookings_cancellations_and_changes_of_options_cross_the_book_agrees_with_itself(
    books: Both, seed: int
) -> None:
    rng = random.Random(seed)
    live: list[Appointment] = []

    async def book(number: int) -> None:
        first = rng.randrange(4)
        wanted = appointment(f"a{number}", *(slot(n) for n in range(first, first + rng.randrange(1, 4)) if n < 6))
        if await claims(rng.choice(books), wanted):
            live.append(wanted)

    async def cancel(_: int) -> None:
        if live:
            booked = live.pop(rng.randrange(len(live)))
            await rng.choice(books).change(replace(booked, status="cancelled", version=2), was=1)

    async def set_up(number: int) -> None:
        await rng.choice(books).reconfigure("Morning", limit=number)

    acts: list[Callable[[int], Awaitable[None]]] = [book, book, book, cancel, cancel, set_up]
    await asyncio.gather(*(rng.choice(acts)(number) for number in range(120)))
    standing = [each for each in await books[0].appointments_of("alice") if each.status == "booked"]
    held = Counter(slot_id for each in standing for slot_id in each.slot_ids)
    assert sorted(each.id for each in standing) == sorted(each.id for each in live)
    assert set(held.values()) <= {1}
    assert {f"one-{n}" for n in range(6) if not await books[1].is_free(f"one-{n}")} == set(held)


async def test_an_appointment_comes_back_as_it_was(books: Both) -> None:
    odd = appointment(
        "a", slot(1), slot(2), description="a\u0000 'quoted' \u2028 text", comment="", booker={"id": "1", "name": ["x", {}]},
        booker_ods="", sent={"priority": 3, "participant": {"Patient": {"status": "accepted"}}},
        created=datetime(2026, 3, 24, 8, 59, 59, 123456, tzinfo=UTC),
    )  # fmt: skip
    await books[0].claim(odd)
    assert await books[1].appointment("a") == odd
    amended = replace(odd, comment=None, cancellation_reason="x", version=2)
    await books[1].change(amended, was=1)
    assert await books[0].appointments_of("alice") == [amended]


async def test_a_change_of_what_was_never_booked_is_an_error_of_the_caller(book: AppointmentBook) -> None:
    with pytest.raises(KeyError):
        await book.change(appointment("none", slot(1), version=2), was=1)


async def test_processes_that_claim_one_books_slots_at_once_never_share_a_slot(postgres_url: str) -> None:
    schedules, slots = a_long_day(200)
    async with in_postgres(postgres_url) as make_books:
        book, _ = await make_books(schedules, slots)
        number = str(book._rows.book)  # type: ignore[attr-defined]
        command = [sys.executable, "-m", "tests.contracts.claiming", postgres_url, number]
        with ExitStack() as running:
            both = [running.enter_context(a_process([*command, name, "200"])) for name in ("a", "b")]
            ends = await asyncio.to_thread(together, both)
        kept = {each.id: list(each.slot_ids) for each in await book.appointments_of("alice")}
    assert all(ends)
    assert ends[0] | ends[1] == kept
    assert set(Counter(slot_id for each in kept.values() for slot_id in each).values()) == {1}


def a_process(command: list[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def together(processes: list[subprocess.Popen[str]]) -> list[dict[str, list[str]]]:
    """What each printed, once all of them were ready and were told to begin."""
    for each in processes:
        assert each.stdout is not None
        assert each.stdout.readline() == "ready\n"
    for each in processes:
        assert each.stdin is not None
        each.stdin.write("go\n")
        each.stdin.flush()
    return [json.loads(each.communicate()[0]) for each in processes]
