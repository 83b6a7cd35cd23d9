"""Worlds that several workers serve: each has the mocks in its own memory, all share appointment books and news."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from harness.asgi import RESPONSE_START, send_json
from harness.control import control_app
from harness.live import MOST_NAMESPACES, LiveWorlds, Origin
from harness.sharing.copy import BuildFor, Copy
from harness.sharing.store_postgres import Rota, Store, StoredWorld, StoreGone
from harness.world import Worker, World
from mock_gpconnect.book.memory import MemoryBook
from mock_gpconnect.book.protocol import AppointmentBook, Schedule, Slot

_OF_ONE_WORKER = ("faults", "recording")
"""What the control API offers only where one process sees everything."""


async def begin_world(
    store: Store, name: str, starts: datetime, build: BuildFor, *, like: str, anew: bool
) -> StoredWorld:
    """Writes a world's appointment books into the store, unless it is there and not asked for `anew`."""

    def rotas() -> Sequence[Rota]:
        found: list[Rota] = []

        def keep(ods: str, schedules: Sequence[Schedule], slots: Sequence[Slot]) -> AppointmentBook:
            found.append((ods, schedules, slots))
            return MemoryBook((), ())

        build(name, Worker(began=starts, book=keep))
        return found

    return await store.begin(name, like, starts, rotas, anew=anew)


class StoreClock:
    """The time of the main world: it goes on by this process's own loop from where the database says that it is."""

    def __init__(self) -> None:
        self._begin = datetime(1970, 1, 1, tzinfo=UTC)

    def set(self, now: datetime) -> None:
        """It is now this time."""
        self._begin = now - timedelta(seconds=asyncio.get_running_loop().time())

    def __call__(self) -> datetime:
        """The time."""
        return self._begin + timedelta(seconds=asyncio.get_running_loop().time())


class SharedWorlds(LiveWorlds):
    """Live worlds of one worker among several. A request waits until its worker knows what the others did."""

    def __init__(
        self, store: Store, build: BuildFor, clock: StoreClock, *, worker_number: int, like: str, origin: Origin
    ) -> None:
        LiveWorlds.__init__(self, _unbuilt, _control, origin)
        self._store, self._build, self._clock = store, build, clock
        self._number, self._like = worker_number, like
        self._copies: dict[str, Copy] = {}
        self._joining = asyncio.Lock()

    async def ready(self, prefix: str) -> World | None:
        """The world below a prefix, begun where nobody did before; None when there are too many already."""
        copy = self._copies.get(prefix)
        while copy is None or not await copy.catch_up():
            if prefix not in self.worlds and not await self._has_room():
                return None
            copy = await self._join(prefix, copy)
        return copy.world

    async def _has_room(self) -> bool:
        """Whether one more fits in. What was dropped at another worker is still held here, and goes when it is full."""
        if len(self.worlds) > MOST_NAMESPACES:
            async with self._joining:  # a world that is begun meanwhile would be in memory, but not among the names
                for gone in self.worlds.keys() - await self._store.names():
                    self._forget(gone)
        return len(self.worlds) <= MOST_NAMESPACES

    async def _join(self, prefix: str, stale: Copy | None) -> Copy:
        """One at a time: of many exchanges that find a copy stale, the first makes the new one."""
        async with self._joining:
            if (found := self._copies.get(prefix)) is not None and found is not stale:
                return found
            stored = await begin_world(self._store, prefix, self._clock(), self._build, like=self._like, anew=False)
            if not prefix:
                self._clock.set(stored.now)
            copy = Copy(self._store, prefix, stored)
            self.worlds[prefix] = await copy.build(stored, self._build, self._number)
            self.began[prefix] = self._clock()
            self._copies[prefix] = copy
            return copy

    async def reset(self, prefix: str) -> None:
        """As it was when it began, clock excepted, for all workers: each sees it at its next request."""
        await begin_world(self._store, prefix, self._clock(), self._build, like=self._like, anew=True)

    async def drop(self, prefix: str) -> None:
        """Forgets a copy; its name can be used anew."""
        await self._store.forget(prefix)
        self._forget(prefix)

    def _forget(self, prefix: str) -> None:
        for held in (self.worlds, self.began, self._copies):
            held.pop(prefix, None)

    def telling(self, prefix: str, app: ASGIApp) -> ASGIApp:
        """The control API changes settings and gives tokens, which the other workers must know."""
        copy = self._copies.get(prefix)
        return copy.telling(app, settings=True) if copy else app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI; without its store a worker says so and tries again at the next request."""
        begun = False

        async def sent(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == RESPONSE_START
            await send(message)

        try:
            await LiveWorlds.__call__(self, scope, receive, sent)
        except StoreGone as gone:
            if begun:
                raise
            await send_json(send, 503, {"problem": f"the store does not answer: {gone}"})


def _unbuilt(prefix: str) -> World:
    raise KeyError(f"{prefix or 'the main world'} is asked for before it is ready")


def _control(live: LiveWorlds, prefix: str) -> ASGIApp:
    app = control_app(live, prefix)

    async def control(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"].removeprefix(f"{prefix}/control/") in _OF_ONE_WORKER:
            problem = "several workers serve this world and none sees all of it: serve one without --store for this"
            await send_json(send, 409, {"problem": problem})
            return
        await app(scope, receive, send)

    return live.telling(prefix, control) if isinstance(live, SharedWorlds) else control
