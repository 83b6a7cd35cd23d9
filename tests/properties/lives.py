"""The core as a process that can die, or stand still, wherever it reaches out; world and stores outlive it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from booking_core.access_token import AccessToken
from booking_core.consumer import Consumer
from booking_core.ledger import Ledger
from booking_core.selfbook.invitations import Invitations
from booking_core.selfbook.office import Office
from booking_core.wire.ask import Wire
from booking_core.wire.calls import Call, Reply
from booking_core.wire.transport import HttpTransport
from harness.credentials import CORE_API_KEY, KEY_ID, private_key
from harness.product import Phones, Product, Records, build_product
from harness.world import World

T = TypeVar("T")


class Killed(BaseException):
    """The process is gone; nothing in the core may catch this."""


@dataclass(slots=True)
class Process:
    """One life. Places are counted: before and after each call that leaves the core.

    At the place `dies_at` it is killed; at `stops_at` it stands still until `goes_on` is set.
    """

    dies_at: int | None = None
    stops_at: int | None = None
    places: list[str] = field(default_factory=list)
    is_dead: bool = False
    stands_still: bool = False
    goes_on: asyncio.Event = field(default_factory=asyncio.Event)

    async def reach_out(self, name: str, act: Callable[[], Awaitable[T]]) -> T:
        """What the core does outside itself; after a death nothing of it gets out any more."""
        await self._at(f"before {name}")
        try:
            return await act()
        finally:
            await self._at(f"after {name}")

    async def _at(self, place: str) -> None:
        if self.is_dead:
            raise Killed(place)
        here = len(self.places)
        self.places.append(place)
        if here == self.dies_at:
            self.is_dead = True
            raise Killed(place)
        if here == self.stops_at:
            self.stands_still = True
            await self.goes_on.wait()


@dataclass(frozen=True, slots=True)
class Watched:
    """Anything with asynchronous methods: each call is two places."""

    process: Process
    name: str
    inner: Any

    def __getattr__(self, method: str) -> Any:
        async def call(*args: Any, **kwargs: Any) -> Any:
            act = getattr(self.inner, method)
            return await self.process.reach_out(f"{self.name}.{method}", lambda: act(*args, **kwargs))

        return call


@dataclass(frozen=True, slots=True)
class WatchedTransport:
    """The way out: the mock has done its work before the second place."""

    process: Process
    inner: HttpTransport

    async def send(self, call: Call, *, deadline_s: float) -> Reply:
        return await self.process.reach_out(
            f"sending {call.interaction.name}", lambda: self.inner.send(call, deadline_s=deadline_s)
        )


@dataclass(slots=True)
class Surroundings:
    """What outlives the process: the world, the stores, the phones and the records."""

    world: World
    transport: HttpTransport
    invitations: Invitations
    ledger: Ledger
    lives: int = 0
    product: Product = field(init=False)

    def __post_init__(self) -> None:
        self.product = build_product(self.world, self.transport)

    @property
    def phones(self) -> Phones:
        return self.product.phones

    @property
    def records(self) -> Records:
        return self.product.records

    def live(self, process: Process | None = None) -> Office:
        """A new process over the same stores: fresh identities, no access token, nothing remembered."""
        process, self.lives = process or Process(), self.lives + 1
        chance, at = self.world.chance, self.world.addresses
        new_id, rng = chance.ids("life", str(self.lives)), chance.stream("life", str(self.lives))
        wire = Wire(WatchedTransport(process, self.transport), self.world.now, new_id, rng)
        token = AccessToken(f"{at.token}/token", CORE_API_KEY, private_key(), KEY_ID)
        return replace(
            self.product.office,
            consumer=Consumer(wire, self.product.office.consumer.services, token),
            invitations=Watched(process, "invitations", self.invitations),
            ledger=Watched(process, "ledger", self.ledger),
            sms=Watched(process, "sms", self.phones),
            record=Watched(process, "record", self.records),
        )
