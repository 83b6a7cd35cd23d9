"""The exchanges of one run as a sequence diagram: who takes part, and what happened in which order."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from harness.reports.html.pen import COLUMN, MARGIN, Pen, Piece
from harness.verdicts import Wire

SERVICES = ("consumer", "token", "pds", "sds", "ssp")
"""The lifelines that come first, in this order; then the organisations as they appear."""

PAUSE_S = 1
"""A longer silence on the wire is drawn as one."""


@dataclass(frozen=True, slots=True)
class Diagram:
    """The lifelines with where they stand, and pieces that follow one another from top to bottom."""

    lifelines: Mapping[str, int]
    width: int
    pieces: Sequence[Piece]


def draw(exchanges: Sequence[Wire], titles: Mapping[int, str]) -> Diagram:
    """Requests and replies; `titles` say which step each exchange began in."""
    lifelines = {name: MARGIN + COLUMN * place for place, name in enumerate(_taking_part(exchanges))}
    pen, title, before_s = Pen(lifelines), "", 0.0
    for event in _events(exchanges):
        if event.at_s - before_s > PAUSE_S:
            pen.pause(event.at_s - before_s)
        if event.is_request and titles[event.one.number] != title:
            title = titles[event.one.number]
            pen.step(title)
        (pen.request if event.is_request else pen.reply)(event.one)
        before_s = event.at_s
    return Diagram(lifelines, pen.width, pen.pieces)


def _taking_part(exchanges: Sequence[Wire]) -> list[str]:
    found = dict.fromkeys(end for one in exchanges for end in (one.caller, one.at))
    return [name for name in SERVICES if name in found] + [name for name in found if name not in SERVICES]


@dataclass(frozen=True, slots=True)
class _Event:
    """A request sets out, or its exchange is over."""

    at_s: float
    is_request: bool
    one: Wire

    def place(self) -> tuple[float, bool, int]:
        """What ends as another begins ends first, and an inner exchange before the outer one."""
        return self.at_s, self.is_request, self.one.number * (1 if self.is_request else -1)


def _events(exchanges: Sequence[Wire]) -> list[_Event]:
    return sorted((event for one in exchanges for event in _both(one)), key=_Event.place)


def _both(one: Wire) -> Iterator[_Event]:
    """Nothing ends before it began, even where no time went by."""
    yield _Event(one.after_s, True, one)
    yield _Event(one.after_s + max(one.took_s, 1e-7), False, one)
