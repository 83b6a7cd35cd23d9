"""Related people: known by their own record, by details only, or both."""

from collections.abc import Sequence

from harness.population.draft import Draft
from harness.population.draws import Draws
from harness.population.features import Aspect, Feature
from mock_pds.person import Address, Name, Person, Relative

GUARDIAN = (("Guardian", "Guardian of patient"),)


def _somebody(draws: Draws) -> Person:
    """One of those who came before, with a name and an address that another record may repeat."""
    while True:
        person = draws.pick(draws.people)
        sealed = person.confidentiality != "U" or person.superseded_by or person.invalidated
        if not sealed and person.addresses and person.addresses[0].use == "home" and person.names:
            return person


def _by_reference(draft: Draft, draws: Draws) -> None:
    draft.more["relatives"] = (Relative(GUARDIAN, _somebody(draws).nhs_number, rank=1, start=draft.since),)


def _by_details(draft: Draft, draws: Draws) -> None:
    """Somebody whose own record nobody knows."""
    gender = draws.pick(("female", "male"))
    name = Name(draws.pick(draws.pools.families), (draws.pick(draws.pools.given[gender]),), start=draft.since)
    address = Address(draws.lines(), draws.pick(draws.pools.postcodes), start=draft.since)
    relative = Relative(GUARDIAN, None, name, address, (draws.mobile(),), copy_correspondence=True, start=draft.since)
    draft.more["relatives"] = (relative,)


def _by_both(draft: Draft, draws: Draws) -> None:
    person = _somebody(draws)
    home = person.addresses[0]
    relative = Relative(GUARDIAN, person.nhs_number, person.usual_name, home, rank=2, start=draft.since)
    draft.more["relatives"] = (relative,)


RELATIVE_ASPECTS: Sequence[Aspect] = (
    Aspect(
        Feature("relative_by_reference", 0.05, 1, _by_reference),
        Feature("relative_by_details", 0.05, 1, _by_details),
        Feature("relative_by_both", 0.05, 1, _by_both),
    ),
)
