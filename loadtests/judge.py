"""Whether a run held: thresholds, failures, and whether the generator measured the server or itself."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path

from loadtests.profile import Profile, Row

DEFAULTS = Path(__file__).with_name("thresholds.toml")
HELD, BROKEN, INVALID = 0, 1, 3
"""Exit codes: all held; a threshold was broken; the run says nothing."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What a run must hold; `thresholds.toml` says what each is."""

    query_shall_ms: float
    query_should_ms: float
    quantile: float
    allowed_failures: float
    most_generator_cpu: float


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence of the judgement. `kind` is `invalid`, `broken` or `note`, worst first."""

    kind: str
    text: str


KINDS = ("invalid", "broken", "note")


def read_thresholds(path: Path | None = None) -> Thresholds:
    """The defaults, with what a file of one's own changes; raises ValueError with what was expected."""
    known = {each.name for each in fields(Thresholds)}
    read = tomllib.loads(DEFAULTS.read_text(encoding="utf-8"))
    own = tomllib.loads(path.read_text(encoding="utf-8")) if path else {}
    if strange := sorted(set(own) - known):
        raise ValueError(f"{path}: unknown threshold {strange[0]!r}; there are {', '.join(sorted(known))}")
    if wrong := sorted(
        name for name, value in own.items() if isinstance(value, bool) or not isinstance(value, int | float)
    ):
        raise ValueError(f"{path}: {wrong[0]}: expected a number, got {own[wrong[0]]!r}")
    limits = Thresholds(**(read | own))
    if not 0 < limits.quantile < 1:
        raise ValueError(f"{path}: quantile: expected a share between 0 and 1, got {limits.quantile}")
    return limits


def judge(profile: Profile, limits: Thresholds) -> list[Finding]:
    """Everything to be said, worst first."""
    found = [*_validity(profile, limits)]
    for row in profile.rows:
        found += _failures(row, limits)
    found += _budgets(profile, limits)
    return sorted(found, key=lambda finding: KINDS.index(finding.kind))


def exit_code(findings: list[Finding]) -> int:
    """The worst finding's."""
    kinds = {finding.kind for finding in findings}
    return INVALID if "invalid" in kinds else BROKEN if "broken" in kinds else HELD


def _validity(profile: Profile, limits: Thresholds) -> Iterator[Finding]:
    if profile.generator_cpu > limits.most_generator_cpu:
        yield Finding(
            "invalid",
            f"the generator used {profile.generator_cpu:.0%} of a core (most {limits.most_generator_cpu:.0%}): "
            "it measured itself; use more processes or lower rates",
        )
    if not any(row.answered for row in profile.rows):
        yield Finding("invalid", "nothing was answered")
    if profile.processes_seen < profile.plan.processes:
        gone = profile.plan.processes - profile.processes_seen
        yield Finding("invalid", f"{gone} of {profile.plan.processes} generating processes never reported")
    if lost := sum(row.lost for row in profile.rows):
        planned = sum(row.planned for row in profile.rows)
        yield Finding("invalid", f"{lost} of {planned} planned requests are lost: their worker went away")


def _failures(row: Row, limits: Thresholds) -> Iterator[Finding]:
    if row.planned and row.failed / row.planned > limits.allowed_failures:
        what = ", ".join(f"{count} x {kind}" for kind, count in sorted(row.errors.items()))
        yield Finding("broken", f"{row.target.name}: {row.failed} of {row.planned} failed ({what})")


def _budgets(profile: Profile, limits: Thresholds) -> Iterator[Finding]:
    slow = {}
    for row in profile.rows:
        share, seen = _seen(row, limits.quantile)
        if seen > limits.query_shall_ms:
            words = f"{row.target.name}: {share:.0%} were answered within {seen:,.0f} ms"
            yield Finding("broken", f"{words}; a query SHALL take less than {limits.query_shall_ms:,.0f} ms")
        elif seen > limits.query_should_ms:
            slow[row.target.name] = seen
    if slow:
        told = ", ".join(f"{name} ({seen:,.0f} ms)" for name, seen in slow.items())
        yield Finding("note", f"a query SHOULD take less than {limits.query_should_ms:,.0f} ms: {told}")


def _seen(row: Row, quantile: float) -> tuple[float, float]:
    """The reported quantile at or above the one that is wanted, and its time."""
    share = next((each for each in row.intended if each >= quantile), 1.0)
    return share, row.intended[share].ms if share < 1 else row.longest_ms
