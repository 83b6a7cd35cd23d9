"""The check in one screen: findings first, then who may do what, then the matrix."""

from collections import Counter
from collections.abc import Mapping

from rich.console import Console
from rich.table import Table
from rich.text import Text

from harness.pilot_check.capacity import Capacity
from harness.pilot_check.cells import STATES, Pair
from harness.pilot_check.verdict import Checked

ROWS = 30
"""Pairs that fit on a screen; those with something wrong come first."""

COLOURS: Mapping[str, str] = {"error": "bold red", "warning": "yellow", "info": "cyan"}
ROLES: Mapping[str, str] = {
    "both": "books and receives", "booker": "books", "receiver": "receives", "none": "takes no part",
}  # fmt: skip


def show(output: Console, checked: Checked) -> None:
    """Prints one pilot."""
    output.print(Text(f"{checked.pilot} on {checked.when:%d %B %Y} ({checked.file})", style="bold"))
    for finding in checked.findings:
        place = f"{finding.file}:{finding.line}"
        output.print(Text(f"{finding.severity} {finding.rule} ", style=COLOURS[finding.severity]), end="")
        output.print(Text(f"{finding.edge or finding.organisation}: {finding.text}  [{place}]"), soft_wrap=True)
        if finding.error:
            cause = f" ({finding.cause})" if finding.cause else ""
            output.print(Text(f"    a user sees {finding.error}{cause}: {finding.user_sees}"), soft_wrap=True)
        output.print(Text(f"    fix: {finding.fix}"), soft_wrap=True)
    output.print(_roles(checked), soft_wrap=True)
    if checked.pairs:
        _show_matrix(output, checked)
    for pair in checked.unexplained:
        output.print(Text("error walk ", style=COLOURS["error"]), end="")
        told = f"{pair.booker} -> {pair.receiver}: {why(pair)}, which no rule explains; {pair.note or 'see the trace'}"
        output.print(Text(told), soft_wrap=True)
    for one in checked.capacities:
        if one.short:
            output.print(Text(f"capacity: {thin(one)}"), soft_wrap=True)
    output.print(_last_line(checked), style="bold")
    if checked.before:
        _show_changes(output, checked)


def _show_changes(output: Console, checked: Checked) -> None:
    many = len(checked.changes)
    told = f"{many} change{'s' if many > 1 else ''}" if many else "nothing changes"
    output.print(f"{told} from {checked.before}", soft_wrap=True)
    for one in checked.changes:
        output.print(Text(f"  {one.organisation} {checked.names[one.organisation]}: {one.what}"), soft_wrap=True)


def _roles(checked: Checked) -> Text:
    by_role: dict[str, list[str]] = {}
    for ods, role in checked.roles.items():
        by_role.setdefault(role, []).append(ods)
    return Text("; ".join(f"{ROLES[role]}: {', '.join(by_role[role])}" for role in ROLES if role in by_role))


def _show_matrix(output: Console, checked: Checked) -> None:
    table = Table("booker", "receiver", "books", "no slots", "refused", "why", "trace", box=None, pad_edge=False)
    ordered = sorted(checked.pairs, key=lambda pair: pair.count("books") - len(pair.cells))
    for pair in ordered[:ROWS]:
        counts = [str(pair.count(state)) for state in STATES]
        table.add_row(pair.booker, pair.receiver, *counts, Text(why(pair)), _trace(pair))
    output.print(table)
    if len(ordered) > ROWS:
        output.print(f"and {len(ordered) - ROWS} more pairs (--json or --report shows all)")


def why(pair: Pair) -> str:
    """What stands in the way in this pair's cells, each reason once with how many it stops."""
    reasons = Counter(cell.why for cell in pair.cells if cell.state != "books")
    told = [f"{reason.replace('_', ' ')} ({count})" for reason, count in sorted(reasons.items())]
    return ", ".join(part for part in (pair.alarm, *told) if part)


def _trace(pair: Pair) -> str:
    """Of the first cell that does not book, else of the first."""
    cells = sorted(pair.cells, key=lambda cell: cell.state == "books")
    return next((cell.trace for cell in cells if cell.trace), "")


def _last_line(checked: Checked) -> str:
    cells = totals(checked)
    walked = f"; {cells.total()} cells walked: {cells['books']} book" if checked.pairs else ""
    return f"{'clean' if checked.clean else 'not ready'}: {told(checked)}{walked}\n"


def thin(one: Capacity) -> str:
    """In which weeks a link would be sent into emptiness."""
    lack = "has too few slots for what is expected" if one.short[0].wanted else "shows no slots"
    return f"{one.receiver} {lack} in {len(one.short)} of {len(one.weeks)} weeks, first in that of {one.short[0].first}"


def told(checked: Checked) -> str:
    """`1 error, 2 warnings`."""
    counts = Counter[str](one.severity for one in checked.findings)
    parts = (f"{counts[name]} {name}{'s' if counts[name] > 1 else ''}" for name in COLOURS if counts[name])
    return ", ".join(parts) or "no findings"


def totals(checked: Checked) -> Counter[str]:
    """How many cells ended in each way."""
    return Counter({state: sum(pair.count(state) for pair in checked.pairs) for state in STATES})
