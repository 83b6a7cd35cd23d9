"""What only the book in memory does; the promises of every book stand in tests/contracts."""

from dataclasses import replace
from datetime import timedelta

import pytest

from mock_gpconnect.book.memory import MemoryBook
from mock_gpconnect.book.protocol import Access, Window
from tests.contracts.books import NOW, OPEN, TEN, appointment, slot, two_sessions


@pytest.mark.parametrize("few", [0, 1_000])
async def test_a_change_of_many_slots_shows_what_a_change_of_few_does(
    few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mock_gpconnect.book.memory._FEW", few)
    book = MemoryBook(*two_sessions())

    async def found(only: Access | None = None) -> list[str]:
        window = Window(NOW, NOW + timedelta(days=1), NOW + timedelta(days=1))
        return [each.id for each in (await book.free_slots(window, lambda access: only in (None, access))).slots]

    await found()
    await book.claim(appointment("a", slot(1)))
    await book.reconfigure("Morning", between=(NOW, NOW + 3 * TEN), channel="Video")
    assert await found(replace(OPEN, channel="Video")) == ["one-0", "one-2"]
    assert len(await found()) == 11
