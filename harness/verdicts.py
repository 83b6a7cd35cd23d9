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
    """One step or check and how it went; `where` is its place in the file, such as `steps.2`.

    `ended_s` is when it was over, in simulated seconds since the run began, as all times here are.
    """

    where: str
    what: str
    verdict: str
    detail: str = ""
    ended_s: float = 0


@dataclass(frozen=True, slots=True)
class Message:
    """A request or a reply: headers, and a body laid out for reading. Masked, without secrets, not always whole."""

    headers: tuple[tuple[str, str], ...] = ()
    body: str = ""


@dataclass(frozen=True, slots=True)
class Wire:
    """One exchange as a report tells it, masked.

    `caller` and `at` are the ends: `consumer`, a national service, or an organisation by its alias.
    `faults` are names, `struck` each one's kind and phase. `answer` is what the mock said, `came` what
    reached the caller in its place, None where that is the same or nothing.
    """

    number: int
    caller: str
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
    struck: tuple[tuple[str, str], ...]
    said: str
    asked: Message
    answer: Message | None
    came: Message | None


@dataclass(frozen=True, slots=True)
class Sight:
    """What one person saw or was texted, masked, and when; `step` is the line that showed a screen."""

    who: str
    what: str
    text: str
    cause: str = ""
    after_s: float = 0
    step: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """An organisation that took part: `name` as people read it, `at` as the scenario calls it."""

    at: str
    name: str
    ods: str
    supplier: str


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
    places: tuple[Place, ...] = ()

    @property
    def name(self) -> str:
        """`booking/lost-reply [strict]`, as people and JUnit call it."""
        return f"{self.id} [{self.supplier}]" if self.supplier else self.id
