"""`crossbook show`."""

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson
from pydantic import BaseModel
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from booking_core.selfbook.user_errors import USER_ERRORS
from booking_core.spec.budgets import BUDGETS
from booking_core.spec.errors import ERRORS
from booking_core.spec.interactions import INTERACTIONS
from harness.addresses import one_port
from harness.files import did_you_mean
from harness.reports.terminal import console
from harness.rows import PilotFile, WorldFile
from harness.scenario.find import find_scenarios
from harness.scenario.schema import Scenario
from harness.who import who_is_who
from harness.world import build_world
from harness.worlds import load_world, world_file

SCHEMAS: Mapping[str, type[BaseModel]] = {"scenario": Scenario, "world": WorldFile, "pilot": PilotFile}


SHOWN_PATIENTS = 12


def _print(title: str, columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    console().print(_table(columns, rows, title))


def _table(columns: tuple[str, ...], rows: Sequence[tuple[str, ...]], title: str | None = None) -> Table:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for name in columns:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*map(escape, row))
    return table


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
        (row.id, row.to_sender, row.to_patient, "documented" if row.documented else "our words", row.recovery)
        for row in USER_ERRORS
    ]
    columns = ("id", "to staff", "to the patient", "text to staff is", "way out")
    _print("\nWhat people are shown", columns, people)


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


def show_world(name: str, *, base: str, seed: int, as_json: bool) -> None:
    """Aliases with their identifiers, as `crossbook up` serves them at `base`."""
    path = world_file(name)
    rows, _ = load_world(path)
    start = datetime.now(UTC)  # noqa: TID251 - identifiers do not depend on it
    world = build_world(rows, folder=path.parent, addresses=one_port(base), now=lambda: start, seed=seed)
    found = who_is_who(world)
    if as_json:
        print(orjson.dumps(found, option=orjson.OPT_INDENT_2).decode())
    else:
        show_who(console(), found)


def show_who(output: Console, found: Mapping[str, Any]) -> None:
    """Services, organisations and patients as tables that a terminal can hold."""
    output.print(_table(("service", "base URL"), [*found["services"].items()]))
    output.print()
    for columns in (("ods", "supplier", "asid", "name"), ("service_root",)):
        rows = [(alias, *(one[key] for key in columns)) for alias, one in found["organisations"].items()]
        output.print(_table(("organisation", *columns), rows))
        output.print()
    users = [f"{alias}.{user}" for alias, one in found["organisations"].items() for user in one["users"]]
    output.print(f"users: {', '.join(users) or 'none'}")
    patients = [f"{alias} {one['nhs_number']}" for alias, one in found["patients"].items()]
    further = f" and {len(patients) - SHOWN_PATIENTS} more" if len(patients) > SHOWN_PATIENTS else ""
    output.print(f"patients: {', '.join(patients[:SHOWN_PATIENTS]) or 'none'}{further}")
