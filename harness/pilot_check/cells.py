"""What the matrix is made of: a pair of organisations, and a cell for each slot type of the receiver."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

State = Literal["books", "no_slots", "refused"]
STATES: tuple[State, ...] = ("books", "no_slots", "refused")


@dataclass(frozen=True, slots=True)
class Said:
    """One exchange, masked: what was asked of whom, the answer, and the trace id.

    `why` is what a refusal said of itself. `request` and `reply` are whole messages, empty where only
    this line is kept.
    """

    on: str
    at: str
    status: int
    trace: str
    why: str = ""
    request: str = ""
    reply: str = ""


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that somebody did, how it ended, and the exchanges that it set off."""

    what: str
    ended: str
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One slot type of one pair. `why` is the cause of an empty list, or the error; `trace` names the exchange.

    `acts` are the cell's own: booked as each kind of patient, and given back.
    """

    slot_type: str
    state: State
    why: str = ""
    slots: int = 0
    cancelled: bool = False
    trace: str = ""
    acts: tuple[Act, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """All that was tried from one booker to one receiver.

    `invited` is what the sender saw for each kind of patient; `days` are the slots that the search
    really showed; `story` is what all cells have in common, from the invitations to the patients' identity.
    """

    booker: str
    receiver: str
    invited: Mapping[str, str]
    cells: tuple[Cell, ...]
    days: Mapping[date, int] = field(default_factory=dict)
    story: tuple[Act, ...] = ()
    note: str = ""

    def count(self, state: State) -> int:
        """How many slot types ended so."""
        return sum(cell.state == state for cell in self.cells)

    def said(self) -> Iterator[Said]:
        """Every exchange, in order."""
        for acts in (self.story, *(cell.acts for cell in self.cells)):
            yield from (said for act in acts for said in act.said)

    @property
    def went_wrong(self) -> bool:
        """Whether nothing at all could be booked, something was refused, or somebody was let through."""
        return bool(self.alarm) or not self.count("books") or self.count("refused") > 0

    @property
    def alarm(self) -> str:
        """What must never be: a patient whose records disagree was let through."""
        let_through = self.invited.get("mismatching") == "sent"
        return "a patient whose records disagree was invited" if let_through else ""
