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

    line: Line
    exchanges: tuple[Wire, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """One result as it is told; `key` makes the page's anchors. `messages` are found by number of exchange,
    `names` of organisations by ODS code."""

    key: str
    result: Result
    steps: tuple[Step, ...]
    checks: tuple[Line, ...]
    breaks: tuple[Break, ...]
    diagram: Diagram | None
    messages: Mapping[int, tuple[Part, ...]]
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
        {place.ods: place.at for place in result.places},
    )


def _steps(result: Result) -> Iterator[Step]:
    """Everything belongs to the first step that ended no earlier; what came later, to a row of its own."""
    exchanges, sights = [*result.exchanges], [*result.sights]
    for number, line in enumerate((line for line in result.lines if line.where.startswith("steps.")), 1):
        title = f"Step {number}: {line.what}"
        yield Step(title, line, _until(line.ended_s, exchanges), _until(line.ended_s, sights))
    if exchanges or sights:
        yield Step("After the steps", Line("", "", "pass"), tuple(exchanges), tuple(sights))


def _until(ended_s: float, waiting: list[Timed]) -> tuple[Timed, ...]:
    taken = tuple(one for one in waiting if one.after_s <= ended_s)
    waiting[:] = [one for one in waiting if one.after_s > ended_s]
    return taken


def _breaks(result: Result, steps: Sequence[Step]) -> Iterator[Break]:
    own = {step.line.where: step.exchanges for step in steps}
    for line in result.lines:
        if line.verdict in BROKEN:
            yield Break(line, _telling(own.get(line.where) or result.exchanges))


def _telling(exchanges: Sequence[Wire]) -> tuple[Wire, ...]:
    """The last that did not go well, or else the last."""
    return tuple([one for one in exchanges if went_wrong(one)][-SHOWN_AS_EVIDENCE:] or exchanges[-1:])


def went_wrong(one: Wire) -> bool:
    """Whether the caller got no answer, a refusal, or what a fault had changed."""
    return one.seen != "reply" or (one.seen_status or 0) >= 400 or bool(one.faults)
