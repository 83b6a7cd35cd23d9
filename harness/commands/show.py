"""`crossbook show`."""

import json
import sys
from collections.abc import Mapping, Sequence

from pydantic import BaseModel
from rich.console import Console
from rich.table import Table

from booking_core.selfbook.user_errors import USER_ERRORS
from booking_core.spec.budgets import BUDGETS
from booking_core.spec.errors import ERRORS
from booking_core.spec.interactions import INTERACTIONS
from harness.files import did_you_mean
from harness.rows import PilotFile, WorldFile
from harness.scenario.find import find_scenarios
from harness.scenario.schema import Scenario

SCHEMAS: Mapping[str, type[BaseModel]] = {"scenario": Scenario, "world": WorldFile, "pilot": PilotFile}


def _print(title: str, columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for name in columns:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*row)
    Console(markup=False).print(table)


def show_scenarios() -> None:
    """Id, suppliers, what it shows, title."""
    rows = [
        (one.scenario.id, " ".join(one.scenario.suppliers) or "-", " ".join(one.scenario.shows), one.scenario.title)
        for one in find_scenarios(())
    ]
    _print(f"{len(rows)} scenarios", ("id", "suppliers", "shows", "title"), rows)


def show_errors() -> None:
    """The rows of the wire, then what people are shown."""
    wire = [(row.layer, row.code, str(row.status or "-"), row.issue, row.display) for row in ERRORS]
    _print("What the wire can say", ("layer", "code", "status", "issue", "display"), wire)
    people = [
        (row.id, row.to_sender, "documented" if row.documented else "our words", row.recovery) for row in USER_ERRORS
    ]
    _print("\nWhat staff are shown", ("id", "text", "wording", "way out"), people)


def show_interactions() -> None:
    """Everything that can be asked."""
    rows = [
        (
            row.name,
            row.service,
            row.method,
            row.path,
            row.scope or "-",
            f"{BUDGETS[row.kind].shall_ms} ms",
            row.id or "-",
        )
        for row in INTERACTIONS
    ]
    _print("Interactions", ("name", "service", "method", "path", "scope", "shall", "interaction ID"), rows)


def show_schema(of: str) -> int:
    """JSON Schema on standard output; 2 for a word that is no kind of file."""
    if of not in SCHEMAS:
        print(f"there is no schema {of!r}; {did_you_mean(of, SCHEMAS)}", file=sys.stderr)
        return 2
    print(json.dumps(SCHEMAS[of].model_json_schema(), indent=2))
    return 0
