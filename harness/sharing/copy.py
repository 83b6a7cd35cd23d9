"""One worker's copy of a world that several serve, and what it knows of the others."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from starlette.types import ASGIApp

from harness.sharing.parts import note_settings, replica_of
from harness.sharing.replica import Noted, Replica
from harness.sharing.store_postgres import Store, StoredWorld
from harness.sharing.telling import Telling
from harness.world import Worker, World

BuildFor = Callable[[str, Worker], World]
"""Builds a world whose addresses begin with a prefix, for a worker."""

_CHANGING = frozenset({"token", "pds", "gpconnect", "desk"})
"""The services that change something which their worker holds in memory."""


class Copy:
    """The mocks in this worker's memory, around the appointment books of the store."""

    def __init__(self, store: Store, name: str, stored: StoredWorld) -> None:
        self._store, self._name, self._number = store, name, stored.number
        self._replica = Replica({})
        self._asked = self._done = 0
        self._looking = asyncio.Lock()
        self.world: World | None = None

    async def build(self, stored: StoredWorld, build: BuildFor, worker_number: int) -> World:
        """Builds the mocks; what the others changed so far comes with the first `catch_up`."""
        books = await self._store.books(self._number)
        worker = Worker(stored.starts, worker_number, lambda ods, _schedules, _slots: books[ods], self.around)
        self.world = build(self._name, worker)
        self._replica = replica_of(self.world)
        return self.world

    async def catch_up(self) -> bool:
        """Takes over what the others did; False where another world bears the name by now.

        Many exchanges at once need one look between them: one that began after they asked.
        """
        self._asked += 1
        asked = self._asked
        async with self._looking:
            if self._done >= asked:
                return True
            until = self._asked
            news = await self._store.news(self._name, self._replica.turn)
            if news.number != self._number:
                return False
            for turn, change in news.changes:
                self._replica.heard(turn, change)
            self._done = until
            return True

    def around(self, service: str, app: ASGIApp) -> ASGIApp:
        """What the app changes is told to the others before its answer goes out."""
        if service not in _CHANGING:
            return app
        return self.telling(app, settings=service == "desk")

    def telling(self, app: ASGIApp, *, settings: bool) -> ASGIApp:
        """The same; `settings` where those of a practice may be changed, which are counted and not told."""
        return Telling(app, lambda: self._replica.collect(), self._tell_with_settings if settings else self._tell)

    async def _tell(self, noted: Noted) -> bool:
        if not noted:
            return True
        changes = self._replica.changes(noted)
        if await self._store.publish(self._number, changes):
            self._replica.published(changes)
            return True
        await self.catch_up()
        return False

    async def _tell_with_settings(self, noted: Noted) -> bool:
        if self.world is not None:
            note_settings(self.world, self._replica)
        return await self._tell(noted)
