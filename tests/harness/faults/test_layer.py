"""Which exchanges faults strike, in which order, and what passes by."""

import asyncio
import random
from typing import Any

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from harness.faults.layer import Faults
from harness.virtual_time import run_virtual
from tests.harness.faults.booking_world import BASE, Mock, World, fault, in_world


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


def test_faults_can_be_armed_and_switched_off_while_the_world_runs() -> None:
    async def main(world: World) -> None:
        await world.book()
        world.faults.arm(fault("status", status=500))
        assert (await world.book()).status_code == 500
        world.faults.switch((), world.journal.count)
        assert (await world.book()).status_code == 201
        world.faults.arm(fault("status", status=504))
        assert (await world.book()).status_code == 504
        assert [rule.name for rule in world.faults.rules] == ["lost"]

    assert in_world(main).faults.strikes == {"lost": 2}


def test_a_name_is_armed_once() -> None:
    faults = Faults([fault("cut")], rng=random.Random)
    with pytest.raises(ValueError, match="lost is in force already"):
        faults.arm(fault("hang"))


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
