"""A CSV file as people export it, row by row: every cell has its place."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.files.disk import read_text
from harness.files.nearest import did_you_mean
from harness.files.problems import BadFile, Problem

DELIMITERS = ",;\t"
"""Spreadsheets separate by what their country does not use for decimals; no column's name holds any of these."""

NO_CSV: Mapping[str, tuple[str, str]] = {
    "unexpected end of data": ("a quote that is opened here is never closed", "close it"),
    "new-line character": (
        "a carriage return (CR) without a line feed stands in this line",
        "remove it, or save the file with line ends of one kind, LF or CRLF",
    ),
    "expected after": ("text goes on after a closing quote", "write a quote within quotes twice"),
}
"""What the reader's complaint holds -> our words for it, and how to put it right."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its cells by column, and where it begins."""

    path: Path
    number: int
    places: Mapping[str, int]
    cells: Mapping[str, str]

    def problem(self, column: str, message: str, hint: str = "") -> Problem:
        """Something wrong in a cell: row and column, both from 1."""
        return Problem(self.path, self.number, self.places.get(column, 1), column, message, hint)


def read_table(path: Path, columns: Sequence[str], needed: Sequence[str]) -> Iterator[Line]:
    """Every row that is not blank; raises BadFile for what is no table of these columns.

    The first row names the columns, in any order and case.
    """
    rows = _rows(path)
    number, header = next(rows, (1, []))
    header = [re.sub(r"[\s_-]+", "_", cell.strip().casefold()) for cell in header]
    if problems := [*_header_problems(path, number, header, columns, needed)]:
        raise BadFile(problems)
    for number, cells in rows:
        if any(cell.strip() for cell in cells):
            yield _line(path, number, header, cells)


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line in which it begins."""
    text = read_text(path)
    skipped, delimiter, text = _delimited(text)
    reader = csv.reader(io.StringIO(text), strict=True, delimiter=delimiter)
    while True:
        begins = skipped + reader.line_num + 1
        try:
            row = next(reader, None)
        except csv.Error as failure:
            raise BadFile([_no_csv(path, begins, str(failure))]) from None
        if row is None:
            return
        yield begins, row


def _delimited(text: str) -> tuple[int, str, str]:
    """Lines that are no row, the sign between cells, and the rows; a spreadsheet's first line may be `sep=;`."""
    first, _, rest = text.partition("\n")
    if told := re.fullmatch(r'"?sep=(.)"?', first.strip(" \r")):
        return 1, told[1], rest
    return 0, max(DELIMITERS, key=first.count), text


def _no_csv(path: Path, number: int, complaint: str) -> Problem:
    known = (words for part, words in NO_CSV.items() if part in complaint)
    return Problem(path, number, 1, "", *next(known, (f"this is no CSV: {complaint}", "")))


def _line(path: Path, number: int, header: list[str], cells: list[str]) -> Line:
    loose = [place for place, cell in enumerate(cells) if cell.strip() and (place >= len(header) or not header[place])]
    if loose:
        message = f"the row has a cell {cells[loose[0]].strip()!r} in a column without a name"
        hint = "put text that holds a comma in quotes, or name the column in the first row"
        raise BadFile([Problem(path, number, loose[0] + 1, "", message, hint)])
    places = {name: place for place, name in enumerate(header, 1) if name}
    return Line(
        path, number, places, {name: cells[place - 1].strip() for name, place in places.items() if place <= len(cells)}
    )


def _header_problems(
    path: Path, number: int, header: list[str], columns: Sequence[str], needed: Sequence[str]
) -> Iterator[Problem]:
    names = [name for name in header if name]
    if not names:
        yield Problem(path, number, 1, "", "the file is empty", f"its first row names the columns: {_listed(columns)}")
    elif not set(names) & set(columns):
        message = "the first row names no column of this table"
        yield Problem(path, number, 1, "", message, f"it has to name those that follow, of {_listed(columns)}")
    else:
        yield from _column_problems(path, number, header, columns, needed)


def _column_problems(
    path: Path, number: int, header: list[str], columns: Sequence[str], needed: Sequence[str]
) -> Iterator[Problem]:
    for place, name in enumerate(header, 1):
        if name and name not in columns:
            yield Problem(path, number, place, name, "unknown column", did_you_mean(name, columns))
        if name and name in header[: place - 1]:
            yield Problem(path, number, place, name, "this column is given twice", "keep one of them")
    for name in needed:
        if name not in header:
            yield Problem(path, number, 1, name, "this column is missing", f"needed are {_listed(needed)}")


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)
