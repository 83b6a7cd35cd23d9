"""The PostgreSQL behind served worlds: a pool, the tables on first use, and plain words when it will not do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import files
from pathlib import Path
from zlib import crc32

import psycopg
from psycopg import AsyncConnection
from psycopg.conninfo import conninfo_to_dict
from psycopg_pool import AsyncConnectionPool

from harness.files import BadFile, Problem

CONNECTIONS = 8
"""At most so many for each process: more would only queue in the database."""

_WAIT_S = 5
_SCHEMAS = (files("mock_gpconnect.book") / "schema.sql", files("harness.sharing") / "schema.sql")
_ONE_CREATOR = "SELECT pg_advisory_xact_lock(hashtext('crossbook'))"
"""Two processes that create the tables at the same moment would trip over each other."""


@asynccontextmanager
async def database(url: str) -> AsyncIterator[AsyncConnectionPool]:
    """Connections that commit by themselves; raises BadFile, in one line, where there is no usable database."""
    await _get_ready(url)
    pool = AsyncConnectionPool(
        url, min_size=1, max_size=CONNECTIONS, timeout=_WAIT_S, open=False, configure=_configure,
        kwargs={"autocommit": True, "prepare_threshold": 0},
    )  # fmt: skip
    async with pool:
        yield pool


async def _configure(connection: AsyncConnection) -> None:
    await connection.execute("SET TIME ZONE 'UTC'")


async def _get_ready(url: str) -> None:
    try:
        conninfo_to_dict(url)
    except psycopg.ProgrammingError as wrong:
        hint = "expected postgresql://USER:PASSWORD@HOST:PORT/DATABASE"
        raise _unusable(url, f"no PostgreSQL address: {_first_line(wrong)}", hint) from None
    try:
        async with await AsyncConnection.connect(url, connect_timeout=_WAIT_S) as connection:
            await connection.execute(_ONE_CREATOR)
            await _create(connection, url)
    except psycopg.OperationalError as absent:
        raise _unusable(
            url, f"no answer from PostgreSQL: {_first_line(absent)}", "is it running, are user and password right?"
        ) from None
    except psycopg.Error as refused:
        hint = "its user must be allowed to create tables"
        raise _unusable(url, f"PostgreSQL refuses: {_first_line(refused)}", hint) from None


async def _create(connection: AsyncConnection, url: str) -> None:
    text = b"".join(schema.read_bytes() for schema in _SCHEMAS)
    version = f"{crc32(text):08x}"
    await connection.execute("CREATE TABLE IF NOT EXISTS crossbook_schema (version text NOT NULL)")
    found = await (await connection.execute("SELECT version FROM crossbook_schema")).fetchone()
    if found is None:
        await connection.execute(text)
        await connection.execute("INSERT INTO crossbook_schema VALUES (%s)", (version,))
    elif found[0] != version:
        told = f"its tables are of schema {found[0]}, this program's are of {version}"
        raise _unusable(url, told, "they hold nothing that lasts: use an empty database, or drop these tables")


def _unusable(url: str, message: str, hint: str) -> BadFile:
    return BadFile([Problem(Path("--store"), 0, 0, _without_password(url), message, hint)])


def _without_password(url: str) -> str:
    """The address as it may be shown on a screen."""
    before, at, after = url.rpartition("@")
    scheme, _, user = before.rpartition("//")
    return f"{scheme}//{user.partition(':')[0]}:***@{after}" if at and ":" in user else url


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]
