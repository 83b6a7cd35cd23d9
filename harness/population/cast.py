"""Who comes in which order: first the cast, who show everything, then people at the shares of the tables."""

from collections.abc import Iterator, Sequence

from harness.population.care import CARE_ASPECTS
from harness.population.draft import Draft, ordinary
from harness.population.draws import Draws
from harness.population.features import Feature
from harness.population.groups import GROUPS, Group
from harness.population.life import LIFE_ASPECTS
from harness.population.names import NAME_ASPECTS
from harness.population.reach import REACH_ASPECTS
from harness.population.relatives import RELATIVE_ASPECTS
from mock_pds.person import Person

ASPECTS = (*LIFE_ASPECTS, *REACH_ASPECTS, *NAME_ASPECTS, *CARE_ASPECTS, *RELATIVE_ASPECTS)
"""In the order in which they change a person: what a name is made of comes before how it is spelt."""

FEATURES = tuple(feature for aspect in ASPECTS for feature in aspect.features)
SMALLEST = sum(group.size * group.floor for group in GROUPS) + sum(feature.floor for feature in FEATURES)
"""The size of the cast: how many people it takes to show everything."""

_RECURRING = tuple(group for group in GROUPS if group.share)

Shown = tuple[Person, Sequence[str]]


def everybody(draws: Draws) -> Iterator[Shown]:
    """People without end, each with the names of what they show."""
    yield from _cast(draws)
    while True:
        if group := _group(draws):
            yield from ((person, (group.name,)) for person in group.build(draws))
        else:
            yield _somebody(draws)


def _cast(draws: Draws) -> Iterator[Shown]:
    """Every group and every feature as often as its floor says, each on somebody who shows nothing else."""
    for group in GROUPS:
        for _ in range(group.floor):
            yield from ((person, (group.name,)) for person in group.build(draws))
    for feature in FEATURES:
        for _ in range(feature.floor):
            draft = _suited(feature, draws)
            feature.change(draft, draws)
            yield draft.person(), (feature.name,)


def _suited(feature: Feature, draws: Draws) -> Draft:
    while True:
        draft = ordinary(draws)
        if feature.suits(draft, draws):
            return draft


def _group(draws: Draws) -> Group | None:
    """Seldom, a group comes next."""
    return next((group for group in _RECURRING if draws.random() < group.share / group.size), None)


def _somebody(draws: Draws) -> Shown:
    """Somebody with the features that chance gives them."""
    draft, names = ordinary(draws), []
    for aspect in ASPECTS:
        if (chance := draws.random()) >= aspect.share:
            continue
        feature = aspect.drawn(chance)
        if feature.suits(draft, draws):
            feature.change(draft, draws)
            names.append(feature.name)
    return draft.person(), names
