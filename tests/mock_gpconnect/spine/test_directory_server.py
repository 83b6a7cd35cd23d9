import asyncio

import pytest

from mock_gpconnect.refusals import Refused
from mock_gpconnect.spine.directory_server import PATIENCE_S, DirectoryServer


@pytest.fixture
def waited(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The waits asked for, none of which is kept."""
    asked: list[float] = []

    async def sleep(seconds: float) -> None:
        asked.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    return asked


async def test_a_quick_directory_answers_without_a_wait(waited: list[float]) -> None:
    assert await DirectoryServer().ask(lambda: [1]) == [1]
    assert waited == []


async def test_a_directory_just_quick_enough_still_answers(waited: list[float]) -> None:
    assert await DirectoryServer(delay_s=2.9).ask(lambda: [1]) == [1]
    assert waited == [2.9]


async def test_a_directory_that_is_too_slow_is_an_empty_one(waited: list[float]) -> None:
    assert await DirectoryServer(delay_s=30).ask(lambda: [1]) == ()
    assert waited == [PATIENCE_S]


async def test_a_failing_directory_is_refused() -> None:
    with pytest.raises(Refused, match="sds_backend_failed"):
        await DirectoryServer(failing=True).ask(lambda: [1])
