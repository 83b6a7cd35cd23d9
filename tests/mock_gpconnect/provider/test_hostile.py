"""Whatever well-formed HTTP comes in, what goes out is a documented answer."""

from __future__ import annotations

import gzip
import string
from copy import deepcopy
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from booking_core.spec.errors import PROVIDER_ERRORS
from booking_core.spec.interactions import BY_NAME, INTERACTIONS, Service
from mock_gpconnect.xml import read_xml, write_xml
from tests.conformance.judge import faults
from tests.mock_gpconnect.provider.messages import ODS, registration, token_claims, unsigned
from tests.mock_gpconnect.provider.riverside import Riverside, call

DOCUMENTED = {(row.status, row.wire_code, row.issue) for row in PROVIDER_ERRORS if row.status != 500}
GP_CONNECT = [row.name for row in INTERACTIONS if row.service is Service.GP_CONNECT]

SLOW = settings(
    max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow],
    phases=[phase for phase in Phase if phase is not Phase.explain],  # its parsing trips over CPython 3.11's stack
)  # fmt: skip

HEADER_TEXT = st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=40)
MEDIA = st.sampled_from(
    [
        "application/fhir+json",
        "application/fhir+xml",
        "*/*",
        "text/html",
        "json",
        "xml;q=x",
        "application/fhir+xml;q=0.1",
    ]
)
METHODS = st.sampled_from(["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "BREW"])
SEGMENTS = st.sampled_from(
    ["Patient", "Slot", "Appointment", "metadata", "Location", "patient-alice", "null", "", "$gpc.registerpatient",
     "%2F", "%00", "%FF", "..", "_history", "a" * 80, "%E2%82%AC"]
)  # fmt: skip
NAMES = st.sampled_from(
    ["start", "end", "status", "_include", "identifier", "searchFilter", "_format", "_include:recurse"]
)
VALUES = st.one_of(
    st.sampled_from(
        ["ge2026-03-25", "le2026-03-26", "free", "Slot:schedule", "https://fhir.nhs.uk/Id/nhs-number%7C9990010013",
         "https://fhir.nhs.uk/Id/nhs-number|9990010013", "ge0001-01-01", "le9999-12-31T23:59:59%2B01:00", "%00", "%",
         "ge2026-03-25T10:00:00+00:00", "application%2Ffhir%2Bxml", "%ED%A0%80"]
    ),
    st.text(string.printable.replace(" ", "").replace("&", ""), max_size=12),
)  # fmt: skip
QUERIES = st.lists(st.tuples(NAMES, VALUES), max_size=7).map(lambda pairs: "&".join(f"{k}={v}" for k, v in pairs))
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 2**40)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def check(status: int, headers: dict[str, str], body: bytes) -> None:
    """The answer is documented, well-formed and never to be stored."""
    assert headers["cache-control"] == "no-store"
    if status == 304 or (status in (200, 201) and not body):
        return
    plain = gzip.decompress(body) if headers.get("content-encoding") == "gzip" else body
    resource = read_xml(plain) if "xml" in headers["content-type"] else orjson.loads(plain)
    if status < 400:
        return
    assert faults(resource) == []
    coding = resource["issue"][0]["details"]["coding"][0]
    assert (status, coding["code"], resource["issue"][0]["code"]) in DOCUMENTED, resource


def headers_for(name: str, more: dict[str, str]) -> list[tuple[bytes, bytes]]:
    row = BY_NAME[name]
    given = {
        "ssp-traceid": "1", "ssp-from": "2", "ssp-to": "918999990051", "ssp-interactionid": row.id,
        "authorization": "Bearer " + unsigned(token_claims(row.scope, Riverside().clock.at)),
    } | more  # fmt: skip
    return [(key.encode("latin-1"), value.encode("latin-1")) for key, value in given.items()]


@SLOW
@given(
    name=st.sampled_from(GP_CONNECT),
    method=st.none() | METHODS,
    path=st.none() | st.lists(SEGMENTS, max_size=4).map(lambda parts: "/" + "/".join(parts)),
    query=QUERIES,
    more=st.dictionaries(
        st.sampled_from(["ssp-to", "ssp-interactionid", "authorization", "if-match", "prefer", "x-anything"]),
        HEADER_TEXT, max_size=2,
    ),
    media=st.fixed_dictionaries({}, optional={"accept": MEDIA, "content-type": MEDIA, "accept-encoding": st.just("gzip")}),
    body=st.binary(max_size=40) | JSON.map(orjson.dumps) | JSON.map(lambda value: orjson.dumps({"resourceType": "Appointment", "x": value})),
)  # fmt: skip
async def test_any_request_gets_a_documented_answer(
    name: str,
    method: str | None,
    path: str | None,
    query: str,
    more: dict[str, str],
    media: dict[str, str],
    body: bytes,
) -> None:
    row = BY_NAME[name]
    riverside = Riverside(days=3)
    target = f"/{ODS}/STU3/1/gpconnect" + (row.path.replace("{id}", "patient-alice") if path is None else path)
    scope = {
        "method": method or row.method, "path": target, "raw_path": target.encode(), "query_string": query.encode(),
        "root_path": f"/{ODS}/STU3/1/gpconnect", "headers": headers_for(name, more | media),
    }  # fmt: skip
    heard = await call(riverside.app, scope, body)
    check(heard.status, heard.headers, heard.body)


PLACES = st.lists(st.integers(0, 20), max_size=5)
"""Which way to go at each level of a body, down to the place that is made into something else."""


def mutated(value: Any, way: list[int], other: Any) -> Any:
    """The body with one place replaced."""
    if isinstance(value, dict) and value and way:
        name = sorted(value)[way[0] % len(value)]
        return value | {name: mutated(value[name], way[1:], other)}
    if isinstance(value, list) and value and way:
        at = way[0] % len(value)
        return [*value[:at], mutated(value[at], way[1:], other), *value[at + 1 :]]
    return other


@SLOW
@given(
    way=PLACES,
    other=JSON,
    name=st.sampled_from(["create_appointment", "register_patient", "amend_appointment", "cancel_appointment"]),
)
async def test_any_body_near_a_good_one_gets_a_documented_answer(way: list[int], other: Any, name: str) -> None:
    riverside = Riverside(days=3)
    booked = await riverside.book_one()
    good = {
        "create_appointment": await riverside.booking(comment="c", minutesDuration=10),
        "register_patient": registration(telecom=[{"system": "phone", "value": "1", "use": "home"}], address=[{"use": "home"}]),
        "amend_appointment": booked,
        "cancel_appointment": deepcopy(booked) | {"status": "cancelled"},
    }[name]  # fmt: skip
    heard = await riverside.ask(name, id=booked["id"], body=mutated(good, way, other))
    check(heard.status, heard.headers, heard.body)


@SLOW
@given(way=PLACES, other=JSON, claim=st.sampled_from(sorted(token_claims("", Riverside().clock.at))))
async def test_any_claim_near_a_good_one_gets_a_documented_answer(way: list[int], other: Any, claim: str) -> None:
    riverside = Riverside(days=1)
    good = token_claims("organization/*.read", riverside.clock.at)
    heard = await riverside.ask("read_metadata", claims={claim: mutated(good[claim], way, other)})
    check(heard.status, heard.headers, heard.body)
    assert [entry.status for entry in riverside.practice.audit] == [heard.status]
    assert all(
        isinstance(text, str) for entry in riverside.practice.audit for text in (*entry.user, entry.organisation)
    )


@SLOW
@given(
    start=st.integers(0, 2500),
    length=st.integers(0, 60),
    other=st.binary(max_size=12) | st.text(max_size=8).map(str.encode),
)
async def test_any_xml_near_a_good_one_gets_a_documented_answer(start: int, length: int, other: bytes) -> None:
    riverside = Riverside(days=3)
    good = write_xml(await riverside.booking(comment="c", minutesDuration=10))
    body = good[:start] + other + good[start + length :]
    heard = await riverside.ask("create_appointment", body=body, headers={"Content-Type": "application/fhir+xml"})
    check(heard.status, heard.headers, heard.body)


@pytest.mark.parametrize("accept", ["application/fhir+json", "application/fhir+xml"])
async def test_what_xml_cannot_write_is_replaced_and_not_a_failure(riverside: Riverside, accept: str) -> None:
    heard = await riverside.ask("search_slots", query=[("start", "ge\x00\ufffe"), ("end", "x"), ("status", "free"),
                                                       ("_include", "Slot:schedule")], headers={"Accept": accept})  # fmt: skip
    assert heard.status == 422
    check(heard.status, heard.headers, heard.body)
