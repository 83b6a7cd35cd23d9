"""A 2xx body as JSON, or a clear word on what came instead."""

from collections.abc import Mapping
from typing import Any

import orjson

from booking_core.wire.ask import Unreadable, WrongMediaType
from booking_core.wire.calls import Reply


def read_json(reply: Reply) -> dict[str, Any]:
    """The body's object; raises Unreadable for anything that is not a JSON object."""
    try:
        body = orjson.loads(reply.body)
    except orjson.JSONDecodeError as fault:
        raise Unreadable(f"not JSON: {fault}") from fault
    if not isinstance(body, dict):
        raise Unreadable(f"a JSON object was expected, {type(body).__name__} came")
    return body


def read_resource(reply: Reply, resource_type: str) -> dict[str, Any]:
    """The FHIR resource; the media type is looked at first, then `resourceType`."""
    media_type = reply.headers.get("content-type", "").split(";")[0].strip().lower()
    if "json" not in media_type:
        raise WrongMediaType(f"FHIR JSON was expected, {media_type or 'no media type'} came")
    body = read_json(reply)
    if body.get("resourceType") != resource_type:
        raise Unreadable(f"{resource_type} was expected, {body.get('resourceType', 'no resource')} came")
    return body


def text_of(resource: Mapping[str, Any], element: str) -> str:
    """A text, empty where there is none; raises Unreadable for anything else."""
    text = resource.get(element, "")
    if not isinstance(text, str):
        raise Unreadable(f"{element} is no text but {type(text).__name__}")
    return text


def id_of(resource: Mapping[str, Any]) -> str:
    """The logical id; raises Unreadable without one: nothing could be done with such a resource."""
    if not (logical_id := text_of(resource, "id")):
        raise Unreadable(f"{resource.get('resourceType')} without an id")
    return logical_id


def given_of(name: Mapping[str, Any]) -> tuple[str, ...]:
    """The given names of a HumanName; raises Unreadable where one is no text."""
    given = tuple(name.get("given", ()))
    if not all(isinstance(one, str) for one in given):
        raise Unreadable("a given name that is no text")
    return given
