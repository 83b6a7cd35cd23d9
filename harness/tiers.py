"""Worlds of a known size: for each tier and supplier a practice with exactly so many visible slots in a fortnight."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from typing import Any

from harness.rows import WorldFile, WorldRows

TIERS = {"T0": 0, "T1": 10, "T2": 50, "T3": 100, "T4": 250, "T5": 500, "T6": 1000, "T7": 2000, "T8": 5000}
"""Visible slots in 14 days."""

BEYOND = {"T9": 10_000, "T10": 50_000}
"""More than any practice has: what a federation that exposes everything would show."""

ALL_TIERS = TIERS | BEYOND
BOOKER = "T90101"
OTHER = "T90102"
WORKING_DAYS = 10
_A_DAY = 48
"""Slots of ten minutes from 09:00 to 17:00: one session holder's day."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One practice to be searched: `visible` slots in a fortnight, and a share more that the booker may not see.

    The slots lie in as few `sessions` a day as hold them, or in so many more, at one or more `branches`.
    """

    tier: str
    visible: int
    supplier: str
    restricted: float = 0.0
    busyness: float = 0.0
    sessions: int = 1
    branches: int = 1

    @property
    def scanned(self) -> int:
        """Slots in the window, whoever may see them: the restricted ones are `restricted` of all."""
        return self.visible + self.hidden_a_day * WORKING_DAYS

    @property
    def hidden_a_day(self) -> int:
        """Slots of a working day that are kept for another organisation; an empty tier has some too."""
        if not self.restricted:
            return 0
        return round(max(self.visible, 10) * self.restricted / (1 - self.restricted) / WORKING_DAYS)


def shapes(tiers: Iterable[str], suppliers: Iterable[str], restricted: Iterable[float] = (0.0,)) -> list[Shape]:
    """Every combination, the largest tier last."""
    return [
        Shape(tier, ALL_TIERS[tier], supplier, share) for tier, supplier, share in product(tiers, suppliers, restricted)
    ]


def tiered_world(asked: Sequence[Shape], horizon_days: int = 14) -> WorldRows:
    """A booker, and a practice for each shape, in the same order, that it may book into."""
    receivers = [_receiver(number, shape) for number, shape in enumerate(asked)]
    booker = {
        "ods": BOOKER, "alias": "booker", "name": "Booking Practice", "supplier": "strict",
        "users": [{"alias": "reception", "family": "Okafor", "given": "Ruth", "role": "R1730"}],
    }  # fmt: skip
    return WorldFile.model_validate(
        {
            "world": "tiers",
            "organisations": [booker, {"ods": OTHER, "alias": "other", "name": "Somebody Else"}, *receivers],
            "links": [{"from": BOOKER, "to": each["ods"]} for each in receivers],
            "settings": {"horizon_days": horizon_days},
        }
    )


def fortnight(first: date) -> tuple[date, date]:
    """First and last day of a window with ten working days that begins after `first`."""
    begins = first + timedelta(days=1)
    return begins, begins + timedelta(days=13)


def _receiver(number: int, shape: Shape) -> dict[str, Any]:
    sessions = [*_sessions("Open", shape.visible // WORKING_DAYS, shape.sessions, {})]
    sessions += _sessions("Kept", shape.hidden_a_day, 1, {"only_for": [OTHER]})
    holders = [{"alias": f"p{at}", "family": f"Holder{at}", "given": "Sam"} for at in range(len(sessions))]
    branches = [{"alias": f"b{at}", "name": f"Practice {number}, branch {at}"} for at in range(shape.branches)]
    placed = [
        {**session, "holder": f"p{at}", **({"location": f"b{at % shape.branches}"} if shape.branches > 1 else {})}
        for at, session in enumerate(sessions)
    ]
    return {
        "ods": f"L{number:05}", "alias": f"l{number}", "name": f"Practice {number}", "supplier": shape.supplier,
        "busyness": shape.busyness,
        "practitioners": holders,
        "locations": branches if shape.branches > 1 else [],
        "sessions": placed,
    }  # fmt: skip


def _sessions(name: str, a_day: int, at_least: int, options: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """So many slots of a day, evenly over as many sessions as they need or are asked for."""
    count = min(max(math.ceil(a_day / _A_DAY), at_least), a_day)
    for at in range(count):
        slots = a_day * (at + 1) // count - a_day * at // count
        ends = 9 * 60 + 10 * slots
        hours = {"from": "09:00", "to": f"{ends // 60:02}:{ends % 60:02}"}
        yield {
            "name": f"{name} {at}",
            **hours,
            "every": 10,
            "slot_type": "Routine",
            "bank_holidays": True,
            **options,
        }
