"""Words drawn from Faker once: a call of Faker for every field of every person would take most of the time."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

DRAWN = 200
SHORTEST_FAMILY = 3


@dataclass(frozen=True, slots=True)
class Pools:
    """Words to pick from; a common one is in its pool several times."""

    families: tuple[str, ...]
    given: Mapping[str, tuple[str, ...]]
    premises: tuple[str, ...]
    streets: tuple[str, ...]
    towns: tuple[str, ...]
    counties: tuple[str, ...]
    postcodes: tuple[str, ...]
    landlines: tuple[str, ...]
    mobiles: tuple[str, ...]
    foreign_phones: tuple[str, ...]
    pharmacies: tuple[str, ...]


def draw_pools(rng: random.Random) -> Pools:
    """The pools of one population. What is special about a name is for features to add: here all is plain."""
    from faker import Faker  # takes a tenth of a second, which only worlds with a population need to pay
    from faker.providers.person.en_GB import Provider as British

    from harness.population.provider import Provider

    faker = Faker("en_GB")
    faker.seed_instance(rng.getrandbits(64))
    faker.add_provider(Provider)
    female = tuple(filter(_plain, _drawn(faker.first_name_female)))
    male = tuple(filter(_plain, _drawn(faker.first_name_male)))
    return Pools(
        families=tuple(filter(_plain, faker.random_elements(British.last_names, DRAWN, use_weighting=True))),
        given={"female": female, "male": male, "other": female + male, "unknown": female + male},
        premises=_drawn(faker.premises, DRAWN // 4),
        streets=_drawn(faker.street_name),
        towns=_drawn(faker.city, DRAWN // 4),
        counties=_drawn(faker.county, DRAWN // 4),
        postcodes=_drawn(faker.pseudo_postcode),
        landlines=_drawn(faker.drama_landline, 3 * DRAWN),
        mobiles=_drawn(faker.drama_mobile, 3 * DRAWN),
        foreign_phones=_drawn(faker.foreign_phone, DRAWN // 4),
        pharmacies=_drawn(faker.pharmacy_code, DRAWN // 4),
    )


def _drawn(word: Callable[[], str], count: int = DRAWN) -> tuple[str, ...]:
    return tuple(word() for _ in range(count))


def _plain(word: str) -> bool:
    return word.isascii() and word.isalpha() and len(word) >= SHORTEST_FAMILY
