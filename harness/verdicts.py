"""Verdicts and results: values that every report is made from."""

from collections.abc import Iterable
from dataclasses import dataclass

WORST_FIRST = ("error", "fail", "skip", "pass", "omit")
"""`fail`: an expectation did not hold. `error`: the harness broke. Never mix them."""


def roll_up(verdicts: Iterable[str]) -> str:
    """The worst of several verdicts."""
    return min(verdicts, key=WORST_FIRST.index, default="omit")


@dataclass(frozen=True, slots=True)
class Line:
    """One step or check and how it went; `where` is its place in the file, such as `steps.2`."""

    where: str
    what: str
    verdict: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Wire:
    """One exchange as a report tells it, masked; times are simulated."""

    number: int
    at: str
    on: str
    trace_id: str
    request: str
    answered: int | None
    seen: str
    seen_status: int | None
    after_s: float
    took_s: float
    faults: tuple[str, ...]
    said: str


@dataclass(frozen=True, slots=True)
class Sight:
    """What one person saw or was texted, masked."""

    who: str
    what: str
    text: str
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """One scenario, run once with one supplier. `rows` are the error rows that were said: `provider/BAD_REQUEST`."""

    id: str
    title: str
    file: str
    supplier: str
    seed: int
    mode: str
    verdict: str
    shows: tuple[str, ...]
    clock: str
    simulated_s: float
    lines: tuple[Line, ...]
    rows: tuple[str, ...]
    exchanges: tuple[Wire, ...]
    sights: tuple[Sight, ...]
    repeat: str

    @property
    def name(self) -> str:
        """`booking/lost-reply [strict]`, as people and JUnit call it."""
        return f"{self.id} [{self.supplier}]" if self.supplier else self.id
