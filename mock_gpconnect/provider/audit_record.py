"""What the audit log keeps of an exchange."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from booking_core.spec.headers import FROM, INTERACTION_ID, TRACE_ID
from mock_gpconnect.provider.answers import Answer
from mock_gpconnect.provider.audit import AuditLog
from mock_gpconnect.provider.requests import Request
from mock_gpconnect.provider.token_checks import read_claims
from mock_gpconnect.refusals import Refused


def record(log: AuditLog, request: Request, claims: Mapping[str, Any], arrived: datetime, answer: Answer) -> None:
    """Write one exchange down, answered or refused."""
    log.write(
        at=arrived,
        interaction=request.header(INTERACTION_ID),
        trace_id=request.header(TRACE_ID),
        sender=request.header(FROM),
        method=request.method,
        path=request.path,
        status=answer.status,
        error_code=_error_code(answer),
        touched=_touched(answer),
        claims=claims or _claims_of(request),
    )


def _claims_of(request: Request) -> Mapping[str, Any]:
    """The claims of a request that was refused before its token was looked at."""
    try:
        return read_claims(request.header("Authorization"))
    except Refused:
        return {}


def _error_code(answer: Answer) -> str:
    if answer.status < 400 or answer.resource is None:
        return ""
    return str(answer.resource["issue"][0]["details"]["coding"][0]["code"])


def _touched(answer: Answer) -> tuple[str, ...]:
    """The records that an answer shows; slots are no one's record."""
    if answer.status >= 400 or answer.resource is None:
        return ()
    shown = [entry["resource"] for entry in answer.resource.get("entry", ())] or [answer.resource]
    return tuple(f"{each['resourceType']}/{each['id']}" for each in shown if "id" in each)
