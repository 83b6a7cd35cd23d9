"""For each interaction one request that is right: what a probe then changes."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import orjson

from booking_core.encounter import Encounter
from booking_core.gpconnect import requests
from booking_core.gpconnect.requests import Line
from booking_core.spec.headers import API_KEY, CORRELATION_ID, FHIR_JSON, JSON_PATCH, REQUEST_ID
from booking_core.spec.identifiers import Extension, Id
from booking_core.spec.interactions import BY_NAME, Service
from booking_core.uk_time import local_date
from booking_core.wire.calls import Call
from harness.control import line_between
from harness.credentials import CORE_API_KEY, KEY_ID
from harness.people import own_record
from harness.scenario.schema import Probe
from harness.scenario.stage import Stage, Unmet
from mock_gpconnect.provider.practice import Practitioner


@dataclass(frozen=True, slots=True)
class Assertion:
    """What a token request is made from, not yet signed."""

    header: Mapping[str, Any]
    claims: Mapping[str, Any]
    form: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Right:
    """A right request; `path` is the part of its URL below the service's base."""

    call: Call
    path: str
    assertion: Assertion | None = field(default=None)


async def right_request(stage: Stage, step: Probe) -> Right:
    """The right request for the step's interaction, from the state of the world as it is now."""
    service = BY_NAME[step.on].service
    if service is Service.GP_CONNECT:
        return await _gp_connect(stage, step)
    return await _NATIONAL[service](stage, step)


async def _gp_connect(stage: Stage, step: Probe) -> Right:
    line = line_between(stage.world, step.by, step.to)
    call = await _RIGHT.get(step.on, _read)(stage, step, line)
    base = f"{line.ssp}/{line.route.service_root}"
    path = call.url.removeprefix(base)
    if step.direct:
        call = Call(call.interaction, call.method, line.route.service_root + path, call.headers, call.params, call.body)
    return Right(call, path)


def _stamp(stage: Stage) -> dict[str, Any]:
    return {"now": stage.world.now(), "trace_id": stage.world.new_id()}


async def _search_slots(stage: Stage, _step: Probe, line: Line) -> Call:
    now = stage.world.now()
    return requests.search_slots(line, now, now + timedelta(days=13), **_stamp(stage))


async def _find_patient(stage: Stage, step: Probe, line: Line) -> Call:
    return requests.find_patient(line, stage.world.names.patients[step.patient].nhs_number, **_stamp(stage))


async def _register_patient(stage: Stage, step: Probe, line: Line) -> Call:
    record = own_record(stage.world.names.patients[step.patient])
    return requests.register_patient(line, record.person, record.mobile, **_stamp(stage))


async def _create_appointment(stage: Stage, step: Probe, line: Line) -> Call:
    now, consumer = stage.world.now(), stage.product.selfbook.consumer
    offers = await Encounter(consumer, line).search_slots(now, now + timedelta(days=13))
    if not offers:
        raise Unmet("a free slot to book", "none")
    return requests.create_appointment(line, offers[:1], await _patient_id(stage, step), "A probe", **_stamp(stage))


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
    return await _put(stage, step, line, {"comment": "Changed by a probe"})


async def _cancel(stage: Stage, step: Probe, line: Line) -> Call:
    return await _put(stage, step, line, {"status": "cancelled"})


async def _put(stage: Stage, step: Probe, line: Line, changes: dict[str, Any]) -> Call:
    """The appointment as the provider gives it, edited in place, with its version."""
    appointment_id = await _appointment_id(stage, step)
    transport = stage.product.selfbook.consumer.wire.transport
    read = line.call("read_appointment", logical_id=appointment_id, **_stamp(stage))
    reply = await transport.send(read, deadline_s=60)
    resource = orjson.loads(reply.body) | changes
    if step.on == "cancel_appointment":
        reason = {"url": Extension.CANCELLATION_REASON, "valueString": "No longer needed"}
        resource["extension"] = [*resource.get("extension", ()), reason]
    call = line.call(step.on, logical_id=appointment_id, resource=resource, **_stamp(stage))
    headers = dict(call.headers) | {"If-Match": reply.headers.get("etag", "")}
    return Call(call.interaction, call.method, call.url, headers, call.params, call.body, call.trace_id)


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


async def _pds(stage: Stage, step: Probe) -> Right:
    wire, consumer = stage.product.selfbook.consumer.wire, stage.product.selfbook.consumer
    row = stage.world.names.patients[step.patient]
    headers = {"Authorization": f"Bearer {await consumer.access_token.current(wire)}", REQUEST_ID: wire.new_id()}
    interaction = BY_NAME[step.on]
    path = interaction.path.replace("{id}", row.nhs_number)
    params = (("family", row.family), ("birthdate", row.born.isoformat())) if step.on == "pds_search" else ()
    body = b""
    if step.on == "pds_update":
        headers |= {"If-Match": 'W/"1"', "Content-Type": JSON_PATCH}
        body = orjson.dumps({"patches": [{"op": "replace", "path": "/gender", "value": "other"}]})
    return Right(Call(interaction, interaction.method, consumer.services.pds + path, headers, params, body), path)


async def _sds(stage: Stage, step: Probe) -> Right:
    interaction, new_id = BY_NAME[step.on], stage.world.new_id
    params = (
        ("organization", f"{Id.ODS}|{stage.world.names.ods(step.to)}"),
        ("identifier", f"{Id.INTERACTION}|{BY_NAME['search_slots'].id}"),
    )
    headers = {API_KEY: CORE_API_KEY, CORRELATION_ID: new_id(), "Accept": FHIR_JSON}
    url = stage.world.addresses.sds + interaction.path
    return Right(Call(interaction, interaction.method, url, headers, params), interaction.path)


async def _token(stage: Stage, step: Probe) -> Right:
    world, url = stage.world, f"{stage.world.addresses.token}/token"
    claims = {
        "iss": CORE_API_KEY, "sub": CORE_API_KEY, "aud": url, "jti": world.new_id(),
        "exp": int((world.now() + timedelta(minutes=5)).timestamp()),
    }  # fmt: skip
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    }
    call = Call(BY_NAME[step.on], "POST", url, {})
    return Right(call, "/token", Assertion({"alg": "RS512", "typ": "JWT", "kid": KEY_ID}, claims, form))


_NATIONAL: Mapping[Service, Callable[[Stage, Probe], Awaitable[Right]]] = {
    Service.PDS: _pds,
    Service.SDS: _sds,
    Service.TOKEN: _token,
}
