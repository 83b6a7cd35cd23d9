"""One thing in an answer is not what it should be: it is read all the same, or the journey stops with a reason."""

import copy
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest

from booking_core.appointments import Cancellation, cancel
from booking_core.availability import availability, merged
from booking_core.booking import Ending, PatientRecord, book
from booking_core.consumer import Consumer, Sender
from booking_core.encounter import NEEDED, meet
from booking_core.gpconnect.values import Offer
from booking_core.ledger import MemoryLedger
from booking_core.pds import Demographics
from booking_core.reactions import OUTCOMES, Stop
from booking_core.search import ANYTHING
from booking_core.selfbook.messages import confirmation_text
from booking_core.selfbook.pilot import Settings
from booking_core.spec.identifiers import Extension, Id
from booking_core.wire.calls import Call, Reply
from harness.virtual_time import run_virtual

from .scripted import NOW, consumer, fhir

SENDER = Sender("u1", "Okafor", ("Ruth",), "", "R1730", "", "", "T90101", "Millbrook", "gp-practice", "0", "1")
ALICE = PatientRecord(Demographics("9990010013", "Begum", ("Nadia",), "female", date(1974, 2, 19)), "07700 900321")
START = NOW + timedelta(days=9)
OFFER = Offer("s1", START, START, "Routine", "In-person", "", "", "", "", "l1", "Hub", "1 Quay", "Hub")


def bundle(*resources: dict[str, Any]) -> dict[str, Any]:
    return {"resourceType": "Bundle", "entry": [{"resource": one} for one in resources]}


def patient(use: str) -> dict[str, Any]:
    return {
        "resourceType": "Patient", "id": "9990010013", "gender": "female", "birthDate": "1974-02-19",
        "meta": {"security": [{"code": "U"}]}, "identifier": [{"system": Id.NHS_NUMBER, "value": "9990010013"}],
        "name": [{"use": use, "family": "Begum", "given": ["Nadia"]}],
        "generalPractitioner": [{"identifier": {"value": "T90101"}}],
    }  # fmt: skip


def appointment(status: str = "booked") -> dict[str, Any]:
    booker = {"resourceType": "Organization", "identifier": [{"system": Id.ODS, "value": "T90101"}]}
    return {
        "resourceType": "Appointment", "id": "7", "meta": {"versionId": "1"}, "status": status, "contained": [booker],
        "start": START.isoformat(), "slot": [{"reference": "Slot/s1"}],
    }  # fmt: skip


SLOTS = bundle(
    {
        "resourceType": "Slot", "id": "s1", "start": START.isoformat(), "end": START.isoformat(),
        "serviceType": [{"text": "Routine"}], "schedule": {"reference": "Schedule/c1"},
        "extension": [{"url": Extension.DELIVERY_CHANNEL, "valueCode": "In-person"}],
    },
    {
        "resourceType": "Schedule", "id": "c1", "serviceCategory": {"text": "Morning"},
        "actor": [{"reference": "Location/l1"}, {"reference": "Practitioner/p1"}],
        "extension": [
            {"url": Extension.PRACTITIONER_ROLE, "valueCodeableConcept": {"coding": [{"display": "Nurse"}]}}
        ],
    },
    {"resourceType": "Location", "id": "l1", "name": "Hub", "address": {"line": ["1 Quay"], "city": "Westhaven"}},
    {"resourceType": "Practitioner", "id": "p1", "name": [{"prefix": ["Dr"], "given": ["Carys"], "family": "Llew"}]},
    {"resourceType": "Organization", "id": "o1", "name": "Riverside"},
)  # fmt: skip

RIGHT: dict[str, dict[str, Any]] = {
    "sds_endpoint": bundle({"identifier": [{"system": Id.PARTY_KEY, "value": "T90102-1"}], "address": "https://x.test"}),
    "sds_device": bundle(
        {
            "identifier": [{"system": Id.ASID, "value": "200000000102"}],
            "extension": [
                {"url": Extension.SDS_INTERACTION, "valueReference": {"identifier": {"value": one.id}}}
                for one in NEEDED
            ],
        }
    ),
    "pds_retrieve": patient("usual"),
    "find_patient": bundle(patient("official")),
    "register_patient": bundle(patient("official")),
    "search_slots": SLOTS,
    "create_appointment": appointment(),
    "read_appointment": appointment(),
    "cancel_appointment": appointment("cancelled"),
    "list_appointments": bundle(appointment()),
}  # fmt: skip
MEANWHILE: dict[tuple[str, str], dict[str, Any]] = {
    ("register_patient", "find_patient"): bundle(),  # unknown there
    ("list_appointments", "create_appointment"): {},  # in doubt
}
"""What is odd, and what is asked beside it -> the answer without which the odd one would never be asked for."""

ODD: tuple[object, ...] = (None, True, 7, "", "?", [], {}, [None], [7], ["?"], [[]], [{}], {"?": 7})


@dataclass(frozen=True, slots=True)
class Answers:
    """Right answers to everything but one interaction."""

    odd: str
    answer: dict[str, Any]

    async def send(self, call: Call, *, deadline_s: float) -> Reply:
        name = call.interaction.name
        return fhir(self.answer if name == self.odd else MEANWHILE.get((self.odd, name), RIGHT[name]))


def places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to everything inside an answer."""
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in inner:
        yield (*path, key)
        yield from places(value, (*path, key))


def changed(answer: dict[str, Any], path: tuple[Any, ...], odd: object) -> dict[str, Any]:
    """The answer with one thing in it replaced."""
    answer = copy.deepcopy(answer)
    node: Any = answer
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = odd
    return answer


async def looks_around(consumer: Consumer) -> str:
    [view] = await availability(consumer, SENDER, ("T90102",), ANYTHING, 14)
    for _, offer in merged([view]):
        confirmation_text(offer, "Hub", "Millbrook", Settings())
    return view.stop.reaction.outcome if view.stop else "booked"


async def books(consumer: Consumer) -> str:
    encounter = await meet(consumer, SENDER, "T90102")
    return told(await book(encounter, ALICE, (OFFER,), MemoryLedger(), invitation_id="i1", description=""))


async def cancels(consumer: Consumer) -> str:
    encounter = await meet(consumer, SENDER, "T90102")
    wanted = Cancellation("7", (OFFER,), "better", timedelta(hours=1))
    return told(await cancel(encounter, ALICE, wanted, MemoryLedger(), invitation_id="i1"))


def told(ending: Ending) -> str:
    return ending.outcome


ACTS: dict[str, Callable[[Consumer], Awaitable[str]]] = {
    "sds_endpoint": looks_around,
    "sds_device": looks_around,
    "search_slots": looks_around,
    "pds_retrieve": books,
    "find_patient": books,
    "register_patient": books,
    "create_appointment": books,
    "list_appointments": books,
    "read_appointment": cancels,
    "cancel_appointment": cancels,
}
"""What is odd -> what is being done meanwhile."""


async def ends(name: str, path: tuple[Any, ...], odd: object) -> str:
    answers = Answers(name, changed(RIGHT[name], path, odd))
    try:
        return await ACTS[name](consumer(answers))
    except Stop as stop:
        return stop.reaction.outcome


@pytest.mark.parametrize("name", ACTS)
def test_whatever_is_odd_in_an_answer_it_is_read_or_stops_the_journey(name: str) -> None:
    async def main() -> list[str]:
        wrong = list[str]()
        for path in places(RIGHT[name]):
            for odd in ODD:
                try:
                    outcome = await ends(name, path, odd)
                except Exception as broke:
                    outcome = repr(broke)
                if outcome not in (*OUTCOMES, "cancelled"):
                    wrong.append(f"{path} = {odd!r}: {outcome}")
        return wrong

    assert run_virtual(main, ceiling_s=1e9) == []
