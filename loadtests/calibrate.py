"""From real measurements to a supplier's latency: `python -m loadtests.calibrate TIMES.csv --supplier NAME`.

The CSV has a header with `scanned`, `returned` and `ms`; `slots` stands for both where only one is
known, and other columns are passed over. What is printed goes into a supplier profile, with
`documented` as its basis, since it was measured.
"""

from __future__ import annotations

import argparse
import csv
import math
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from importlib.util import find_spec
from pathlib import Path
from statistics import NormalDist, median, stdev

from loadtests.fit import Model, Point, fit

_Z99 = NormalDist().inv_cdf(0.99)
_FEWEST = 10
_HELP = (
    "Prints a supplier profile (TOML) whose latency is fitted to measured slot searches. The CSV has a header and one "
    "line for each search: `ms` is how long it took, `scanned` how many slots the supplier looked through, `returned` "
    "how many it answered with; `slots` stands for both where only one is known. Other columns are passed over."
)


def read_times(path: Path) -> list[Point]:
    """The measurements; raises ValueError that names the line and what was expected."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as wrong:
        raise ValueError(f"{path}: expected UTF-8 text, got byte {wrong.object[wrong.start]:#x}") from None
    header = lines[0] if lines else ""
    rows = csv.reader(lines, delimiter=";" if ";" in header else ",", skipinitialspace=True)
    names = [name.strip().lower() for name in next(rows, [])]
    if not ({"ms"} <= set(names) and ({"slots"} <= set(names) or {"scanned", "returned"} <= set(names))):
        raise ValueError(f"{path}:1: expected the columns ms and slots, or ms, scanned and returned; got {names}")
    return [_point(path, rows.line_num, names, row) for row in rows if row]


def _point(path: Path, line: int, names: Sequence[str], values: Sequence[str]) -> Point:
    if len(values) != len(names):
        raise ValueError(f"{path}:{line}: expected {len(names)} values as in the first line, got {len(values)}")
    row = dict(zip(names, values, strict=True))
    try:
        scanned, returned = (float(row.get(name) or row.get("slots") or "") for name in ("scanned", "returned"))
        point = Point(scanned, returned, float(row["ms"]))
    except ValueError:
        raise ValueError(f"{path}:{line}: expected numbers such as 1500.5, got {values}") from None
    if not (math.isfinite(point.ms) and point.ms > 0 and 0 <= point.returned <= point.scanned < math.inf):
        raise ValueError(f"{path}:{line}: expected ms above 0 and 0 <= returned <= scanned, got {values}")
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
    places = medians(points)
    model = fit(places)
    if model is None or len(points) < _FEWEST:
        wanted = f"expected at least {_FEWEST} measurements at three numbers of slots or more"
        raise ValueError(f"{wanted}, got {len(points)} at {len(places)}")
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
    parser = argparse.ArgumentParser(prog="python -m loadtests.calibrate", description=_HELP)
    parser.add_argument("times", type=Path, help="CSV with a header: ms, and slots or both scanned and returned")
    parser.add_argument("--supplier", required=True, type=_name, help="the profile that the new one extends")
    options = parser.parse_args(arguments)
    try:
        print(as_toml(read_times(options.times), options.supplier), end="")
    except OSError as wrong:
        return _no_profile(f"{options.times}: {wrong.strerror}")
    except ValueError as wrong:
        return _no_profile(str(wrong))
    return 0


def _no_profile(why: str) -> int:
    """On the other stream: the first one goes into a file."""
    print(f"no profile: {why}", file=sys.stderr)
    return 2


def _name(text: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9-]*", text):
        raise argparse.ArgumentTypeError(f"expected a profile's name such as strict, got {text!r}")
    known = _built_in()
    if known and text not in known:
        near = get_close_matches(text, known, n=1)
        hint = f"did you mean {near[0]!r}? " if near else ""
        raise argparse.ArgumentTypeError(f"there is no supplier {text!r}; {hint}(allowed: {', '.join(known)})")
    return text


def _built_in() -> list[str]:
    """The profiles that can be extended, by their files: the mocks' package is looked at, never imported."""
    spec = find_spec("mock_gpconnect")
    folders = spec.submodule_search_locations if spec else None
    return sorted(file.stem for folder in folders or () for file in Path(folder, "suppliers").glob("*.toml"))


if __name__ == "__main__":
    raise SystemExit(main())
