import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest
import uvloop

from harness.real_time import run_accelerated
from harness.virtual_time import clock


@pytest.mark.parametrize("factor", [50, 400])
def test_an_accelerated_sleep_ends_early_by_the_wall_and_on_time_by_the_loop(factor: float) -> None:
    async def main() -> float:
        await asyncio.sleep(10)
        return asyncio.get_running_loop().time()

    began = time.monotonic()
    assert 10 <= run_accelerated(main, factor=factor) < 10 + factor / 4
    assert 10 / factor <= time.monotonic() - began < 1


@pytest.mark.parametrize("factor", [1, 100])
def test_every_loop_counts_from_its_start(factor: float) -> None:
    now = clock(datetime(2026, 3, 27, tzinfo=UTC))

    async def main() -> datetime:
        return now()

    assert run_accelerated(main, factor=factor) - datetime(2026, 3, 27, tzinfo=UTC) < timedelta(seconds=factor)


@pytest.mark.parametrize("factor", [1, 100])
def test_deadlines_shrink_with_the_clock(factor: float) -> None:
    async def main() -> None:
        async with asyncio.timeout(0.05 * factor):
            await asyncio.sleep(100 * factor)

    began = time.monotonic()
    with pytest.raises(TimeoutError):
        run_accelerated(main, factor=factor)
    assert time.monotonic() - began < 1


def test_the_plain_clock_runs_on_uvloop() -> None:
    async def main() -> bool:
        return isinstance(asyncio.get_running_loop(), uvloop.Loop)

    assert run_accelerated(main)


@pytest.mark.parametrize("factor", [0, -1, float("nan")])
def test_a_clock_runs_forward(factor: float) -> None:
    with pytest.raises(ValueError, match="runs forward"):
        run_accelerated(lambda: asyncio.sleep(0), factor=factor)
