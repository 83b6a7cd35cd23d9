"""A request of the tester's own making: a right one of its kind, changed where they say, and what row came back."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlencode

import orjson

from booking_core.spec.errors import BY_KEY, ErrorRow
from booking_core.spec.interactions import Service
from booking_core.wire.calls import Call, Reply, Unanswered
from booking_core.wire.refusal_rows import refusal_row
from harness.scenario.edits import edited
from harness.scenario.probe_row import Probe
from harness.scenario.probe_tokens import resigned, signed
from harness.scenario.right import Assertion, Right
from harness.scenario.right_requests import right_request
from harness.scenario.stage import Stage, Unmet

LAYERS = {
    Service.GP_CONNECT: ("provider", "ssp"),
    Service.PDS: ("pds",),
    Service.SDS: ("sds",),
    Service.TOKEN: ("token",),
}
DEADLINE_S = 60
OK = "ok"

Pairs = tuple[tuple[str, str], ...]


async def probe(stage: Stage, step: Probe) -> str:
    """Sends it (`times` times) as the product would and compares the last answer: `ok`, or `layer/CODE`."""
    row, why = None, ""
    for _ in range(step.times):
        right = await right_request(stage, step)
        row, why = await _answer(stage, changed(right, step, stage.world.now()))
    came = "/".join(row.key) if row else OK
    if step.expect != (row.code if row else OK):
        raise Unmet(step.expect, came, why)
    return came


async def _answer(stage: Stage, call: Call) -> tuple[ErrorRow | None, str]:
    """The error row of the answer, None for a success, and what was said."""
    try:
        reply = await stage.product.office.consumer.wire.transport.send(call, deadline_s=DEADLINE_S)
    except Unanswered as nothing:
        return nothing.row, nothing.row.display
    return row_of_reply(reply, LAYERS[call.interaction.service])


def row_of_reply(reply: Reply, layers: tuple[str, ...]) -> tuple[ErrorRow | None, str]:
    """The error row that a reply is, None for a success that can be read, and what was said."""
    if reply.status >= 400 or b'"OperationOutcome"' in reply.body[:200]:
        return refusal_row(reply, layers)
    fault = _unreadable(reply)
    return BY_KEY["wire", fault] if fault else None, f"HTTP {reply.status}"


def _unreadable(reply: Reply) -> str:
    """The code of the wire for a success that says nothing; no body at all is an answer too."""
    media_type = reply.headers.get("content-type", "")
    if not reply.body or "xml" in media_type:
        return ""
    if "json" not in media_type:
        return "WRONG_MEDIA_TYPE"
    try:
        orjson.loads(reply.body)
    except orjson.JSONDecodeError:
        return "UNREADABLE"
    return ""


def changed(right: Right, step: Probe, now: datetime) -> Call:
    """The right request with the step's changes; an empty value takes the thing away."""
    call, form = right.call, right.assertion
    body = _form(form, step, now) if form else _body(call.body, step.change, now)
    return replace(
        call,
        method=step.method or call.method,
        url=call.url.removesuffix(right.path) + (right.path if step.path is None else step.path),
        headers=_headers(call.headers, step, now),
        params=() if form else _pairs(call.params, step.params),
        body=body if step.body is None else step.body.encode(),
    )


def _headers(right: Mapping[str, str], step: Probe, now: datetime) -> Mapping[str, str]:
    headers = dict(right)
    if (step.claims or step.jose) and "Authorization" in headers:
        headers["Authorization"] = resigned(headers["Authorization"], step.jose, step.claims, now)
    for name, value in step.headers.items():
        headers = {key: kept for key, kept in headers.items() if key.lower() != name.lower()}
        headers |= {name: value} if value else {}
    return headers


def _pairs(right: Pairs, changes: Mapping[str, tuple[str, ...]]) -> Pairs:
    kept = tuple(pair for pair in right if pair[0] not in changes)
    return kept + tuple((name, value) for name, values in changes.items() for value in values if value)


def _body(right: bytes, changes: Mapping[str, str], now: datetime) -> bytes:
    if changes and not right:
        raise Unmet("a body to change", "none")
    return orjson.dumps(edited(orjson.loads(right), changes, now)) if changes else right


def _form(right: Assertion, step: Probe, now: datetime) -> bytes:
    """A token request's form, its assertion signed after header and claims were changed."""
    jose, claims = edited(right.header, step.jose, now), edited(right.claims, step.claims, now)
    form = (*right.form.items(), ("client_assertion", signed(jose, claims)))
    return urlencode(_pairs(form, step.params)).encode()
