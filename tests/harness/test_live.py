"""Served worlds: copies by name, isolated from each other, each reset by itself."""

from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from booking_core.selfbook.inviting import Draft, invite
from booking_core.selfbook.patient import confirm, open_link
from booking_core.wire.transport import HttpTransport
from harness.addresses import one_port
from harness.control import control_app
from harness.live import MOST_NAMESPACES, LiveWorlds
from harness.network import Mount, Network
from harness.people import own_record
from harness.product import Product, build_product
from harness.virtual_time import run_virtual
from harness.world import World, build_world
from harness.worlds import CATALOGUE, load_world

BASE = "http://127.0.0.1:8181"
ROWS, _ = load_world(CATALOGUE / "worlds/two-practices.yaml")


def live_worlds() -> LiveWorlds:
    def build(prefix: str) -> World:
        now = datetime(2026, 3, 27, 8, 55, tzinfo=UTC)
        return build_world(ROWS, folder=Path(), addresses=one_port(BASE + prefix), now=lambda: now, seed=1)

    return LiveWorlds(build, control_app)


def client(live: LiveWorlds) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=Network([Mount("live", "live", BASE, live)]), base_url=BASE)


async def book(live: LiveWorlds, prefix: str) -> None:
    """Alice books at Riverside, in the world below a prefix, over that world's own addresses."""
    world = live.world(prefix)
    assert world is not None
    product: Product = build_product(world, HttpTransport.over(Network([Mount("live", "live", BASE, live)])))
    office, row = product.office, world.names.patients["alice"]
    sent = await invite(office, Draft("T90101", "reception", "T90102", own_record(row)))
    shown = await open_link(office, sent.token, row.born)
    assert (await confirm(office, sent.token, (shown.slots[0].slot_id,))).outcome == "booked"


async def booked(live: LiveWorlds, prefix: str) -> int:
    world = live.world(prefix)
    assert world is not None
    practice = world.practice("riverside")
    records = practice.patients.of_number("9990010013")
    return sum([len(await practice.book.appointments_of(record.id)) for record in records])


def test_a_booking_below_a_prefix_stays_in_that_world() -> None:
    live = live_worlds()

    async def main() -> tuple[int, int, int]:
        await book(live, "/n/mine")
        return await booked(live, "/n/mine"), await booked(live, ""), await booked(live, "/n/other")

    assert run_virtual(main) == (1, 0, 0)


def test_a_reset_takes_one_world_back_to_its_beginning_and_leaves_the_others() -> None:
    live = live_worlds()

    async def main() -> tuple[int, int, int]:
        await book(live, "")
        await book(live, "/n/mine")
        async with client(live) as http:
            assert (await http.post("/n/mine/control/reset")).status_code == 204
        return await booked(live, ""), await booked(live, "/n/mine"), 0

    assert run_virtual(main) == (1, 0, 0)


def test_sds_answers_with_addresses_below_the_same_prefix() -> None:
    live = live_worlds()

    async def main() -> str:
        async with client(live) as http:
            who = (await http.get("/n/mine/control/world")).json()
        return str(who["organisations"]["riverside"]["service_root"])

    assert run_virtual(main) == f"{BASE}/n/mine/T90102/STU3/1/gpconnect"


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/control/headers/search_slot", "did you mean 'search_slots'?"),
        (
            "/control/headers/search_slots?by=millbrook.desk&to=riverside",
            "by='millbrook.desk' is no user of this world",
        ),
        (
            "/control/headers/search_slots?by=millbrook.reception&to=river",
            "to='river' is no organisation of this world",
        ),
        ("/control/headers/issue_token", "a signed assertion"),
    ],
)
def test_a_wrong_word_to_the_control_api_is_told(path: str, told: str) -> None:
    async def main() -> httpx.Response:
        async with client(live_worlds()) as http:
            return await http.get(path)

    answer = run_virtual(main)
    assert answer.status_code == 400
    assert told in answer.text


def test_a_copy_that_is_dropped_leaves_nothing_behind() -> None:
    live = live_worlds()

    async def main() -> int:
        async with client(live) as http:
            await http.get("/n/mine/control/world")
            assert live.worlds.keys() == live.began.keys() == {"/n/mine"}
            return (await http.delete("/n/mine/control/world")).status_code

    assert run_virtual(main) == 204
    assert (live.worlds, live.began) == ({}, {})


def test_names_without_end_do_not_fill_the_memory() -> None:
    live = live_worlds()
    live.worlds = dict.fromkeys(map(str, range(MOST_NAMESPACES + 1)), live.build(""))

    async def main() -> int:
        async with client(live) as http:
            return (await http.get("/n/one-too-many/ssp")).status_code

    assert run_virtual(main) == 429


@pytest.mark.parametrize(
    ("share", "status"), [("0.5", 204), ("0", 204), ("1", 400), ("nan", 400), ("", 400), ("-1", 400)]
)
def test_a_tester_can_make_a_clinical_system_busy(share: str, status: int) -> None:
    live = live_worlds()

    async def main() -> int:
        async with client(live) as http:
            return (await http.post("/control/busyness", params={"at": "riverside", "share": share})).status_code

    assert run_virtual(main) == status
    world = live.world()
    assert world is not None
    assert world.practice("riverside").busyness == (float(share) if status == 204 else 0)
