"""People who mean something only together, or whose record is nothing but a special case."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from harness.population.draft import Draft, ordinary
from harness.population.draws import Draws
from mock_pds.person import Person

CROWD_BEGINS = "Ash"
CROWD = 51
"""One more than a search may show."""

_CROWD_ENDS = ("by", "down", "worth", "croft", "ford", "ley", "ton", "bourne", "combe", "field", "well", "ridge")


@dataclass(frozen=True, slots=True)
class Group:
    """One row: `share` of all people belong to such a group, and any population has `floor` of them."""

    name: str
    share: float
    floor: int
    size: int
    build: Callable[[Draws], Sequence[Person]]


def _another(draft: Draft, draws: Draws, **changes: object) -> Draft:
    """The same person but for a number of their own and what else is changed."""
    return replace(draft, nhs_number=draws.nhs_number(), **changes)  # type: ignore[arg-type]  # the callers give the types


def _twins(draws: Draws) -> Sequence[Person]:
    """Told apart by the given name only."""
    first = ordinary(draws)
    others = [name for name in draws.pools.given[first.gender or "unknown"] if name not in first.given]
    first.more["multiple_birth"] = 1
    second = _another(first, draws, given=(draws.pick(others),), more={"multiple_birth": 2})
    return first.person(), second.person()


def _newborn_twins(draws: Draws) -> Sequence[Person]:
    """Born yesterday, and not yet named."""
    first = replace(ordinary(draws, born=draws.today - 1), title="", given=("TWIN ONE",), more={"multiple_birth": 1})
    second = _another(first, draws, given=("TWIN TWO",), more={"multiple_birth": 2})
    return first.person(), second.person()


def _four_alike(draws: Draws) -> Sequence[Person]:
    """One family name and one date of birth, and nothing to do with one another."""
    first = ordinary(draws)
    born = date.fromisoformat(first.born or "").toordinal()
    others = [replace(ordinary(draws, born=born), family=first.family) for _ in range(3)]
    return [draft.person() for draft in (first, *others)]


def _crowd(draws: Draws) -> Sequence[Person]:
    families = [CROWD_BEGINS + _CROWD_ENDS[place % len(_CROWD_ENDS)] for place in range(CROWD)]
    return [replace(ordinary(draws), family=family).person() for family in families]


def _father_and_son(draws: Draws) -> Sequence[Person]:
    """One full name, one address, and a generation between them."""
    born = draws.years_ago(30 + draws.below(30))
    father = ordinary(draws, gender="male", born=born - round(25 * 365.25))
    son = ordinary(draws, gender="male", born=born)
    son.family, son.given, son.lines, son.postcode = father.family, father.given, father.lines, father.postcode
    return father.person(), son.person()


def _superseded(times: int) -> Callable[[Draws], Sequence[Person]]:
    """A chain of mergers; the record that survives comes first."""

    def build(draws: Draws) -> Sequence[Person]:
        people = [ordinary(draws).person()]
        for _ in range(times):
            into = people[-1].nhs_number
            people.append(replace(people[-1], nhs_number=draws.nhs_number(), superseded_by=into))
        return people

    return build


def _minimal(draws: Draws) -> Sequence[Person]:
    """A number and nothing else."""
    return (Person(draws.nhs_number()),)


GROUPS: Sequence[Group] = (
    Group("twins", 0.01, 1, 2, _twins),
    Group("newborn_twins", 0, 1, 2, _newborn_twins),
    Group("four_alike", 0, 1, 4, _four_alike),
    Group("crowd", 0, 1, CROWD, _crowd),
    Group("father_and_son", 0, 1, 2, _father_and_son),
    Group("superseded_once", 0, 1, 2, _superseded(1)),
    Group("superseded_twice", 0, 1, 3, _superseded(2)),
    Group("minimal", 0, 1, 1, _minimal),
)
