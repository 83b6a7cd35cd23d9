"""A PostgreSQL database for several processes or hosts: a pool, and the tables on first use."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import files
from types import TracebackType
from typing import Self

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

_SCHEMA = files("booking_core") / "schema.sql"
_ONE_CREATOR = "SELECT pg_advisory_xact_lock(hashtext('booking_core'))"
"""Two processes that create the tables at the same moment would trip over each other."""


class Database:
    """One pool, shared by the stores of one process; `conninfo` is a PostgreSQL URI. Close it, or use `async with`."""

    def __init__(self, conninfo: str, *, most_connections: int = 10) -> None:
        self._pool = AsyncConnectionPool(conninfo, min_size=1, max_size=most_connections, open=False)
        self._opening = asyncio.Lock()
        self._is_ready = False

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """A connection whose work is kept when the block ends, and undone when it raises."""
        if not self._is_ready:
            await self._get_ready()
        async with self._pool.connection() as connection:
            yield connection

    async def close(self) -> None:
        """Gives the connections back; the database stays as it is."""
        await self._pool.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _get_ready(self) -> None:
        async with self._opening:
            if self._is_ready:
                return
            await self._pool.open()
            async with self._pool.connection() as connection:
                await connection.execute(_ONE_CREATOR)
                await connection.execute(_SCHEMA.read_bytes())
            self._is_ready = True
