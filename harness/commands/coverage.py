"""`crossbook show coverage`."""

import os
from collections.abc import Mapping, Sequence

from rich.markup import escape
from rich.table import Table

from harness.commands.run import in_order
from harness.coverage import Covered, error_rows, requirement_rows, shown_rows
from harness.reports.terminal import console
from harness.scenario.find import find_scenarios
from harness.scenario.requirements import requirements
from harness.scenario.run import Choices, cases_of

LISTED = 3


def show_coverage() -> None:
    """Runs the catalogue in simulated time, then prints what it has shown."""
    cases = [case for loaded in find_scenarios(()) for case in cases_of(loaded, Choices())]
    results = list(in_order(cases, os.cpu_count() or 1))
    output = console()
    table = requirements()
    tables: tuple[tuple[str, Sequence[Covered], Mapping[str, str]], ...] = (
        ("Error rows", error_rows(results), {}),
        ("Requirements", requirement_rows(table, results), {row.id: row.says for row in table.values()}),
        ("Journeys, causes and user errors", shown_rows(results), {}),
    )
    for title, rows, says in tables:
        covered = sum(bool(row.scenarios) for row in rows)
        output.print(_table(f"{title}: {covered} of {len(rows)} shown by a scenario", rows, says))
        output.print()


def _table(title: str, rows: Sequence[Covered], says: Mapping[str, str]) -> Table:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for column in ("row", *(["says"] if says else []), "scenarios"):
        table.add_column(column, overflow="fold")
    for row in rows:
        further = f" and {len(row.scenarios) - LISTED} more" if len(row.scenarios) > LISTED else ""
        shown = ", ".join(row.scenarios[:LISTED]) + further
        cells = [row.row, says[row.row]] if says else [row.row]
        table.add_row(*map(escape, (*cells, shown or row.reason or "NONE")))
    return table
