"""A request of the tester's own making: a right one of its kind, changed where they say, and what row came back."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlencode

import jwt

from booking_core.spec.headers import FORM
from booking_core.spec.interactions import BY_NAME, Service
from booking_core.wire.calls import Call, Reply, Unanswered
from booking_core.wire.refusal_rows import refusal_row
from harness.credentials import private_key
from harness.scenario.right_requests import Assertion, Right, right_request
from harness.scenario.schema import Probe
from harness.scenario.stage import Stage, Unmet

LAYERS = {
    Service.GP_CONNECT: ("provider", "ssp"),
    Service.PDS: ("pds",),
    Service.SDS: ("sds",),
    Service.TOKEN: ("token",),
}
DEADLINE_S = 60


async def probe(stage: Stage, step: Probe) -> str:
    """Sends it (`times` times), over the same transport as the product, and compares the row of the last answer."""
    came, why = "", ""
    for _ in range(step.times):
        came, why = await _row_of(stage, changed(await right_request(stage, step), step))
    if came != step.expect:
        raise Unmet(step.expect, came, why)
    return came


async def _row_of(stage: Stage, call: Call) -> tuple[str, str]:
    """`ok`, or the code of the error row, with what was said."""
    try:
        reply = await stage.product.selfbook.consumer.wire.transport.send(call, deadline_s=DEADLINE_S)
    except Unanswered as nothing:
        return nothing.row.code, nothing.row.display
    if reply.status < 400 and not _is_outcome(reply):
        return "ok", f"HTTP {reply.status}"
    row, why = refusal_row(reply, LAYERS[call.interaction.service])
    return row.code, why


def _is_outcome(reply: Reply) -> bool:
    return b'"OperationOutcome"' in reply.body[:200]


def changed(right: Right, step: Probe) -> Call:
    """The right request with the step's changes; an empty value takes the thing away."""
    call = right.call
    interaction = BY_NAME[step.on]
    base = call.url[: len(call.url) - len(right.path)]
    headers = dict(call.headers)
    if step.claims:
        headers["Authorization"] = f"Bearer {_with_claims(headers['Authorization'], step.claims)}"
    for name, value in step.headers.items():
        headers = {key: kept for key, kept in headers.items() if key.lower() != name.lower()}
        headers |= {name: value} if value else {}
    params = call.params
    for name, values in step.params.items():
        params = tuple(pair for pair in params if pair[0] != name) + tuple((name, value) for value in values if value)
    if right.assertion:
        return _token_call(call, right.assertion, step, headers)
    body = step.body.encode() if step.body is not None else _with_changes(call.body, step.change)
    path = right.path if step.path is None else step.path
    return replace(call, interaction=interaction, method=step.method or call.method, url=base + path,
                   headers=headers, params=params, body=body)  # fmt: skip


def _with_claims(bearer: str, claims: Mapping[str, str]) -> str:
    said = jwt.decode(bearer.removeprefix("Bearer "), options={"verify_signature": False})
    return jwt.encode(_edited(said, claims), "", algorithm="none")


def _with_changes(body: bytes, changes: Mapping[str, str]) -> bytes:
    """Sets or removes what the JSON pointers name; the last step of a pointer may be new."""
    if not changes:
        return body
    resource = json.loads(body)
    for pointer, text in changes.items():
        *way, last = pointer.strip("/").split("/")
        place: Any = resource
        for step in way:
            place = place[int(step)] if isinstance(place, list) else place[step]
        _set(place, last, text)
    return json.dumps(resource).encode()


def _set(place: Any, last: str, text: str) -> None:
    if isinstance(place, list):
        place[int(last) : int(last) + 1] = [value(text)] if text else []
    elif text:
        place[last] = value(text)
    else:
        place.pop(last, None)


def _edited(claims: Mapping[str, Any], changes: Mapping[str, str]) -> dict[str, Any]:
    kept = {name: one for name, one in claims.items() if name not in changes}
    return kept | {name: value(text) for name, text in changes.items() if text != ""}


def value(text: str) -> Any:
    """JSON where it is JSON, text where it is not."""
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text


def _token_call(call: Call, assertion: Assertion, step: Probe, headers: Mapping[str, str]) -> Call:
    """A token request whose assertion is signed after its claims and header were changed."""
    jose = _edited(assertion.header, step.jose)
    claims = _edited(assertion.claims, step.claims)
    algorithm = jose.pop("alg", "RS512")
    signed = jwt.encode(claims, private_key() if algorithm.startswith("RS") else "", algorithm=algorithm, headers=jose)
    form = {**assertion.form, "client_assertion": signed}
    for name, values in step.params.items():
        form.pop(name, None)
        form |= {name: values[0]} if values and values[0] else {}
    sent = {"Content-Type": FORM, **headers}
    body = step.body.encode() if step.body is not None else urlencode(form, quote_via=quote).encode()
    path = "" if step.path is None else step.path
    url = call.url if step.path is None else call.url.rpartition("/")[0] + path
    return replace(call, method=step.method or call.method, url=url, headers=sent, params=(), body=body)
