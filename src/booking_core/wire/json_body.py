"""A 2xx body as JSON, or a clear word on what came instead."""

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
