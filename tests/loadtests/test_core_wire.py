"""The booking core runs under gevent with its own code, and every try is counted."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterable
from datetime import UTC, datetime
from types import SimpleNamespace

import orjson
import pytest

from booking_core.gpconnect.replies import read_offers
from booking_core.reactions import Stop
from booking_core.spec.interactions import BY_NAME
from booking_core.wire.calls import Call, Reply
from loadtests.answers import Answer
from loadtests.client import Client
from loadtests.core_wire import GeventWire, Timed, at_once
from loadtests.measures import Measured, Measures
from loadtests.sending import Sending
from tests.loadtests.runs import plan, target

SEARCH, BOOK = BY_NAME["search_slots"], BY_NAME["create_appointment"]
JSON = {"content-type": "application/fhir+json"}


class Scripted(Client):
    def __init__(self, answers: Iterable[Answer]) -> None:
        self.answers = list(answers)

    def send(self, call: Call, *, packed: bool = False) -> Answer:
        return self.answers.pop(0)


NOBODY = SimpleNamespace(events=SimpleNamespace(request=SimpleNamespace(fire=lambda **_: None)))


def reply(status: int, body: object, **headers: str) -> Answer:
    return Answer(1.0, 1.25, Reply(status, JSON | headers, orjson.dumps(body)))


def slots(count: int) -> dict[str, object]:
    start = "2026-04-01T09:00:00+01:00"
    found = [{"resource": {"resourceType": "Slot", "id": str(at), "start": start, "end": start}} for at in range(count)]
    return {"resourceType": "Bundle", "entry": [*found, {"resource": {"resourceType": "Organization", "name": "Hub"}}]}


def wire_with(*answers: Answer) -> tuple[GeventWire, Measures]:
    measures = Measures()
    timed = Timed(Sending(NOBODY, plan(), measures, Scripted(answers)), target(), 1.0)
    return GeventWire(timed, lambda: datetime(2026, 3, 27, tzinfo=UTC), lambda: "1", random.Random(1), timed), measures


def seen(measures: Measures, interaction: str) -> Measured:
    return measures[f"{interaction} T3 emis"]


def ask(wire: GeventWire, interaction: str = "search_slots") -> object:
    row = BY_NAME[interaction]
    return at_once(wire.ask(row, lambda: Call(row, row.method, "http://127.0.0.1/x", {}), read_offers))


def test_an_answer_is_read_by_the_core_and_measured() -> None:
    wire, measures = wire_with(reply(200, slots(2)))
    assert len(ask(wire)) == 2  # type: ignore[arg-type]
    assert seen(measures, "search_slots").answered == 1


def test_of_a_thousand_slots_a_few_are_read_with_what_they_are_joined_to() -> None:
    wire, _ = wire_with(reply(200, slots(1000)))
    offers = ask(wire)
    assert [offer.organisation_name for offer in offers] == ["Hub"] * 5  # type: ignore[attr-defined]


def test_when_the_retries_are_used_up_the_last_try_is_the_failure() -> None:
    wire, measures = wire_with(*[Answer(1.0, 1.1, wire="TIMEOUT")] * 4)
    with pytest.raises(Stop):
        ask(wire)
    assert seen(measures, "search_slots").errors == {"retried: S3 TIMEOUT": 3, "S3 TIMEOUT": 1}


def test_a_time_out_is_retried_as_the_core_does_and_is_no_failure_when_the_next_try_is_answered() -> None:
    wire, measures = wire_with(Answer(1.0, 1.1, wire="TIMEOUT"), reply(200, slots(1)))
    ask(wire)
    assert seen(measures, "search_slots").errors == {"retried: S3 TIMEOUT": 1}


def test_a_command_is_sent_once() -> None:
    wire, measures = wire_with(Answer(1.0, 1.1, wire="TIMEOUT"), reply(200, {}))
    with pytest.raises(Stop) as stop:
        ask(wire, "create_appointment")
    assert stop.value.reaction.outcome == "in_doubt"
    assert seen(measures, "create_appointment").errors == {"B5 TIMEOUT": 1}


def test_a_slot_that_has_gone_has_its_class() -> None:
    coding = {"coding": [{"code": "DUPLICATE_REJECTED", "display": "x"}]}
    wire, measures = wire_with(reply(409, {"resourceType": "OperationOutcome", "issue": [{"details": coding}]}))
    with pytest.raises(Stop):
        ask(wire, "create_appointment")
    assert seen(measures, "create_appointment").errors == {"B1 DUPLICATE_REJECTED": 1}


def test_what_waits_for_an_event_loop_is_told_and_does_not_hang() -> None:
    with pytest.raises(RuntimeError, match="no running event loop|waited for an event loop"):
        at_once(asyncio.sleep(1))
