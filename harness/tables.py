"""Organisations, users and sessions as practices export them: CSV files beside a pilot, read row by row.

The first line names the columns, by the same words as a pilot file; an empty cell is as if it were left out,
and several values in a cell stand apart by `;`. Users and sessions name their `organisation`.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from harness.files import BadFile, Problem, did_you_mean
from harness.files.disk import read_text
from harness.files.faults import faults_of
from harness.files.shape import Shape
from harness.rows import OrganisationRow, PilotFile, Row, SessionRow, TablesRow, UserRow

LISTS = ("given", "serves", "only_for", "only_types", "address")
"""Columns whose cells may hold several values."""

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
"""Table -> its columns; a table needs only those that a row cannot do without."""

Entry = TypeVar("Entry", bound=Row)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table: its cells by column, and where it stands."""

    path: Path
    number: int
    places: Mapping[str, int]
    cells: Mapping[str, str]

    def problem(self, column: str, message: str, hint: str = "") -> Problem:
        """Something wrong in a cell: row and column, both from 1."""
        return Problem(self.path, self.number, self.places.get(column, 1), column, message, hint)


def with_tables(rows: PilotFile, folder: Path) -> PilotFile:
    """The pilot with what its tables hold added to its organisations; raises BadFile with every problem found."""
    if rows.tables == TablesRow():
        return rows
    problems: list[Problem] = []
    organisations = [*rows.organisations, *_organisations(rows.tables, folder, problems)]
    if problems:
        raise BadFile(problems)  # else all that names one of these organisations would be wrong as well
    users = _by_home("users", rows.tables.users, folder, UserRow, organisations, problems)
    sessions = _by_home("sessions", rows.tables.sessions, folder, SessionRow, organisations, problems)
    if problems:
        raise BadFile(problems)
    merged = tuple(
        row.model_copy(update={"users": row.users + users[row.ods], "sessions": row.sessions + sessions[row.ods]})
        for row in organisations
    )
    return rows.model_copy(update={"organisations": merged})


def _organisations(tables: TablesRow, folder: Path, problems: list[Problem]) -> Iterator[OrganisationRow]:
    for line in _lines("organisations", tables.organisations, folder):
        yield from _entries(line, OrganisationRow, problems)


def _by_home(
    table: str, name: str, folder: Path, model: type[Entry], organisations: Sequence[OrganisationRow],
    problems: list[Problem],
) -> dict[str, tuple[Entry, ...]]:  # fmt: skip
    """The entries of each organisation by ODS code; every organisation is there."""
    found: dict[str, tuple[Entry, ...]] = {row.ods: () for row in organisations}
    known = {one: row for row in organisations for one in (row.ods, row.alias) if one}
    for line in _lines(table, name, folder):
        home = line.cells.get(HOME, "")
        if home not in known:
            problems.append(line.problem(HOME, f"there is no organisation {home!r}", did_you_mean(home, known)))
            continue
        problems += _loose_ends(line, known[home])
        found[known[home].ods] += tuple(_entries(line, model, problems))
    return found


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
    return [part.strip() for part in cell.split(";") if part.strip()] if column in LISTS else cell


def _lines(table: str, name: str, folder: Path) -> Iterator[Line]:
    """Every line that is not blank; raises BadFile for what is no table of these columns."""
    if not name:
        return
    path = folder / name
    reader = csv.reader(io.StringIO(read_text(path)), strict=True)
    try:
        header = [cell.strip().casefold().replace(" ", "_") for cell in next(reader, [])]
        _check_header(path, header, COLUMNS[table])
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield _line(path, reader.line_num, header, cells)
    except csv.Error as failure:
        raise BadFile([Problem(path, reader.line_num, 1, "", f"this is no CSV: {failure}")]) from None


def _line(path: Path, number: int, header: list[str], cells: list[str]) -> Line:
    if len(cells) > len(header):
        message = f"the row has {len(cells)} cells and the first row {len(header)} columns"
        raise BadFile([Problem(path, number, len(header) + 1, "", message, "put text that holds a comma in quotes")])
    places = {name: place for place, name in enumerate(header, 1)}
    return Line(path, number, places, {column: cell.strip() for column, cell in zip(header, cells, strict=False)})


def _check_header(path: Path, header: list[str], allowed: tuple[str, ...]) -> None:
    problems = [
        Problem(path, 1, place, name, "unknown column", did_you_mean(name, allowed))
        for place, name in enumerate(header, 1)
        if name not in allowed
    ]
    problems += [
        Problem(path, 1, place, name, "this column is given twice")
        for place, name in enumerate(header, 1)
        if name in header[: place - 1]
    ]
    if not header:
        problems.append(
            Problem(path, 1, 1, "", "the file is empty", f"the first row names the columns: {allowed[0]} ...")
        )
    if problems:
        raise BadFile(problems)
