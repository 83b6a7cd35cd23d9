"""Each row of the PDS error table, provoked for its real cause."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from booking_core.spec.errors import PDS_ERRORS, ErrorRow
from mock_pds.checks import gateway_checks
from mock_pds.gateway import Gateway
from mock_pds.people import Person
from mock_pds.rate_limit import Limit, Limits, Quota, RateLimit
from mock_pds.settings import Settings
from mock_pds.token_service import Client
from tests.mock_pds.world import ALICE, PATIENT, World

Build = Callable[..., World]
Provoke = Callable[[Build], Awaitable[httpx.Response]]

ALICES = "/Patient/9991234500"
NO_ASID = Client("app-3", "Without ASID", has_asid=False)


def retrieval(number: str = "9991234500", *people: Person, as_app: bool = False, **request: Any) -> Provoke:
    async def provoke(build: Build) -> httpx.Response:
        world = build(ALICE, *people)
        method = request.get("method", "GET")
        token = world.app_token() if as_app else None
        return await world.pds(f"/Patient/{number}", method, token=token, headers=request.get("headers", {}))

    return provoke


def asked(path: str, *, as_app: bool = False, as_patient: bool = False, method: str = "GET") -> Provoke:
    async def provoke(build: Build) -> httpx.Response:
        world = build(ALICE, replace(ALICE, nhs_number="9991234519"))
        token = world.app_token() if as_app else world.user_token(PATIENT) if as_patient else None
        return await world.pds(path, method, token=token)

    return provoke


def patched(*patches: Any, version: int = 7, **request: Any) -> Provoke:
    async def provoke(build: Build) -> httpx.Response:
        return await build(ALICE).patch("9991234500", *patches, version=version, **request)

    return provoke


def second_request(**limits: Any) -> Provoke:
    async def provoke(build: Build) -> httpx.Response:
        world = build(ALICE, limits=Limits(**limits), seconds=lambda: 0.0)
        await world.pds(ALICES)
        return await world.pds(ALICES)

    return provoke


async def no_asid(build: Build) -> httpx.Response:
    world = build(ALICE, clients=(NO_ASID,))
    return await world.pds(ALICES, token=world.app_token(NO_ASID))


async def slow_read(build: Build) -> httpx.Response:
    return await build(ALICE, settings=Settings(read_s=1, longest_read_s=0.01)).pds(ALICES)


async def slow_update(build: Build) -> httpx.Response:
    world = build(ALICE, settings=Settings(update_s=60, shortest_wait_s=0.01, poll_every_s=0.005))
    gender = {"op": "replace", "path": "/gender", "value": "male"}
    return await world.patch("9991234500", gender, headers={"X-Sync-Wait": "0.02"})


async def broken_backend(build: Build) -> httpx.Response:
    async def broken(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 503, "headers": [(b"content-type", b"text/html")]})
        await send({"type": "http.response.body", "body": b"<h1>Spine says no</h1>"})

    world = build(ALICE)
    checks = gateway_checks(world.tokens, RateLimit(None, lambda: 0.0))
    world.pds_app = Gateway(broken, checks, Settings(), known_key=bool, seconds=lambda: 0.0, new_id=world.new_id)
    return await world.pds(ALICES)


async def lost_options(build: Build) -> httpx.Response:
    return await build(ALICE).pds(ALICES, "OPTIONS")


NOT_REACHED = {"telecom": [], "relationship": []}
UNTESTED_REMOVAL = {"op": "remove", "path": "/name/0"}
NAMED = {"op": "replace", "path": "/name/0/id", "value": "1D88B3E2"}
PROVOKED: Mapping[str, Provoke] = {
    "INVALID_RESOURCE_ID": retrieval("9991234501"),
    "UNSUPPORTED_SERVICE": asked("/Patient"),
    "UNSUPPORTED_REQUEST": asked("/HelloWorld"),
    "MISSING_REQUEST_ID": retrieval(headers={"X-Request-ID": None}),
    "MISSING_VALUE": asked("/Patient?family=smith"),
    "MISSING_ASID": no_asid,
    "INVALID_HEADER": retrieval(headers={"X-Request-ID": "1234"}),
    "INVALID_URID": retrieval(headers={"NHSD-Session-URID": "invalid"}),
    "INVALID_VALUE": asked("/Patient?family=smith&birthdate=20101022"),
    "ADDITIONAL_PROPERTIES": asked("/Patient?family=smith&year=2010"),
    "INVALID_SEARCH_DATA": asked("/Patient?birthdate=1984-11-05"),
    "INVALID_UPDATE": patched(UNTESTED_REMOVAL),
    "UNSUPPORTED_VALUE": patched({"op": "replace", "path": "/gender", "value": "other"}),
    "UNSUPPORTED_CHARACTERS_IN_FIELD": patched(NAMED, {"op": "replace", "path": "/name/0/family", "value": "Sm`ith"}),
    "TOO_FEW_VALUES_SUBMITTED": patched(
        {"op": "add", "path": "/contact/-", "value": {"telecom": [], "relationship": []}}
    ),
    "TOO_MANY_VALUES_SUBMITTED": patched(NAMED, {"op": "replace", "path": "/name/0/given", "value": list("ABCDEF")}),
    "VALIDATION_ERROR": patched(NAMED, {"op": "add", "path": "/name/0/colour", "value": "blue"}),
    "UNAUTHORISED": retrieval(headers={"Authorization": None}),
    "TOO_MANY_ASKED": asked("/Patient?family=smith&birthdate=1984-11-05&_max-results=2", as_app=True),
    "INVALID_METHOD": asked(ALICES, as_app=True, method="PATCH"),
    "ACCESS_DENIED": asked("/Patient/9991234519", as_patient=True),
    "COVERAGE_DENIED": asked("/Coverage"),
    "FORBIDDEN_UPDATE": patched({"op": "remove", "path": "/birthDate"}),
    "RESOURCE_NOT_FOUND": retrieval("9991234594"),
    "INVALIDATED_RESOURCE": retrieval("9991234578", Person("9991234578", invalidated=True)),
    "UNABLE_TO_CALL_SERVICE": slow_read,
    "RESOURCE_VERSION_MISMATCH": patched({"op": "replace", "path": "/gender", "value": "male"}, version=6),
    "PRECONDITION_FAILED": patched(headers={"If-Match": "7"}),
    "QUOTA_EXCEEDED": second_request(application=Limit(Quota(1))),
    "TRAFFIC_SPIKE": second_request(application=Limit(spike_per_minute=900)),
    "API_BUSY": second_request(application=Limit(), whole_api=Limit(Quota(1))),
    "UNKNOWN_ERROR": broken_backend,
    "UPSTREAM_UNREACHABLE": lost_options,
    "SERVICE_UNAVAILABLE": slow_update,
    "TOO_MANY_MATCHES": asked("/Patient?family=smith&birthdate=1984-11-05", as_app=True),
}


def as_pattern(template: str) -> str:
    """A row's text with anything in the place of its facts."""
    return re.sub(r"\\{\w+\\}", ".*", re.escape(template))


@pytest.mark.parametrize("row", PDS_ERRORS, ids=lambda row: row.code)
async def test_pds_says_each_row_of_its_table_in_full(row: ErrorRow, build: Build) -> None:
    answer = await PROVOKED[row.code](build)

    (issue,) = answer.json()["issue"]
    (coding,) = issue["details"]["coding"]
    assert answer.status_code == row.status
    assert answer.json().keys() == {"resourceType", "issue"}
    assert answer.json()["resourceType"] == "OperationOutcome"
    assert (issue["severity"], issue["code"]) == (row.severity, row.issue)
    assert coding.keys() == {"system", "version", "code", "display"}
    assert (coding["system"], coding["version"], coding["code"]) == (row.system, "1", row.wire_code)
    assert re.fullmatch(as_pattern(row.display), coding["display"])
    assert issue.keys() == {"severity", "code", "details"} | ({"diagnostics"} if row.diagnostics else set())
    assert re.fullmatch(as_pattern(row.diagnostics), issue.get("diagnostics", ""))
    assert "{" not in answer.text.replace('{"', "")
