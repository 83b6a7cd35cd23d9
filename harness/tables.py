"""Organisations, users and sessions as practices export them: CSV files beside a pilot, read row by row.

The first line names the columns, by the same words as a pilot file; an empty cell is as if it were left out,
and several values in a cell stand apart by `;`. Users and sessions name their `organisation`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from harness.files import BadFile, Document, Line, Problem, did_you_mean, read_table
from harness.files.faults import faults_of
from harness.files.shape import Loc, Shape
from harness.rows import OrganisationRow, PilotFile, Row, SessionRow, TablesRow, UserRow

LISTS = ("given", "serves", "only_for", "only_types", "address")
"""Columns whose cells may hold several values."""

DAYS = "days"
"""A column whose value is a list already, by commas; in a cell `;` parts them as well."""

TIMES = ("from", "to")
"""Columns of times, which a spreadsheet writes as `9:00` or `09:00:00`."""

HOME = "organisation"
_ORGANISATION = (
    "ods", "name", "alias", "kind", "type", "supplier", "spec_version", "asid", "pcn", "serves", "list_size", "phone",
    "embargo_hours", "booking_window_days", "reminders",
)  # fmt: skip
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "organisations": _ORGANISATION,
    "users": (HOME, *UserRow.model_fields),
    "sessions": (HOME, *(field.alias or name for name, field in SessionRow.model_fields.items())),
}
"""Table -> its columns."""

NEEDED: Mapping[str, tuple[str, ...]] = {
    "organisations": ("ods", "name"),
    "users": (HOME, "alias"),
    "sessions": (HOME, "name", "from", "to", "every", "slot_type"),
}
"""Table -> the columns that a row cannot do without."""

Entry = TypeVar("Entry", bound=Row)


@dataclass(slots=True)
class _Merged:
    """A pilot's organisations while its tables are read: with what is wrong, and where each row came from."""

    document: Document
    tables: TablesRow
    organisations: list[OrganisationRow]
    problems: list[Problem] = field(default_factory=list)
    origins: dict[Loc, Line] = field(default_factory=dict)

    def lines(self, table: str) -> Iterator[Line]:
        """The rows of a table; none where the pilot has no such table."""
        if name := getattr(self.tables, table):
            yield from read_table(self.document.path.parent / name, COLUMNS[table], NEEDED[table])

    def stop_at_problems(self) -> None:
        """What would be wrong because of what is wrong need not be told."""
        if self.problems:
            raise BadFile(self.problems)


def with_tables(rows: PilotFile, document: Document) -> tuple[PilotFile, Document]:
    """The pilot with what its tables hold added to its organisations, and the places of it all.

    Raises BadFile with every problem found.
    """
    if rows.tables == TablesRow():
        return rows, document
    merged = _Merged(document, rows.tables, [*rows.organisations])
    _add_organisations(merged)
    merged.stop_at_problems()
    _add(merged, "users", UserRow)
    _add(merged, "sessions", SessionRow)
    merged.stop_at_problems()
    whole = rows.model_copy(update={"organisations": tuple(merged.organisations)})
    return whole, replace(document, elsewhere=merged.origins)


def _add_organisations(merged: _Merged) -> None:
    first = {row.ods: "the pilot file" for row in merged.organisations}
    line = None
    for line in merged.lines("organisations"):
        if told := first.get(line.cells.get("ods", "")):
            message = f"{line.cells['ods']!r} is given twice; first in {told}"
            merged.problems.append(line.problem("ods", message, "keep one of them"))
            continue
        first[line.cells.get("ods", "") or "none"] = f"line {line.number}"
        for row in _entries(line, OrganisationRow, merged.problems):
            merged.origins["organisations", len(merged.organisations)] = line
            merged.organisations.append(row)
    if merged.tables.organisations and line is None:
        path = merged.document.path.parent / merged.tables.organisations
        merged.problems.append(Problem(path, 2, 1, "", "no organisation stands below the first row"))


def _add(merged: _Merged, table: str, model: type[Entry]) -> None:
    """Puts every row of a table into its organisation."""
    homes = {name: place for place, row in enumerate(merged.organisations) for name in (row.ods, row.alias) if name}
    seen: dict[tuple[object, ...], int] = {}
    for line in merged.lines(table):
        home = line.cells.get(HOME, "")
        if home not in homes:
            message = f"there is no organisation {home!r}" if home else "the organisation is missing"
            merged.problems.append(line.problem(HOME, message, did_you_mean(home, homes)))
            continue
        place, organisation = homes[home], merged.organisations[homes[home]]
        key = (place, *_key(table, line))
        if first := seen.get(key):
            column, hint = TWICE[table]
            message = f"{line.cells.get(column, '')!r} of {organisation.ods} is given twice; first in line {first}"
            merged.problems.append(line.problem(column, message, hint))
        seen.setdefault(key, line.number)
        merged.problems += _loose_ends(line, organisation)
        for entry in _entries(line, model, merged.problems):
            held = getattr(organisation, table)
            merged.origins["organisations", place, table, len(held)] = line
            merged.organisations[place] = organisation.model_copy(update={table: (*held, entry)})


TWICE: Mapping[str, tuple[str, str]] = {
    "users": ("alias", "keep one of them, or give each its own alias"),
    "sessions": ("name", "keep one of them; two of a kind at one time have names or holders of their own"),
}
"""Table -> the column that tells what is given twice, and how to put it right."""


def _key(table: str, line: Line) -> tuple[object, ...]:
    """What no other row of the same organisation may have: a user's alias, all that is said of a session."""
    if table == "users":
        return (line.cells.get("alias", ""),)
    return tuple(sorted((name, cell) for name, cell in line.cells.items() if name != HOME))


def _loose_ends(line: Line, home: OrganisationRow) -> Iterator[Problem]:
    """Holders and locations are the pilot file's: a session can only name them."""
    named = {
        "holder": [one.alias for one in home.practitioners],
        "location": [one.alias for one in home.locations],
    }
    for column, known in named.items():
        if (name := line.cells.get(column, "")) and name not in known:
            yield line.problem(column, f"there is no {column} {name!r} at {home.ods}", did_you_mean(name, known))


def _entries(line: Line, model: type[Entry], problems: list[Problem]) -> Iterator[Entry]:
    """The line as a row of a pilot, or its problems."""
    content = {name: _value(name, cell) for name, cell in line.cells.items() if cell and name != HOME}
    adapter = TypeAdapter(model)
    try:
        yield adapter.validate_python(content)
    except ValidationError as failure:
        for fault in faults_of(failure.errors(include_url=False), Shape(adapter)):
            problems.append(line.problem(str(fault.path[0]) if fault.path else "", fault.message, fault.hint("yaml")))


def _value(column: str, cell: str) -> str | list[str]:
    if column in LISTS:
        return [part.strip() for part in cell.split(";") if part.strip()]
    if column == DAYS:
        return cell.replace(";", ",")
    if column in TIMES and (found := re.fullmatch(r"(\d?\d):(\d\d)(?::00)?", cell)):
        return f"{found[1]:0>2}:{found[2]}"
    return cell
