"""What the catalogue covers: error rows by what was really said in its runs, all else by what its files claim."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from booking_core.spec.errors import ERRORS
from harness.scenario.requirements import Requirement
from harness.scenario.shows import SHOWN
from harness.verdicts import Result

ROWS = tuple("/".join(row.key) for row in ERRORS)

REASONS: Mapping[str, str] = {
    "provider/INVALID_IDENTIFIER_VALUE": "No rule of Foundations or Appointment Management leads to this code.",
    "provider/NO_PATIENT_CONSENT": "Dissent to sharing does not count in Foundations and Appointment Management.",
    "provider/NO_ORGANISATIONAL_CONSENT": "Who shares with nobody is stopped by the proxy or has switched off.",
    "provider/NO_ORGANISATION_CONSENT": "The guide's other spelling of that consent, which consumers must read.",
    "token/REFRESH_EXPIRED": "A probe cannot log a user in, so it never holds a refresh token that could grow old.",
}
"""Rows that no scenario can show, with the reason."""


@dataclass(frozen=True, slots=True)
class Covered:
    """One thing that a scenario may show, and those that do; `reason` says why none can."""

    row: str
    scenarios: tuple[str, ...]
    reason: str = ""


class Showing(Protocol):
    """A scenario or its result: whichever is at hand knows the scenario's id and what it shows."""

    @property
    def id(self) -> str: ...  # noqa: D102
    @property
    def shows(self) -> tuple[str, ...]: ...  # noqa: D102


def error_rows(results: Iterable[Result]) -> list[Covered]:
    """Every row of ERRORS, those without a scenario first."""
    said = _by_row((row, result.id) for result in results for row in (*result.rows, *_probed(result)))
    return _empty_first([Covered(row, said.get(row, ()), REASONS.get(row, "")) for row in ROWS])


def _probed(result: Result) -> Iterator[str]:
    """Rows that came to a probe: what a fault said in a mock's place, and what the consumer found by reading."""
    return (line.detail for line in result.lines if line.detail in ROWS)


def shown_rows(results: Iterable[Showing]) -> list[Covered]:
    """Every journey, configuration, user error and cause, those without a scenario first."""
    claimed = _claimed(results)
    return _empty_first([Covered(word, claimed.get(word, ())) for word in SHOWN])


def requirement_rows(table: Mapping[str, Requirement], results: Iterable[Showing]) -> list[Covered]:
    """Every requirement of a table, those without a scenario first."""
    claimed = _claimed(results)
    return _empty_first([Covered(row.id, claimed.get(row.id, ()), row.reason) for row in table.values()])


def _claimed(results: Iterable[Showing]) -> dict[str, tuple[str, ...]]:
    return _by_row((word, result.id) for result in results for word in result.shows)


def _by_row(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for row, scenario in pairs:
        found.setdefault(row, {})[scenario] = None
    return {row: tuple(scenarios) for row, scenarios in found.items()}


def _empty_first(rows: list[Covered]) -> list[Covered]:
    return sorted(rows, key=lambda one: (bool(one.scenarios), bool(one.reason)))
