"""Judges a resource: by FHIR STU3 (strict, with its required codes) and by the rows of `rules`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from fhir.resources.STU3 import get_fhir_model_class

from tests.conformance.rules import DISPLAYS, RULES, Rule

_STEP = re.compile(r"([A-Za-z]+)(?:\[([^\]]+)\])?")
_NO_LIST = ("CapabilityStatement.format",)
"""Where the library takes a hint of the specification for a list: media types are allowed there."""


def faults(resource: dict[str, Any]) -> list[str]:
    """Everything that is wrong with a resource and with those inside it."""
    model = get_fhir_model_class(resource["resourceType"]).model_validate(resource)
    found = [*_wrong_codes(model), *_wrong_displays(resource), *_empty(resource, resource["resourceType"])]
    for each in _resources(resource):
        found += [fault for rule in RULES[each["resourceType"]] for fault in broken(rule, each)]
    return found


def broken(rule: Rule, resource: dict[str, Any]) -> Iterator[str]:
    """How a resource breaks one rule."""
    *above, last = _steps(rule.path)
    parents = [resource]
    for step in above:
        parents = [child for parent in parents for child in _children(parent, step) if isinstance(child, dict)]
    for parent in parents:
        values = _children(parent, last)
        if not rule.least <= len(values) <= rule.most:
            yield f"{resource['resourceType']}.{rule.path}: {len(values)} found, {rule.least}..{rule.most} allowed"
        for value in map(str, values):
            if (rule.only is not None and value not in rule.only) or not re.fullmatch(rule.pattern or "(?s).*", value):
                yield f"{resource['resourceType']}.{rule.path}: {value!r} is not allowed"


def _steps(path: str) -> list[tuple[str, str]]:
    """Splits at the dots outside brackets."""
    return [(match[1], match[2] or "") for match in re.finditer(_STEP.pattern + r"(?:\.|$)", path)]


def _children(parent: dict[str, Any], step: tuple[str, str]) -> list[Any]:
    name, wanted = step
    value = parent.get(name, [])
    items = value if isinstance(value, list) else [value]
    return [item for item in items if not wanted or wanted in {item.get(key) for key in ("url", "system", "use")}]


def _resources(value: Any) -> Iterator[dict[str, Any]]:
    """The resource and those of its entries; what is contained has rows in its container."""
    yield value
    for entry in value.get("entry", ()):
        yield from _resources(entry["resource"])


def _wrong_codes(model: Any) -> Iterator[str]:
    """Values outside FHIR's required lists, which the library lets through."""
    for name, field in type(model).model_fields.items():
        value = getattr(model, name, None)
        codes = (
            (field.json_schema_extra or {}).get("enum_values") if isinstance(field.json_schema_extra, dict) else None
        )
        for item in value if isinstance(value, list) else [value]:
            path = f"{type(model).__name__}.{name}"
            if codes and isinstance(item, str) and item not in codes and path not in _NO_LIST:
                yield f"{path}: {item} is none of {codes}"
            if hasattr(type(item), "model_fields"):
                yield from _wrong_codes(item)


def _wrong_displays(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        known = DISPLAYS.get(value.get("system", ""), {}) if isinstance(value.get("system"), str) else {}
        if known and value.get("display") != known.get(value.get("code")):
            yield f"{value['code']}: display {value.get('display')!r}"
        for each in value.values():
            yield from _wrong_displays(each)
    if isinstance(value, list):
        for each in value:
            yield from _wrong_displays(each)


def _empty(value: Any, path: str) -> Iterator[str]:
    """FHIR has no nulls, no empty strings, lists or objects, and no blanks around a string."""
    if value in (None, "", [], {}) or (isinstance(value, str) and value != value.strip()):
        yield f"{path}: empty, null or padded"
    for name, each in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from _empty(each, f"{path}.{name}")
