"""What the consumer makes of PDS's answers."""

from datetime import date
from typing import Any

import pytest

from booking_core.booking import PatientRecord, trace
from booking_core.pds import Demographics, Traced, retrieve
from booking_core.reactions import Stop
from booking_core.spec.errors import BY_KEY
from booking_core.wire.calls import Unanswered
from harness.virtual_time import run_virtual

from .scripted import Said, Scripted, consumer, fhir, refusal

NUMBER = "9990010013"
USUAL = {"use": "usual", "family": "Begum", "given": ["Nadia"]}
PATIENT: dict[str, Any] = {
    "resourceType": "Patient",
    "id": NUMBER,
    "meta": {"security": [{"code": "U"}]},
    "name": [{"use": "nickname", "family": "B"}, USUAL],
    "gender": "female",
    "birthDate": "1974-02-19",
    "generalPractitioner": [{"identifier": {"value": "T90101"}}],
}
RECORD = PatientRecord(Demographics(NUMBER, "Begum", ("Nadia",), "female", date(1974, 2, 19)), "")


def ask(*said: Said) -> tuple[Traced | Stop, Scripted]:
    transport = Scripted({"pds_retrieve": said})

    async def main() -> Traced | Stop:
        try:
            return await retrieve(consumer(transport), NUMBER)
        except Stop as stop:
            return stop

    return run_virtual(main), transport


def test_the_usual_name_is_found_wherever_it_stands() -> None:
    traced, _ = ask(fhir(PATIENT))
    assert isinstance(traced, Traced)
    assert traced.person == Demographics(NUMBER, "Begum", ("Nadia",), "female", date(1974, 2, 19))
    assert (traced.practice, traced.unrestricted, traced.deceased) == ("T90101", True, False)


@pytest.mark.parametrize("born", ["1974", "1974-02", ""])
def test_a_partial_birth_date_is_no_date_to_compare(born: str) -> None:
    traced, _ = ask(fhir(PATIENT | {"birthDate": born}))
    assert isinstance(traced, Traced)
    assert traced.person.birth_date is None


def test_a_very_restricted_record_has_nearly_nothing_and_breaks_nothing() -> None:
    bare = {"resourceType": "Patient", "id": NUMBER, "meta": {"security": [{"code": "V"}]}}
    traced, _ = ask(fhir(bare))
    assert isinstance(traced, Traced)
    assert not traced.unrestricted


def test_a_token_that_pds_no_longer_takes_is_renewed_once() -> None:
    traced, transport = ask(refusal("pds", "UNAUTHORISED"), fhir(PATIENT))
    assert isinstance(traced, Traced)
    assert [call.headers["Authorization"] for call in transport.sent] == ["Bearer token-0", "Bearer token-1"]


def test_a_second_401_is_a_passing_fault_and_not_the_patients() -> None:
    stop, transport = ask(refusal("pds", "UNAUTHORISED"), refusal("pds", "UNAUTHORISED"))
    assert isinstance(stop, Stop)
    assert stop.reaction.user_error == "S3"
    assert len(transport.sent) == 2


def test_a_retry_keeps_its_request_id() -> None:
    _, transport = ask(refusal("pds", "TRAFFIC_SPIKE"), Unanswered(BY_KEY["wire", "CUT"]), fhir(PATIENT))
    assert len(transport.sent) == 3
    assert len({call.headers["X-Request-ID"] for call in transport.sent}) == 1


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("RESOURCE_NOT_FOUND", "E4"),
        ("INVALIDATED_RESOURCE", "E4"),
        ("INVALID_RESOURCE_ID", "E4"),
        ("UNKNOWN_ERROR", "S3"),
        ("QUOTA_EXCEEDED", "S3"),
        ("INVALID_HEADER", "S2"),
    ],
)
def test_each_refusal_leads_to_its_message(code: str, error: str) -> None:
    stop, _ = ask(*[refusal("pds", code)] * 4)
    assert isinstance(stop, Stop)
    assert stop.reaction.user_error == error


def test_too_many_matches_with_status_200_is_not_read_as_a_patient() -> None:
    stop, _ = ask(*[fhir({"resourceType": "OperationOutcome", "issue": []})] * 4)
    assert isinstance(stop, Stop)
    assert stop.reaction.user_error == "S4"


UNUSABLE = {
    "restricted": PATIENT | {"meta": {"security": [{"code": "R"}]}},
    "very restricted": {"resourceType": "Patient", "id": NUMBER, "meta": {"security": [{"code": "V"}]}},
    "deceased": PATIENT | {"deceasedDateTime": "2026-01-05"},
    "superseded": PATIENT | {"id": "9990010021"},
    "someone else": PATIENT | {"birthDate": "1999-09-09", "name": [USUAL | {"family": "Zed"}]},
}


@pytest.mark.parametrize("why", UNUSABLE)
def test_whoever_cannot_be_booked_gets_the_same_answer_whatever_the_reason(why: str) -> None:
    async def main() -> Stop:
        with pytest.raises(Stop) as stopped:
            await trace(consumer(Scripted({"pds_retrieve": [fhir(UNUSABLE[why])]})), RECORD)
        return stopped.value

    stop = run_virtual(main)
    assert (stop.reaction.user_error, stop.detail) == (
        "E4",
        "the booker's record does not lead to one bookable person on PDS",
    )
