"""Controlled disagreement: the ways in which a practice's record may differ from the national one."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from harness.population import slips
from harness.population.records import local_record
from harness.population.slips import together
from mock_gpconnect.provider.patients import LocalPatient
from mock_pds.person import Person

LETTERS = 3
"""How many letters of a family name count when one part of the birth date differs."""


def _anybody(_: LocalPatient) -> bool:
    return True


def _long(record: LocalPatient) -> bool:
    return len(record.family) >= LETTERS


def _short(record: LocalPatient) -> bool:
    return len(record.family) < LETTERS


def _apostrophe(record: LocalPatient) -> bool:
    return "'" in record.family[:LETTERS]


def _diacritic(record: LocalPatient) -> bool:
    return slips.unmarked(record.family[:LETTERS]) != record.family[:LETTERS]


def _first_name(record: LocalPatient) -> bool:
    return bool(record.given)


def _day_could_be_month(record: LocalPatient) -> bool:
    """And an earlier one than theirs, or the birth might be to come."""
    return record.birth_date.day < record.birth_date.month


@dataclass(frozen=True, slots=True)
class Kind:
    """One row: whether the provider's rule takes both records for one person, what differs, and whom it suits.

    The rule: the birth date agrees; or two of its three parts, three letters of the family name and an initial do.
    """

    name: str
    verifies: bool
    change: slips.Change
    suits: Callable[[LocalPatient], bool] = _anybody


KINDS: Sequence[Kind] = (
    Kind("short_family", True, slips.other_day, _short),
    Kind("apostrophe_kept", True, slips.other_day, _apostrophe),
    Kind("apostrophe_dropped", False, together(slips.other_day, slips.no_apostrophe), _apostrophe),
    Kind("diacritic_kept", True, slips.other_day, _diacritic),
    Kind("diacritic_dropped", False, together(slips.other_day, slips.no_diacritics), _diacritic),
    Kind("same", True, slips.nothing),
    Kind("birth_day_typo", True, slips.other_day),
    Kind("birth_year_typo", True, slips.other_year),
    Kind("birth_date_two_parts", False, together(slips.other_year, slips.other_day)),
    Kind("day_and_month_swapped", False, slips.day_for_month, _day_could_be_month),
    Kind("third_letter", False, together(slips.other_day, slips.other_third_letter), _long),
    Kind("other_initial", False, together(slips.other_day, slips.other_initial), _first_name),
    Kind("married_name", True, slips.married_name),
    Kind("wrong_gender", True, slips.wrong_gender),
    Kind("stale_address", True, slips.stale_address),
    Kind("never_traced", True, slips.never_traced),
)
"""The kinds that suit few people come first."""

BY_NAME: Mapping[str, Kind] = {kind.name: kind for kind in KINDS}


def disagree(person: Person, kind: str, rng: random.Random) -> LocalPatient:
    """A practice's record of the person that differs in this way; ValueError where it cannot.

    What `verifies` says of the kind holds for people with a first name and a whole date of birth.
    """
    record, row = local_record(person), BY_NAME[kind]
    if not row.suits(record):
        raise ValueError(
            f"{record.nhs_number}, born {record.birth_date}, cannot show {kind!r}: see whom KINDS says it suits"
        )
    return row.change(record, rng)
