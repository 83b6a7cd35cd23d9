"""For each interaction one request that is right: what a probe then changes."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import orjson

from booking_core.encounter import Encounter
from booking_core.gpconnect import requests
from booking_core.gpconnect.requests import Line
from booking_core.gpconnect.values import Offer
from booking_core.spec.identifiers import Id
from booking_core.spec.interactions import BY_NAME, Service
from booking_core.uk_time import local_date
from booking_core.wire.calls import Call
from harness.lines import line_between
from harness.people import own_record
from harness.scenario.probe_row import Probe, Slot
from harness.scenario.right import Right
from harness.scenario.right_national import NATIONAL
from harness.scenario.stage import Stage, Unmet
from mock_gpconnect.provider.practice import Practitioner

WINDOW = timedelta(days=13)
"""What a right search asks for, from now on."""


async def right_request(stage: Stage, step: Probe) -> Right:
    """The right request for the step's interaction, from the state of the world as it is now."""
    service = BY_NAME[step.on].service
    if service is Service.GP_CONNECT:
        return await _gp_connect(stage, step)
    return await NATIONAL[service](stage, step)


async def _gp_connect(stage: Stage, step: Probe) -> Right:
    line = line_between(stage.world, step.by, step.to)
    call = await _RIGHT.get(step.on, _read)(stage, step, line)
    base = f"{line.ssp}/{line.route.service_root}"
    path = call.url.removeprefix(base)
    return Right(replace(call, url=line.route.service_root + path) if step.direct else call, path)


def _stamp(stage: Stage) -> dict[str, Any]:
    return {"now": stage.world.now(), "trace_id": stage.world.new_id()}


async def _search_slots(stage: Stage, _step: Probe, line: Line) -> Call:
    now = stage.world.now()
    return requests.search_slots(line, now, now + WINDOW, **_stamp(stage))


async def _find_patient(stage: Stage, step: Probe, line: Line) -> Call:
    return requests.find_patient(line, stage.world.names.patients[step.patient].nhs_number, **_stamp(stage))


async def _register_patient(stage: Stage, step: Probe, line: Line) -> Call:
    record = own_record(stage.world.names.patients[step.patient])
    return requests.register_patient(line, record.person, record.mobile, **_stamp(stage))


async def _create_appointment(stage: Stage, step: Probe, line: Line) -> Call:
    now, consumer = stage.world.now(), stage.product.office.consumer
    offers = await Encounter(consumer, line).search_slots(now, now + WINDOW)
    taken = tuple(_offered(offers, place) for place in step.slots)
    return requests.create_appointment(line, taken, await _patient_id(stage, step), "A probe", **_stamp(stage))


def _offered(offers: Sequence[Offer], place: Slot) -> Offer:
    number = {"first": 0, "last": len(offers) - 1}.get(place)
    number = int(place) if number is None else number
    if not 0 <= number < len(offers):
        raise Unmet("a free slot to book", f"{len(offers) or 'none'} on offer")
    return offers[number]


async def _list_appointments(stage: Stage, step: Probe, line: Line) -> Call:
    today = local_date(stage.world.now())
    patient_id = await _patient_id(stage, step)
    return requests.list_appointments(line, patient_id, today, today + timedelta(days=30), **_stamp(stage))


async def _read(stage: Stage, step: Probe, line: Line) -> Call:
    """A read by id, or a search by identifier, of something that the organisation has."""
    logical_id = await _IDS[step.on](stage, step) if step.on in _IDS else ""
    params = (("identifier", _IDENTIFIERS[step.on](stage, step)),) if step.on in _IDENTIFIERS else ()
    return line.call(step.on, logical_id=logical_id, params=params, **_stamp(stage))


async def _amend(stage: Stage, step: Probe, line: Line) -> Call:
    held = await _held(stage, step, line)
    return requests.amend_appointment(line, held, "Changed by a probe", **_stamp(stage))


async def _cancel(stage: Stage, step: Probe, line: Line) -> Call:
    held = await _held(stage, step, line)
    return requests.cancel_appointment(line, held, "No longer needed", **_stamp(stage))


async def _held(stage: Stage, step: Probe, line: Line) -> dict[str, Any]:
    """The appointment as the provider gives it."""
    read = requests.read_appointment(line, await _appointment_id(stage, step), **_stamp(stage))
    reply = await stage.product.office.consumer.wire.transport.send(read, deadline_s=60)
    if reply.status != 200:
        raise Unmet("the appointment to change", f"HTTP {reply.status} when it was read")
    held: dict[str, Any] = orjson.loads(reply.body)
    return held


async def _patient_id(stage: Stage, step: Probe) -> str:
    number = stage.world.names.patients[step.patient].nhs_number
    found = stage.world.practice(step.to).patients.of_number(number)
    if not found:
        raise Unmet(f"a record of {step.patient} at {step.to}", "none: register first")
    return found[0].id


async def _appointment_id(stage: Stage, step: Probe) -> str:
    book = stage.world.practice(step.to).book
    found = await book.appointments_of(await _patient_id(stage, step))
    if not found:
        raise Unmet(f"an appointment of {step.patient} at {step.to}", "none: book first")
    return found[-1].id


async def _practitioner_id(stage: Stage, step: Probe) -> str:
    return _holder(stage, step).id


async def _location_id(stage: Stage, step: Probe) -> str:
    return stage.world.practice(step.to).locations[0].id


async def _organisation_id(stage: Stage, step: Probe) -> str:
    return stage.world.practice(step.to).organisation_id


def _holder(stage: Stage, step: Probe) -> Practitioner:
    if not (holders := stage.world.practice(step.to).practitioners):
        raise Unmet(f"a practitioner at {step.to}", "none in the world's file")
    return holders[0]


_IDS: Mapping[str, Callable[[Stage, Probe], Awaitable[str]]] = {
    "read_patient": _patient_id,
    "read_appointment": _appointment_id,
    "read_practitioner": _practitioner_id,
    "read_location": _location_id,
    "read_organisation": _organisation_id,
}
_IDENTIFIERS: Mapping[str, Callable[[Stage, Probe], str]] = {
    "find_organisation": lambda stage, step: f"{Id.ODS}|{stage.world.names.ods(step.to)}",
    "find_practitioner": lambda stage, step: f"{Id.SDS_USER}|{_holder(stage, step).user_id}",
}

_RIGHT: Mapping[str, Callable[[Stage, Probe, Line], Awaitable[Call]]] = {
    "search_slots": _search_slots,
    "find_patient": _find_patient,
    "register_patient": _register_patient,
    "create_appointment": _create_appointment,
    "list_appointments": _list_appointments,
    "amend_appointment": _amend,
    "cancel_appointment": _cancel,
}
"""Interactions that need more than a read by id or identifier."""
