"""`crossbook show coverage`."""

import os
from collections.abc import Sequence

from rich.markup import escape
from rich.table import Table

from harness.commands.run import in_order
from harness.coverage import Covered, error_rows, shown_rows
from harness.reports.terminal import console
from harness.scenario.find import find_scenarios
from harness.scenario.run import Choices, cases_of

LISTED = 3


def show_coverage() -> None:
    """Runs the catalogue in simulated time, then prints what it has shown."""
    cases = [case for loaded in find_scenarios(()) for case in cases_of(loaded, Choices())]
    results = list(in_order(cases, os.cpu_count() or 1))
    output = console()
    for title, rows in (("Error rows", error_rows(results)), ("Journeys, causes and user errors", shown_rows(results))):
        covered = sum(bool(row.scenarios) for row in rows)
        output.print(_table(f"{title}: {covered} of {len(rows)} shown by a scenario", rows))
        output.print()


def _table(title: str, rows: Sequence[Covered]) -> Table:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    table.add_column("row", overflow="fold")
    table.add_column("scenarios", overflow="fold")
    for row in rows:
        further = f" and {len(row.scenarios) - LISTED} more" if len(row.scenarios) > LISTED else ""
        shown = ", ".join(row.scenarios[:LISTED]) + further
        table.add_row(row.row, escape(shown or row.reason or "NONE"))
    return table
