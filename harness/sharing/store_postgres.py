"""What served worlds keep in PostgreSQL beside the appointment books: which there are, and the workers' news."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString

import psycopg
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from harness.sharing.replica import Change
from mock_gpconnect.book.postgres import PostgresBook
from mock_gpconnect.book.protocol import Schedule, Slot
from mock_gpconnect.book.set_up_postgres import add_book
from mock_gpconnect.book.stored import SeenSlots

Rota = tuple[str, Sequence[Schedule], Sequence[Slot]]
"""The ODS code of a practice, with all that its book begins with."""

_ONE_AT_A_TIME: LiteralString = "SELECT pg_advisory_xact_lock(hashtext('crossbook world ' || %s))"
_NEWS: LiteralString = (
    "SELECT worlds.world, turn, kind, key, version, state FROM worlds"
    " LEFT JOIN changes ON changes.world = worlds.world AND turn > %s WHERE name = %s ORDER BY turn"
)


class StoreGone(Exception):
    """The database does not answer."""


@dataclass(frozen=True, slots=True)
class StoredWorld:
    """A world as the database has it: `now` is its time by the database's clock."""

    number: int
    made_of: str
    starts: datetime
    now: datetime


@dataclass(frozen=True, slots=True)
class News:
    """What others did: the number of the world that is served now, and the changes since a turn."""

    number: int | None
    changes: Sequence[tuple[int, Change]] = ()


class Store:
    """One worker's way to the database."""

    def __init__(self, pool: AsyncConnectionPool) -> None:
        self._pool, self._seen = pool, SeenSlots()

    async def worker_number(self) -> int:
        """A number that no other process has or had."""
        async with self._reached() as connection:
            row = await (await connection.execute("SELECT nextval('workers')")).fetchone()
        return int(row[0]) if row else 0

    async def common_key(self, own: str) -> str:
        """The signing key of the first who came; everybody's from then on."""
        async with self._reached() as connection:
            await connection.execute("INSERT INTO signing_key (pem) VALUES (%s) ON CONFLICT DO NOTHING", (own,))
            row = await (await connection.execute("SELECT pem FROM signing_key")).fetchone()
        return str(row[0]) if row else own

    async def world(self, name: str) -> StoredWorld | None:
        """A world by its name, if it was begun."""
        async with self._reached() as connection:
            return await _world(connection, name)

    async def names(self) -> frozenset[str]:
        """Of all worlds that there are."""
        async with self._reached() as connection:
            rows = await connection.execute("SELECT name FROM worlds")
            return frozenset([name async for (name,) in rows])

    async def begin(
        self, name: str, made_of: str, starts: datetime, rotas: Callable[[], Sequence[Rota]], *, anew: bool
    ) -> StoredWorld:
        """Begins a world, unless it is there and not asked for `anew`. Of several who want to, one does it."""
        async with self._reached() as connection, connection.transaction():
            await connection.execute(_ONE_AT_A_TIME, (name,))
            found = await _world(connection, name)
            if found and not anew:
                return found
            before = await _clear(connection, name)
            rows = await connection.execute(
                "INSERT INTO worlds (name, before, made_of, starts, began)"
                " VALUES (%s, %s, %s, %s, clock_timestamp()) RETURNING world",
                (name, before, made_of, starts),
            )
            [(number,)] = await rows.fetchall()
            for ods, schedules, slots in rotas():
                await add_book(connection, number, ods, schedules, slots)
            return StoredWorld(number, made_of, starts, starts)

    async def forget(self, name: str) -> None:
        """Drops a world."""
        async with self._reached() as connection, connection.transaction():
            await connection.execute(_ONE_AT_A_TIME, (name,))
            number = await _clear(connection, name)
            await connection.execute("DELETE FROM books WHERE world = %s", (number,))
            await connection.execute("DELETE FROM changes WHERE world = %s", (number,))

    async def books(self, number: int) -> dict[str, PostgresBook]:
        """The appointment books of a world, by ODS code."""
        async with self._reached() as connection:
            rows = await connection.execute("SELECT ods, book FROM books WHERE world = %s", (number,))
            return {ods: PostgresBook(self._pool, book, self._seen) async for ods, book in rows}

    async def news(self, name: str, turn: int) -> News:
        """Which world bears the name, and what was changed in it after that turn."""
        async with self._reached() as connection:
            rows = await (await connection.execute(_NEWS, (turn, name), binary=True)).fetchall()
        told = [(row[1], Change(*row[2:])) for row in rows if row[1] is not None]
        return News(rows[0][0] if rows else None, told)

    async def publish(self, number: int, changes: Sequence[Change]) -> bool:
        """Tells the others; whether nobody had made one of the same changes before."""
        async with self._reached() as connection:
            rows = await connection.execute(
                "SELECT publish(%s, %s, %s, %s, %s)",
                (
                    number,
                    [each.kind for each in changes],
                    [each.key for each in changes],
                    [each.version for each in changes],
                    [each.state for each in changes],
                ),
            )
            [(kept,)] = await rows.fetchall()
        return int(kept) == len(changes)

    @asynccontextmanager
    async def _reached(self) -> AsyncIterator[AsyncConnection]:
        try:
            async with self._pool.connection() as connection:
                yield connection
        except (psycopg.OperationalError, PoolTimeout) as gone:
            raise StoreGone(str(gone).strip().partition("\n")[0]) from gone


async def _world(connection: AsyncConnection, name: str) -> StoredWorld | None:
    rows = await connection.execute(
        "SELECT world, made_of, starts, starts + (clock_timestamp() - began) FROM worlds WHERE name = %s", (name,)
    )
    row = await rows.fetchone()
    return StoredWorld(*row) if row else None


async def _clear(connection: AsyncConnection, name: str) -> int | None:
    """Takes a world's row away; its books stay until the next time, for exchanges that are under way in them."""
    rows = await connection.execute("DELETE FROM worlds WHERE name = %s RETURNING world, before", (name,))
    row = await rows.fetchone()
    if row is None:
        return None
    await connection.execute("DELETE FROM books WHERE world = %s", (row[1],))
    await connection.execute("DELETE FROM changes WHERE world = %s", (row[1],))
    return int(row[0])
