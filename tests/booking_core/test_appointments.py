"""Cancelling: refused because somebody else was quicker is as good as cancelled."""

from datetime import timedelta
from typing import Any

import pytest

from booking_core.appointments import carry_out_cancel
from booking_core.consumer import Sender
from booking_core.encounter import Encounter
from booking_core.gpconnect.requests import Line
from booking_core.ledger import Attempt, MemoryLedger
from booking_core.sds import Route

from .scripted import NOW, Said, Scripted, consumer, fhir, refusal

START = NOW + timedelta(days=3)
ATTEMPT = Attempt(
    "a1", "i1", "T90101", "T90102", "9990010013", ("s1",), START, NOW, command="cancel", appointment_id="77"
)  # fmt: skip
SENDER = Sender("u1", "Okafor", ("Ruth",), "", "R1730", "", "", "T90101", "Millbrook", "gp-practice", "0", "1")


def appointment(status: str) -> dict[str, Any]:
    return {"resourceType": "Appointment", "id": "77", "status": status, "start": START.isoformat()}


BOOKED, CANCELLED = fhir(appointment("booked")), fhir(appointment("cancelled"))
STALE = refusal("provider", "FHIR_CONSTRAINT_VIOLATION")


async def ending(read: list[Said], sent: list[Said], cutoff: timedelta = timedelta()) -> tuple[str, str, int]:
    """The outcome, the ledger's, and how many cancellations went out."""
    transport, ledger = Scripted({"read_appointment": read, "cancel_appointment": sent}), MemoryLedger()
    await ledger.open(ATTEMPT)
    known = consumer(transport)
    encounter = Encounter(
        known, Line("https://ssp.test", Route("T90102", "https://p.test", "2"), SENDER, known.product)
    )
    ended = await carry_out_cancel(encounter, ledger, ATTEMPT, "better", cutoff)
    commands = [call for call in transport.sent if call.interaction.name == "cancel_appointment"]
    return ended.outcome, ledger.all()[0].outcome, len(commands)


@pytest.mark.parametrize(
    ("read", "sent", "outcome", "commands"),
    [
        ([BOOKED], [CANCELLED], "cancelled", 1),
        ([CANCELLED], [], "cancelled", 0),
        ([BOOKED, CANCELLED], [STALE], "cancelled", 1),
        ([BOOKED, BOOKED], [STALE], "refused", 1),
        ([BOOKED, refusal("provider", "NO_RECORD_FOUND")], [STALE], "refused", 1),
    ],
)
async def test_it_is_cancelled_once_it_is_cancelled_by_whomever(
    read: list[Said], sent: list[Said], outcome: str, commands: int
) -> None:
    assert await ending(read, sent) == (outcome, outcome, commands)


async def test_nothing_is_sent_when_it_is_too_late() -> None:
    assert await ending([BOOKED], [], cutoff=timedelta(days=3)) == ("refused", "refused", 0)
