import asyncio
import gc
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from harness import virtual_time
from harness.chance import Chance
from harness.virtual_time import Stuck, TimeCeiling, clock, run_virtual

START = datetime(2026, 3, 27, 8, 55, tzinfo=UTC)


def loop_time() -> float:
    return asyncio.get_running_loop().time()


async def for_ever() -> None:
    await asyncio.Event().wait()


def test_two_months_pass_at_once_and_to_the_microsecond() -> None:
    async def main() -> float:
        await asyncio.sleep(60 * 86400)
        await asyncio.sleep(0.000001)
        return loop_time()

    began = time.monotonic()
    assert run_virtual(main) == 5_184_000.000001
    assert time.monotonic() - began < 1


def test_timers_of_one_instant_run_in_the_order_in_which_they_were_set() -> None:
    async def main() -> list[int]:
        ran: list[int] = []
        loop = asyncio.get_running_loop()
        for number in range(200):
            loop.call_at(5, ran.append, number)
        await asyncio.sleep(5)
        return ran

    assert run_virtual(main) == list(range(200))


def test_an_instant_is_a_microsecond_wide_however_it_was_added_up() -> None:
    async def main() -> list[str]:
        ran: list[str] = []
        loop = asyncio.get_running_loop()
        loop.call_later(0.1 + 0.2, ran.append, "sum")
        loop.call_later(0.3, ran.append, "whole")
        await asyncio.sleep(1)
        return ran

    assert run_virtual(main) == ["sum", "whole"]


def test_cancelled_timers_do_not_disturb_the_order_of_the_others() -> None:
    async def main() -> list[int]:
        ran: list[int] = []
        loop = asyncio.get_running_loop()
        handles = [loop.call_at(5, ran.append, number) for number in range(300)]
        for handle in handles[::3] + handles[1::3]:
            handle.cancel()
        await asyncio.sleep(5)
        return ran

    assert run_virtual(main) == list(range(2, 300, 3))


@pytest.mark.parametrize("years", [1, 10, 1000])
def test_time_neither_stops_nor_slips_when_the_count_grows_large(years: int) -> None:
    async def main() -> float:
        await asyncio.sleep(years * 365 * 86400)
        await asyncio.sleep(1)
        return loop_time()

    assert run_virtual(main, ceiling_s=1e12) == years * 365 * 86400 + 1


def test_a_time_out_falls_at_its_instant() -> None:
    async def main() -> float:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(45):
                await for_ever()
        return loop_time()

    assert run_virtual(main) == 45


def test_a_cancelled_sleep_takes_no_time() -> None:
    async def main() -> float:
        sleeper = asyncio.create_task(asyncio.sleep(1000))
        await asyncio.sleep(1)
        sleeper.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sleeper
        return loop_time()

    assert run_virtual(main) == 1


def test_a_run_that_can_never_end_is_stuck_and_names_who_waits_and_where() -> None:
    async def main() -> None:
        await asyncio.sleep(3)
        async with asyncio.TaskGroup() as group:
            group.create_task(for_ever(), name="porter")

    with pytest.raises(Stuck) as stuck:
        run_virtual(main)
    assert "0:00:03 into the run" in str(stuck.value)
    assert "porter (for_ever at test_virtual_time.py:" in str(stuck.value)


def test_a_task_that_lets_no_time_pass_is_stuck_too(monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> None:
        while True:
            await asyncio.sleep(0)

    monkeypatch.setattr(virtual_time, "TURNS_AT_ONE_INSTANT", 1000)
    with pytest.raises(Stuck, match=r"spins and lets no time pass.*main at test_virtual_time"):
        run_virtual(main)


def test_what_only_ticks_ends_at_the_ceiling() -> None:
    async def tick() -> None:
        while True:
            await asyncio.sleep(60)

    async def main() -> None:
        ticking = asyncio.create_task(tick())
        await asyncio.gather(ticking, for_ever())

    with pytest.raises(TimeCeiling, match=r"ceiling of 1:00:00, 1:00:00 into the run; pending: .*for_ever"):
        run_virtual(main, ceiling_s=3600)


@pytest.mark.parametrize(("ceiling_s", "error"), [(90 * 86400, Stuck), (1, TimeCeiling)])
def test_a_run_cleans_up_after_itself_however_it_ends(
    ceiling_s: float, error: type[Exception], caplog: pytest.LogCaptureFixture
) -> None:
    cleaned: list[str] = []

    async def tidy(name: str) -> None:
        try:
            await for_ever()
        finally:
            await asyncio.sleep(5)
            cleaned.append(name)

    async def main() -> None:
        tasks = [asyncio.create_task(tidy(name)) for name in ("anna", "bert", "cleo")]
        await asyncio.sleep(ceiling_s / 2)
        await asyncio.gather(*tasks, asyncio.sleep(3 * (ceiling_s < 2)))

    with pytest.raises(error):
        run_virtual(main, ceiling_s=ceiling_s)
    gc.collect()
    assert cleaned == ["anna", "bert", "cleo"]
    assert caplog.records == []


def test_tasks_that_main_leaves_behind_are_cancelled_oldest_first() -> None:
    ended: list[int] = []

    async def wait(number: int) -> None:
        try:
            await for_ever()
        finally:
            ended.append(number)

    async def main() -> None:
        tasks = [asyncio.create_task(wait(number)) for number in range(50)]
        await asyncio.sleep(0)
        tasks.clear()

    run_virtual(main)
    assert ended == list(range(50))


def test_a_task_that_will_not_be_cancelled_is_named() -> None:
    ends: list[bool] = []

    async def stubborn() -> None:
        while not ends:
            try:
                await for_ever()
            except asyncio.CancelledError:
                continue

    async def main() -> asyncio.Task[None]:
        task = asyncio.create_task(stubborn())
        await asyncio.sleep(0)
        task._log_destroy_pending = False  # type: ignore[attr-defined]  # asyncio would rightly complain
        return task

    with pytest.raises(Stuck, match=r"will not be cancelled: .*stubborn"):
        run_virtual(main)
    ends.append(True)


def test_an_abandoned_generator_is_closed_within_the_run() -> None:
    closed: list[float] = []

    async def numbers() -> AsyncIterator[int]:
        try:
            yield 1
        finally:
            closed.append(loop_time())

    async def main() -> None:
        async for _ in numbers():
            break
        await asyncio.sleep(2)

    run_virtual(main)
    assert closed == [0]


def test_an_error_of_main_comes_out_as_it_is() -> None:
    async def main() -> None:
        raise LookupError("no such patient")

    with pytest.raises(LookupError, match="no such patient"):
        run_virtual(main)


async def test_a_run_inside_a_running_loop_is_refused() -> None:
    with pytest.raises(RuntimeError, match="inside a running event loop"):
        run_virtual(for_ever)


def race(seed: int) -> list[str]:
    async def run(name: str, order: list[str]) -> None:
        rng = Chance(seed).stream("hop", name)
        for step in range(5):
            await asyncio.sleep(rng.uniform(0.001, 0.01))
            order.append(f"{name}{step}")

    async def main() -> list[str]:
        order: list[str] = []
        await asyncio.gather(*(run(name, order) for name in "abc"))
        return order

    return run_virtual(main)


def test_one_seed_gives_one_interleaving_and_another_seed_another() -> None:
    assert race(7) == race(7)
    assert race(7) != race(8)


def test_tasks_are_numbered_within_their_run() -> None:
    async def main() -> list[str]:
        return [asyncio.create_task(asyncio.sleep(0)).get_name() for _ in range(2)]

    assert [run_virtual(main), run_virtual(main)] == [["task 2", "task 3"]] * 2


def test_a_clock_shows_its_start_plus_the_loops_time() -> None:
    now = clock(START)

    async def main() -> list[datetime]:
        before = now()
        await asyncio.sleep(0.3)
        return [before, now()]

    assert run_virtual(main) == [START, START + timedelta(milliseconds=300)]


def test_waiting_until_a_time_of_day_ends_exactly_then() -> None:
    now = clock(START)
    opening = datetime(2026, 4, 9, 7, 0, 0, 123457, tzinfo=UTC)

    async def main() -> datetime:
        await asyncio.sleep((opening - now()).total_seconds())
        return now()

    assert run_virtual(main) == opening


def test_a_clock_counts_real_hours_through_the_night_that_loses_one() -> None:
    now = clock(datetime(2026, 3, 29, 0, 30, tzinfo=ZoneInfo("Europe/London")))

    async def main() -> datetime:
        await asyncio.sleep(3600)
        return now()

    assert run_virtual(main) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_a_clock_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        clock(datetime(2026, 3, 29))
