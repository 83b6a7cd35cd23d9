"""One network of the country: who is in it, how large, with which system, and what its books hold."""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate, pairwise
from typing import Any

from booking_core.uk_time import hour_begins, midnight
from harness.chance import Chance
from harness.national.model import WORKING_DAYS, Model
from harness.population.cast import SMALLEST
from harness.rows import WorldFile, WorldRows

SLOT_MIN = 10
_A_DAY = 48
"""Slots of one session holder from 09:00 to 17:00."""

USER = "reception"
_FEWEST = 100
"""No list is shorter."""


@dataclass(frozen=True, slots=True)
class Member:
    """A practice: its patients, its slots of a working day, and whether it shows them to others."""

    ods: str
    supplier: str
    patients: int
    slots_a_day: int
    shows: bool


def members(model: Model, seed: int, network: int) -> tuple[Member, ...]:
    """The practices of one network, the same whichever others are simulated."""
    first = network * model.practices // model.networks
    last = (network + 1) * model.practices // model.networks
    chance = Chance(seed).stream("national", str(network))
    return tuple(_member(model, number, chance) for number in range(first, last))


def _member(model: Model, number: int, rng: random.Random) -> Member:
    spread = model.list_spread
    patients = max(_FEWEST, round(model.mean_list * math.exp(spread * rng.gauss(0, 1) - spread**2 / 2)))
    supplier = rng.choices(tuple(model.suppliers), tuple(model.suppliers.values()))[0]
    a_day = round(patients * model.slots_each / WORKING_DAYS)
    return Member(f"T9{number:04}", supplier, patients, a_day, rng.random() >= model.closed_share)


def rows_of(practices: Sequence[Member], invitations: int) -> WorldRows:
    """The network's world: everybody may book into everybody else.

    Its people are those who are to be invited, besides the cast that every population has.
    """
    return WorldFile.model_validate(
        {
            "world": "network",
            "organisations": [_organisation(each) for each in practices],
            "links": [
                {"from": one.ods, "to": other.ods} for one in practices for other in practices if one is not other
            ],
            "population": SMALLEST + invitations,
            # a world's books reach 14 days beyond its horizon: this makes them as long as the searches look ahead
            "settings": {"horizon_days": 1},
        }
    )


def _organisation(member: Member) -> dict[str, Any]:
    holders = range(math.ceil(member.slots_a_day / _A_DAY))
    return {
        "ods": member.ods,
        "name": f"Practice {member.ods}",
        "supplier": member.supplier,
        "users": [{"alias": USER, "family": "Okafor", "given": "Ruth", "role": "R1730"}],
        "practitioners": [{"alias": f"p{at}", "family": f"Holder{at}", "given": "Sam"} for at in holders],
        "sessions": [_session(member, at) for at in holders],
    }


def _session(member: Member, at: int) -> dict[str, Any]:
    ends = 9 * 60 + SLOT_MIN * min(_A_DAY, member.slots_a_day - at * _A_DAY)
    return {
        "name": f"List {at}", "holder": f"p{at}", "slot_type": "Routine", "every": SLOT_MIN,
        "from": "09:00", "to": f"{ends // 60:02}:{ends % 60:02}", "bookable": member.shows,
    }  # fmt: skip


def chosen(model: Model, share: float, seed: int) -> tuple[int, ...]:
    """The networks of a sample: that share of all, drawn by chance, at least one, in order."""
    count = max(1, round(model.networks * share))
    return tuple(sorted(Chance(seed).stream("national", "sample").sample(range(model.networks), count)))


def later(hours: Sequence[float], day: date, rng: random.Random) -> float:
    """A moment of `day`, in seconds since its midnight, as the hours of its clocks are used."""
    begins = [(hour_begins(day, hour) - midnight(day)) / timedelta(hours=1) for hour in range(25)]
    lasts = [end - begin for begin, end in pairwise(begins)]
    # nobody comes in an hour that the clocks leave out; one that they show twice is as busy as once, over both
    sums = list(accumulate(share if long else 0 for share, long in zip(hours, lasts, strict=True)))
    hour = rng.choices(range(24), cum_weights=sums)[0]
    return (begins[hour] + rng.random() * lasts[hour]) * 3600
