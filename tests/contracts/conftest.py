"""The stores under contract: each twice, as two processes would see one and the same store."""

from collections.abc import AsyncIterator

import pytest

from booking_core.ledger import Ledger, MemoryLedger
from booking_core.selfbook.invitations import Invitations, MemoryInvitations
from mock_gpconnect.book.protocol import AppointmentBook

from .books import Both, MakeBooks, in_memory, in_postgres, two_sessions

STORES = ["memory", "postgres"]


@pytest.fixture(params=STORES)
async def ledgers(request: pytest.FixtureRequest) -> AsyncIterator[tuple[Ledger, Ledger]]:
    if request.param == "memory":
        ledger = MemoryLedger()
        yield ledger, ledger
        return
    url = request.getfixturevalue("postgres_url")
    from booking_core.database_postgres import Database
    from booking_core.ledger_postgres import PostgresLedger

    async with Database(url) as here, Database(url) as there:
        yield PostgresLedger(here), PostgresLedger(there)


@pytest.fixture
def ledger(ledgers: tuple[Ledger, Ledger]) -> Ledger:
    return ledgers[0]


@pytest.fixture(params=STORES)
async def both(request: pytest.FixtureRequest) -> AsyncIterator[tuple[Invitations, Invitations]]:
    if request.param == "memory":
        invitations = MemoryInvitations()
        yield invitations, invitations
        return
    url = request.getfixturevalue("postgres_url")
    from booking_core.database_postgres import Database
    from booking_core.selfbook.invitations_postgres import PostgresInvitations

    async with Database(url) as here, Database(url) as there:
        yield PostgresInvitations(here), PostgresInvitations(there)


@pytest.fixture
def invitations(both: tuple[Invitations, Invitations]) -> Invitations:
    return both[0]


@pytest.fixture(params=STORES)
async def make_books(request: pytest.FixtureRequest) -> AsyncIterator[MakeBooks]:
    if request.param == "memory":
        yield in_memory
        return
    async with in_postgres(request.getfixturevalue("postgres_url")) as make:
        yield make


@pytest.fixture
async def books(make_books: MakeBooks) -> Both:
    return await make_books(*two_sessions())


@pytest.fixture
def book(books: Both) -> AppointmentBook:
    return books[0]
