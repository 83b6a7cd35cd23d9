"""What the matrix is made of: a pair of organisations, and a cell for each slot type of the receiver."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

State = Literal["books", "no_slots", "refused"]
STATES: tuple[State, ...] = ("books", "no_slots", "refused")


@dataclass(frozen=True, slots=True)
class Cell:
    """One slot type of one pair. `why` is the cause of an empty list, or the error; `trace` leads to the exchange."""

    slot_type: str
    state: State
    why: str = ""
    slots: int = 0
    cancelled: bool = False
    trace: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """One exchange of a pair's journey: what was asked of whom, the answer, and the trace id."""

    on: str
    at: str
    status: int
    trace: str


@dataclass(frozen=True, slots=True)
class Pair:
    """All that was tried from one booker to one receiver.

    `invited` is what the sender saw for each kind of patient; `days` are the slots that the search
    really showed; `story` are the exchanges up to the first booking.
    """

    booker: str
    receiver: str
    invited: Mapping[str, str]
    cells: tuple[Cell, ...]
    days: Mapping[date, int] = field(default_factory=dict)
    story: tuple[Said, ...] = ()
    note: str = ""

    def count(self, state: State) -> int:
        """How many slot types ended so."""
        return sum(cell.state == state for cell in self.cells)

    @property
    def went_wrong(self) -> bool:
        """Whether nothing at all could be booked, something was refused, or somebody was let through."""
        return bool(self.alarm) or not self.count("books") or self.count("refused") > 0

    @property
    def alarm(self) -> str:
        """What must never be: a patient whose records disagree was let through."""
        let_through = self.invited.get("mismatching") == "sent"
        return "a patient whose records disagree was invited" if let_through else ""
