"""What the audit log keeps of an exchange."""

from __future__ import annotations

from datetime import datetime

from booking_core.spec.headers import FROM, INTERACTION_ID, TRACE_ID
from mock_gpconnect.provider.answers import Answer
from mock_gpconnect.provider.audit import AuditLog
from mock_gpconnect.provider.requests import Request


def record(log: AuditLog, request: Request, arrived: datetime, answer: Answer) -> None:
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
        authorization=request.header("Authorization"),
    )


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
