import random
from datetime import date
from typing import Any

import pytest

from harness.population.cast import SMALLEST
from harness.population.people import Population, population

TODAY = date(2026, 3, 27)
PRACTICES = ("T90051", "T90052", "T90053")
LARGE = 10_000


def draw(count: int = SMALLEST, seed: str = "7:population", **other: Any) -> Population:
    world: dict[str, Any] = {"today": TODAY, "practices": PRACTICES}
    return population(count, rng=random.Random(seed), **world | other)


@pytest.fixture(scope="session")
def smallest() -> Population:
    return draw()


@pytest.fixture(scope="session")
def large() -> Population:
    return draw(LARGE)
