"""A small book for the contract of appointment books, and the ways to have it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from mock_gpconnect.book.memory import MemoryBook
from mock_gpconnect.book.protocol import Access, Appointment, AppointmentBook, Schedule, Slot

NOW = datetime(2026, 3, 24, 9, tzinfo=UTC)
OPEN = Access(role="R0260", channel="Telephone")
CLOSED = Access(role="R0260", channel="Telephone", only_ods=frozenset({"A1"}))
TEN = timedelta(minutes=10)

Both = tuple[AppointmentBook, AppointmentBook]
MakeBooks = Callable[[Iterable[Schedule], Iterable[Slot]], Awaitable[Both]]
"""Makes a book and gives it twice, as two processes would have it."""


def slot(number: int, access: Access = OPEN, schedule: str = "one") -> Slot:
    return Slot(f"{schedule}-{number}", schedule, NOW + number * TEN, NOW + (number + 1) * TEN, "Routine", access)


def two_sessions() -> tuple[list[Schedule], list[Slot]]:
    schedules = [
        Schedule("one", "Morning", "loc", "pr", OPEN, NOW, NOW + 6 * TEN),
        Schedule("two", "Hub", "loc", None, CLOSED, NOW, NOW + 6 * TEN),
    ]
    return schedules, [slot(number) for number in range(6)] + [slot(number, CLOSED, "two") for number in range(6)]


def appointment(id: str, *slots: Slot, **more: Any) -> Appointment:
    facts: dict[str, Any] = {"patient_id": "alice", "description": "x", "created": NOW} | more
    return Appointment(
        id=id, schedule_id=slots[0].schedule_id, slot_ids=tuple(each.id for each in slots), starts=slots[0].starts,
        ends=slots[-1].ends, **facts,
    )  # fmt: skip


async def in_memory(schedules: Iterable[Schedule], slots: Iterable[Slot]) -> Both:
    book = MemoryBook(schedules, slots)
    return book, book


@asynccontextmanager
async def in_postgres(url: str) -> AsyncIterator[MakeBooks]:
    from harness.sharing.database_postgres import database
    from mock_gpconnect.book.postgres import PostgresBook
    from mock_gpconnect.book.set_up_postgres import add_book

    async with database(url) as here, database(url) as there:
        made: list[int] = []

        async def make(schedules: Iterable[Schedule], slots: Iterable[Slot]) -> Both:
            async with here.connection() as connection, connection.transaction():
                made.append(await add_book(connection, len(made), "T90102", schedules, slots))
            return PostgresBook(here, made[-1]), PostgresBook(there, made[-1])

        yield make
