import logging
import re
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.operationoutcome import OperationOutcome

from booking_core.spec.identifiers import Id

GIVEN = "f2b9d1a7-6c3e-1b58-9a0d-7e4c1f8b2d63"
UPPER_UUID = re.compile("[0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12}")


@pytest.fixture
def device_question(spine: Any) -> str:
    return spine.question("Device", org="T90051", interaction=spine.slots)


async def test_an_endpoint_look_up_finds_where_to_send(spine: Any) -> None:
    answer = await spine.look_up(spine.question("Endpoint", org="T90051", interaction=spine.slots))

    assert answer.status == 200
    assert answer.header("content-type") == "application/fhir+json"
    assert [found["address"] for found in answer.entries] == [spine.root]
    assert answer.json["total"] == 1
    assert Bundle.model_validate(answer.json, strict=True)


async def test_a_device_look_up_finds_the_asid(spine: Any, device_question: str) -> None:
    answer = await spine.look_up(device_question)

    assert {"system": Id.ASID, "value": "990000000051"} in answer.entries[0]["identifier"]
    assert Bundle.model_validate(answer.json, strict=True)


async def test_every_id_is_new_and_in_capitals(spine: Any, device_question: str) -> None:
    first, second = await spine.look_up(device_question), await spine.look_up(device_question)

    ids = [answer.json["id"] for answer in (first, second)] + [answer.entries[0]["id"] for answer in (first, second)]
    assert len(set(ids)) == 4
    assert all(UPPER_UUID.fullmatch(found) for found in ids)


async def test_links_are_made_from_the_public_address(spine: Any, device_question: str) -> None:
    answer = await spine.look_up(device_question)

    entry = answer.json["entry"][0]
    assert entry["fullUrl"] == f"{spine.sds_url}/Device/{entry['resource']['id']}"
    assert entry["search"] == {"mode": "match"}


async def test_the_self_link_is_the_request_percent_decoded(spine: Any) -> None:
    organisation = quote(f"{Id.ODS}|T90051", safe="")
    interaction = quote(f"{Id.INTERACTION}|{spine.slots}", safe="")

    answer = await spine.look_up(f"/Endpoint?organization={organisation}&identifier={interaction}")

    assert answer.json["link"] == [
        {
            "relation": "self",
            "url": f"{spine.sds_url}/Endpoint?organization={Id.ODS}|T90051&identifier={Id.INTERACTION}|{spine.slots}",
        }
    ]


async def test_the_body_is_indented_by_two(spine: Any, device_question: str) -> None:
    assert (await spine.look_up(device_question)).body.startswith(b'{\n  "resourceType": "Bundle"')


@pytest.mark.parametrize("changed", [{"org": "T99999"}, {"interaction": "urn:other"}, {"party_key": "T90051-1"}])
@pytest.mark.parametrize("resource", ["Device", "Endpoint"])
async def test_what_is_not_registered_is_an_empty_answer_not_an_error(
    spine: Any, resource: str, changed: dict[str, str]
) -> None:
    asked = {"org": "T90051", "interaction": spine.slots} | changed

    answer = await spine.look_up(spine.question(resource, **asked))

    assert (answer.status, answer.json["total"], answer.json["entry"]) == (200, 0, [])


async def test_a_code_that_is_no_text_is_not_found_like_any_other(spine: Any) -> None:
    answer = await spine.look_up(f"/Device?organization={Id.ODS}|\xff&identifier={Id.INTERACTION}|{spine.slots}")

    assert (answer.status, answer.json["total"]) == (200, 0)


async def test_codes_match_in_any_case_and_interactions_exactly(spine: Any) -> None:
    right = spine.question(
        "Device", org="t90051", interaction=spine.slots, party_key="t90051-9000051", manufacturer="t9y"
    )
    wrong = spine.question("Device", org="T90051", interaction=spine.slots.upper())

    assert (await spine.look_up(right)).json["total"] == 1
    assert (await spine.look_up(wrong)).json["total"] == 0


async def test_an_asterisk_matches_itself_alone_and_is_logged(spine: Any, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        answer = await spine.look_up(spine.question("Device", org="T9*", interaction=spine.slots))

    assert answer.json["total"] == 0
    assert "asterisk" in caplog.text


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, "application/fhir+json"),
        ("", "application/fhir+json"),
        ("*/*", "application/fhir+json"),
        ("Application/FHIR+JSON", "application/fhir+json"),
        ("application/json", "application/json"),
        ("application/json, application/fhir+json", "application/fhir+json"),
        ("text/html , application/json", "application/json"),
    ],
)
async def test_an_answer_is_in_the_type_that_was_asked_for(
    spine: Any, device_question: str, accept: str | None, expected: str
) -> None:
    answer = await spine.look_up(device_question, {} if accept is None else {"accept": accept})

    assert (answer.status, answer.header("content-type")) == (200, expected)


@pytest.mark.parametrize(
    "accept", ["application/fhir+xml", "application/fhir+json;q=0.9", "application/*", "text/html"]
)
async def test_another_type_is_not_supported(spine: Any, device_question: str, accept: str) -> None:
    answer = await spine.look_up(device_question, {"accept": accept})

    assert answer.told == (406, "MISSING_OR_INVALID_HEADER", "not-supported", "Accept type not supported")


async def test_a_correlation_id_comes_back_on_success_and_error(spine: Any, device_question: str) -> None:
    good = await spine.look_up(device_question, {"X-Correlation-Id": GIVEN})
    bad = await spine.look_up("/Device", {"X-Correlation-Id": GIVEN})

    assert good.header("x-correlation-id") == GIVEN
    assert (bad.header("x-correlation-id"), bad.json["id"]) == (GIVEN, GIVEN)


@pytest.mark.parametrize("headers", [{}, {"X-Correlation-Id": ""}])
async def test_without_a_correlation_id_the_service_makes_one(
    spine: Any, device_question: str, headers: dict[str, str]
) -> None:
    answer = await spine.look_up(device_question, headers)

    assert answer.status == 200
    assert UPPER_UUID.fullmatch(answer.header("x-correlation-id"))


@pytest.mark.parametrize("given", ["x", GIVEN + "0", GIVEN.replace("-", ""), "{" + GIVEN + "}"])
async def test_a_bad_correlation_id_is_replaced_in_its_refusal(spine: Any, device_question: str, given: str) -> None:
    answer = await spine.look_up(device_question, {"X-Correlation-Id": given})

    assert answer.told == (
        400, "BAD_REQUEST", "required",
        "HTTP 400: Bad Request (Invalid X-Correlation-ID header. Should be an UUIDv4 matching regex "
        "'^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$')",
    )  # fmt: skip
    assert UPPER_UUID.fullmatch(answer.header("x-correlation-id"))
    assert answer.json["id"] == answer.header("x-correlation-id")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"])
async def test_nothing_but_get_is_supported(spine: Any, method: str) -> None:
    answer = await spine.look_up("/Device", method=method)

    assert answer.told == (405, "NOT_IMPLEMENTED", "not-supported", "HTTP operation not supported")
    assert answer.header("allow") == "GET"


@pytest.mark.parametrize("path", ["/", "", "/device", "/Devices", "/Device/1", "/Endpoint/", "/metadata"])
async def test_any_other_path_is_not_there(spine: Any, path: str) -> None:
    answer = await spine.look_up(path, method="POST")

    assert answer.told == (404, "NO_RECORD_FOUND", "not-found", "HTTP endpoint not found")


async def test_a_refusal_has_the_shape_of_the_service(spine: Any) -> None:
    answer = await spine.look_up("/Device?_count=1", {"X-Correlation-Id": GIVEN})

    assert answer.header("content-type") == "application/fhir+json"
    assert answer.json == {
        "resourceType": "OperationOutcome",
        "id": GIVEN,
        "issue": [
            {
                "severity": "error",
                "code": "required",
                "details": {
                    "coding": [
                        {
                            "system": "https://fhir.nhs.uk/STU3/ValueSet/Spine-ErrorOrWarningCode-1",
                            "code": "BAD_REQUEST",
                            "display": "Bad request",
                        }
                    ]
                },
                "diagnostics": "HTTP 400: Bad Request (Illegal query parameter '_count')",
            }
        ],
    }
    assert OperationOutcome.model_validate(answer.json, strict=True)


@pytest.mark.parametrize(
    ("method", "target", "headers", "status"),
    [
        pytest.param("POST", "/Nowhere?x=1", {"X-Correlation-Id": "x"}, 404, id="path before method"),
        pytest.param("POST", "/Device?x=1", {"X-Correlation-Id": "x", "accept": "text/html"}, 405, id="then method"),
        pytest.param("GET", "/Device?x=1", {"X-Correlation-Id": "x", "accept": "text/html"}, 400, id="then the id"),
        pytest.param("GET", "/Device?x=1", {"accept": "text/html"}, 400, id="parameters before Accept"),
    ],
)
async def test_of_several_faults_the_first_in_order_is_told(
    spine: Any, method: str, target: str, headers: dict[str, str], status: int
) -> None:
    assert (await spine.look_up(target, headers, method=method)).status == status


async def test_a_bad_correlation_id_is_told_before_bad_parameters(spine: Any) -> None:
    answer = await spine.look_up("/Device?x=1", {"X-Correlation-Id": "x"})

    assert "X-Correlation-ID" in answer.told[3]


async def test_a_party_key_without_interaction_finds_an_endpoint_for_each_interaction(spine: Any) -> None:
    answer = await spine.look_up(spine.question("Endpoint", org="T90051", party_key="T90051-9000051"))

    assert answer.json["total"] == len(spine.everything)
    assert {found["address"] for found in answer.entries} == {spine.root}
    assert Bundle.model_validate(answer.json, strict=True)


async def test_a_party_key_and_an_interaction_do_without_an_organisation(spine: Any) -> None:
    answer = await spine.look_up(spine.question("Endpoint", interaction=spine.slots, party_key="T90051-9000051"))

    assert [found["address"] for found in answer.entries] == [spine.root]


async def test_a_shared_party_key_finds_every_organisation_behind_it_unless_one_is_named(spine: Any) -> None:
    shared = replace(spine.riverside, ods="T90053", asid="990000000053", address="https://gp.test/T90053")
    spine.directory.register(shared)

    everyone = await spine.look_up(spine.question("Endpoint", interaction=spine.slots, party_key="T90051-9000051"))
    one = await spine.look_up(
        spine.question("Endpoint", org="T90053", interaction=spine.slots, party_key="T90051-9000051")
    )

    assert [found["address"] for found in everyone.entries] == [spine.root, "https://gp.test/T90053"]
    assert [found["address"] for found in one.entries] == ["https://gp.test/T90053"]


async def test_a_refusal_of_the_newer_source_reaches_the_caller_with_status_200(
    spine: Any, device_question: str
) -> None:
    spine.server.passes_outcome = True

    device = await spine.look_up(device_question)
    endpoint = await spine.look_up(spine.question("Endpoint", org="T90051", interaction=spine.slots))

    assert (device.status, device.json["resourceType"]) == (200, "OperationOutcome")
    assert endpoint.json["resourceType"] == "Bundle"
