"""Each thing that SDS and the proxy can say is provoked by its real cause, and looks as its row says."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from fhir.resources.R4B.operationoutcome import OperationOutcome

from booking_core.spec.errors import SDS_ERRORS, SSP_ERRORS, ErrorRow
from mock_gpconnect.client_certificate import SUBJECT, VERIFIED
from mock_gpconnect.spine.rate_limit import Quota

Provoke = Callable[[Any], Awaitable[Any]]


def failing(fault: Exception) -> Provoke:
    async def provoke(spine: Any) -> Any:
        def reply(_request: httpx.Request) -> httpx.Response:
            raise fault

        spine.reply = reply
        return await spine.send()

    return provoke


async def backend_fails(spine: Any) -> Any:
    spine.server.failing = True
    return await spine.look_up(spine.question("Device", org="T90051", interaction=spine.slots))


async def twice_in_a_moment(spine: Any) -> Any:
    app = spine.sds_app(per_minute=300)
    await spine.look_up("/Device", app=app)
    return await spine.look_up("/Device", app=app)


async def over_quota(spine: Any) -> Any:
    app = spine.ssp_app(quota=Quota(1, spine.clock))
    await spine.send(app=app)
    return await spine.send(app=app)


async def without_agreement(spine: Any) -> Any:
    spine.registers(spine.riverside, agreements=[])
    return await spine.send()


async def with_anothers_certificate(spine: Any) -> Any:
    headers = spine.headers(sender=spine.riverside.asid) | {VERIFIED: "SUCCESS", SUBJECT: "CN=other.test"}
    return await spine.send(headers=headers, app=spine.ssp_app(client_certificates=True))


CAUSES: dict[tuple[str, str], Provoke] = {
    ("sds", "BAD_REQUEST"): lambda spine: spine.look_up("/Device?_count=1"),
    ("sds", "NO_RECORD_FOUND"): lambda spine: spine.look_up("/Nowhere"),
    ("sds", "NOT_IMPLEMENTED"): lambda spine: spine.look_up("/Device", method="DELETE"),
    ("sds", "MISSING_OR_INVALID_HEADER"): lambda spine: spine.look_up(
        spine.question("Device", org="T90051", interaction=spine.slots), {"accept": "text/html"}
    ),
    ("sds", "UNAUTHORISED"): lambda spine: spine.look_up("/Device", {"apikey": "unknown"}),
    ("sds", "THROTTLED"): twice_in_a_moment,
    ("sds", "UNKNOWN_ERROR"): backend_fails,
    ("ssp", "ENDPOINT_VARIES"): lambda spine: spine.send("https://elsewhere.test/Slot"),
    ("ssp", "MISSING_HEADER"): lambda spine: spine.send(headers={}),
    ("ssp", "ASID_CHECK_FAILED"): lambda spine: spine.send(headers=spine.headers(sender="1")),
    ("ssp", "PARTYKEY_INTERACTION_CHECK_FAILED"): lambda spine: spine.send(
        headers=spine.headers(receiver=spine.hillside.asid)
    ),
    ("ssp", "FOT_CHECK_FAILED"): without_agreement,
    ("ssp", "METHOD_NOT_ALLOWED"): lambda spine: spine.send(method="DELETE"),
    ("ssp", "UNSUPPORTED_MEDIA_TYPE"): lambda spine: spine.send(
        headers=spine.headers() | {"content-type": "text/plain"}, method="POST"
    ),
    ("ssp", "THROTTLED"): over_quota,
    ("ssp", "NO_ANSWER"): failing(httpx.ReadError("reset")),
    ("ssp", "PROVIDER_UNREACHABLE"): failing(httpx.ConnectError("refused")),
    ("ssp", "CERTIFICATE_REFUSED"): with_anothers_certificate,
    ("ssp", "CERTIFICATE_MISSING"): lambda spine: spine.send(app=spine.ssp_app(client_certificates=True)),
    ("ssp", "OVERLOADED"): lambda spine: spine.send(app=spine.ssp_app(capacity=0)),
    ("ssp", "PROVIDER_TIMED_OUT"): failing(httpx.ReadTimeout("slow")),
}

ROWS = (*SDS_ERRORS, *SSP_ERRORS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.layer}-{row.code}")
async def test_every_row_has_a_cause_and_looks_as_it_says(spine: Any, row: ErrorRow) -> None:
    answer = await CAUSES[row.key](spine)

    (issue,) = answer.json["issue"]
    assert answer.status == row.status
    assert row.layer != "ssp" or answer.header("cache-control") == "no-store"
    assert (answer.coding["code"], answer.coding["system"]) == (row.wire_code, row.system)
    assert (issue["code"], issue["severity"]) == (row.issue, row.severity)
    assert ("diagnostics" in issue) is bool(row.diagnostics)
    assert "{" not in answer.coding["display"] + issue.get("diagnostics", "")
    assert OperationOutcome.model_validate(answer.json, strict=True)


def test_no_cause_stands_for_a_row_that_is_gone() -> None:
    assert set(CAUSES) == {row.key for row in ROWS}
