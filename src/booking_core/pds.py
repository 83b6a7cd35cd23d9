"""Tracing a patient on PDS by NHS number."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from booking_core.consumer import Consumer
from booking_core.reactions import Stop
from booking_core.spec.headers import REQUEST_ID
from booking_core.spec.interactions import BY_NAME
from booking_core.wire.ask import Unreadable
from booking_core.wire.calls import Call, Reply
from booking_core.wire.json_body import given_of, read_resource, text_of

_RETRIEVE = BY_NAME["pds_retrieve"]


@dataclass(frozen=True, slots=True)
class Demographics:
    """What identifies a person. A part that a system does not give is empty or None."""

    nhs_number: str
    family: str
    given: tuple[str, ...]
    gender: str
    birth_date: date | None


@dataclass(frozen=True, slots=True)
class Traced:
    """A PDS record. `asked_for` differs from the number in `person` when it was superseded."""

    asked_for: str
    person: Demographics
    practice: str
    unrestricted: bool
    deceased: bool


async def retrieve(consumer: Consumer, nhs_number: str) -> Traced:
    """The record behind a number; raises Stop. A token that PDS no longer takes is renewed once."""
    token = await consumer.access_token.current(consumer.wire)
    try:
        return await _retrieve(consumer, nhs_number, token)
    except Stop as stop:
        if stop.row is None or stop.row.key != ("pds", "UNAUTHORISED"):
            raise
        consumer.access_token.forget(token)
        return await _retrieve(consumer, nhs_number, await consumer.access_token.current(consumer.wire))


async def _retrieve(consumer: Consumer, nhs_number: str, token: str) -> Traced:
    request_id = consumer.wire.new_id()  # PDS wants a retry to carry the id of the first try

    def call() -> Call:
        headers = {"Authorization": f"Bearer {token}", REQUEST_ID: request_id}
        return Call(_RETRIEVE, "GET", f"{consumer.services.pds}/Patient/{nhs_number}", headers, trace_id=request_id)

    return await consumer.wire.ask(_RETRIEVE, call, lambda reply: read_traced(nhs_number, reply))


def read_traced(nhs_number: str, reply: Reply) -> Traced:
    """Reads a PDS Patient: the `usual` name wherever it stands, and only what is there."""
    patient = read_resource(reply, "Patient")
    usual: Mapping[str, Any] = next((name for name in patient.get("name", ()) if name.get("use") == "usual"), {})
    person = Demographics(
        text_of(patient, "id"),
        text_of(usual, "family"),
        given_of(usual),
        text_of(patient, "gender"),
        _day(text_of(patient, "birthDate")),
    )
    return Traced(nhs_number, person, _practice(patient), _unrestricted(patient), "deceasedDateTime" in patient)


def _day(text: str) -> date | None:
    """Legacy records may hold only a year or a month: that is no date to compare."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _practice(patient: Mapping[str, Any]) -> str:
    practices = patient.get("generalPractitioner") or [{}]
    return str(practices[0].get("identifier", {}).get("value", ""))


def _unrestricted(patient: Mapping[str, Any]) -> bool:
    try:
        return bool(patient["meta"]["security"][0]["code"] == "U")
    except (KeyError, IndexError, TypeError) as missing:
        raise Unreadable("a PDS Patient without a confidentiality code") from missing
