"""What every ledger promises, whether it lives in memory or in PostgreSQL."""

import asyncio
from collections.abc import Awaitable
from dataclasses import astuple, replace
from datetime import datetime, timedelta
from uuid import uuid4  # noqa: TID251 - new rows in a database that all these tests share

import pytest
from hypothesis import HealthCheck, given, settings

from booking_core.ledger import Attempt, Ledger, Overtaken

from .values import AT, ATTEMPT, ATTEMPTS


async def comes_through(write: Awaitable[object]) -> bool:
    try:
        await write
    except Overtaken:
        return False
    return True


async def test_an_opened_attempt_is_found_by_its_invitation(ledger: Ledger) -> None:
    await ledger.open(ATTEMPT)
    assert list(await ledger.attempts("i1")) == [ATTEMPT]
    assert list(await ledger.attempts("i2")) == []


async def test_attempts_come_oldest_first_whatever_their_ids_and_times_say(ledger: Ledger) -> None:
    opened = [replace(ATTEMPT, attempt_id=name, opened=AT - timedelta(days=day)) for day, name in enumerate("cab")]
    for one in opened:
        await ledger.open(one)
    first = await ledger.note(opened[0], patient_id="p1")
    assert list(await ledger.attempts("i1")) == [first, *opened[1:]]
    assert list(await ledger.unsettled()) == [first, *opened[1:]]


@pytest.mark.parametrize(
    ("outcome", "is_unsettled"),
    [
        ("", True),
        ("in_doubt", True),
        ("booked", False),
        ("cancelled", False),
        ("slot_taken", False),
        ("unavailable", False),
    ],
)
async def test_what_has_no_known_end_is_unsettled(ledger: Ledger, outcome: str, is_unsettled: bool) -> None:
    await ledger.open(ATTEMPT)
    await ledger.open(replace(ATTEMPT, attempt_id="a2", invitation_id="i2", outcome="refused"))
    noted = await ledger.note(ATTEMPT, outcome=outcome)
    assert list(await ledger.unsettled()) == ([noted] if is_unsettled else [])


async def test_what_is_noted_is_added_and_told_back(ledger: Ledger) -> None:
    await ledger.open(ATTEMPT)
    sent = await ledger.note(ATTEMPT, patient_id="p1", sent=AT)
    booked = await ledger.note(sent, outcome="booked", appointment_id="77")
    assert booked == replace(ATTEMPT, patient_id="p1", sent=AT, outcome="booked", appointment_id="77")
    assert list(await ledger.attempts("i1")) == [booked]


async def test_an_attempt_is_opened_once(ledger: Ledger) -> None:
    await ledger.open(ATTEMPT)
    with pytest.raises(Overtaken):
        await ledger.open(replace(ATTEMPT, invitation_id="i2"))
    assert list(await ledger.attempts("i1")) == [ATTEMPT]
    assert list(await ledger.attempts("i2")) == []


async def test_who_notes_on_top_of_an_older_state_is_told_and_changes_nothing(ledger: Ledger) -> None:
    await ledger.open(ATTEMPT)
    closed = await ledger.note(ATTEMPT, outcome="unavailable")
    with pytest.raises(Overtaken):
        await ledger.note(ATTEMPT, patient_id="p1", sent=AT)
    assert list(await ledger.attempts("i1")) == [closed]


async def test_what_was_never_opened_cannot_be_noted(ledger: Ledger) -> None:
    with pytest.raises(KeyError):
        await ledger.note(ATTEMPT, outcome="booked")


async def test_of_fifty_who_open_one_attempt_at_once_one_does(ledgers: tuple[Ledger, Ledger]) -> None:
    tries = [comes_through(ledgers[turn % 2].open(replace(ATTEMPT, nhs_number=str(turn)))) for turn in range(50)]
    assert sum(await asyncio.gather(*tries)) == 1


async def test_of_fifty_who_note_at_once_one_is_heard(ledgers: tuple[Ledger, Ledger]) -> None:
    await ledgers[0].open(ATTEMPT)
    tries = [comes_through(ledgers[turn % 2].note(ATTEMPT, outcome=f"o{turn}")) for turn in range(50)]
    heard = await asyncio.gather(*tries)
    [attempt] = await ledgers[1].attempts("i1")
    assert sum(heard) == 1
    assert attempt.outcome == f"o{heard.index(True)}"


async def test_two_processes_see_one_ledger(ledgers: tuple[Ledger, Ledger]) -> None:
    here, there = ledgers
    await here.open(ATTEMPT)
    [seen] = await there.unsettled()
    await there.note(seen, outcome="booked")
    assert list(await here.unsettled()) == []


def instants(value: object) -> list[str]:
    """Equal instants may stand in different zones: an offset must come back as well."""
    return [one.isoformat() for one in astuple(value) if isinstance(one, datetime)]  # type: ignore[call-overload]


@given(attempt=ATTEMPTS)
@settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_attempt_comes_back_as_it_was(ledger: Ledger, attempt: Attempt) -> None:
    attempt = replace(attempt, attempt_id=str(uuid4()), invitation_id=str(uuid4()))
    await ledger.open(attempt)
    [back] = await ledger.attempts(attempt.invitation_id)
    assert back == attempt
    assert instants(back) == instants(attempt)
    assert await ledger.note(back, patient_id="p1") == replace(attempt, patient_id="p1")
