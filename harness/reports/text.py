"""What a terminal shows: progress, a table of scenarios, and the story of each that failed."""

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from harness.verdicts import Result, Wire, roll_up

COLOURS = {"pass": "green", "fail": "red", "error": "magenta", "skip": "yellow", "omit": "dim"}
LAST_EXCHANGES = 4


def table(results: Sequence[Result]) -> Table:
    """One row for each scenario and supplier."""
    rows = Table(box=None, pad_edge=False)
    rows.add_column("scenario", overflow="fold")
    rows.add_column("supplier")
    rows.add_column("verdict")
    rows.add_column("simulated", justify="right")
    rows.add_column("exchanges", justify="right")
    for result in results:
        verdict = f"[{COLOURS[result.verdict]}]{result.verdict}[/]"
        rows.add_row(
            result.id,
            result.supplier or "-",
            verdict,
            f"{result.simulated_s:.1f} s",
            str(len(result.exchanges)),
        )
    return rows


def story(result: Result) -> str:
    """What happened, for a scenario that did not pass: the broken expectation, the wire, how to repeat it."""
    broken = [line for line in result.lines if line.verdict in ("fail", "error")]
    parts = [f"{result.verdict}: {result.name}: {result.title}"]
    for line in broken:
        parts += [f"  {result.file}: {line.where}: {line.what}", f"    {line.detail}"]
    if result.exchanges:
        parts += ["  last exchanges:", *(f"    {_wire(one)}" for one in result.exchanges[-LAST_EXCHANGES:])]
    return "\n".join([*parts, f"  repeat: {result.repeat}"])


def _wire(one: Wire) -> str:
    answered = "no answer" if one.answered is None else str(one.answered)
    saw = str(one.seen_status) if one.seen == "reply" else one.seen
    outcome = answered if saw == answered else f"{answered}, caller saw {saw}"
    faults = f" [fault: {', '.join(one.faults)}]" if one.faults else ""
    said = f": {one.said}" if one.said else ""
    return f"#{one.number} {one.on} at {one.at} -> {outcome}{said}{faults} (trace {one.trace_id or 'none'})"


def summary(results: Sequence[Result], seconds: float) -> str:
    """`18 passed in 2.1 s (simulated 7 min 3 s)`, worst first."""
    words = {"error": "broken", "fail": "failed", "skip": "skipped", "pass": "passed", "omit": "empty"}
    counts = [f"{count} {word}" for verdict, word in words.items() if (count := _count(results, verdict))]
    simulated = sum(result.simulated_s for result in results)
    return f"{', '.join(counts) or 'nothing'} in {seconds:.1f} s ({simulated:.0f} simulated seconds)"


def show(console: Console, results: Sequence[Result], seconds: float) -> None:
    """Prints the table, the stories, and the summary."""
    console.print(table(results))
    for result in results:
        if result.verdict in ("fail", "error"):
            console.print()
            console.print(escape(story(result)), soft_wrap=True, highlight=False)
    console.print()
    verdict = roll_up(result.verdict for result in results)
    console.print(f"[{COLOURS[verdict]}]{summary(results, seconds)}[/]", highlight=False)


def _count(results: Sequence[Result], verdict: str) -> int:
    return sum(result.verdict == verdict for result in results)
