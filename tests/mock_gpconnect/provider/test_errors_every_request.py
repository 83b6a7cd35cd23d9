"""The conditions common to all endpoints, row by row; the token has a file of its own."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

import pytest

from booking_core.spec.headers import SSP_HEADERS
from booking_core.spec.identifiers import Id
from booking_core.spec.interactions import BY_NAME
from mock_gpconnect.provider.practice import Switches
from tests.mock_gpconnect.provider.edits import (
    BAD_REQUEST,
    DENIED,
    FAILED,
    INVALID_RESOURCE,
    NOT_IMPLEMENTED,
    UNSUPPORTED,
    Refusal,
)
from tests.mock_gpconnect.provider.messages import ALICE, registration, search_query
from tests.mock_gpconnect.provider.riverside import Riverside

METADATA = BY_NAME["read_metadata"]


@pytest.mark.parametrize("header", SSP_HEADERS)
@pytest.mark.parametrize("value", [None, "", "   "], ids=["missing", "empty", "blank"])
async def test_a_missing_or_blank_spine_header_is_a_bad_request(
    riverside: Riverside, header: str, value: str | None
) -> None:
    heard = await riverside.ask("read_metadata", headers={header: value})
    assert heard.refusal == BAD_REQUEST
    assert header in heard.issue["diagnostics"]


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("read_metadata", {"headers": {"Ssp-To": "918999990052"}}),
        ("read_metadata", {"headers": {"Ssp-InteractionID": METADATA.id.upper()}}),
        ("read_metadata", {"headers": {"Ssp-InteractionID": METADATA.id + "x"}}),
        ("read_metadata", {"headers": {"Ssp-InteractionID": BY_NAME["search_slots"].id}}),
        ("list_appointments", {"headers": {"Ssp-InteractionID": BY_NAME["find_organisation"].id}}),
        ("read_practitioner", {"id": "pr-nurse", "headers": {"Ssp-InteractionID": BY_NAME["read_location"].id}}),
        ("find_practitioner", {"headers": {"Ssp-InteractionID": BY_NAME["read_practitioner"].id}}),
        ("read_metadata", {"method": "POST"}),
        ("read_metadata", {"method": "OPTIONS"}),
        ("amend_appointment", {"id": "1", "method": "DELETE"}),
        ("read_metadata", {"path": "/Metadata"}),
        ("read_metadata", {"path": "/metadatas"}),
        ("read_metadata", {"path": ""}),
        ("register_patient", {"path": "/Patient/$gpc.registerpatien", "body": {}}),
        ("read_patient", {"path": "/Patient/a/b/c"}),
        ("read_patient", {"path": "/Patient/$gpc.nothing"}),
        ("read_location", {"path": "/Location/_all"}),
    ],
    ids=[
        "another practice's ASID", "interaction in capitals", "unknown interaction", "another resource's interaction",
        "organisation's on a patient's appointments", "location's on a practitioner", "read's on a search",
        "POST", "OPTIONS", "DELETE", "mis-cased path", "unknown path", "no path", "mistyped operation", "too long a path",
        "an operation for an id", "an underscore for an id",
    ],
)  # fmt: skip
async def test_a_request_that_disagrees_with_its_interaction_is_a_bad_request(
    riverside: Riverside, name: str, asked: dict[str, Any]
) -> None:
    assert (await riverside.ask(name, **asked)).refusal == BAD_REQUEST


@pytest.mark.parametrize(
    "path", ["/Schedule", "/Slot/1", "/Appointment/1/_history", "/Appointment/1/_history/2", "/Patient/$validate"]
)
async def test_what_fhir_knows_and_this_service_does_not_offer_is_not_implemented(
    riverside: Riverside, path: str
) -> None:
    assert (await riverside.ask("read_metadata", path=path)).refusal == NOT_IMPLEMENTED


@pytest.mark.parametrize(
    ("switches", "name", "says"),
    [
        (Switches(enabled=False), "read_metadata", "GP Connect"),
        (Switches(foundations=False), "read_metadata", "Foundations"),
        (Switches(foundations=False), "find_patient", "Foundations"),
        (Switches(appointments=False), "search_slots", "Appointment Management"),
        (Switches(appointments=False), "find_patient", "Foundations"),
    ],
)
async def test_what_is_switched_off_is_denied_and_says_which(
    riverside: Riverside, switches: Switches, name: str, says: str
) -> None:
    riverside.practice.switches = switches
    heard = await riverside.ask(name)
    assert heard.refusal == DENIED
    assert says in heard.issue["diagnostics"]


async def test_appointments_can_be_off_while_foundations_stay_on(riverside: Riverside) -> None:
    riverside.practice.switches = Switches(foundations=True, appointments=False)
    assert (await riverside.ask("read_metadata")).status == 200


@pytest.mark.parametrize(
    "asked",
    [
        {"query": [("_format", "text/html")]},
        {"query": [("_format", "application/json")]},
        {"headers": {"Accept": "text/html"}},
        {"headers": {"Accept": "application/fhir+json;q=0"}},
    ],
)
async def test_a_format_that_is_not_offered_is_unsupported(riverside: Riverside, asked: dict[str, Any]) -> None:
    heard = await riverside.ask("read_metadata", **asked)
    assert heard.refusal == UNSUPPORTED
    assert heard.headers["content-type"] == "application/fhir+json;charset=utf-8"


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": None},
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/fhir+json; charset=latin-1"},
        {"Content-Encoding": "gzip"},
    ],
)
async def test_a_body_in_an_unsupported_format_is_unsupported(
    riverside: Riverside, headers: dict[str, str | None]
) -> None:
    assert (await riverside.ask("register_patient", body=registration(), headers=headers)).refusal == UNSUPPORTED


@pytest.mark.parametrize("name", ["register_patient", "create_appointment", "amend_appointment", "cancel_appointment"])
@pytest.mark.parametrize(
    ("media_type", "body", "expected"),
    [
        ("json", b"{", BAD_REQUEST),
        ("json", b"", BAD_REQUEST),
        ("json", b'{"a": NaN}', BAD_REQUEST),
        ("json", b"\xff\xfe", BAD_REQUEST),
        ("json", b"[" * 100_000, BAD_REQUEST),
        ("xml", b"<Appointment", BAD_REQUEST),
        ("xml", b"", BAD_REQUEST),
        ("xml", b'<!DOCTYPE a [<!ENTITY b "c">]><Appointment xmlns="http://hl7.org/fhir"/>', BAD_REQUEST),
        ("json", b'{"a": "' + b"x" * 2_000_001 + b'"}', BAD_REQUEST),
        ("json", b"[]", INVALID_RESOURCE),
        ("json", b"{}", INVALID_RESOURCE),
        ("json", b'{"resourceType": "Slot"}', INVALID_RESOURCE),
        ("json", b'{"resourceType": ["Appointment"]}', INVALID_RESOURCE),
        ("json", b'{"resourceType": "Appointment", "resourceType": "Parameters", "x": 1}', INVALID_RESOURCE),
        ("xml", b"<Appointment/>", INVALID_RESOURCE),
        ("xml", b'<Nothing xmlns="http://hl7.org/fhir"/>', INVALID_RESOURCE),
        ("xml", b'<Appointment xmlns="http://hl7.org/fhir"><colour value="red"/></Appointment>', INVALID_RESOURCE),
    ],
    ids=lambda value: str(value)[:40],
)
async def test_a_body_that_is_no_resource_is_told_from_one_that_is_the_wrong_one(
    riverside: Riverside, name: str, media_type: str, body: bytes, expected: Refusal
) -> None:
    heard = await riverside.ask(name, id="1", body=body, headers={"Content-Type": f"application/fhir+{media_type}",
                                                                  "Accept": "application/fhir+json"})  # fmt: skip
    assert heard.refusal == expected
    assert heard.issue["diagnostics"]


@pytest.mark.parametrize(
    "name", ["search_slots", "read_location", "find_organisation", "find_practitioner", "find_patient"]
)
async def test_a_stored_record_that_is_no_resource_fails_the_whole_request(riverside: Riverside, name: str) -> None:
    practice = riverside.practice
    practice.locations = [replace(each, name="") for each in practice.locations]
    practice.practitioners = [replace(each, family="") for each in practice.practitioners]
    practice.name = ""
    practice.patients.update(practice.patients.of_number(ALICE)[0], family="")
    asked = {
        "search_slots": search_query("2026-03-25", "2026-03-26"),
        "find_organisation": [("identifier", f"{Id.ODS}|T90051")],
        "find_practitioner": [("identifier", f"{Id.SDS_USER}|555044007701")],
        "find_patient": [("identifier", f"{Id.NHS_NUMBER}|{ALICE}")],
    }
    heard = await riverside.ask(name, id="loc-main", query=asked.get(name, ()))
    assert heard.refusal == FAILED
    assert "stored without" in heard.issue["diagnostics"]


async def test_an_unexpected_failure_is_an_internal_error_for_the_caller_and_a_traceback_in_the_log(
    riverside: Riverside, caplog: pytest.LogCaptureFixture
) -> None:
    riverside.trace_breaks = ZeroDivisionError("a mistake of ours")
    with caplog.at_level(logging.ERROR):
        heard = await riverside.ask("register_patient", body=registration())
    assert heard.refusal == FAILED
    assert "ZeroDivisionError" in caplog.text
    assert "Traceback" not in heard.body.decode()
