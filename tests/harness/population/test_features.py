from math import sqrt

import pytest

from harness.population.cast import FEATURES, SMALLEST
from harness.population.draft import Draft
from harness.population.draws import Draws
from harness.population.features import Aspect, Feature
from harness.population.groups import GROUPS
from harness.population.people import Population
from tests.harness.population.conftest import LARGE
from tests.harness.population.rows import ROWS, Row

SHARES = [row for row in ROWS if row.share is not None]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_the_smallest_population_shows_everything(smallest: Population, row: Row) -> None:
    assert len(smallest.people) == SMALLEST
    assert row.count(smallest) >= row.floor


@pytest.mark.parametrize("row", SHARES, ids=lambda row: row.name)
def test_a_large_population_shows_it_as_often_as_it_should(large: Population, row: Row) -> None:
    share = row.share or 0
    chance = 4 * sqrt(share * (1 - share) / LARGE)

    assert row.count(large) / LARGE == pytest.approx(share, rel=0.05, abs=chance + 0.05 * share)


def test_the_smallest_population_is_of_160() -> None:
    assert SMALLEST == 160


@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.name)
def test_every_feature_can_be_found_by_name(smallest: Population, feature: Feature) -> None:
    assert len(smallest.showing[feature.name]) == feature.floor > 0


def test_no_two_rows_share_a_name() -> None:
    names = [feature.name for feature in FEATURES] + [group.name for group in GROUPS]

    assert len(set(names)) == len(names)


@pytest.mark.parametrize("row", ["no_telecom", "restricted", "diacritics", "no_title", "address_keys"])
def test_what_is_said_to_be_shown_is_shown(large: Population, row: str) -> None:
    shown = {
        "no_telecom": "no telecom", "restricted": "restricted", "diacritics": "diacritics",
        "no_title": "no title", "address_keys": "PAF and UPRN keys",
    }[row]  # fmt: skip
    (test,) = [each for each in ROWS if each.name == shown]
    found = {person.nhs_number for person in large.people if test.shown(person)}

    assert set(large.showing[row]) <= found


def nothing(_: Draft, __: Draws) -> None: ...


def test_an_aspect_gives_each_feature_its_share() -> None:
    aspect = Aspect(Feature("a", 0.2, 1, nothing), Feature("never", 0, 1, nothing), Feature("b", 0.3, 1, nothing))

    assert [aspect.drawn(chance).name for chance in (0, 0.19, 0.2, 0.49)] == ["a", "a", "b", "b"]
    assert aspect.share == pytest.approx(0.5)


def test_an_aspect_cannot_give_more_than_there_is() -> None:
    with pytest.raises(ValueError, match="shares of a, b add up to more than 1"):
        Aspect(Feature("a", 0.6, 1, nothing), Feature("b", 0.6, 1, nothing))
