"""Which row of ERRORS a reply that is not a success is."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import orjson

from booking_core.spec.errors import BY_KEY, ERRORS, ErrorRow
from booking_core.wire.calls import Reply

_UNKNOWN = BY_KEY["wire", "UNKNOWN_REFUSAL"]
_CANDIDATES: dict[tuple[str, int | None, str], list[ErrorRow]] = {}
for _row in ERRORS:
    _CANDIDATES.setdefault((_row.layer, _row.status, _row.wire_code), []).append(_row)


def refusal_row(reply: Reply, layers: tuple[str, ...]) -> tuple[ErrorRow, str]:
    """The row and the diagnostics of a reply, looked for in `layers` in turn.

    Rows are known by status and code; only between rows that share both do the texts decide, as
    they must for the SSP, whose code is the status.
    """
    code, display, diagnostics = _said(reply)
    for layer in layers:
        if rows := _CANDIDATES.get((layer, reply.status, code)):
            return max(rows, key=lambda row: _likeness(row, display, diagnostics)), diagnostics
    return _UNKNOWN, diagnostics or f"HTTP {reply.status}"


def _likeness(row: ErrorRow, display: str, diagnostics: str) -> tuple[bool, bool]:
    return _fits(row.display, display), _fits(row.diagnostics, diagnostics)


def _fits(template: str, text: str) -> bool:
    """Whether a text is made from a template with `{facts}`."""
    return _pattern(template).fullmatch(text) is not None


@cache
def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, re.split(r"\{\w+\}", template))), re.DOTALL)


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
