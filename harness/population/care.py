"""Practices that lead somewhere and practices that do not; language, wishes, pharmacies, relatives."""

from collections.abc import Sequence

from harness.population.draft import Draft
from harness.population.draws import Draws
from harness.population.features import Change
from mock_pds.person import (
    Communication,
    Nominations,
    Registration,
    Removal,
)  # fmt: skip

COST_CENTRES = ("Y99001", "Y99002")
PSEUDO_PRACTICES = ("V81997", "V81998", "V81999")
CLOSED_PRACTICES = ("T99997", "T99998")
"""Codes that a record may bear and no directory of ours knows."""

REMOVALS = (("ORR", "Other Reason"), ("SCT", "Transferred to Scotland"), ("EMB", "Embarkation"))
LANGUAGES = (("pl", "Polish"), ("ur", "Urdu"), ("ro", "Romanian"), ("pa", "Punjabi"), ("so", "Somali"))
SIGN_LANGUAGE = ("q4", "British Sign Language")
GUARDIAN = (("Guardian", "Guardian of patient"),)


def _registered_at(codes: Sequence[str]) -> Change:
    def change(draft: Draft, draws: Draws) -> None:
        draft.practice = draws.pick(codes)

    return change


def _no_practice(draft: Draft, _: Draws) -> None:
    draft.practice = None


def _registration_ended(draft: Draft, draws: Draws) -> None:
    draft.more["managing"] = Registration(draft.practice or draws.pick(draws.practices), draft.since)
    draft.more["removal"] = Removal(*draws.pick(REMOVALS), draft.since)
    draft.practice = None


def _leaves_as_it_is(draft: Draft, _: Draws) -> None:
    """What makes them special is still to come: their practice changes while the world runs."""


def _wishes(**wishes: object) -> Change:
    def change(draft: Draft, _: Draws) -> None:
        held = draft.more.get("communication") or Communication()
        draft.more["communication"] = replace(held, **wishes)

    return change


def _foreign_language(draft: Draft, draws: Draws) -> None:
    draft.more["communication"] = Communication(draws.pick(LANGUAGES), interpreter=True)


def _pharmacy(draft: Draft, draws: Draws) -> None:
    draft.more["nominations"] = Nominations(draws.pick(draws.pools.pharmacies))
