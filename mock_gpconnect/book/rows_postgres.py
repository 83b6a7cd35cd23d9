"""What stands in a book's tables, read back as values; the one place that knows the columns' order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, LiteralString

from psycopg import AsyncConnection
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool

from mock_gpconnect.book.protocol import Access, Schedule, Slot
from mock_gpconnect.book.stored import Seen, access_from, access_text

SLOT: LiteralString = "SELECT id, schedule_id, starts, ends, slot_type, class, version FROM slots WHERE book = %s"
_SHOWN: LiteralString = (
    "SELECT id, schedule_id, starts, ends, slot_type, class, version, number, fragment FROM slots WHERE book = %s"
)
SCHEDULE: LiteralString = (
    "SELECT id, session, location_id, practitioner_id, class, starts, ends, version FROM schedules WHERE book = %s"
)
OF_SESSION: LiteralString = (
    " AND (%s::text IS NULL OR schedule_id IN (SELECT id FROM schedules WHERE book = %s AND session = %s))"
)
_CLASS: LiteralString = (
    "WITH new AS (INSERT INTO book_options SELECT %s, coalesce(max(class) + 1, 0), %s FROM book_options"
    " WHERE book = %s ON CONFLICT (book, access) DO NOTHING RETURNING class)"
    " SELECT class FROM new UNION ALL SELECT class FROM book_options WHERE book = %s AND access = %s"
)


class BookRows:
    """One book's rows; `options` grows as they are met, and only by what was committed.

    `on` is the connection of a transaction that is under way; without it each query is its own.
    """

    def __init__(self, pool: AsyncConnectionPool, book: int) -> None:
        self._pool, self.book = pool, book
        self.options: dict[int, Access] = {}

    async def all(self, query: LiteralString, *values: Any, on: AsyncConnection | None = None) -> list[TupleRow]:
        """The rows of a query whose first value is the number of this book."""
        if on is not None:
            return await fetched(on, query, self.book, *values)
        async with self._pool.connection() as connection:
            return await fetched(connection, query, self.book, *values)

    async def slots(
        self, condition: LiteralString, *values: Any, on: AsyncConnection | None = None
    ) -> Sequence[tuple[int, Slot]]:
        """Slots, each with the number of its options."""
        rows = await self.all(f"{SLOT}{condition}", *values, on=on)
        await self.learn({row[5] for row in rows}, on)
        return [
            (number, Slot(key, schedule, starts, ends, slot_type, self.options[number], version))
            for key, schedule, starts, ends, slot_type, number, version in rows
        ]

    async def shown(self, condition: LiteralString, *values: Any) -> dict[int, Seen]:
        """Slots by number, each with its fragment, in the order asked for."""
        rows = await self.all(f"{_SHOWN}{condition}", *values)
        await self.learn({row[5] for row in rows})
        return {
            row[7]: (Slot(row[0], row[1], row[2], row[3], row[4], self.options[row[5]], row[6]), row[8]) for row in rows
        }

    async def schedules(
        self, condition: LiteralString, *values: Any, on: AsyncConnection | None = None
    ) -> Sequence[Schedule]:
        """Schedules."""
        rows = await self.all(f"{SCHEDULE}{condition}", *values, on=on)
        await self.learn({row[4] for row in rows}, on)
        return [
            Schedule(key, session, location, practitioner, self.options[number], starts, ends, version)
            for key, session, location, practitioner, number, starts, ends, version in rows
        ]

    async def learn(self, numbers: set[int], on: AsyncConnection | None = None) -> None:
        """Looks up what these numbers stand for, unless it is known already: another process may have made them."""
        if self.options.keys() >= numbers:
            return
        for number, text in await self.all("SELECT class, access FROM book_options WHERE book = %s", on=on):
            self.options.setdefault(number, access_from(text))

    async def number(self, access: Access, on: AsyncConnection) -> int:
        """The number of a set of options, new or not; whoever calls this has locked the book's row."""
        text = access_text(access)
        return int((await self.all(_CLASS, text, self.book, self.book, text, on=on))[0][0])


async def fetched(connection: AsyncConnection, query: LiteralString, *values: Any) -> list[TupleRow]:
    """The rows of a query, in the database's own form: a fragment then comes as it is, not in hexadecimal."""
    cursor = connection.cursor(binary=True)
    await cursor.execute(query, values)
    return await cursor.fetchall()
