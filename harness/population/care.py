"""Practices that lead somewhere and practices that do not; languages, wishes and nominations."""

from collections.abc import Sequence
from dataclasses import replace

from harness.population.draft import Draft
from harness.population.draws import Draws
from harness.population.features import Aspect, Change, Feature
from mock_pds.person import BirthPlace, Communication, Nominations, Registration, Removal

COST_CENTRES = ("Y99001", "Y99002")
PSEUDO_PRACTICES = ("V81997", "V81998", "V81999")
CLOSED_PRACTICES = ("T99997", "T99998")
"""Three kinds of code that a record may bear and no directory of ours knows."""

REMOVALS = (("ORR", "Other Reason"), ("SCT", "Transferred to Scotland"), ("EMB", "Embarkation"))
LANGUAGES = (("pl", "Polish"), ("ur", "Urdu"), ("ro", "Romanian"), ("pa", "Panjabi"), ("so", "Somali"))


def _registered_at(codes: Sequence[str]) -> Change:
    def change(draft: Draft, draws: Draws) -> None:
        draft.practice = draws.pick(codes)

    return change


def _no_practice(draft: Draft, _: Draws) -> None:
    draft.practice = None


def _registration_ended(draft: Draft, draws: Draws) -> None:
    """The old practice is who manages the record now."""
    draft.more["managing"] = Registration(draft.practice or "", draft.since)
    draft.more["removal"] = Removal(*draws.pick(REMOVALS), draft.since)
    draft.practice = None


def _lives(draft: Draft, _: Draws) -> bool:
    """Suits those who did not leave their practice by dying."""
    return "deceased" not in draft.more


def _stays_for_now(_: Draft, __: Draws) -> None:
    """What makes them special is still to come: the population says which record follows this one."""


def _wishes(**wishes: object) -> Change:
    def change(draft: Draft, _: Draws) -> None:
        held: Communication = draft.more.get("communication", Communication())
        draft.more["communication"] = replace(held, **wishes)  # type: ignore[arg-type]  # the rows below give the types

    return change


def _foreign_language(draft: Draft, draws: Draws) -> None:
    draft.more["communication"] = Communication(draws.pick(LANGUAGES), interpreter=True)


def _pharmacy(draft: Draft, draws: Draws) -> None:
    draft.more["nominations"] = Nominations(draws.pick(draws.pools.pharmacies))


def _other_extensions(draft: Draft, draws: Draws) -> None:
    """What stands first in nearly all other records, the pharmacy, is not there, and others take its place."""
    draft.more["nominations"] = Nominations(None, draws.practices[0], draws.pick(draws.pools.pharmacies))
    draft.more["birth_place"] = BirthPlace(draws.pick(draws.pools.towns), None, "GBR")


CARE_ASPECTS: Sequence[Aspect] = (
    Aspect(
        Feature("no_practice", 0.02, 2, _no_practice),
        Feature("cost_centre", 0.008, 1, _registered_at(COST_CENTRES)),
        Feature("pseudo_practice", 0.007, 1, _registered_at(PSEUDO_PRACTICES)),
        Feature("closed_practice", 0.005, 1, _registered_at(CLOSED_PRACTICES)),
        Feature("registration_ended", 0.01, 2, _registration_ended, _lives),
        Feature("practice_changes", 0, 1, _stays_for_now),
    ),
    Aspect(
        Feature("interpreter", 0.03, 2, _foreign_language),
        Feature("sign_language", 0.01, 1, _wishes(language=("q4", "British Sign Language"), interpreter=True)),
    ),
    Aspect(
        Feature("braille", 0.01, 1, _wishes(written_format=("12", "Braille"))),
        Feature("no_telephone_contact", 0.01, 1, _wishes(method=("8", "No telephone contact"))),
    ),
    Aspect(
        Feature("nominated_pharmacy", 0.50, 2, _pharmacy),
        Feature("odd_extension_order", 0, 1, _other_extensions),
    ),
)
