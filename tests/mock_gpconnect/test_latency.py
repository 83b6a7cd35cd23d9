"""Modelled latency: the sampler is what it says, the queue holds, and the provider tells where its time went."""

from __future__ import annotations

import asyncio
import random
import re
from statistics import quantiles

import pytest

from booking_core.spec.interactions import BY_NAME
from harness.virtual_time import run_virtual
from mock_gpconnect.latency import SlowSystem, Work, drawn_ms, median_ms
from mock_gpconnect.provider.app import provider_app
from mock_gpconnect.suppliers.profile import load_profile
from mock_gpconnect.suppliers.switches import Latency
from tests.mock_gpconnect.provider.riverside import Riverside

SETTINGS = Latency(
    base_ms=400, per_scanned_ms=0.5, per_returned_ms=0.25, per_session_ms=10, query_ms=200, command_ms=80,
    p99_over_p50=2.5, at_once=2,
)  # fmt: skip
SEARCH = BY_NAME["search_slots"]


def draws(seed: int, count: int = 40_000, busyness: float = 0.0, settings: Latency = SETTINGS) -> list[float]:
    rng = random.Random(seed)
    return [drawn_ms(settings, 600, busyness, rng) for _ in range(count)]


def test_the_median_and_the_99th_percentile_are_those_of_the_settings() -> None:
    cuts = quantiles(draws(1), n=100)
    assert cuts[49] == pytest.approx(600, rel=0.02)
    assert cuts[98] == pytest.approx(1500, rel=0.03)


def test_the_logarithm_is_symmetrical_about_the_median() -> None:
    cuts = quantiles(draws(2), n=100)
    assert cuts[4] * cuts[94] == pytest.approx(600**2, rel=0.03)


def test_one_seed_gives_one_sequence() -> None:
    assert draws(7, 100) == draws(7, 100) != draws(8, 100)


def test_no_draw_passes_the_cap() -> None:
    capped = SETTINGS.model_copy(update={"cap_ms": 900})
    assert max(draws(3, settings=capped)) == 900


def test_without_a_spread_every_draw_is_the_median() -> None:
    assert set(draws(4, 50, settings=Latency(p99_over_p50=1))) == {600}


@pytest.mark.parametrize(("busyness", "times"), [(0.0, 1), (0.5, 2), (0.9, 10), (0.95, 20), (7.0, 20), (-1.0, 1)])
def test_a_busy_system_is_stretched_and_never_endless(busyness: float, times: float) -> None:
    wide = SETTINGS.model_copy(update={"cap_ms": 1e9})
    assert draws(5, 10, busyness, wide) == pytest.approx([each * times for each in draws(5, 10, 0.0, wide)])


@pytest.mark.parametrize(
    ("name", "median"),
    [
        ("search_slots", 400 + 500 + 25 + 30),
        ("find_patient", 200),
        ("register_patient", 80),
        ("create_appointment", 80),
    ],
)
def test_slots_count_in_a_search_and_in_nothing_else(name: str, median: float) -> None:
    assert median_ms(SETTINGS, BY_NAME[name], Work(1000, 100, 3)) == median


@pytest.mark.parametrize(("supplier", "median", "more"), [("emis", 600, 1.0), ("systmone", 900, 1.6)])
def test_the_suppliers_take_what_is_assumed_of_them(supplier: str, median: float, more: float) -> None:
    settings = load_profile(supplier).latency
    assert median_ms(settings, SEARCH, Work(100, 100, 5)) == pytest.approx(median)
    assert median_ms(settings, SEARCH, Work(101, 101, 5)) == pytest.approx(median + more)


@pytest.mark.parametrize("supplier", ["emis", "systmone"])
def test_every_figure_of_a_supplier_is_marked_as_assumed(supplier: str) -> None:
    basis = load_profile(supplier).basis
    assert {word for name, word in basis.items() if name.startswith("latency.")} == {"assumed"}


def test_more_requests_than_places_queue_in_the_order_they_came() -> None:
    still = SETTINGS.model_copy(update={"p99_over_p50": 1})

    async def main() -> list[tuple[int, float, float]]:
        system, ended = SlowSystem(still, random.Random(1)), []

        async def one(number: int) -> None:
            async with system.place() as spent:
                await system.spend(spent, SEARCH, Work(), busyness=0)
            ended.append((number, spent.queued_ms, asyncio.get_running_loop().time() * 1e3))

        await asyncio.gather(*(one(number) for number in range(5)))
        return ended

    expected = [(0, 0, 400), (1, 0, 400), (2, 400, 800), (3, 400, 800), (4, 800, 1200)]
    assert run_virtual(main) == [pytest.approx(each) for each in expected]


def slow_riverside(settings: Latency = SETTINGS) -> Riverside:
    riverside = Riverside()
    riverside.app = provider_app(
        riverside.practice,
        trace=riverside.trace,
        now=riverside.clock,
        rng=random.Random(1),
        slow=SlowSystem(settings, random.Random(1)),
    )
    return riverside


def timing(header: str) -> dict[str, float]:
    return {name: float(value) for name, value in re.findall(r"(\w+);dur=([\d.]+)", header)}


def test_a_search_takes_its_modelled_time_and_tells_the_counts() -> None:
    async def main() -> tuple[float, str, int]:
        riverside = slow_riverside(SETTINGS.model_copy(update={"p99_over_p50": 1}))
        heard = await riverside.search()
        return asyncio.get_running_loop().time() * 1e3, heard.headers["server-timing"], len(heard.of_type("Slot"))

    took, told, shown = run_virtual(main)
    scanned, returned, sessions = map(int, re.findall(r"(\d+) (?:scanned|returned|sessions)", told))
    assert returned == shown < scanned
    assert took == pytest.approx(400 + 0.5 * scanned + 0.25 * returned + 10 * sessions, abs=0.01)
    assert timing(told) == pytest.approx({"queue": 0, "modelled": took, "mock": 0}, abs=0.01)


def test_slots_that_are_taken_or_kept_for_others_are_scanned_all_the_same() -> None:
    async def main() -> tuple[str, str]:
        riverside = slow_riverside()
        before = (await riverside.search()).headers["server-timing"]
        await riverside.book.block([slot.id for slot in await riverside.first_slots(40)])
        return before, (await riverside.search()).headers["server-timing"]

    before, after = [re.search(r"(\d+) scanned", told) for told in run_virtual(main)]
    assert before and after
    assert before[1] == after[1]


def test_a_refused_search_takes_what_one_takes_that_finds_nothing() -> None:
    async def main() -> tuple[int, float]:
        riverside = slow_riverside(SETTINGS.model_copy(update={"p99_over_p50": 1}))
        heard = await riverside.ask("search_slots")
        return heard.status, timing(heard.headers["server-timing"])["modelled"]

    assert run_virtual(main) == (400, pytest.approx(400))


def test_the_answer_is_the_same_with_and_without_latency() -> None:
    async def main() -> tuple[bytes, bytes]:
        return (await Riverside().search()).body, (await slow_riverside().search()).body

    plain, slow = run_virtual(main)
    assert plain == slow


def test_without_latency_nothing_is_told_and_no_time_passes() -> None:
    async def main() -> tuple[bool, float]:
        heard = await Riverside().search()
        return "server-timing" in heard.headers, asyncio.get_running_loop().time()

    assert run_virtual(main) == (False, 0)


def test_a_busy_practice_is_slower() -> None:
    async def main() -> tuple[float, float]:
        riverside = slow_riverside(SETTINGS.model_copy(update={"p99_over_p50": 1}))
        idle = timing((await riverside.search()).headers["server-timing"])["modelled"]
        riverside.practice.busyness = 0.75
        return idle, timing((await riverside.search()).headers["server-timing"])["modelled"]

    idle, busy = run_virtual(main)
    assert busy == pytest.approx(4 * idle)
