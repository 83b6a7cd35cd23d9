"""What a running scenario holds: the world, the product, saved links, and what each person saw."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

from booking_core.gpconnect.values import Offer
from booking_core.selfbook.office import Screen
from harness.driver import Driver
from harness.product import Product
from harness.scenario.probe_row import Slot
from harness.world import World


@dataclass(frozen=True, slots=True)
class Seen:
    """One screen, who looked at it, `staff` or the alias of a patient, when, and during which step."""

    who: str
    screen: Screen
    after_s: float
    step: str


@dataclass(slots=True)
class Link:
    """A link that a patient got; `screen` is the last one that offered slots on it."""

    token: str
    patient: str
    screen: Screen | None = None

    def offer(self, slot: Slot) -> Offer:
        """One of the slots on the screen; raises Unmet."""
        if self.screen is None:
            raise Unmet("slots on the patient's screen", "none: open the link first")
        offers = self.screen.slots
        place = {"first": 0, "last": len(offers) - 1}.get(slot)
        place = int(slot) if place is None else place
        if place >= len(offers):
            raise Unmet(f"slot {slot} on the screen", f"{len(offers)} slots")
        return offers[place]


@dataclass(slots=True)
class Stage:
    """The state that steps act on and checks look at.

    `driver` is the consumer under test; probes go out from our `product`. `pass_time` lets seconds go by.
    """

    world: World
    product: Product
    driver: Driver
    pass_time: Callable[[float], Awaitable[None]]
    links: dict[str, Link] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)
    step: str = ""
    began: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.began = self.world.now()

    def after_s(self, moment: datetime | None = None) -> float:
        """How many seconds of the world have gone by, now or at a moment."""
        return ((moment or self.world.now()) - self.began).total_seconds()

    def link(self, name: str) -> Link:
        """A saved link; raises Unmet."""
        if (link := self.links.get(name)) is None:
            raise Unmet(f"the link {name!r}", "no link: its invitation was not sent")
        return link

    def show(self, who: str, screen: Screen) -> Screen:
        """Notes what somebody saw."""
        self.seen.append(Seen(who, screen, self.after_s(), self.step))
        return screen


class NotKept(Exception):
    """The consumer under test does not keep what a check looks at."""


class Unmet(Exception):
    """An expectation of a step or a check that did not hold: what was expected and what came."""

    def __init__(self, expected: str, got: str, why: str = "") -> None:
        super().__init__(f"expected {expected}, got {got}" + (f" ({why})" if why else ""))
        self.expected, self.got, self.why = expected, got, why
