"""Strict FHIR R4B: the models of fhir.resources, and the closed lists of codes that they let pass."""

from collections.abc import Iterator
from typing import Any

from fhir.resources.R4B import get_fhir_model_class

ISSUE_TYPES = [
    "invalid",
    "structure",
    "required",
    "value",
    "invariant",
    "security",
    "login",
    "unknown",
    "expired",
    "forbidden",
    "suppressed",
    "processing",
    "not-supported",
    "duplicate",
    "multiple-matches",
    "not-found",
    "deleted",
    "too-long",
    "code-invalid",
    "extension",
    "too-costly",
    "business-rule",
    "conflict",
    "transient",
    "lock-error",
    "no-store",
    "exception",
    "timeout",
    "incomplete",
    "throttled",
    "informational",
]
"""A required binding that the models do not know."""


def problems(resource: dict[str, Any]) -> list[str]:
    """What is wrong with a resource; an unknown element or a wrong type raises at once."""
    model = get_fhir_model_class(resource["resourceType"])
    return list(_wrong_codes(model.model_validate(resource)))


def _wrong_codes(element: Any, path: str = "") -> Iterator[str]:
    for name, field in type(element).model_fields.items():
        value = getattr(element, name, None)
        allowed = (field.json_schema_extra or {}).get("enum_values") if value is not None else None
        if (type(element).__name__, name) == ("OperationOutcomeIssue", "code"):
            allowed = ISSUE_TYPES
        for one in value if isinstance(value, list) else [value]:
            if allowed and one not in allowed:
                yield f"{path}/{name}: {one!r} is none of {allowed}"
            if hasattr(type(one), "model_fields"):
                yield from _wrong_codes(one, f"{path}/{name}")
