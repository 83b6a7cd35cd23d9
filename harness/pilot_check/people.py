"""Three synthetic patients of each booker, to walk every link: known at the receiver, new there, and in conflict."""

import random
from collections.abc import Iterator
from datetime import date
from itertools import product

from harness.population.nhs_numbers import nhs_numbers
from harness.rows import CopyRow, PatientRow, PersonDetails, PilotFile

BOOKING = ("registered", "unregistered")
KINDS = (*BOOKING, "mismatching")
"""How the receiver holds the patient: as a temporary patient, not at all, or under another family name."""

_SEED = 2026
_BORN = date(1980, 1, 31)


def alias_of(kind: str, booker: str) -> str:
    """The alias of a booker's patient of one kind."""
    return f"{kind}-{booker}"


def with_patients(rows: PilotFile, bookers: list[str], receiver: str) -> PilotFile:
    """The pilot with the three patients of each booker instead of its own."""
    return rows.model_copy(update={"patients": tuple(_patients(rows, bookers, receiver)), "pools": (), "population": 0})


def _patients(rows: PilotFile, bookers: list[str], receiver: str) -> Iterator[PatientRow]:
    rng = random.Random(_SEED)  # noqa: S311 - numbers to be repeated, not to be secret
    numbers = nhs_numbers(rng, taken={row.nhs_number for row in rows.patients})
    for booker, kind in product(bookers, KINDS):
        yield PatientRow(
            alias=alias_of(kind, booker), nhs_number=next(numbers), family="Checkwell", given=("Paula",),
            gender="female", born=_BORN, practice=booker, known_at=tuple(_copies(kind, receiver)),
        )  # fmt: skip


def _copies(kind: str, receiver: str) -> Iterator[CopyRow]:
    if kind == "registered":
        yield CopyRow(at=receiver, registration="temporary")
    elif kind == "mismatching":
        yield CopyRow(at=receiver, registration="temporary", differs=PersonDetails(family="Othername"))
