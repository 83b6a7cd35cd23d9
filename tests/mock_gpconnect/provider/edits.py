"""Ways to spoil a good body, and the refusals that follow: status, Spine code, issue type."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from booking_core.spec.identifiers import Extension
from tests.mock_gpconnect.provider.messages import Body

Refusal = tuple[int, str, str]
Edit = Callable[[Body], Any]

BAD_REQUEST: Refusal = (400, "BAD_REQUEST", "invalid")
INVALID_NUMBER: Refusal = (400, "INVALID_NHS_NUMBER", "value")
INVALID_SYSTEM: Refusal = (400, "INVALID_IDENTIFIER_SYSTEM", "value")
INVALID_DEMOGRAPHICS: Refusal = (400, "INVALID_PATIENT_DEMOGRAPHICS", "business-rule")
DENIED: Refusal = (403, "ACCESS_DENIED", "forbidden")
PATIENT_UNKNOWN: Refusal = (404, "PATIENT_NOT_FOUND", "not-found")
NOT_FOUND: Refusal = (404, "NO_RECORD_FOUND", "not-found")
DUPLICATE: Refusal = (409, "DUPLICATE_REJECTED", "duplicate")
CONFLICT: Refusal = (409, "FHIR_CONSTRAINT_VIOLATION", "conflict")
UNSUPPORTED: Refusal = (415, "BAD_REQUEST", "not-supported")
INVALID_PARAMETER: Refusal = (422, "INVALID_PARAMETER", "invalid")
INVALID_RESOURCE: Refusal = (422, "INVALID_RESOURCE", "invalid")
REFERENCE_UNKNOWN: Refusal = (422, "REFERENCE_NOT_FOUND", "invalid")
FAILED: Refusal = (500, "INTERNAL_SERVER_ERROR", "processing")
NOT_IMPLEMENTED: Refusal = (501, "NOT_IMPLEMENTED", "not-supported")

ABSOLUTE = "https://provider.example/T90051/STU3/1/gpconnect/"
REASON = Extension.CANCELLATION_REASON


def drop(*path: str | int) -> Edit:
    def edit(body: Body) -> None:
        part: Any = body
        for step in path[:-1]:
            part = part[step]
        del part[path[-1]]

    return edit


def put(value: Any, *path: str | int) -> Edit:
    def edit(body: Body) -> None:
        part: Any = body
        for step in path[:-1]:
            part = part[step]
        part[path[-1]] = value

    return edit


def add(name: str, value: Any) -> Edit:
    def edit(body: Body) -> None:
        body[name] = [*body.get(name, []), value]

    return edit


def extension(url: str, **value: Any) -> Edit:
    return add("extension", {"url": url, **value})


def absolute_slot(body: Body) -> None:
    body["slot"][0]["reference"] = ABSOLUTE + body["slot"][0]["reference"]


def practitioner(id: str) -> Edit:
    return add("participant", {"actor": {"reference": f"Practitioner/{id}"}, "status": "accepted"})


def cancelling(body: Body, reason: str = "Patient recovered") -> Body:
    """The body that cancels a booked appointment."""
    cancelled = deepcopy(body) | {"status": "cancelled"}
    extension(REASON, valueString=reason)(cancelled)
    return cancelled
