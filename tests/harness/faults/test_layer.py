"""Each fault as its caller sees it, as the mock saw it and as the journal tells it; in process."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from harness.faults.kinds import FAULT
from harness.faults.layer import Faults
from harness.faults.rules import FaultRule
from harness.journal import Exchange, Journal
from harness.network import Mount, Network
from harness.virtual_time import clock, run_virtual

BASE = "https://pds.test/base"
BOOKED = b'{"resourceType":"Appointment"}'


class Mock:
    """Books at once, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[bytes, str]] = []
        self.at: list[float] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.at.append(asyncio.get_running_loop().time())
        self.asked.append(((await receive())["body"], dict(scope["headers"]).get(b"content-type", b"").decode()))
        headers = [(b"content-type", b"application/fhir+json"), (b"content-length", b"%d" % len(BOOKED))]
        await send({"type": "http.response.start", "status": 201, "headers": headers})
        await send({"type": "http.response.body", "body": BOOKED[:5], "more_body": True})
        await send({"type": "http.response.body", "body": BOOKED[5:]})


@dataclass
class World:
    """One mock behind faults and journal, and a client."""

    client: httpx.AsyncClient
    network: Network
    faults: Faults
    journal: Journal
    mock: Mock = field(default_factory=Mock)

    async def book(self, body: bytes = b'{"book":"me"}', path: str = "/Patient/1") -> httpx.Response:
        headers = {"content-type": "application/fhir+json"}
        return await self.client.post(BASE + path, content=body, headers=headers, timeout=45)

    @property
    def last(self) -> Exchange:
        return self.journal.exchanges[-1]


def fault(kind: str, name: str = "lost", **settings: object) -> FaultRule:
    return FAULT.validate_python({"name": name, "kind": kind} | settings)


def in_world(main: Callable[[World], Awaitable[Any]], *rules: FaultRule) -> World:
    async def run() -> World:
        faults = Faults(rules, rng=lambda name: random.Random(f"7:fault:{name}"))
        journal, network = Journal(clock(datetime(2026, 3, 27, tzinfo=UTC))), Network()
        async with httpx.AsyncClient(transport=network) as client:
            world = World(client, network, faults, journal)
            wrapped = journal.wrap("pds", "pds", world.mock, faults.around("pds", "pds"))
            network.add(Mount("pds", "pds", BASE, wrapped))
            await main(world)
            await network.quiet()
        return world

    return run_virtual(run)


def failing(error: type[Exception]) -> Callable[[World], Awaitable[None]]:
    async def main(world: World) -> None:
        with pytest.raises(error):
            await world.book()

    return main


def answering(replies: list[httpx.Response]) -> Callable[[World], Awaitable[None]]:
    async def main(world: World) -> None:
        replies.append(await world.book())

    return main


@pytest.mark.parametrize("phase", ["request", "reply"])
@pytest.mark.parametrize(
    ("settings", "error", "seen"),
    [
        ({"kind": "cut"}, httpx.RemoteProtocolError, "cut"),
        ({"kind": "hang"}, httpx.ReadTimeout, "gave up"),
        ({"kind": "hang", "max_s": 20}, httpx.RemoteProtocolError, "cut"),
        ({"kind": "latency", "median_ms": 50_000}, httpx.ReadTimeout, "gave up"),
    ],
    ids=["cut", "hang", "short hang", "long latency"],
)
def test_a_lost_request_never_arrives_and_a_lost_reply_leaves_the_work_done(
    phase: str, settings: dict[str, object], error: type[Exception], seen: str
) -> None:
    world = in_world(failing(error), fault(**settings, phase=phase))  # type: ignore[arg-type]
    arrives = phase == "reply" or settings["kind"] == "latency"  # a slow request does arrive, later
    assert len(world.mock.asked) == arrives
    assert (world.last.answered.status if world.last.answered else None) == (201 if arrives else None)
    assert (world.last.seen, world.last.seen_status, world.last.faults) == (seen, None, ["lost"])
    assert world.network.crashes == []


def test_a_refused_connection_is_as_if_nothing_listened() -> None:
    world = in_world(failing(httpx.ConnectError), fault("refuse"))
    assert (world.mock.asked, world.last.seen, world.last.answered) == ([], "refused", None)


@pytest.mark.parametrize(("phase", "asked"), [("request", 0), ("reply", 1)])
def test_another_answer_stands_in_for_the_mocks(phase: str, asked: int) -> None:
    replies: list[httpx.Response] = []
    headers = {"Retry-After": "5"}
    rule = fault("status", status=503, body="busy", phase=phase, headers=headers)
    world = in_world(answering(replies), rule)
    assert (replies[0].status_code, replies[0].text, replies[0].headers["retry-after"]) == (503, "busy", "5")
    assert (len(world.mock.asked), world.last.seen, world.last.seen_status) == (asked, "reply", 503)


def test_an_empty_answer_has_no_media_type() -> None:
    replies: list[httpx.Response] = []
    in_world(answering(replies), fault("status", status=502))
    assert replies[0].headers.raw == [(b"content-length", b"0")]


@pytest.mark.parametrize(("phase", "arrives_at"), [("request", 2), ("reply", 0)])
def test_latency_without_spread_is_its_median(phase: str, arrives_at: float) -> None:
    times: list[float] = []

    async def main(world: World) -> None:
        assert (await world.book()).content == BOOKED
        times.append(asyncio.get_running_loop().time())

    world = in_world(main, fault("latency", median_ms=2000, phase=phase))
    assert (world.mock.at, times) == ([arrives_at], [2])


def test_latency_spreads_around_its_median_below_its_cap() -> None:
    waits: list[float] = []

    async def main(world: World) -> None:
        loop = asyncio.get_running_loop()
        for _ in range(300):
            began = loop.time()
            await world.book()
            waits.append(loop.time() - began)

    in_world(main, fault("latency", median_ms=1000, sigma=0.8, cap_ms=4000))
    waits.sort()
    assert 0.8 < waits[150] < 1.25
    assert waits[-1] == pytest.approx(4)
    assert waits[0] < 0.3


def test_a_truncated_request_reaches_the_mock_without_its_end() -> None:
    replies: list[httpx.Response] = []
    world = in_world(answering(replies), fault("truncate", keep=0.25))
    assert world.mock.asked[0][0] == b'{"b'
    assert (replies[0].status_code, world.last.request_body) == (201, b'{"book":"me"}')


def test_a_truncated_reply_breaks_off() -> None:
    world = in_world(failing(httpx.RemoteProtocolError), fault("truncate", phase="reply"))
    assert world.last.answered is not None
    assert (world.last.answered.body, world.last.seen) == (BOOKED, "cut")


def test_a_garbled_message_has_its_length_and_no_meaning() -> None:
    replies: list[httpx.Response] = []
    rules = fault("garble", "there"), fault("garble", "back", phase="reply")
    world = in_world(answering(replies), *rules)
    assert len(world.mock.asked[0][0]) == len(b'{"book":"me"}')
    assert len(replies[0].content) == len(BOOKED)
    with pytest.raises(UnicodeDecodeError):
        world.mock.asked[0][0].decode()
    with pytest.raises(UnicodeDecodeError):
        replies[0].content.decode()


def test_garbling_repeats_by_its_seed() -> None:
    replies: list[httpx.Response] = []
    in_world(answering(replies), fault("garble", share=0.5, phase="reply"))
    in_world(answering(replies), fault("garble", share=0.5, phase="reply"))
    assert replies[0].content == replies[1].content


def test_nothing_can_be_garbled_or_cut_short_in_an_empty_body() -> None:
    async def main(world: World) -> None:
        await world.book(b"")

    world = in_world(main, fault("garble", "a"), fault("truncate", "b"))
    assert world.mock.asked[0][0] == b""


def test_a_wrong_type_changes_the_label_alone() -> None:
    replies: list[httpx.Response] = []
    rules = fault("wrong_type", "there", media_type="text/xml"), fault("wrong_type", "back", phase="reply")
    world = in_world(answering(replies), *rules)
    assert world.mock.asked == [(b'{"book":"me"}', "text/xml")]
    assert (replies[0].headers["content-type"], replies[0].content) == ("text/html", BOOKED)


def test_faults_strike_in_the_order_in_which_they_were_armed_up_to_one_that_ends_it() -> None:
    rules = (
        fault("latency", "slow", median_ms=1000),
        fault("cut", "first", times=1),
        fault("cut", "second", times=1),
    )

    async def main(world: World) -> None:
        for _ in range(2):
            with pytest.raises(httpx.RemoteProtocolError):
                await world.book()
        await world.book()

    world = in_world(main, *rules)
    assert [exchange.faults for exchange in world.journal.exchanges] == [
        ["slow", "first"],
        ["slow", "second"],
        ["slow"],
    ]


def test_a_request_that_is_lost_uses_up_no_fault_of_the_reply() -> None:
    async def main(world: World) -> None:
        for _ in range(2):
            with pytest.raises(httpx.RemoteProtocolError):
                await world.book()

    rules = fault("cut", "there", times=1), fault("cut", "back", phase="reply", times=1)
    world = in_world(main, *rules)
    assert [exchange.faults for exchange in world.journal.exchanges] == [["there"], ["back"]]
    assert len(world.mock.asked) == 1


def test_a_rule_strikes_only_what_it_is_about() -> None:
    async def main(world: World) -> None:
        with pytest.raises(httpx.RemoteProtocolError):
            await world.client.get(BASE + "/Patient/9990000018")
        await world.client.get(BASE + "/Patient?family=x")

    world = in_world(main, fault("cut", on="pds_retrieve"), fault("cut", "elsewhere", at="riverside"))
    assert [exchange.seen for exchange in world.journal.exchanges] == ["cut", "reply"]
    assert world.faults.strikes == {"lost": 1, "elsewhere": 0}


def test_faults_can_be_armed_and_disarmed_while_the_world_runs() -> None:
    async def main(world: World) -> None:
        await world.book()
        world.faults.arm(fault("status", status=500))
        assert (await world.book()).status_code == 500
        world.faults.disarm("lost")
        assert (await world.book()).status_code == 201
        world.faults.arm(fault("status", status=504))
        assert (await world.book()).status_code == 504
        assert [rule.name for rule in world.faults.rules] == ["lost"]

    assert in_world(main).faults.strikes == {"lost": 2}


def test_a_name_is_armed_once_and_disarmed_when_it_is() -> None:
    faults = Faults([fault("cut")], rng=random.Random)
    with pytest.raises(ValueError, match="lost is in force already"):
        faults.arm(fault("hang"))
    with pytest.raises(ValueError, match="no fault named lots is in force; there are: lost"):
        faults.disarm("lots")


@pytest.mark.parametrize(("on", "together"), [("pds_search", False), (None, True)])
def test_a_reply_is_held_back_only_while_a_rule_strikes_it(on: str | None, together: bool) -> None:
    sent: list[float] = []

    async def drip(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200})
        for _ in range(3):
            await asyncio.sleep(1)
            await send({"type": "http.response.body", "body": b"event", "more_body": True})
        await send({"type": "http.response.body"})

    async def send(message: Any) -> None:
        sent.append(asyncio.get_running_loop().time())

    async def main() -> None:
        rule = fault("latency", median_ms=1, phase="reply", on=on)
        layered = Faults([rule], rng=random.Random).around("pds", "pds")(drip)
        scope = {"type": "http", "method": "GET", "path": "/Patient/1", "headers": [], "state": {}}
        await layered(scope, _body, send)

    run_virtual(main)
    assert (len(set(sent)) == 1) is together


async def _body() -> dict[str, Any]:
    return {"type": "http.request", "body": b"", "more_body": False}


def test_a_server_that_cannot_cut_says_so() -> None:
    async def send(message: Any) -> None: ...

    async def main() -> None:
        layered = Faults([fault("cut")], rng=random.Random).around("pds", "pds")(Mock())
        await layered({"type": "http", "method": "GET", "path": "/", "headers": []}, _body, send)

    with pytest.raises(RuntimeError, match="gives no way to cut"):
        run_virtual(main)


def test_a_caller_that_leaves_before_it_has_asked_meets_no_fault() -> None:
    mock = Mock()

    async def gone() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None: ...

    async def main() -> Faults:
        faults = Faults([fault("latency", median_ms=1)], rng=random.Random)
        await faults.around("pds", "pds")(mock)(
            {"type": "http", "method": "GET", "path": "/", "headers": []}, gone, send
        )
        return faults

    run_virtual(main)
    assert mock.asked == []
