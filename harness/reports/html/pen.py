"""Places and strokes of a sequence diagram, for a template to draw."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from harness.reports.html.words import NOTHING_CAME, duration, faults, outcome
from harness.verdicts import Wire

COLUMN, MARGIN, ROW, HEAD = 156, 78, 22, 29
"""Between lifelines, outside them, between messages, and for the names above them; in pixels."""

LETTER, CAPITAL = 6.6, 8.8
"""About as wide are the letters of a label: it must not stick out."""

LONGEST_TITLE = 100

ENOUGH, FULL = 18, 36
"""Rows after which a new piece begins: with the next step, or in any case; so many fit on a printed page."""

ENDING = frozenset({"cut", "hang", "refuse"})
"""Faults that let a message go no further."""

CROSS, DIAMOND = "m-5-5l10 10m0-10l-10 10", "m0-6l6 6l-6 6l-6-6z"


@dataclass(frozen=True, slots=True)
class Label:
    """A text on an arrow, from its left end on; it begins with the exchange's number. `loud`: it went wrong."""

    x: int
    y: int
    text: str
    loud: bool


@dataclass(frozen=True, slots=True)
class Band:
    """A line across all lifelines: a step begins, or time goes by."""

    y: int
    text: str
    pause: bool


@dataclass(slots=True)
class Piece:
    """A part of the diagram with names of its own above. One path a kind of stroke keeps a page small."""

    height: int = HEAD
    rows: int = 0
    asked: list[str] = field(default_factory=list)
    replied: list[str] = field(default_factory=list)
    crosses: list[str] = field(default_factory=list)
    diamonds: list[str] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    bands: list[Band] = field(default_factory=list)


class Pen:
    """Draws from top to bottom; `lifelines` are names and where they stand."""

    def __init__(self, lifelines: Mapping[str, int]) -> None:
        self.pieces = [Piece()]
        self.width = max(lifelines.values()) + MARGIN
        self._x = lifelines

    def step(self, title: str) -> None:
        """A step begins."""
        if self.pieces[-1].rows >= ENOUGH:
            self.pieces.append(Piece())
        self._line(title, pause=False)

    def pause(self, seconds: float) -> None:
        """Nothing is said for a while."""
        self._line(f"{duration(seconds)} later", pause=True)

    def request(self, one: Wire) -> None:
        """From the caller to the mock, as far as a fault lets it."""
        struck = faults(one, "request")
        ended = any(kind in ENDING and phase == "request" for kind, phase in one.struck)
        piece = self._next_row()
        self._arrow(piece.asked, one.caller, one.at, ended=ended, changed=bool(struck))
        self._label(one, f"{one.number} {one.on}" + (f": {struck}" if struck else ""), loud=bool(struck))

    def reply(self, one: Wire) -> None:
        """From the mock to the caller, as far as a fault lets it; a cross at the caller where the mock said nothing."""
        struck, lost = faults(one, "reply"), one.seen != "reply"
        piece = self._next_row()
        if lost and one.answered is None:
            piece.crosses.append(f"M{self._x[one.caller]} {piece.height - 8}{CROSS}")
            self._label(one, f"{one.number}: {NOTHING_CAME[one.seen]}", loud=True)
            return
        self._arrow(piece.replied, one.at, one.caller, ended=lost, changed=bool(struck))
        said = str(one.answered) if lost else outcome(one)
        why = struck or (NOTHING_CAME[one.seen] if lost else "")
        loud = bool(why) or (one.seen_status or 0) >= 400
        self._label(one, f"{one.number}: {said}" + (f", {why}" if why else ""), loud=loud)

    def _next_row(self) -> Piece:
        if self.pieces[-1].rows >= FULL:
            self.pieces.append(Piece())
        piece = self.pieces[-1]
        piece.height += ROW
        piece.rows += 1
        return piece

    def _line(self, text: str, *, pause: bool) -> None:
        piece = self._next_row()
        piece.height += 6
        room = min(int(self.width / LETTER), LONGEST_TITLE)
        piece.bands.append(Band(piece.height, text if len(text) <= room else f"{text[: room - 3]}...", pause))

    def _arrow(self, strokes: list[str], start: str, end: str, *, ended: bool, changed: bool) -> None:
        piece = self.pieces[-1]
        a, b, y = self._x[start], self._x[end], piece.height
        way, middle = (1 if b > a else -1), (a + b) // 2
        if ended:
            strokes.append(f"M{a} {y}H{middle - 5 * way}")
            piece.crosses.append(f"M{middle} {y}{CROSS}")
            return
        strokes.append(f"M{a} {y}H{b - 2 * way}m{-6 * way}-4l{6 * way} 4 {-6 * way} 4")
        if changed:
            piece.diamonds.append(f"M{middle} {y}{DIAMOND}")

    def _label(self, one: Wire, text: str, *, loud: bool) -> None:
        piece = self.pieces[-1]
        left = min(self._x[one.caller], self._x[one.at]) + 9
        wide = sum(CAPITAL if letter.isupper() else LETTER for letter in text)
        piece.labels.append(Label(max(4, min(left, self.width - int(wide))), piece.height - 5, text, loud))
