"""What the consumer sends conforms to FHIR STU3 and to the guide's rules for consumers."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import jwt
import orjson
import pytest
from fhir.resources.STU3.appointment import Appointment
from fhir.resources.STU3.device import Device
from fhir.resources.STU3.organization import Organization
from fhir.resources.STU3.parameters import Parameters
from fhir.resources.STU3.practitioner import Practitioner

from booking_core.consumer import Product, Sender
from booking_core.gpconnect import requests
from booking_core.gpconnect.requests import Line
from booking_core.gpconnect.values import Offer
from booking_core.pds import Demographics
from booking_core.sds import Route
from booking_core.spec import headers
from booking_core.wire.calls import Call

NOW = datetime(2026, 7, 1, 8, 30, 15, tzinfo=UTC)
ROOT = "https://t90102.crossbook.test/T90102/STU3/1/gpconnect"
SENDER = Sender(
    "clerk-1", "O'Neill", ("Ruth",), "Ms", "R1730", "555044001122", "", "T90101", "Millbrook Surgery", "gp-practice",
    "01632 960101", "200000000101",
)  # fmt: skip
LINE = Line("https://ssp.crossbook.test", Route("T90102", ROOT, "200000000102"), SENDER, Product())
OFFER = Offer(
    "s-1", NOW + timedelta(days=1), NOW + timedelta(days=1, minutes=10), "Routine", "In-person", "Morning", "GP",
    "pr-1", "Dr Carys Llewellyn", "loc-1", "Riverside", "1 Harbour Street", "Riverside Practice",
)  # fmt: skip
PERSON = Demographics("9990010013", "Begum", ("Nadia", "Jane"), "female", date(1974, 2, 19))
TRACE = "6b1f6d0e-7f0a-4a59-9d4f-0f6a0c9ad001"


def claims(call: Call) -> dict[str, Any]:
    token = call.headers["Authorization"].removeprefix("Bearer ")
    found: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return found


CALLS = [
    requests.search_slots(LINE, NOW, NOW + timedelta(days=14), now=NOW, trace_id=TRACE),
    requests.find_patient(LINE, "9990010013", now=NOW, trace_id=TRACE),
    requests.register_patient(LINE, PERSON, "07700 900321", now=NOW, trace_id=TRACE),
    requests.create_appointment(LINE, [OFFER], "p-1", "Self-Book", now=NOW, trace_id=TRACE),
    requests.list_appointments(LINE, "p-1", date(2026, 7, 1), date(2026, 7, 2), now=NOW, trace_id=TRACE),
]
BY_NAME = {call.interaction.name: call for call in CALLS}


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.interaction.name)
def test_a_request_repeats_the_service_root_byte_for_byte(call: Call) -> None:
    assert call.url.startswith(f"https://ssp.crossbook.test/{ROOT}/")


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.interaction.name)
def test_a_request_carries_the_bookers_asid_and_all_four_headers(call: Call) -> None:
    sent = {name: call.headers[name] for name in headers.SSP_HEADERS}
    assert sent == {
        headers.TRACE_ID: TRACE,
        headers.FROM: "200000000101",
        headers.TO: "200000000102",
        headers.INTERACTION_ID: call.interaction.id,
    }


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.interaction.name)
def test_a_token_lives_five_minutes_and_names_the_real_user_and_their_organisation(call: Call) -> None:
    said = claims(call)
    assert said["exp"] - said["iat"] == 300
    assert said["aud"] == ROOT
    assert said["requested_scope"] == call.interaction.scope
    assert said["sub"] == said["requesting_practitioner"]["id"] == "clerk-1"
    assert said["requesting_organization"]["identifier"][0]["value"] == "T90101"


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.interaction.name)
def test_a_token_is_unsecured_and_keeps_its_trailing_dot(call: Call) -> None:
    token = call.headers["Authorization"].removeprefix("Bearer ")
    assert token.endswith(".")
    assert token.count(".") == 2
    assert jwt.get_unverified_header(token) == {"alg": "none", "typ": "JWT"}


def test_the_tokens_resources_are_valid_fhir() -> None:
    said = claims(CALLS[0])
    Device.model_validate(said["requesting_device"])
    Organization.model_validate(said["requesting_organization"])
    Practitioner.model_validate(said["requesting_practitioner"])


def test_a_missing_smartcard_is_said_as_unk() -> None:
    identifiers = claims(CALLS[0])["requesting_practitioner"]["identifier"]
    assert [one["value"] for one in identifiers] == ["555044001122", "UNK", "clerk-1"]


def test_a_search_sends_the_bookers_code_and_type_as_filters_and_local_time_with_offset() -> None:
    params = BY_NAME["search_slots"].params
    assert ("start", "ge2026-07-01T09:30:15+01:00") in params
    assert [value.partition("|")[2] for name, value in params if name == "searchFilter"] == ["gp-practice", "T90101"]


def test_an_appointment_is_valid_fhir_and_books_for_the_booker() -> None:
    body = orjson.loads(BY_NAME["create_appointment"].body)
    appointment = Appointment.model_validate(body)
    assert [one.actor.reference if one.actor else "" for one in appointment.participant] == [
        "Patient/p-1",
        "Location/loc-1",
        "Practitioner/pr-1",
    ]
    assert body["contained"][0]["identifier"][0]["value"] == "T90101"
    assert "reason" not in body
    assert "specialty" not in body


def test_a_registration_is_valid_fhir_and_turns_the_usual_name_into_the_official_one() -> None:
    body = orjson.loads(BY_NAME["register_patient"].body)
    Parameters.model_validate(body)
    patient = body["parameter"][0]["resource"]
    assert patient["name"] == [{"use": "official", "family": "Begum", "given": ["Nadia", "Jane"]}]
    assert patient["birthDate"] == "1974-02-19"


def test_a_long_description_is_cut_to_what_a_provider_takes() -> None:
    call = requests.create_appointment(LINE, [OFFER], "p-1", "x" * 300, now=NOW, trace_id=TRACE)
    assert len(orjson.loads(call.body)["description"]) == 100
