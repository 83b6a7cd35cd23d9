"""Names that code stumbles over, from the letters that the national record takes (up to U+017F)."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from harness.population.draft import Draft
from harness.population.draws import Draws
from harness.population.features import Aspect, Change, Feature, adult
from mock_pds.person import Name

MOST_GIVEN = 5
LONGEST = "Featherstonehaugh-Cholmondeley-Pugh"
"""As long as a family name may be, to the letter: 35."""

SHORT = ("Ng", "Ho", "Li", "Wu", "Ek", "Ó", "Bø")
APOSTROPHES = ("O'Rourke", "O'Brien", "O'Keeffe", "D'Arcy", "D'Souza", "M'Bala", "N'Diaye")
DIACRITICS = ("Müller", "Núñez", "Øverby", "Žukauskas", "Łukasik", "Çelik", "Růžička", "Ångström", "Őry", "Hébert")
GIVEN_WITH_DIACRITICS = ("Zoë", "Siobhán", "José", "Renée", "Łucja", "Chloë", "Željko", "Ülkü", "Bjørn", "André")
NICKNAMES = ("Mags", "Bertie", "Jo", "Sunny", "Kit", "Robin", "Billie", "Ted")


def _apostrophe(draft: Draft, draws: Draws) -> None:
    draft.family = draws.pick(APOSTROPHES)


def _hyphen(draft: Draft, draws: Draws) -> None:
    draft.family = f"{draft.family}-{draws.pick(draws.pools.families)}"


def _diacritics(draft: Draft, draws: Draws) -> None:
    draft.family = draws.pick(DIACRITICS)
    draft.given = (draws.pick(GIVEN_WITH_DIACRITICS), *draft.given[1:])


def _short(draft: Draft, draws: Draws) -> None:
    draft.family = draws.pick(SHORT)


def _longest(draft: Draft, _: Draws) -> None:
    draft.family = LONGEST


def _mononym(draft: Draft, _: Draws) -> None:
    draft.given, draft.title = (), ""


def _second_given(draft: Draft, draws: Draws) -> None:
    draft.given += (_other_given(draft, draws),)


def _most_given(draft: Draft, draws: Draws) -> None:
    """As many as a record may hold."""
    draft.given += tuple(_other_given(draft, draws) for _ in range(1, MOST_GIVEN))


def _compound_given(draft: Draft, draws: Draws) -> None:
    """Two words that are one name, such as Mary Jane."""
    draft.given = (f"{draft.given[0]} {_other_given(draft, draws)}", *draft.given[1:])


def _other_given(draft: Draft, draws: Draws) -> str:
    return draws.pick(draws.pools.given[draft.gender or "unknown"])


def _no_title(draft: Draft, _: Draws) -> None:
    draft.title = ""


def _spelt(spelling: Callable[[str], str]) -> Change:
    """All names in one case, as systems of old wrote them."""

    def name(name: Name) -> Name:
        return replace(name, family=spelling(name.family), given=tuple(map(spelling, name.given)))

    def change(draft: Draft, _: Draws) -> None:
        draft.family, draft.given = spelling(draft.family), tuple(map(spelling, draft.given))
        draft.names_before = tuple(map(name, draft.names_before))
        draft.names_after = tuple(map(name, draft.names_after))

    return change


def _nickname(draft: Draft, draws: Draws) -> None:
    draft.names_before = (Name(draft.family, (draws.pick(NICKNAMES),), "nickname", start=draft.since),)


def _temp_name(draft: Draft, draws: Draws) -> None:
    family = draws.pick(draws.pools.families)
    draft.names_before = (Name(family, draft.given, "temp", start=draft.since),)


def _former(use: str) -> Change:
    """A name that ended when the person came to live where they live."""

    def change(draft: Draft, draws: Draws) -> None:
        family = draws.pick(draws.pools.families)
        draft.names_after = (Name(family, draft.given, use, start=draft.born, end=draft.since),)

    return change


def _grown_woman(draft: Draft, draws: Draws) -> bool:
    return draft.gender == "female" and adult(draft, draws)


NAME_ASPECTS: Sequence[Aspect] = (
    Aspect(
        Feature("apostrophe", 0.02, 2, _apostrophe),
        Feature("hyphen", 0.06, 2, _hyphen),
        Feature("diacritics", 0.05, 3, _diacritics),
        Feature("short_family_name", 0.005, 1, _short),
        Feature("longest_family_name", 0, 1, _longest),
        Feature("mononym", 0, 1, _mononym),
    ),
    Aspect(
        Feature("two_given_names", 0.44, 4, _second_given),
        Feature("five_given_names", 0.01, 1, _most_given),
        Feature("compound_given_name", 0.03, 2, _compound_given),
    ),
    Aspect(Feature("no_title", 0.30, 3, _no_title)),
    Aspect(
        Feature("nickname", 0.06, 1, _nickname),
        Feature("temporary_name", 0.04, 1, _temp_name),
        Feature("old_name", 0.02, 1, _former("old")),
        Feature("maiden_name", 0.07, 1, _former("maiden"), _grown_woman),
    ),
    Aspect(
        Feature("upper_case", 0.20, 3, _spelt(str.upper)),
        Feature("lower_case", 0.02, 1, _spelt(str.lower)),
    ),
)
"""A nickname and a temporary name stand before the usual one: a tenth of all records does not begin with it."""
