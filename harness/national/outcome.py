"""What a replayed day says: figures by supplier and by hour, ready for a screen, a page and a program."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from harness.national.model import Model
from harness.national.tally import OUTSIDE, QUANTILES, Tally, quantile

VERSION = 1
ENDS = {
    "invited": "invitations sent", "E3": "no appointments", "E4": "patient not verified",
    "opened": "links opened", "searched again": "searched again", "abandoned": "abandoned", "booked": "booked",
    "B1": "slot taken",
}  # fmt: skip
"""Word of an event -> how a report names it. Any other word is a refusal by its own id."""

LEFT_OUT = (
    "People are those of Crossbook's synthetic population: with its shares of restricted records, of records that "
    "disagree, and of patients without a mobile phone.",
    "Networks do not meet: PDS, SDS and the proxy have no limits and no load of other networks here.",
    "Everybody books inside their network; nobody cancels; the practices' own patients take no slots "
    "but those that were taken at midnight, and a receptionist's now and then.",
)
"""What the figures do not know."""


@dataclass(frozen=True, slots=True)
class Timing:
    """How long one kind of request took at one supplier's practices, as the consumer saw it, in ms."""

    supplier: str
    interaction: str
    count: int
    p50: int
    p95: int
    p99: int
    longest: int


@dataclass(frozen=True, slots=True)
class SupplierDay:
    """One supplier's practices. Queues are those of searches, in ms; `refused` by id of the user error."""

    supplier: str
    ends: dict[str, int]
    refused: dict[str, int]
    queued: int
    queue_p99: int
    queue_longest: int


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour of the day at all practices."""

    hour: int
    invited: int
    searches: int
    booked: int
    no_appointments: int
    taken: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """The whole day of the networks that were replayed; `share` of the country's."""

    country: str
    day: date
    seed: int
    demand: float
    share: float
    assumed: tuple[str, ...]
    sizes: dict[str, int]
    timings: tuple[Timing, ...]
    suppliers: tuple[SupplierDay, ...]
    hours: tuple[Hour, ...]

    @property
    def busiest_rate(self) -> float:
        """Searches a second in the busiest hour, for the whole country."""
        return max(each.searches for each in self.hours) / 3600 / self.share

    def as_json(self) -> dict[str, Any]:
        """For programs; the version changes when a key changes its meaning."""
        return {"version": VERSION, **asdict(self), "left_out": LEFT_OUT}


def outcome_of(model: Model, tally: Tally, *, day: date, seed: int, demand: float) -> Outcome:
    """The figures of a tally."""
    names = {name: shown_name(name) for name in model.suppliers}
    return Outcome(
        model.name,
        day,
        seed,
        demand,
        tally.sizes["networks"] / model.networks,
        model.assumed,
        dict(sorted(tally.sizes.items())),
        tuple(_timing(names.get(at, at), name, waits) for (at, name), waits in sorted(tally.waits.items())),
        tuple(_supplier(tally, at, shown) for at, shown in names.items() if tally.statuses),
        tuple(_hour(tally, hour) for hour in range(24)),
    )


def shown_name(supplier: str) -> str:
    """A built-in profile by its name, a file by its own."""
    return Path(supplier).name


def _timing(supplier: str, interaction: str, waits: Counter[int]) -> Timing:
    middle, high, highest = (quantile(waits, share) for share in QUANTILES)
    return Timing(supplier, interaction, waits.total(), middle, high, highest, max(waits))


def _supplier(tally: Tally, at: str, shown: str) -> SupplierDay:
    words = Counter[str]()
    for (supplier, _, word), count in sorted(tally.events.items()):
        if supplier == at:
            words[word] += count
    queues = tally.queues.get(at, Counter())
    return SupplierDay(
        shown,
        {word: words[word] for word in ENDS},
        {word: count for word, count in sorted(words.items()) if word not in ENDS and _is_refusal(word)},
        sum(count for wait, count in queues.items() if wait),
        quantile(queues, 0.99),
        max(queues, default=0),
    )


def _is_refusal(word: str) -> bool:
    return len(word) == 2 and word[1].isdigit()


def _hour(tally: Tally, hour: int) -> Hour:
    invited, searches, booked, nothing, taken = (
        tally.happened(word, hour=hour) for word in ("invited", "search_slots", "booked", "E3", "B1")
    )
    return Hour(hour, invited, searches, booked, nothing, taken)


def timings_of(outcome: Outcome, interactions: Sequence[str]) -> list[Timing]:
    """The rows of the interactions that matter to a patient, without the national services."""
    return [each for each in outcome.timings if each.interaction in interactions and each.supplier != OUTSIDE]
