"""Which row of ERRORS a reply that is not a success is."""

from collections.abc import Mapping
from typing import Any

import orjson

from booking_core.spec.errors import BY_KEY, ERRORS, ErrorRow
from booking_core.wire.calls import Reply

_UNKNOWN = BY_KEY["wire", "UNKNOWN_REFUSAL"]


def refusal_row(reply: Reply, layers: tuple[str, ...]) -> tuple[ErrorRow, str]:
    """The row and the diagnostics of a reply, looked for in `layers` in turn.

    Rows are known by status and code, never by display, save the SSP's: there the code is only
    the status, and the first word of the display tells the rows apart.
    """
    code, display, diagnostics = _said(reply)
    for layer in layers:
        rows = [row for row in ERRORS if row.layer == layer and row.status == reply.status and row.wire_code == code]
        if rows:
            return next((row for row in rows if _starts_alike(row.display, display)), rows[0]), diagnostics
    return _UNKNOWN, diagnostics or f"HTTP {reply.status}"


def _starts_alike(template: str, display: str) -> bool:
    return display.startswith(template.split("{", maxsplit=1)[0])


def _said(reply: Reply) -> tuple[str, str, str]:
    """Code, display and diagnostics of an OperationOutcome or an OAuth error; empty where absent."""
    try:
        body = orjson.loads(reply.body)
    except orjson.JSONDecodeError:
        return "", "", ""
    if not isinstance(body, Mapping):
        return "", "", ""
    if "error" in body:
        text = str(body.get("error_description", ""))
        return str(body["error"]), text, text
    issue = _first(body.get("issue"))
    coding = _first(_mapping(issue.get("details")).get("coding"))
    return str(coding.get("code", "")), str(coding.get("display", "")), str(issue.get("diagnostics", ""))


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _first(value: Any) -> Mapping[str, Any]:
    return _mapping(value[0]) if isinstance(value, list) and value else {}
