"""A population over plain Faker: run by hand, `python tests/harness/population/bench_population.py [people] [rounds]`.

Both take turns, and the best round of each counts: what else the machine does disturbs neither more than the other.
"""

import random
import sys
import time
from collections.abc import Callable
from datetime import date

from faker import Faker

from harness.population.people import population

TODAY = date(2026, 3, 27)
OLDEST = date(1931, 3, 27)
PRACTICES = ("T90051", "T90052", "T90053")


def ours(people: int) -> None:
    population(people, rng=random.Random("7:population"), today=TODAY, practices=PRACTICES)


def plain_faker(people: int) -> None:
    faker = Faker("en_GB")
    faker.seed_instance(7)
    for _ in range(people):
        faker.name(), faker.address(), faker.phone_number(), faker.email(), faker.date_between_dates(OLDEST, TODAY)


def seconds(work: Callable[[int], None], people: int) -> float:
    start = time.perf_counter()
    work(people)
    return time.perf_counter() - start


def main(people: int = 10_000, rounds: int = 5) -> None:
    taken = [(seconds(ours, people), seconds(plain_faker, people)) for _ in range(rounds)]
    mine, fakers = (min(times) for times in zip(*taken, strict=True))
    print(f"{people} people: {mine:.3f} s, plain Faker {fakers:.3f} s, ratio {mine / fakers:.2f} (at most 0.25)")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
