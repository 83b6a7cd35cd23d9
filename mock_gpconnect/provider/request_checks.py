"""The checks that every request passes before its token is read, in the order of the guide's error pages."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from booking_core.spec.headers import INTERACTION_ID, SSP_HEADERS, TO
from booking_core.spec.interactions import BY_ID, Capability, Interaction
from mock_gpconnect.checks import Check
from mock_gpconnect.client_certificate import fault_in
from mock_gpconnect.provider.media import Media
from mock_gpconnect.provider.practice import Practice
from mock_gpconnect.provider.requests import Request


@dataclass(frozen=True, slots=True)
class Arrival:
    """A request at the practice's door. `interaction` is None where its ID is not known.

    `only_from` is the host name that the caller's certificate must bear; empty where none is asked for.
    """

    request: Request
    practice: Practice
    media: Media
    interaction: Interaction | None
    only_from: str = ""


def arrival(request: Request, practice: Practice, media: Media, only_from: str = "") -> Arrival:
    """The request with the row that its interaction ID names."""
    return Arrival(request, practice, media, BY_ID.get(request.header(INTERACTION_ID)), only_from)


_KNOWN_TYPES = ("Schedule", "AppointmentResponse")
"""Resources that this version knows and does not serve at the door."""

_UNSERVED = (
    ("Slot", "{id}"),
    ("{type}", "{id}", "_history"),
    ("{type}", "{id}", "_history", "{id}"),
    ("{type}", "_history"),
    ("{type}", "_search"),
    ("{type}", "$validate"),
    ("Patient", "$everything"),
    ("Patient", "{id}", "$everything"),
    ("Patient", "$gpc.getstructuredrecord"),
    ("_history",),
)
"""Paths of FHIR that are known and not implemented."""

_SERVED_TYPES = ("Patient", "Practitioner", "Organization", "Location", "Appointment", "Slot")


@lru_cache(maxsize=1024)
def fits(template: tuple[str, ...], segments: tuple[str, ...]) -> bool:
    """Whether a path has the shape of a template: `{id}` stands for one id, also an empty one."""
    return len(template) == len(segments) and all(map(_segment_fits, template, segments))


def _segment_fits(template: str, segment: str) -> bool:
    if template == "{id}":
        return not segment.startswith(("$", "_"))
    if template == "{type}":
        return segment in _SERVED_TYPES
    return template == segment


_PATHS = {row.id: tuple(row.path.split("/")[1:]) for row in BY_ID.values()}


def _certificate_missing(arrival: Arrival) -> str | None:
    if not arrival.only_from or arrival.request.certificate:
        return None
    return f"client certificate: required, and issued for {arrival.only_from}"


def _certificate_refused(arrival: Arrival) -> str | None:
    if not arrival.only_from or arrival.request.certificate is None:
        return None
    fault = fault_in(arrival.request.certificate, arrival.only_from)
    return f"client certificate: {fault}" if fault else None


def _header_missing(arrival: Arrival) -> str | None:
    for name in SSP_HEADERS:
        if not arrival.request.header(name):
            return f"header {name}: required, and not blank"
    return None


def _wrong_receiver(arrival: Arrival) -> str | None:
    if arrival.request.header(TO) == arrival.practice.asid:
        return None
    return f"header {TO}: {arrival.request.header(TO)[:40]} is not the ASID of {arrival.practice.ods}"


def _interaction_unknown(arrival: Arrival) -> str | None:
    stated = arrival.request.header(INTERACTION_ID)[:100]
    return None if arrival.interaction else f"header {INTERACTION_ID}: {stated} is not an interaction of this service"


def _not_implemented(arrival: Arrival) -> str | None:
    return f"{arrival.request.path} is known and not implemented" if _is_unserved(arrival.request.segments) else None


@lru_cache(maxsize=1024)
def _is_unserved(segments: tuple[str, ...]) -> bool:
    return segments[:1] in [(name,) for name in _KNOWN_TYPES] or any(fits(path, segments) for path in _UNSERVED)


def _path_mismatch(arrival: Arrival) -> str | None:
    row = arrival.interaction
    if row is None or fits(_PATHS[row.id], arrival.request.segments):
        return None
    return f"path {arrival.request.path}: {row.id} is {row.method} {row.path}"


def _method_mismatch(arrival: Arrival) -> str | None:
    row = arrival.interaction
    if row is None or arrival.request.method == row.method:
        return None
    return f"method {arrival.request.method}: {row.id} is {row.method} {row.path}"


def _gp_connect_off(arrival: Arrival) -> str | None:
    return None if arrival.practice.switches.enabled else "GP Connect is not enabled at this practice"


def _foundations_off(arrival: Arrival) -> str | None:
    return _capability_off(arrival, Capability.FOUNDATIONS, on=arrival.practice.switches.foundations_on)


def _appointments_off(arrival: Arrival) -> str | None:
    return _capability_off(arrival, Capability.APPOINTMENTS, on=arrival.practice.switches.appointments)


def _capability_off(arrival: Arrival, capability: Capability, *, on: bool) -> str | None:
    asked = arrival.interaction is not None and arrival.interaction.capability is capability
    return f"{capability} is not enabled at this practice" if asked and not on else None


def _media_unsupported(arrival: Arrival) -> str | None:
    return arrival.media.problem or None


REQUEST_CHECKS = (
    Check("certificate_missing", _certificate_missing),
    Check("certificate_refused", _certificate_refused),
    Check("header_missing", _header_missing),
    Check("wrong_receiver", _wrong_receiver),
    Check("interaction_unknown", _interaction_unknown),
    Check("not_implemented", _not_implemented),
    Check("path_mismatch", _path_mismatch),
    Check("method_mismatch", _method_mismatch),
    Check("gp_connect_off", _gp_connect_off),
    Check("foundations_off", _foundations_off),
    Check("appointments_off", _appointments_off),
    Check("media_unsupported", _media_unsupported),
)
"""In this order. That TLS is spoken at all, and which, is the server's business and not ours."""
