"""What a recorded request does otherwise than the right one of its kind, as the keys of a probe."""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

import jwt
import orjson

from booking_core.spec.headers import CORRELATION_ID, REQUEST_ID, TRACE_ID
from harness.masking import HIDDEN
from harness.replay.json_changes import changes
from harness.replay.recognise import Seen, assertion_of
from harness.scenario.right import Assertion, Right

OF_THE_WIRE = frozenset(
    {"host", "user-agent", "accept-encoding", "connection", "content-length", "transfer-encoding", "date", "via"}
    | {"accept-language", "sec-fetch-mode", "expect", "keep-alive"}
)
"""Headers that HTTP clients set by themselves."""

FRESH = frozenset({TRACE_ID.lower(), REQUEST_ID.lower(), CORRELATION_ID.lower()})
"""Headers that are new in each request: one UUID is as good as another."""

MOST_CHANGES = 25
"""A body with more than these is told better as a whole."""

LONGEST_LIFE_S = 300
"""An assertion may live so long; a shorter life is as good."""

FRESH_S = 2
"""So old a token may be when it arrives."""

TIMES = ("iat", "exp", "nbf", "auth_time")
Keys = dict[str, Any]


def differences(right: Right, seen: Seen, repeated: frozenset[str] = frozenset()) -> Keys:
    """Only what differs; nothing at all for a right request. `repeated` are ids of assertions used again."""
    found: Keys = {}
    if seen.asked.method != right.call.method:
        found["method"] = seen.asked.method
    if seen.path != right.path:
        found["path"] = seen.path
    if headers := dict(_headers(right.call.headers, seen)):
        found["headers"] = headers
    found |= _token(right.call.headers.get("Authorization", ""), seen)
    if right.assertion:
        return found | _form(right.assertion, seen, repeated)
    if params := _params(right.call.params, seen.params):
        found["params"] = params
    return found | _body(right.call.body, seen)


def _headers(right: Mapping[str, str], seen: Seen) -> Iterator[tuple[str, str]]:
    for name, value in right.items():
        said = seen.headers.get(name.lower(), "")
        if name != "Authorization" and not (said == value or (name.lower() in FRESH and _is_uuid(said))):
            yield name, said
    known = {"authorization", *(name.lower() for name in right), *OF_THE_WIRE, *FRESH}
    for name, value in seen.headers.items():
        if name not in known and (name, value) != ("accept", "*/*"):
            yield name, value


def _token(right: str, seen: Seen) -> Keys:
    """Claims where both are audit tokens, the whole header where not; access tokens in force are all alike."""
    said = seen.headers.get("authorization", "")
    if seen.asked.caller or (not right and not said):
        return {}
    one, other = _decoded(right), _decoded(said)
    if not (one and other):
        return {"headers": {"Authorization": _hidden(said)}} if said != right else {}
    began = int(seen.asked.started.timestamp())
    claims = dict(changes(_without_times(one["payload"]), _without_times(other["payload"])))
    claims |= _times(one["payload"], other["payload"], began)
    found = {"jose": dict(changes(one["header"], other["header"])), "claims": claims}
    return {key: value for key, value in found.items() if value}


def _hidden(said: str) -> str:
    """A secret is as wrong hidden as it was open."""
    scheme, _, secret = said.partition(" ")
    return f"{scheme} {HIDDEN}" if secret else said


def _times(right: Mapping[str, Any], said: Mapping[str, Any], began: int) -> dict[str, str]:
    """Times are told from the moment of the request; a token that was made just before it is a fresh one."""
    names = [name for name in TIMES if name in right or name in said]
    if all(type(said.get(name)) is int and name in right for name in names):
        shifts = {said[name] - right[name] for name in names}
        if len(shifts) == 1 and abs(said.get("iat", began) - began) <= FRESH_S:
            return {}
    return {f"/{name}": _from_then(said[name], began) if name in said else "" for name in names}


def _from_then(said: Any, began: int) -> str:
    if type(said) is not int:
        return json.dumps(said)
    return f"now{said - began:+d}" if said != began else "now"


def _without_times(claims: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in claims.items() if name not in TIMES}


def _form(right: Assertion, seen: Seen, repeated: frozenset[str]) -> Keys:
    """A token request: its form, and what its assertion says."""
    jose, claims = assertion_of(seen)
    form = parse_qsl(seen.body, keep_blank_values=True)
    found: Keys = {}
    if not claims:
        return {"body": seen.body}
    if params := _params(tuple(right.form.items()), tuple(pair for pair in form if pair[0] != "client_assertion")):
        found["params"] = params
    if changed := dict(changes(right.header, jose)):
        found["jose"] = changed
    began = int(seen.asked.started.timestamp())
    fresh = claims.get("jti") and claims["jti"] not in repeated
    said = {**claims, "jti": right.claims["jti"]} if fresh else dict(claims)
    changed = dict(changes(_without_times(right.claims), _without_times(said)))
    exp = claims.get("exp")
    if type(exp) is not int or not 0 < exp - began <= LONGEST_LIFE_S:
        changed["/exp"] = _from_then(exp, began) if "exp" in claims else ""
    return found | ({"claims": changed} if changed else {})


def _params(right: tuple[tuple[str, str], ...], said: tuple[tuple[str, str], ...]) -> dict[str, list[str]]:
    names = dict.fromkeys(name for name, _ in (*right, *said))
    both = {name: (_values(right, name), _values(said, name)) for name in names}
    return {name: other or [""] for name, (one, other) in both.items() if one != other}


def _values(pairs: tuple[tuple[str, str], ...], name: str) -> list[str]:
    return [value for key, value in pairs if key == name]


def _body(right: bytes, seen: Seen) -> Keys:
    if not seen.body and not right:
        return {}
    try:
        changed = dict(changes(orjson.loads(right), orjson.loads(seen.body)))
    except orjson.JSONDecodeError:
        return {"body": seen.body}
    if "" in changed or len(changed) > MOST_CHANGES:
        return {"body": seen.body}
    return {"change": changed} if changed else {}


def _decoded(bearer: str) -> Mapping[str, Any] | None:
    try:
        found: Mapping[str, Any] = jwt.decode_complete(
            bearer.removeprefix("Bearer "), options={"verify_signature": False}
        )
    except jwt.PyJWTError:
        return None
    return found


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False
