"""What can be wrong with the token of a request, row by row."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from booking_core.spec.identifiers import Id
from booking_core.spec.interactions import BY_NAME, INTERACTIONS, Service
from booking_core.spec.valuesets import PAYLOAD_SCOPES
from mock_gpconnect.suppliers.profile import Profile
from tests.mock_gpconnect.provider.edits import BAD_REQUEST, INVALID_RESOURCE, Refusal
from tests.mock_gpconnect.provider.messages import b64, device, organisation, token_claims, unsigned, user
from tests.mock_gpconnect.provider.riverside import NOW, Riverside

GP_CONNECT = [row for row in INTERACTIONS if row.service is Service.GP_CONNECT]
METADATA = BY_NAME["read_metadata"]


def claims(**changes: Any) -> dict[str, Any]:
    return token_claims(METADATA.scope, NOW) | changes


def without(name: str) -> str:
    kept = {key: value for key, value in claims().items() if key != name}
    return unsigned(kept)


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ("", BAD_REQUEST),
        ("abc", BAD_REQUEST),
        ("a.b.c", BAD_REQUEST),
        (unsigned(claims()) + "signature", BAD_REQUEST),
        (unsigned(claims())[:-1], BAD_REQUEST),
        ('{"alg":"none","typ":"JWT"}.{}.', BAD_REQUEST),
        (f"{b64({'alg': 'none', 'typ': 'JWT'})}==.{b64(claims())}.", BAD_REQUEST),
        (f"{b64({'alg': 'none', 'typ': 'JWT'})}.{b64([1])}.", BAD_REQUEST),
        (f"{b64({'alg': 'none', 'typ': 'JWT'})}.bm90IGpzb24.", BAD_REQUEST),
        (unsigned(claims(), {"alg": "RS512", "typ": "JWT"}), BAD_REQUEST),
        (unsigned(claims(), {"alg": "none", "typ": "JOSE"}), BAD_REQUEST),
        (unsigned(claims(), {"alg": "none", "typ": "JWT", "kid": "1"}), BAD_REQUEST),
    ],
    ids=[
        "empty", "one part", "not base64", "signed", "no trailing dot", "plain JSON", "padding", "payload a list",
        "payload not JSON", "another algorithm", "another type", "extra header",
    ],
)  # fmt: skip
async def test_an_unreadable_token_is_a_bad_request(riverside: Riverside, token: str, expected: Refusal) -> None:
    heard = await riverside.ask("read_metadata", headers={"Authorization": f"Bearer {token}"})
    assert heard.refusal == expected


async def test_a_payload_in_the_base64_that_urls_do_not_bear_is_a_bad_request(riverside: Riverside) -> None:
    token = unsigned(claims(iss="\u00ff\u00fe?>?>"))
    assert "-" in token or "_" in token
    refused = await riverside.ask("read_metadata", token=token.replace("-", "+").replace("_", "/"))
    assert refused.refusal == BAD_REQUEST


async def test_a_token_nested_beyond_reason_is_a_bad_request(riverside: Riverside) -> None:
    inner = json.dumps(claims())[:-1] + ', "extra": ' + "[" * 300 + "]" * 300 + "}"
    payload = base64.urlsafe_b64encode(inner.encode()).rstrip(b"=").decode()
    refused = await riverside.ask("read_metadata", token=f"{b64({'alg': 'none', 'typ': 'JWT'})}.{payload}.")
    assert refused.refusal == BAD_REQUEST


@pytest.mark.parametrize("header", [None, "", "Basic YTpi"])
async def test_a_request_without_a_bearer_token_is_a_bad_request(riverside: Riverside, header: str | None) -> None:
    assert (await riverside.ask("read_metadata", headers={"Authorization": header})).refusal == BAD_REQUEST


@pytest.mark.parametrize("claim", [*claims()])
async def test_every_claim_is_required(riverside: Riverside, claim: str) -> None:
    assert (await riverside.ask("read_metadata", token=without(claim))).refusal == BAD_REQUEST


@pytest.mark.parametrize("claim", [*claims()])
@pytest.mark.parametrize("value", [None, "", [], True, {}], ids=repr)
async def test_a_claim_that_says_nothing_is_a_bad_request(riverside: Riverside, claim: str, value: Any) -> None:
    assert (await riverside.ask("read_metadata", claims={claim: value})).refusal == BAD_REQUEST


ISSUED = int(NOW.timestamp())


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"exp": ISSUED + 299}, BAD_REQUEST),
        ({"exp": ISSUED + 301}, BAD_REQUEST),
        ({"exp": ISSUED - 1}, BAD_REQUEST),
        ({"exp": f"{ISSUED + 300}"}, BAD_REQUEST),
        ({"iat": ISSUED + 0.5}, BAD_REQUEST),
        ({"iat": ISSUED - 600, "exp": ISSUED - 300}, BAD_REQUEST),
        ({"iat": ISSUED + 601, "exp": ISSUED + 901}, BAD_REQUEST),
        ({"reason_for_request": "research"}, BAD_REQUEST),
        ({"requested_scope": "patient/*.*"}, BAD_REQUEST),
        ({"requested_scope": "patient/*.read"}, BAD_REQUEST),
        ({"requested_record": {"resourceType": "Patient"}}, BAD_REQUEST),
        ({"requesting_device": device(colour="red")}, INVALID_RESOURCE),
        ({"requesting_device": device(resourceType="InvalidResourceType")}, INVALID_RESOURCE),
        ({"requesting_device": {"resourceType": "Patient"}}, BAD_REQUEST),
        ({"requesting_device": device(model=None)}, INVALID_RESOURCE),
        ({"requesting_device": {k: v for k, v in device().items() if k != "model"}}, BAD_REQUEST),
        ({"requesting_device": {k: v for k, v in device().items() if k != "version"}}, BAD_REQUEST),
        ({"requesting_device": device(identifier=[{"value": "1"}])}, BAD_REQUEST),
        ({"requesting_organization": organisation(shape="round")}, INVALID_RESOURCE),
        ({"requesting_organization": organisation(resourceType="Organisation")}, INVALID_RESOURCE),
        ({"requesting_organization": {"resourceType": "Practitioner"}}, BAD_REQUEST),
        ({"requesting_organization": {k: v for k, v in organisation().items() if k != "name"}}, BAD_REQUEST),
        ({"requesting_organization": organisation(identifier=[{"system": "x", "value": "1"}])}, BAD_REQUEST),
        ({"requesting_practitioner": user(resourceType="InvalidResourceType")}, INVALID_RESOURCE),
        ({"requesting_practitioner": user(age=4)}, INVALID_RESOURCE),
        ({"requesting_practitioner": {"resourceType": "Patient", "id": "clerk-1"}}, BAD_REQUEST),
        ({"requesting_practitioner": {k: v for k, v in user().items() if k != "name"}}, BAD_REQUEST),
        ({"requesting_practitioner": user(name=[{"family": "Okafor"}])}, BAD_REQUEST),
        ({"requesting_practitioner": user(name=[{"given": ["Ruth"]}])}, BAD_REQUEST),
        ({"requesting_practitioner": user(identifier=[{"system": "local", "value": "1"}])}, BAD_REQUEST),
        ({"requesting_practitioner": user(id="clerk-2")}, BAD_REQUEST),
    ],
    ids=lambda value: str(value)[:60],
)
async def test_each_fault_of_a_claim_has_its_answer(
    riverside: Riverside, changes: dict[str, Any], expected: Refusal
) -> None:
    heard = await riverside.ask("read_metadata", claims=changes)
    assert heard.refusal == expected
    assert "claim" in heard.issue["diagnostics"]


@pytest.mark.parametrize(
    "changes",
    [
        {"iat": ISSUED + 200, "exp": ISSUED + 500},
        {"aud": "https://authorize.fhir.nhs.net/token"},
        {"requesting_practitioner": user(identifier=[{"system": Id.SDS_USER, "value": "UNK"}])},
        {"requesting_device": device(identifier=[{"system": "GPConnectTestSystem", "value": "1"}])},
    ],
)
async def test_a_token_that_is_only_unusual_is_accepted(riverside: Riverside, changes: dict[str, Any]) -> None:
    assert (await riverside.ask("read_metadata", claims=changes)).status == 200


@pytest.mark.parametrize("row", GP_CONNECT, ids=lambda row: row.name)
@pytest.mark.parametrize("scope", PAYLOAD_SCOPES)
async def test_a_scope_is_accepted_only_for_its_own_interactions(riverside: Riverside, row: Any, scope: str) -> None:
    heard = await riverside.ask(row.name, claims={"requested_scope": scope}, body=_body(row.method))
    told = heard.status == 400 and "requested_scope" in heard.issue["diagnostics"]
    assert told == (scope != row.scope)


def _body(method: str) -> Any:
    return None if method == "GET" else {"resourceType": "Basic"}


@pytest.mark.parametrize(("role", "status"), [("555044001199", 200), ("UNK", 400), (None, 400)])
async def test_a_supplier_can_insist_on_a_role_profile(role: str | None, status: int) -> None:
    riverside = Riverside(Profile.model_validate({"name": "x", "token": {"require_role": True}}))
    roles = [{"system": Id.SDS_ROLE_PROFILE, "value": role}] if role else []
    who = user(identifier=[{"system": Id.SDS_USER, "value": "1"}, *roles])
    heard = await riverside.ask("read_metadata", claims={"requesting_practitioner": who})
    assert heard.status == status
