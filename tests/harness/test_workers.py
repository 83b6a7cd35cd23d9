"""Worker processes that will not live: whoever started them is told, and does not try for ever."""

import asyncio
import dataclasses
import errno

import pytest

from harness import workers
from harness.sharing.order import WorkerOrder
from harness.workers import Workers, WorkersFail

NOWHERE = WorkerOrder(
    "postgresql:/nowhere", "two-practices", "127.0.0.1", 0, "http://127.0.0.1:1", 1, False, False, False
)


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "PAUSE_S", 0)
    monkeypatch.setattr(workers, "MOST_AT_ONCE", 2)
    monkeypatch.setattr(workers, "TOO_SOON_S", 60)


async def test_workers_that_die_as_soon_as_they_start_are_given_up() -> None:
    told: list[str] = []
    with pytest.raises(WorkersFail, match="worker 1 died 2 times"):
        async with Workers(NOWHERE, 1, told.append).running():
            pytest.fail("no worker ever said that it was ready")
    assert [line.partition(") ")[2] for line in told] == ["ended with exit code 2"] * 2


async def test_a_process_that_the_system_will_not_start_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    async def refused(*_command: str, **_pipes: int) -> None:
        raise OSError(errno.ENOMEM, "Cannot allocate memory")

    monkeypatch.setattr(asyncio, "create_subprocess_exec", refused)
    with pytest.raises(WorkersFail, match="worker 1 cannot be started: Cannot allocate memory"):
        async with asyncio.timeout(20), Workers(NOWHERE, 2, lambda _line: None).running():
            pytest.fail("no worker was ever started")


async def test_no_worker_is_left_when_one_of_them_cannot_start() -> None:
    before = asyncio.all_tasks()
    started = Workers(dataclasses.replace(NOWHERE, world="no-such-world"), 2, lambda _line: None)
    with pytest.raises(WorkersFail):
        async with started.running():
            pytest.fail("no worker ever said that it was ready")
    assert asyncio.all_tasks() == before
