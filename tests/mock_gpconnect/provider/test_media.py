"""Which format an answer has."""

from __future__ import annotations

import gzip
from typing import Any

import orjson
import pytest

from mock_gpconnect.suppliers.profile import load_profile
from mock_gpconnect.xml import write_xml
from tests.mock_gpconnect.provider.messages import ASID, ODS, registration, token_claims, unsigned
from tests.mock_gpconnect.provider.riverside import Riverside, call

JSON, XML = "application/fhir+json", "application/fhir+xml"


@pytest.mark.parametrize(
    ("asked", "headers", "expected"),
    [
        (None, {}, JSON),
        (None, {"Accept": XML}, XML),
        (None, {"Accept": f"{JSON}, {XML}"}, JSON),
        (None, {"Accept": f"{JSON};q=0.5, {XML};q=0.9"}, XML),
        (None, {"Accept": f"text/html, {XML};q=0.1"}, XML),
        (None, {"Accept": "*/*"}, JSON),
        (None, {"Accept": "application/*"}, JSON),
        (None, {"Accept": f"{XML}; Charset = UTF-8"}, XML),
        (None, {"Accept": XML.upper()}, XML),
        (None, {"Accept": "xml"}, XML),
        (None, {"Content-Type": XML}, XML),
        (None, {"Content-Type": "text/plain"}, JSON),
        (None, {"Accept": JSON, "Content-Type": XML}, JSON),
        (XML, {"Accept": JSON}, XML),
        (JSON, {"Accept": XML}, JSON),
        (JSON, {"Accept": "text/html"}, JSON),
        ("xml", {}, XML),
        ("json", {}, JSON),
        ("application/fhir xml", {}, XML),
        ("", {"Accept": XML}, XML),
    ],
    ids=str,
)
async def test_the_format_parameter_wins_then_accept_then_content_type_then_json(
    riverside: Riverside, asked: str | None, headers: dict[str, str], expected: str
) -> None:
    query = [] if asked is None else [("_format", asked)]
    heard = await riverside.ask("read_metadata", query=query, headers=headers)
    assert (heard.status, heard.headers["content-type"]) == (200, f"{expected};charset=utf-8")


@pytest.mark.parametrize("sent", [JSON, XML])
@pytest.mark.parametrize("accepted", [JSON, XML])
async def test_the_format_of_the_body_is_not_that_of_the_answer(riverside: Riverside, sent: str, accepted: str) -> None:
    body: Any = registration() if sent == JSON else write_xml(registration())
    heard = await riverside.ask("register_patient", body=body, headers={"Content-Type": sent, "Accept": accepted})
    assert (heard.status, heard.headers["content-type"]) == (200, f"{accepted};charset=utf-8")


async def test_a_refusal_is_in_the_format_asked_for(riverside: Riverside) -> None:
    heard = await riverside.ask("read_metadata", headers={"Accept": XML, "Ssp-To": "1"})
    assert heard.headers["content-type"] == f"{XML};charset=utf-8"
    assert b"<OperationOutcome" in heard.body


@pytest.mark.parametrize("stated", ["APPLICATION/FHIR+JSON", f"{JSON} ; charset=UTF-8", f'{JSON};charset="utf-8"'])
async def test_a_body_may_state_its_type_in_any_spelling(riverside: Riverside, stated: str) -> None:
    heard = await riverside.ask("register_patient", body=registration(), headers={"Content-Type": stated})
    assert heard.status == 200


async def test_a_supplier_without_xml_refuses_it_both_ways() -> None:
    riverside = Riverside(load_profile("systmone"))
    assert (await riverside.ask("read_metadata", headers={"Accept": XML})).status == 415
    heard = await riverside.ask("register_patient", body=b"<x/>", headers={"Content-Type": XML, "Accept": JSON})
    assert heard.status == 415
    assert (await riverside.ask("read_metadata", headers={"Accept": "*/*"})).status == 200


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [("gzip", True), ("deflate, gzip;q=0.5", True), ("gzip;q=0", False), ("br", False), ("", False)],
)
@pytest.mark.parametrize("name", ["read_metadata", "find_patient"])
async def test_an_answer_is_packed_only_when_asked_for_also_a_refusal(
    riverside: Riverside, name: str, encoding: str, packed: bool
) -> None:
    heard = await riverside.ask(name, headers={"Accept-Encoding": encoding})
    plain = await riverside.ask(name)
    assert (heard.headers.get("content-encoding") == "gzip") == packed
    assert (gzip.decompress(heard.body) if packed else heard.body) == plain.body


async def test_packing_the_same_answer_gives_the_same_bytes(riverside: Riverside) -> None:
    ask = {"headers": {"Accept-Encoding": "gzip"}}
    assert (await riverside.ask("read_metadata", **ask)).body == (await riverside.ask("read_metadata", **ask)).body


@pytest.mark.parametrize("name", ["read_metadata", "read_location", "search_slots"])
async def test_no_answer_may_be_stored(riverside: Riverside, name: str) -> None:
    assert (await riverside.ask(name)).headers["cache-control"] == "no-store"


@pytest.mark.parametrize(("scheme", "strict"), [("http", False), ("https", True)])
async def test_over_tls_an_answer_insists_on_tls(riverside: Riverside, scheme: str, strict: bool) -> None:
    heard = await call(riverside.app, {"method": "GET", "path": "/x", "headers": [], "scheme": scheme})
    assert ("strict-transport-security" in heard.headers) == strict


async def test_a_body_may_come_in_chunks(riverside: Riverside) -> None:
    body = orjson.dumps(registration())
    token = unsigned(token_claims("patient/*.write", riverside.clock.at))
    headers = {
        "Ssp-TraceID": "1", "Ssp-From": "2", "Ssp-To": ASID, "Content-Type": JSON, "Authorization": f"bearer {token}",
        "Ssp-InteractionID": "urn:nhs:names:services:gpconnect:fhir:operation:gpc.registerpatient-1",
    }  # fmt: skip
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    path = f"/{ODS}/STU3/1/gpconnect/Patient/$gpc.registerpatient"
    scope = {"method": "POST", "path": path, "root_path": f"/{ODS}/STU3/1/gpconnect", "headers": raw}
    heard = await call(riverside.app, scope, body[:10], b"", body[10:300], body[300:])
    assert heard.status == 200


async def test_who_hangs_up_halfway_gets_no_answer_and_changes_nothing(riverside: Riverside) -> None:
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    await riverside.app({"type": "http", "method": "POST", "path": "/", "headers": [], "state": {}}, receive, send)
    assert (sent, len(riverside.practice.audit)) == ([], 0)
