"""OperationOutcome bodies: the only place in this package that builds an error."""

from collections.abc import Mapping
from typing import Any

from booking_core.spec.errors import ErrorRow
from booking_core.spec.identifiers import CodeSystem, Profile


class _Facts(dict[str, object]):
    """Leaves a placeholder visible when its fact is missing: an odd text beats a 500."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


_CODE_SYSTEM_VERSIONS = {CodeSystem.SPINE_R4: "1"}
"""Code systems that are always quoted with their version."""


def _coding(row: ErrorRow, display: str) -> dict[str, str]:
    version = _CODE_SYSTEM_VERSIONS.get(row.system)
    return {
        "system": row.system,
        **({"version": version} if version else {}),
        "code": row.wire_code,
        "display": display,
    }


def operation_outcome(row: ErrorRow, facts: Mapping[str, object], *, outcome_id: str = "") -> dict[str, Any]:
    """The body for `row`. `outcome_id` is given by services whose outcomes carry an id (SSP, SDS)."""
    known = _Facts(facts)
    issue: dict[str, Any] = {
        "severity": row.severity,
        "code": row.issue,
        "details": {"coding": [_coding(row, row.display.format_map(known))]},
    }
    if diagnostics := facts.get("diagnostics") or row.diagnostics.format_map(known):
        issue["diagnostics"] = diagnostics
    body: dict[str, Any] = {"resourceType": "OperationOutcome"}
    if outcome_id:
        body["id"] = outcome_id
    if row.layer == "provider":
        body["meta"] = {"profile": [Profile.OUTCOME]}
    return body | {"issue": [issue]}
