"""`make bench`: each target as a ratio of one interleaved run, as a table and as JSON, beside the last run's.

Requests/s are compared as CPU time of the server for one request: the generator and the neighbours on
the machine then weigh nothing. `ssp` is the same search through the proxy.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import orjson
import typer
from rich.console import Console
from rich.table import Table

from bench.sockets import Seen, measure, stage, starved
from bench.stalling import TRUE_P99_MS, Honesty, honesty

HERE = Path("bench-results")


@dataclass(frozen=True, slots=True)
class Row:
    """One target: `bound` is the most (or the least) that is wanted, None in a row that is only shown."""

    name: str
    what: str
    value: float | None
    bound: float | None
    at_least: bool = False
    unit: str = "x"

    @property
    def met(self) -> bool | None:
        """Whether it is reached; None when it was left out."""
        if self.value is None or self.bound is None:
            return None
        return self.value >= self.bound if self.at_least else self.value <= self.bound


def against_nginx(seen: Mapping[str, Seen], way: str) -> Iterator[Row]:
    """P1-P3: how many times nginx's cost is ours, where nginx serves the same bytes; `ssp` is only shown beside."""
    wanted = (lambda bound: bound) if way == "direct" else (lambda bound: None)
    for name, size, bound in (("P1", 1_000, 3), ("P3", 10, 8), ("P3", 100, 10)):
        what = f"{way}: CPU for one search of {size} over nginx's"
        yield Row(name, what, _over(seen, f"{way}:{size}", f"nginx:{size}"), wanted(bound))
    for size in (10_000, 50_000):
        ours, theirs = seen[f"one {way}:{size}"], seen.get(f"one nginx:{size}")
        yield Row(
            "P2", f"{way}: p50 of {size} over nginx's", ours.p50_ms / theirs.p50_ms if theirs else None, wanted(3)
        )


def _over(seen: Mapping[str, Seen], ours: str, theirs: str) -> float | None:
    return seen[ours].cpu_us / seen[theirs].cpu_us if theirs in seen else None


def rows_of(
    seen: Mapping[str, Seen], alone: float, beside: float, inside: Mapping[str, Any], honest: Honesty
) -> list[Row]:
    """All targets that this run can tell."""
    p50, p99 = inside["p50_ms"], inside["p99_ms"]
    return [
        *against_nginx(seen, "direct"),
        Row("P4", "cached search over nginx's cache: no comparator on this machine", None, 2),
        Row("P5", "Prism's CPU over ours: not part of this run", None, 10, at_least=True),
        Row(
            "P6", "plain FastAPI's CPU for 1000 over ours", _over(seen, "plain:1000", "direct:1000"), 50, at_least=True
        ),
        Row("P7", "p50 in a world of 1,000,000 over one of 100,000", p50["large direct"] / p50["small direct"], 1.2),
        Row("P8", "building 1,000,000 slots over SQLite's inserts", inside["build_s"] / inside["sqlite_s"], 2),
        Row("P8", "resident memory of that world", inside["resident_gib"], 1, unit=" GiB"),
        Row("P10", "p99 of 10 beside a loop of 50,000 over alone", beside / alone, 10),
        Row(
            "P11",
            "gzip requests/s over identity's at 1000",
            seen["direct:1000"].cpu_us / seen["gzip:1000"].cpu_us,
            0.6,
            at_least=True,
        ),
        Row(
            "P13",
            "a stalling server's p99 as reported, off the true one",
            abs(honest.open_p99_ms / TRUE_P99_MS - 1),
            0.2,
            unit="",
        ),
        Row(
            "P13", "the same in a closed loop, which hides it", honest.closed_p99_ms / TRUE_P99_MS, None, unit=" of it"
        ),
        Row(
            "P13",
            "mean service time of a 5 ms server, off the true one",
            honest.mean_service_ms / honest.mean_told_ms - 1,
            0.05,
            unit="",
        ),
        Row("P14", "p99 of the mock's own time at 1000, through the proxy", p99["own ssp"], 2, unit=" ms"),
        *against_nginx(seen, "ssp"),
        *(
            Row(
                "ssp", f"CPU through the proxy over direct at {size}", _over(seen, f"ssp:{size}", f"direct:{size}"), 1.7
            )
            for size in (10, 100, 1_000, 10_000, 50_000)
        ),
        Row("ssp", "p50 through the proxy over direct in 1,000,000 slots", p50["large ssp"] / p50["large direct"], 1.7),
    ]


def table_of(rows: list[Row], before: Mapping[str, float | None]) -> Table:
    """For people; `before` is the last run's."""
    table = Table("target", "what", "measured", "wanted", "last run", "", box=None)
    for row in rows:
        wanted = f"{'at least' if row.at_least else 'at most'} {row.bound:g}{row.unit}" if row.bound else ""
        verdict = {True: "met", False: "MISSED", None: "left out" if row.value is None else ""}[row.met]
        last = _number(before.get(row.name + row.what), row.unit)
        table.add_row(row.name, row.what, _number(row.value, row.unit), wanted, last, verdict)
    return table


def _number(value: float | None, unit: str) -> str:
    return "-" if value is None else f"{value:.2f}{unit}"


def main(rounds: int = 5, seconds: float = 0.6, slots: int = 1_000_000) -> None:
    """Measures for about three minutes."""
    output = Console(width=110)
    output.print(f"in process, {slots:,} slots ...")
    code = f"from bench.in_process import main; main({slots})"
    inside = orjson.loads(subprocess.check_output([sys.executable, "-c", code]))  # noqa: S603 - our own code
    with stage() as contenders:
        seen = measure(contenders, rounds, seconds, output.print)
        alone, beside = starved(contenders, rounds, seconds)
    output.print("a stalling server ...")
    honest = honesty()
    rows = rows_of(seen, alone, beside, inside, honest)
    last = HERE / "last.json"
    before = orjson.loads(last.read_bytes())["rows"] if last.exists() else []
    output.print(table_of(rows, {each["name"] + each["what"]: each["value"] for each in before}))
    result = {
        "version": 1,
        "rows": [asdict(row) | {"met": row.met} for row in rows],
        "seen": {name: asdict(each) for name, each in seen.items()},
        "in_process": inside,
        "honesty": asdict(honest),
    }
    HERE.mkdir(exist_ok=True)
    last.write_bytes(orjson.dumps(result, option=orjson.OPT_INDENT_2))
    output.print(f"written: {last}")


if __name__ == "__main__":
    typer.run(main)
