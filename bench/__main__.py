"""`make bench`: each target as a ratio of one interleaved run, as a table and as JSON, beside the last run's."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson
import typer
from rich.console import Console
from rich.table import Table

from bench.generator import Window, on_generators_core, wrk_path
from bench.postgres import store_rows
from bench.rows import Comparison, Row, rows_of
from bench.sockets import measure, stage, starved
from bench.spread import spread_of
from bench.stalling import honesty

HERE = Path("bench-results")


def table_of(rows: Sequence[Row], before: Mapping[str, float]) -> Table:
    """For people; `before` is the last run's."""
    table = Table("target", "what", "median (min - max)", "by CPU", "wanted", "last run", "", box=None)
    for row in rows:
        wanted = f"{'at least' if row.at_least else 'at most'} {row.bound:g}{row.unit}" if row.bound else ""
        verdict = {True: "met", False: "MISSED", None: f"left out: {row.left_out}" if row.left_out else ""}[row.met]
        last = before.get(row.name + row.what)
        table.add_row(
            row.name,
            row.what,
            row.value.text(row.unit) if row.value else "-",
            f"{row.by_cpu.middle:.2f}{row.unit}" if row.by_cpu else "",
            wanted,
            "-" if last is None else f"{last:.2f}{row.unit}",
            verdict,
        )
    return table


def _figures(windows: Sequence[Window]) -> dict[str, Any]:
    names = ("per_s", "cpu_us", "p50_ms", "p99_ms")
    return {name: asdict(spread_of(getattr(window, name) for window in windows)) for name in names}


def _last(file: Path) -> dict[str, float]:
    if not file.exists():
        return {}
    result = orjson.loads(file.read_bytes())
    if result["version"] != 2:
        return {}
    return {each["name"] + each["what"]: each["value"]["middle"] for each in result["rows"] if each["value"]}


def main(rounds: int = 5, seconds: float = 1.0, slots: int = 1_000_000) -> None:
    """Measures for about six minutes. A turn is as long as wrk can make it, whole seconds."""
    output = Console(width=150)
    output.print(f"in process, {slots:,} slots ...")
    code = f"from bench.in_process import main; main({slots})"
    inside = orjson.loads(subprocess.check_output([sys.executable, "-c", code]))  # noqa: S603 - our own code
    with stage() as set_up, on_generators_core():
        seen = measure(set_up.contenders, rounds, seconds, output.print)
        starving = starved(set_up.contenders, rounds, seconds)
    output.print("a stalling server ...")
    rows = rows_of(Comparison(seen, set_up.absent), starving, inside, honesty())
    output.print("appointment books in PostgreSQL ...")
    rows += store_rows()
    last = HERE / "last.json"
    output.print(table_of(rows, _last(last)))
    if not wrk_path():
        output.print("no wrk on this machine: requests/s are those that CPU times allow")
    result = {
        "version": 2,
        "generator": "wrk" if wrk_path() else "loop",
        "rows": [asdict(row) | {"met": row.met} for row in rows],
        "seen": {name: _figures(each) for name, each in seen.items()},
        "in_process": inside,
    }
    HERE.mkdir(exist_ok=True)
    last.write_bytes(orjson.dumps(result, option=orjson.OPT_INDENT_2))
    output.print(f"written: {last}")


if __name__ == "__main__":
    typer.run(main)
