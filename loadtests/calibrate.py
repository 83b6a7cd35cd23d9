"""From real measurements to a supplier's latency: `python -m loadtests.calibrate TIMES.csv --supplier NAME`.

The CSV has a header with `scanned`, `returned` and `ms`; `slots` stands for both where only one is
known. What is printed goes into a supplier profile, with `documented` as its basis, since it was measured.
"""

from __future__ import annotations

import argparse
import csv
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from statistics import NormalDist, median, stdev

from loadtests.fit import Model, Point, fit

_Z99 = NormalDist().inv_cdf(0.99)
_FEWEST = 10


def read_times(path: Path) -> list[Point]:
    """The measurements; raises ValueError that names the line and what was expected."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        names = set(rows.fieldnames or ())
        if not ({"ms"} <= names and ({"slots"} <= names or {"scanned", "returned"} <= names)):
            raise ValueError(
                f"{path}:1: expected the columns ms and slots, or ms, scanned and returned; got {sorted(names)}"
            )
        return [_point(path, rows.line_num, row) for row in rows]


def _point(path: Path, line: int, row: Mapping[str, str | None]) -> Point:
    try:
        scanned, returned = (float(row.get(name) or row.get("slots") or "") for name in ("scanned", "returned"))
        point = Point(scanned, returned, float(row["ms"] or ""))
    except ValueError:
        raise ValueError(f"{path}:{line}: expected numbers, got {dict(row)}") from None
    if not (math.isfinite(point.ms) and point.ms > 0 and 0 <= point.returned <= point.scanned < math.inf):
        raise ValueError(f"{path}:{line}: expected ms above 0 and 0 <= returned <= scanned, got {dict(row)}")
    return point


def medians(points: Iterable[Point]) -> list[Point]:
    """The measurements of one place together: a mean would follow the slowest."""
    places: dict[tuple[float, float], list[float]] = defaultdict(list)
    for point in points:
        places[point.scanned, point.returned].append(point.ms)
    return [Point(*place, median(ms), len(ms)) for place, ms in sorted(places.items())]


def spread(points: Sequence[Point], model: Model) -> float:
    """How many times the median one in a hundred takes, if times are lognormal about the model."""
    logs = [
        math.log(point.ms / expected) for point in points if (expected := model.ms(point.scanned, point.returned)) > 0
    ]
    return math.exp(stdev(logs) * _Z99) if len(logs) > 1 else 1.0


def as_toml(points: Sequence[Point], supplier: str) -> str:
    """A profile that extends `supplier`; raises ValueError where the measurements say too little."""
    model = fit(medians(points))
    if model is None or len(points) < _FEWEST:
        wanted = f"expected at least {_FEWEST} measurements at three numbers of slots or more"
        raise ValueError(f"{wanted}, got {len(points)}")
    figures = _figures(points, model)
    together = "# What is scanned and what is returned could not be told apart: all is on scanning."
    lines = [
        f"# Fitted to {len(points)} measurements: a median is missed by {model.error:.1%}, R2 {model.r_squared:.3f}.",
        *([] if model.apart else [together]),
        f'name = "{supplier}-measured"',
        f'extends = "{supplier}"',
        "",
        "[latency]",
        *(f"{name} = {value:.4g}" for name, value in figures.items()),
        "",
        "[basis]",
        *(f'"latency.{name}" = "documented"' for name in figures),
    ]
    return "\n".join(lines) + "\n"


def _figures(points: Sequence[Point], model: Model) -> dict[str, float]:
    costs = {
        "base_ms": model.base_ms,
        "per_scanned_ms": model.per_scanned_ms,
        "per_returned_ms": model.per_returned_ms,
    }
    if negative := [name for name, value in costs.items() if value < -1e-6]:
        told = f"the fit makes {', '.join(negative)} negative"
        raise ValueError(f"{told}: measure at more numbers of slots, and more often")
    bounded = {name: max(value, 0.0) for name, value in costs.items()}
    return bounded | {"p99_over_p50": max(spread(points, model), 1.0)}


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the profile; 2 where there is none to print."""
    parser = argparse.ArgumentParser(prog="python -m loadtests.calibrate")
    parser.add_argument("times", type=Path)
    parser.add_argument("--supplier", required=True, help="the profile that the new one extends")
    options = parser.parse_args(arguments)
    try:
        print(as_toml(read_times(options.times), options.supplier), end="")
    except (ValueError, OSError) as wrong:
        print(f"no profile: {wrong}")
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
