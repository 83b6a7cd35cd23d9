"""Whether a run held: thresholds, failures, and whether the generator measured the server or itself."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from booking_core.spec.interactions import Kind
from loadtests.profile import Came, Profile, Quantile, Row

DEFAULTS = Path(__file__).with_name("thresholds.toml")
_FEWEST = 10
HELD, BROKEN, INVALID = 0, 1, 3
"""Exit codes: all held; a threshold was broken; the run says nothing."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What a run must hold; `thresholds.toml` says what each is."""

    query_shall_ms: float
    query_should_ms: float
    command_shall_ms: float
    command_should_ms: float
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
    yield from _lost(profile)


def _lost(profile: Profile) -> Iterator[Finding]:
    what, told = ("journeys", profile.came) if profile.came else ("requests", profile.rows)
    planned = sum(one.invited if isinstance(one, Came) else one.planned for one in told)
    if lost := sum(one.lost for one in told):
        yield Finding("invalid", f"{lost} of {planned} planned {what} are lost: their worker went away")


def _failures(row: Row, limits: Thresholds) -> Iterator[Finding]:
    if row.planned and row.failed / row.planned > limits.allowed_failures:
        what = ", ".join(f"{count} x {kind}" for kind, count in sorted(row.errors.items()))
        yield Finding("broken", f"{row.name}: {row.failed} of {row.planned} failed ({what})")


def _budgets(profile: Profile, limits: Thresholds) -> Iterator[Finding]:
    yield from _budget(profile, Kind.QUERY, limits.query_shall_ms, limits.query_should_ms, limits.quantile)
    yield from _budget(profile, Kind.COMMAND, limits.command_shall_ms, limits.command_should_ms, limits.quantile)


def _budget(profile: Profile, kind: Kind, shall_ms: float, should_ms: float, quantile: float) -> Iterator[Finding]:
    slow, unsure = {}, {}
    for row in profile.rows:
        if row.is_national or row.interaction.kind is not kind:
            continue
        share, seen = _seen(row, quantile)
        if seen.low > shall_ms:
            since = _since(row, shall_ms) if profile.plan.shape == "ramp" else ""
            words = f"{row.name}: {share:.0%} were answered within {seen.ms:,.0f} ms{_apart_from(row)}"
            yield Finding("broken", f"{words}; a {kind} SHALL take less than {shall_ms:,.0f} ms{since}")
        elif seen.ms > shall_ms:
            unsure[row.name] = seen.ms
        elif seen.ms > should_ms:
            slow[row.name] = seen.ms
    if unsure:
        words = f"a {kind} SHALL take less than {shall_ms:,.0f} ms; too few answers to say whether these do"
        yield Finding("note", f"{words}: {_list(unsure)}")
    if slow:
        yield Finding("note", f"a {kind} SHOULD take less than {should_ms:,.0f} ms: {_list(slow)}")


def _apart_from(row: Row) -> str:
    """The budgets are the provider's: what the proxy took is not held against it."""
    proxy_ms = row.split_ms["proxy"]
    return f", not counting the proxy's {proxy_ms:,.0f} ms" if proxy_ms >= 1 else ""


def _list(times: Mapping[str, float]) -> str:
    return ", ".join(f"{name} ({ms:,.0f} ms)" for name, ms in times.items())


def _since(row: Row, budget_ms: float) -> str:
    """At how many a second it first broke, and how large the answers are; a slice of few answers says nothing."""
    heavy = f", each of {row.plain_bytes:,} bytes" if row.plain_bytes else ""
    for part in row.slices:
        if part.answers >= _FEWEST and part.ms[0.95] - row.split_ms["proxy"] > budget_ms:
            return f"; broken from {part.per_s:.2g} answers a second on{heavy}"
    return ""


def _seen(row: Row, quantile: float) -> tuple[float, Quantile]:
    """The reported quantile at or above the one that is wanted; the longest where there is none."""
    share = next((each for each in row.intended if each >= quantile), 1.0)
    longest = Quantile(row.longest_ms, row.longest_ms, row.longest_ms)
    return share, (row.intended[share] if share < 1 else longest).less(row.split_ms["proxy"])
