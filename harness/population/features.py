"""What a record may show, as rows: how many people do, and how each becomes one who does."""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate

from harness.population.draft import Draft
from harness.population.draws import Draws

Change = Callable[[Draft, Draws], None]


def anybody(_: Draft) -> bool:
    """Suits everyone."""
    return True


@dataclass(frozen=True, slots=True)
class Feature:
    """One row: `share` of all people show it, and `floor` people in any population, who show nothing else.

    A share of 0 means that nobody but those few shows it, however large the population.
    """

    name: str
    share: float
    floor: int
    change: Change
    suits: Callable[[Draft], bool] = anybody


class Aspect:
    """Features that exclude one another: a person shows one of them or none."""

    def __init__(self, *features: Feature) -> None:
        self.features = features
        self._limits = tuple(accumulate(feature.share for feature in features))
        self._most = self._limits[-1]
        if self._most > 1:
            raise ValueError(f"shares of {', '.join(feature.name for feature in features)} add up to more than 1")

    def drawn(self, chance: float) -> Feature | None:
        """The feature that a number from 0 to 1 stands for."""
        return self.features[bisect_right(self._limits, chance)] if chance < self._most else None
