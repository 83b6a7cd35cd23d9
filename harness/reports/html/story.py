"""What a page says of one result: its steps in order, each with what it set off and what people saw of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from harness.reports.html.diagram import Diagram, draw
from harness.reports.html.messages import Part
from harness.verdicts import Line, Result, Sight, Wire

Timed = TypeVar("Timed", Wire, Sight)

BROKEN = ("error", "fail")
SHOWN_AS_EVIDENCE = 2
TABLES = {"steps": "Step", "checks": "Check", "faults": "Fault"}


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the file, the exchanges that began during it, and what was seen by its end."""

    title: str
    line: Line
    exchanges: tuple[Wire, ...]
    sights: tuple[Sight, ...]


@dataclass(frozen=True, slots=True)
class Break:
    """An expectation that did not hold, with the exchanges that tell most about it."""

    title: str
    line: Line
    exchanges: tuple[Wire, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """One result as it is told.

    `key` makes the page's anchors. `messages` and `traces` are found by number of exchange, `names` of
    organisations by ODS code.
    """

    key: str
    result: Result
    steps: tuple[Step, ...]
    checks: tuple[Line, ...]
    breaks: tuple[Break, ...]
    diagram: Diagram | None
    messages: Mapping[int, tuple[Part, ...]]
    traces: Mapping[int, str]
    names: Mapping[str, str]


def tell(key: str, result: Result, messages: Mapping[int, tuple[Part, ...]]) -> Story:
    """Puts a result into the order in which it happened."""
    steps = tuple(_steps(result))
    titles = {one.number: step.title for step in steps for one in step.exchanges}
    return Story(
        key,
        result,
        steps,
        tuple(line for line in result.lines if not line.where.startswith("steps.")),
        tuple(_breaks(result, steps)),
        draw(result.exchanges, titles) if result.exchanges else None,
        messages,
        dict(_traces(result.exchanges)),
        {place.ods: place.at for place in result.places},
    )


def drawn(stories: Sequence[Story], *, once: bool) -> Mapping[str, Story]:
    """Key of each story -> the one that has its diagram: with `once` the first whose diagram is the same."""
    first: dict[str, Story] = {}
    return {one.key: first.setdefault(repr(one.diagram), one) if once else one for one in stories}


def _steps(result: Result) -> Iterator[Step]:
    """Everything belongs to the first step that ended no earlier; what came later, to a row of its own."""
    exchanges, sights = [*result.exchanges], [*result.sights]
    for line in (line for line in result.lines if line.where.startswith("steps.")):
        yield Step(_title(line), line, _taken(exchanges, line), _taken(sights, line))
    if exchanges or sights:
        yield Step("After the steps", Line("", "", "pass"), tuple(exchanges), tuple(sights))


def _taken(waiting: list[Timed], line: Line) -> tuple[Timed, ...]:
    taken = tuple(one for one in waiting if _belongs(one, line))
    waiting[:] = [one for one in waiting if not _belongs(one, line)]
    return taken


def _belongs(one: Wire | Sight, line: Line) -> bool:
    if isinstance(one, Sight) and one.step:
        return one.step == line.where
    return one.after_s <= line.ended_s


def _title(line: Line) -> str:
    """`Step 3: choose link=link`: people count from 1."""
    table, _, place = line.where.partition(".")
    return f"{TABLES[table]} {int(place) + 1}: {line.what}" if table in TABLES else line.what


def _traces(exchanges: Sequence[Wire]) -> Iterator[tuple[int, str]]:
    """The trace id, or the number of the exchange that had it first: the proxy sends a request on under its own."""
    first: dict[str, int] = {}
    for one in exchanges:
        if one.trace_id:
            number = first.setdefault(one.trace_id, one.number)
            yield one.number, one.trace_id if number == one.number else f"as {number}"


def _breaks(result: Result, steps: Sequence[Step]) -> Iterator[Break]:
    own = {step.line.where: step.exchanges for step in steps}
    for line in result.lines:
        if line.verdict in BROKEN:
            yield Break(_title(line), line, _telling(line, own.get(line.where) or result.exchanges))


def _telling(line: Line, exchanges: Sequence[Wire]) -> tuple[Wire, ...]:
    """Those that the line names, or that did not go well, or else the last; the last of them."""
    words = line.what.split()
    named = [one for one in exchanges if f"at={one.at}" in words and f"on={one.on}" in words]
    return tuple((named or [one for one in exchanges if went_wrong(one)] or exchanges)[-SHOWN_AS_EVIDENCE:])


def went_wrong(one: Wire) -> bool:
    """Whether the caller got no answer, a refusal, or what a fault had changed."""
    return one.seen != "reply" or (one.seen_status or 0) >= 400 or bool(one.faults)
