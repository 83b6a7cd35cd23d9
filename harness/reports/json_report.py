"""The JSON report. Two simulated runs with one seed give the same bytes."""

from collections.abc import Sequence
from dataclasses import asdict, fields, replace
from typing import Any

import orjson

from harness.verdicts import WORST_FIRST, Result, Wire, roll_up

VERSION = 1
WIRE = [field.name for field in fields(Wire)]
MESSAGES = ("asked", "answer", "came")


def json_report(results: Sequence[Result]) -> bytes:
    """`version`, `verdict`, `totals` and `scenarios`, each with its evidence."""
    report = {
        "version": VERSION,
        "verdict": roll_up(result.verdict for result in results),
        "totals": {word: sum(result.verdict == word for result in results) for word in WORST_FIRST},
        "scenarios": [_scenario(result) for result in results],
    }
    return orjson.dumps(report, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _scenario(result: Result) -> dict[str, Any]:
    """Whole messages only where something did not hold: they are most of a result."""
    names = WIRE if result.verdict in ("error", "fail") else [name for name in WIRE if name not in MESSAGES]
    exchanges = [{name: getattr(one, name) for name in names} for one in result.exchanges]
    return asdict(replace(result, exchanges=())) | {"exchanges": exchanges}
