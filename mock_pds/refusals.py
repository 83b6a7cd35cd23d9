"""The one way to say no: logic raises `Refused`; here its situation becomes a row, and the row a response."""

from collections.abc import Mapping
from typing import Any

import orjson
from fastapi import Response

from booking_core.spec.errors import BY_KEY, ErrorRow
from mock_pds.situations import PROBLEMS, REFUSALS


class Refused(Exception):
    """A request that is turned down, named by its situation in REFUSALS; `facts` fill the row's placeholders."""

    def __init__(self, why: str, **facts: object) -> None:
        super().__init__(why)
        self.why, self.facts = why, facts


_HEADERS: Mapping[str, Mapping[str, str]] = {"SERVICE_UNAVAILABLE": {"Retry-After": "5"}}


class _Facts(dict[str, object]):
    """Leaves a placeholder visible when its fact is missing: an odd text beats a 500."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


def row_for(why: str) -> ErrorRow:
    """The error row of a situation."""
    return BY_KEY[REFUSALS[why]]


def _outcome(row: ErrorRow, facts: _Facts) -> dict[str, Any]:
    coding = {"system": row.system, "version": "1", "code": row.wire_code, "display": row.display.format_map(facts)}
    issue: dict[str, Any] = {"severity": row.severity, "code": row.issue, "details": {"coding": [coding]}}
    if diagnostics := row.diagnostics.format_map(facts):
        issue["diagnostics"] = diagnostics
    return {"resourceType": "OperationOutcome", "issue": [issue]}


def _oauth_error(row: ErrorRow, facts: _Facts) -> dict[str, Any]:
    return {"error": row.wire_code, "error_description": row.display, "message_id": facts["message_id"]}


_BODIES = {"pds": _outcome, "token": _oauth_error}


def response_to(no: Refused, *, media_type: str, message_id: str) -> Response:
    """What the caller is told; the only place in this package that builds an error."""
    row, facts = row_for(no.why), _Facts(no.facts, message_id=message_id)
    if no.why in PROBLEMS:
        facts["problem"] = PROBLEMS[no.why].format_map(facts)
    body = orjson.dumps(_BODIES[row.layer](row, facts))
    return Response(body, row.status or 500, headers=_HEADERS.get(row.code), media_type=media_type)
