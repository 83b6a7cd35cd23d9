"""What the published guides demand of consumers, providers and national services, as far as this kit exercises it."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field

from harness.files import BadFile, Document, Problem, read_toml
from harness.rows import Row
from harness.worlds import CATALOGUE

FILE = CATALOGUE / "requirements.toml"


class Requirement(Row):
    """One demand in our words; `reason` says why no scenario can show it, and is empty where one does."""

    id: Annotated[str, Field(pattern=r"^R-[A-Z]+-[0-9]{2}$")]
    says: str = Field(min_length=1, max_length=160)
    page: str = Field(min_length=1, max_length=80)
    reason: str = Field(default="", max_length=160)


class RequirementsFile(Row):
    """The whole table, in the order in which it is printed."""

    requirement: tuple[Requirement, ...] = Field(min_length=1)


def read_requirements(path: Path) -> Mapping[str, Requirement]:
    """Id -> row, in file order; raises BadFile with all that is wrong."""
    document = read_toml(path)
    rows = document.parse(RequirementsFile).requirement
    if problems := [*_twice(document, rows)]:
        raise BadFile(problems)
    return {row.id: row for row in rows}


@cache
def requirements() -> Mapping[str, Requirement]:
    """The table that comes with the catalogue, read once."""
    return read_requirements(FILE)


def _twice(document: Document, rows: Sequence[Requirement]) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for number, row in enumerate(rows):
        if (other := first.setdefault(row.id, number)) != number:
            yield document.problem(
                ("requirement", number, "id"), f"{row.id!r} is the id of requirement.{other} as well"
            )
