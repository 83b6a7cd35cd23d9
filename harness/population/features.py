"""What a record may show, as rows: how many people do, and how each becomes one who does."""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate

from harness.population.draft import Draft
from harness.population.draws import Draws

Change = Callable[[Draft, Draws], None]
Suits = Callable[[Draft, Draws], bool]


def anybody(_: Draft, __: Draws) -> bool:
    """Suits everyone."""
    return True


def adult(draft: Draft, draws: Draws) -> bool:
    """Suits those who are sixteen."""
    return draft.born is not None and draft.born < draws.adult_since


@dataclass(frozen=True, slots=True)
class Feature:
    """One row: a `share` of those whom it suits show it, and in any population `floor` people, who show nothing else.

    A share of 0 means that nobody but those few shows it, however large the population.
    """

    name: str
    share: float
    floor: int
    change: Change
    suits: Suits = anybody


class Aspect:
    """Features that exclude one another: a person shows one of them or none."""

    def __init__(self, *features: Feature) -> None:
        self.features = features
        self._limits = tuple(accumulate(feature.share for feature in features))
        self.share = self._limits[-1]
        if self.share > 1:
            raise ValueError(f"shares of {', '.join(feature.name for feature in features)} add up to more than 1")

    def drawn(self, chance: float) -> Feature:
        """The feature that a number from 0 to the aspect's share stands for."""
        return self.features[bisect_right(self._limits, chance)]
