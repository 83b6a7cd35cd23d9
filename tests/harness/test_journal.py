import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from harness.faults.kinds import Status, Truncate
from harness.faults.layer import Faults
from harness.journal import Answer, Exchange, Journal
from harness.network import Mount, Network
from harness.virtual_time import clock, run_virtual

START = datetime(2026, 3, 27, 8, 55, tzinfo=UTC)
BASE = "https://riverside.test/gp"


def app_of(*body: bytes, seconds: float = 0, status: int = 200) -> ASGIApp:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(seconds)
        await send({"type": "http.response.start", "status": status, "headers": [(b"X-Of", b"mock")]})
        for part in body:
            await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body"})

    return app


def record(
    app: ASGIApp,
    main: Callable[[httpx.AsyncClient], Awaitable[object]] | None = None,
    *,
    service: str = "gpconnect",
    inner: Callable[[ASGIApp], ASGIApp] = lambda app: app,
    hop: float = 0,
    **settings: Any,
) -> list[Exchange]:
    """The exchanges of one GET, or of what `main` asks."""

    async def run() -> list[Exchange]:
        journal = Journal(clock(START), **settings)
        wrapped = journal.wrap("riverside", service, app, inner)
        network = Network([Mount("riverside", service, BASE, wrapped)], hop=lambda: hop)
        async with httpx.AsyncClient(transport=network) as client:
            await (main(client) if main else client.get(f"{BASE}/Slot"))
        await network.quiet()
        return journal.exchanges

    return run_virtual(run)


def test_an_exchange_is_kept_with_all_that_was_said() -> None:
    async def main(client: httpx.AsyncClient) -> None:
        headers = {
            "Ssp-TraceID": "7c0e",
            "Ssp-InteractionID": "urn:nhs:names:services:gpconnect:fhir:rest:search:slot-1",
        }
        await client.request("POST", f"{BASE}//Slot?start=ge2026-04-01&x=%7C", headers=headers, content=b"body")

    [exchange] = record(app_of(b"four", b"teen", seconds=2, status=201), main)
    assert exchange == Exchange(
        number=1,
        at="riverside",
        service="gpconnect",
        on="search_slots",
        trace_id="7c0e",
        method="POST",
        url=f"{BASE}//Slot?start=ge2026-04-01&x=%7C",
        request_headers=exchange.request_headers,
        started=START,
        request_body=b"body",
        answered=Answer(201, (("x-of", "mock"),), b"fourteen"),
        seen="reply",
        seen_status=201,
        ended=START + timedelta(seconds=2),
    )
    assert (exchange.header("SSP-TraceID"), exchange.header("none")) == ("7c0e", "")


def test_what_the_mock_answered_and_what_its_caller_saw_are_two_things() -> None:
    def worse(app: ASGIApp) -> ASGIApp:
        async def layer(scope: Scope, receive: Receive, send: Send) -> None:
            async def swallow(message: Any) -> None: ...

            await app(scope, receive, swallow)
            await app_of(b"proxy error", status=502)(scope, receive, send)

        return layer

    [exchange] = record(app_of(b"booked", status=201), inner=worse)
    assert exchange.answered == Answer(201, (("x-of", "mock"),), b"booked")
    assert (exchange.seen, exchange.seen_status) == ("reply", 502)


@pytest.mark.parametrize(
    ("deadline_s", "work_s"), [(5, 30), (2.05, 1.9), (2.1, 1.9)], ids=["before", "on its way", "as it arrives"]
)
def test_a_caller_that_gave_up_saw_nothing_of_what_was_answered(deadline_s: float, work_s: float) -> None:
    async def main(client: httpx.AsyncClient) -> None:
        with pytest.raises(httpx.ReadTimeout):
            await client.get(f"{BASE}/Slot", timeout=deadline_s)

    [exchange] = record(app_of(b"booked", seconds=work_s), main, hop=0.1)
    assert exchange.answered == Answer(200, (("x-of", "mock"),), b"booked")
    assert (exchange.seen, exchange.seen_status) == ("gave up", None)


@pytest.mark.parametrize(("way", "seen"), [("cut", "cut"), ("refuse", "refused")])
def test_a_broken_line_is_what_the_caller_saw(way: str, seen: str) -> None:
    def broken(app: ASGIApp) -> ASGIApp:
        async def layer(scope: Scope, receive: Receive, send: Send) -> None:
            scope["state"][way]()
            await app(scope, receive, send)

        return layer

    async def main(client: httpx.AsyncClient) -> None:
        with pytest.raises(httpx.TransportError):
            await client.get(f"{BASE}/Slot")

    [exchange] = record(app_of(b"booked"), main, inner=broken)
    assert (exchange.seen, exchange.answered and exchange.answered.body) == (seen, b"booked")


def test_a_line_that_is_cut_after_the_reply_changes_nothing() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await app_of(b"ok")(scope, receive, send)
        scope["state"]["cut"]()

    assert [exchange.seen for exchange in record(app)] == ["reply"]


def test_of_an_app_that_fails_the_caller_saw_nothing() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        raise LookupError("a bug of the mock's")

    async def main(client: httpx.AsyncClient) -> None:
        with pytest.raises(httpx.ReadError):
            await client.get(f"{BASE}/Slot")

    [exchange] = record(app, main)
    assert (exchange.answered, exchange.seen, exchange.ended) == (None, "nothing", START)


def test_a_request_is_kept_although_nobody_read_it() -> None:
    async def main(client: httpx.AsyncClient) -> None:
        await client.post(f"{BASE}/Appointment", content=b"book me")

    [exchange] = record(app_of(b"no"), main)
    assert exchange.request_body == b"book me"


def test_an_app_behind_the_journal_reads_and_leaves_as_without_it() -> None:
    heard: list[Any] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        heard.extend([await receive(), await receive()])

    async def main(client: httpx.AsyncClient) -> None:
        with pytest.raises(httpx.ReadTimeout):
            await client.post(f"{BASE}/Appointment", content=b"book me", timeout=5)

    [exchange] = record(app, main)
    assert heard == [{"type": "http.request", "body": b"book me", "more_body": False}, {"type": "http.disconnect"}]
    assert (exchange.seen, exchange.ended) == ("gave up", START + timedelta(seconds=5))


def test_long_bodies_pass_whole_and_are_kept_in_part() -> None:
    replies: list[bytes] = []

    async def echo(scope: Scope, receive: Receive, send: Send) -> None:
        await app_of((await receive())["body"], b"tail")(scope, receive, send)

    async def main(client: httpx.AsyncClient) -> None:
        replies.append((await client.post(f"{BASE}/Slot", content=b"0123456789")).content)

    [exchange] = record(echo, main, body_cap=4)
    assert replies == [b"0123456789tail"]
    assert (exchange.request_body, exchange.request_body_cut) == (b"0123", True)
    assert exchange.answered == Answer(200, (("x-of", "mock"),), b"0123", body_cut=True)


def test_a_body_of_exactly_the_cap_is_whole() -> None:
    async def main(client: httpx.AsyncClient) -> None:
        await client.post(f"{BASE}/Slot", content=b"0123")

    [exchange] = record(app_of(b"01", b"23"), main, body_cap=4)
    assert exchange.request_body_cut is False
    assert exchange.answered == Answer(200, (("x-of", "mock"),), b"0123", body_cut=False)


def test_exchanges_are_numbered_as_they_begin_and_the_latest_are_kept() -> None:
    async def main(client: httpx.AsyncClient) -> None:
        await asyncio.gather(*(client.get(f"{BASE}/Slot?{number}") for number in range(5)))

    kept = record(app_of(b"ok", seconds=1), main, keep=3)
    assert [(exchange.number, exchange.url[-1]) for exchange in kept] == [(3, "2"), (4, "3"), (5, "4")]


def test_a_request_id_serves_as_trace_where_there_is_no_other() -> None:
    async def main(client: httpx.AsyncClient) -> None:
        await client.get(f"{BASE}/Patient/9990000018", headers={"x-request-id": "60E0B220"})

    [exchange] = record(app_of(b"ok"), main, service="pds")
    assert (exchange.trace_id, exchange.on) == ("60E0B220", "pds_retrieve")


def test_what_is_no_request_passes_by() -> None:
    seen: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope["type"])

    async def nothing(*_: object) -> Any: ...

    async def main() -> Journal:
        journal = Journal(clock(START))
        await journal.wrap("riverside", "gpconnect", app)({"type": "websocket"}, nothing, nothing)
        return journal

    assert run_virtual(main).exchanges == []
    assert seen == ["websocket"]


def test_what_a_fault_let_through_is_kept_beside_what_was_said() -> None:
    async def main(client: httpx.AsyncClient) -> None:
        with pytest.raises(httpx.TransportError):
            await client.get(f"{BASE}/Slot")

    faults = Faults([Truncate(name="half")], rng=lambda _: random.Random(1))
    (one,) = record(app_of(b"whole answer"), main, inner=faults.around("riverside", "gpconnect"))
    assert (one.answered or Answer(0, ())).body == b"whole answer"
    assert (one.received or Answer(0, ())).body == b"whole "


def test_a_fault_that_answers_itself_is_kept_as_what_was_received() -> None:
    faults = Faults([Status(name="busy", status=503, body="busy")], rng=lambda _: random.Random(1))
    (one,) = record(app_of(b"never said"), inner=faults.around("riverside", "gpconnect"))
    assert one.answered is None
    assert ((one.received or Answer(0, ())).status, (one.received or Answer(0, ())).body) == (503, b"busy")


def test_without_a_fault_nothing_is_kept_twice() -> None:
    (one,) = record(app_of(b"whole answer"))
    assert one.received is None
