"""People by the dozen: a pool row becomes patients, the same ones whenever the file is read."""

import random
from collections.abc import Iterator
from datetime import date
from typing import TypeVar

from harness.population.nhs_numbers import nhs_numbers
from harness.rows import PatientRow, PoolRow, WorldRows

Rows = TypeVar("Rows", bound=WorldRows)
_BORN = (date(1936, 1, 1), date(2007, 12, 31))


def with_pools(rows: Rows) -> Rows:
    """The rows with every pool's people among the patients."""
    if not rows.pools:
        return rows
    taken = {row.nhs_number for row in rows.patients}
    drawn: tuple[PatientRow, ...] = ()
    for pool in rows.pools:
        drawn += tuple(_people(pool, taken | {row.nhs_number for row in drawn}))
    return rows.model_copy(update={"patients": rows.patients + drawn})


def _people(pool: PoolRow, taken: set[str]) -> Iterator[PatientRow]:
    from faker import Faker  # takes long to import, and few worlds have a pool

    fake = Faker("en_GB")
    fake.seed_instance(f"pool:{pool.alias}")
    rng = random.Random(f"pool:{pool.alias}")  # noqa: S311 - to be repeated, not to be secret
    numbers = nhs_numbers(rng, taken=taken)  # a check digit of 0 is mishandled by some suites
    for number in range(1, pool.count + 1):
        gender = rng.choice(("female", "male"))
        yield PatientRow(
            alias=f"{pool.alias}{number}",
            nhs_number=next(number for number in numbers if not number.endswith("0")),
            family=fake.last_name(),
            given=(fake.first_name_female() if gender == "female" else fake.first_name_male(),),
            gender=gender,
            born=fake.date_between_dates(*_BORN),
            mobile=f"07700 900{rng.randrange(1000):03}",
            practice=pool.practice,
        )
