"""Reading a submitted resource: well-formed, of the expected type, and nothing in it that FHIR does not know."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from booking_core.spec.identifiers import Extension
from mock_gpconnect.fhir_shape import Element, model_class, said_of, shape_of
from mock_gpconnect.provider.media import body_format
from mock_gpconnect.provider.requests import LONGEST_BODY, Request
from mock_gpconnect.refusals import Refused
from mock_gpconnect.xml import NotAResource, NotXml, read_xml

_JSON_WORDS = {str: "a string", bool: "true or false", int: "an integer", float: "a number"}
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Characters that a FHIR string may not hold, and that XML cannot."""


def read_resource(request: Request, expected: str) -> dict[str, Any]:
    """The request's body as a resource of the expected type."""
    if len(request.body) > LONGEST_BODY:
        raise Refused("body_too_long", diagnostics=f"body: more than {LONGEST_BODY} bytes")
    resource = _READERS[body_format(request)](request.body)
    if resource.get("resourceType") != expected:
        raise Refused("wrong_resource_type", diagnostics=f"resourceType: expected {expected}")
    _tolerate(resource)
    if problem := fhir_problem(resource):
        raise Refused("resource_malformed", diagnostics=problem)
    return resource


def _tolerate(resource: dict[str, Any]) -> None:
    """Puts right what is not FHIR to the letter and has a meaning here."""
    for extension in _dicts(resource.get("extension")):
        if extension.get("url") == Extension.CANCELLATION_REASON and extension.get("valueString") == "":
            del extension["valueString"]  # an empty reason is refused by its own rule
    for contained in _dicts(resource.get("contained")):
        if isinstance(contained.get("id"), str):
            contained["id"] = contained["id"].removeprefix("#")  # some clients send the reference for the id


def fhir_problem(resource: Mapping[str, Any]) -> str | None:
    """What keeps this from being the FHIR resource that it says it is: element and rule."""
    name = str(resource.get("resourceType"))
    if bad := next(_bad_values(resource, name), None):
        return bad
    try:
        model_class(name).model_validate(resource)
    except Exception as error:  # the library has several ways to say no to what it does not know
        return said_of(name, error)
    return next(_lax_values(resource, name, name), None)


def _lax_values(value: Mapping[str, Any], type_name: str, path: str) -> Iterator[str]:
    """What the library lets through: codes outside a required list, numbers for strings and the like, comments."""
    shape = shape_of(type_name)
    for name, given in value.items():
        if element := shape.get(name):
            for each in _as_list(given):
                yield from _lax_value(each, element, f"{path}.{name}")
        elif name != "resourceType" and not name.startswith("_"):
            yield f"{path}.{name}: not an element of {type_name}"


def _lax_value(value: Any, element: Element, path: str) -> Iterator[str]:
    inner = value.get("resourceType") if element.type_name == "Resource" else element.type_name
    if inner is None:
        yield f"{path}: expected a resource with its resourceType"
    elif inner:
        yield from _lax_values(value, inner, path)
    elif type(value) not in element.json_types:
        yield f"{path}: expected {' or '.join(_JSON_WORDS[each] for each in element.json_types)}"
    elif element.codes and value not in element.codes:
        yield f"{path}: {value} is not one of {', '.join(sorted(element.codes))}"


def _bad_values(value: Any, path: str) -> Iterator[str]:
    """Nulls and control characters: neither can be stored and shown again in every format."""
    if value is None:
        yield f"{path}: an element is left out, never null"
    if isinstance(value, str) and _CONTROL.search(value):
        yield f"{path}: control characters are not allowed in a string"
    for name, each in value.items() if isinstance(value, Mapping) else ():
        yield from _bad_values(each, f"{path}.{name}")
    for each in value if isinstance(value, list) else ():
        yield from _bad_values(each, path)


def _from_json(body: bytes) -> dict[str, Any]:
    try:
        resource = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Refused("body_unreadable", diagnostics=f"body: not well-formed JSON: {error}") from None
    if not isinstance(resource, dict):
        raise Refused("wrong_resource_type", diagnostics="body: expected one FHIR resource, a JSON object")
    return resource


def _from_xml(body: bytes) -> dict[str, Any]:
    try:
        return read_xml(body)
    except NotXml as error:
        raise Refused("body_unreadable", diagnostics=f"body: not well-formed XML: {error}") from None
    except NotAResource as error:
        raise Refused("resource_malformed", diagnostics=str(error)) from None


_READERS = {"json": _from_json, "xml": _from_xml}


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _dicts(value: Any) -> Iterator[dict[str, Any]]:
    return (each for each in _as_list(value) if isinstance(each, dict))
