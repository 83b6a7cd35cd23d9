"""What can go wrong in listing and reading appointments, row by row."""

from __future__ import annotations

import pytest

from tests.mock_gpconnect.provider.edits import INVALID_PARAMETER, NOT_FOUND, PATIENT_UNKNOWN, Refusal
from tests.mock_gpconnect.provider.riverside import Riverside


@pytest.mark.parametrize(
    ("id", "starts", "expected"),
    [
        ("unknown", ("ge2026-03-25", "le2026-03-26"), PATIENT_UNKNOWN),
        ("null", ("ge2026-03-25", "le2026-03-26"), PATIENT_UNKNOWN),
        ("patient-gone", ("ge2026-03-25", "le2026-03-26"), PATIENT_UNKNOWN),
        ("patient-hidden", ("ge2026-03-25", "le2026-03-26"), PATIENT_UNKNOWN),
        ("patient-alice", (), INVALID_PARAMETER),
        ("patient-alice", ("ge2026-03-25",), INVALID_PARAMETER),
        ("patient-alice", ("le2026-03-25",), INVALID_PARAMETER),
        ("patient-alice", ("ge2026-03-25", "ge2026-03-26"), INVALID_PARAMETER),
        ("patient-alice", ("ge2026-03-25", "le2026-03-26", "le2026-03-27"), INVALID_PARAMETER),
        ("patient-alice", ("gt2026-03-25", "lt2026-03-26"), INVALID_PARAMETER),
        ("patient-alice", ("2026-03-25", "2026-03-26"), INVALID_PARAMETER),
        ("patient-alice", ("ge2026-03", "le2026-03-26"), INVALID_PARAMETER),
        ("patient-alice", ("ge2026-02-30", "le2026-03-26"), INVALID_PARAMETER),
        ("patient-alice", ("ge2026-03-25T00:00:00+00:00", "le2026-03-26"), INVALID_PARAMETER),
        ("patient-alice", ("ge2026-03-23", "le2026-03-26"), INVALID_PARAMETER),
        ("patient-alice", ("ge2026-03-20", "le2026-03-21"), INVALID_PARAMETER),
        ("patient-alice", ("ge2026-03-26", "le2026-03-25"), INVALID_PARAMETER),
    ],
)
async def test_each_fault_of_a_list_request_has_its_answer(
    riverside: Riverside, id: str, starts: tuple[str, ...], expected: Refusal
) -> None:
    heard = await riverside.ask("list_appointments", id=id, query=[("start", each) for each in starts])
    assert heard.refusal == expected


async def test_asking_for_past_appointments_is_told_that_the_past_cannot_be_requested(riverside: Riverside) -> None:
    query = [("start", "ge2026-03-01"), ("start", "le2026-03-26")]
    heard = await riverside.ask("list_appointments", id="patient-alice", query=query)
    assert "past cannot be requested" in heard.issue["diagnostics"]


@pytest.mark.parametrize("id", ["", "unknown", "1.2-3", "a" * 65, "%20"])
async def test_reading_an_appointment_that_does_not_exist_is_not_found(riverside: Riverside, id: str) -> None:
    heard = await riverside.ask("read_appointment", id=id)
    assert heard.refusal == NOT_FOUND
    assert heard.headers["content-type"] == "application/fhir+json;charset=utf-8"


async def test_reading_an_appointment_of_the_past_is_not_found(riverside: Riverside) -> None:
    booked = await riverside.book_one()
    riverside.clock.forward(days=1)
    heard = await riverside.ask("read_appointment", id=booked["id"])
    assert heard.refusal == NOT_FOUND
    assert "in the past" in heard.issue["diagnostics"]
