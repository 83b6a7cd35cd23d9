"""The exchanges of one run as a sequence diagram: places and strokes, for a template to draw."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from harness.reports.html.words import NOTHING_CAME, duration, faults, outcome
from harness.verdicts import Wire

COLUMN, MARGIN, ROW, HEAD = 156, 78, 22, 40
"""Between lifelines, outside them, between messages, and for the names above them; in pixels."""

LETTER = 6.8
"""About as wide is a letter of a label: it must not stick out."""

LONGEST_TITLE = 100

SERVICES = ("consumer", "token", "pds", "sds", "ssp")
"""The lifelines that come first, in this order; then the organisations as they appear."""

ENDING = frozenset({"cut", "hang", "refuse"})
"""Faults that let a message go no further."""

PAUSE_S = 1
"""A longer silence on the wire is drawn as one."""

HEADS_EVERY = 18
"""After so many rows the names are repeated."""

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
class Diagram:
    """Strokes are gathered into one path a kind: a page with thousands of arrows stays small."""

    actors: Mapping[str, int]
    y: int = HEAD - ROW // 2
    asked: list[str] = field(default_factory=list)
    replied: list[str] = field(default_factory=list)
    crosses: list[str] = field(default_factory=list)
    diamonds: list[str] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    bands: list[Band] = field(default_factory=list)
    heads: list[int] = field(default_factory=list)

    @property
    def width(self) -> int:
        """All lifelines and what stands outside them."""
        return max(self.actors.values()) + MARGIN


def draw(exchanges: Sequence[Wire], titles: Mapping[int, str]) -> Diagram:
    """Requests and replies from top to bottom; `titles` say which step each exchange began in."""
    pen = _Pen(Diagram({name: MARGIN + COLUMN * place for place, name in enumerate(_actors(exchanges))}))
    title, before_s = "", 0.0
    for event in _events(exchanges):
        if event.at_s - before_s > PAUSE_S:
            pen.pause(event.at_s - before_s)
        if event.is_request and titles[event.one.number] != title:
            title = titles[event.one.number]
            pen.step(title)
        (pen.request if event.is_request else pen.reply)(event.one)
        before_s = event.at_s
    pen.drawn.y += ROW
    return pen.drawn


def _actors(exchanges: Sequence[Wire]) -> list[str]:
    found = dict.fromkeys(end for one in exchanges for end in (one.caller, one.at))
    return [name for name in SERVICES if name in found] + [name for name in found if name not in SERVICES]


@dataclass(frozen=True, slots=True)
class _Event:
    """A request sets out, or its exchange is over."""

    at_s: float
    is_request: bool
    one: Wire


def _events(exchanges: Sequence[Wire]) -> list[_Event]:
    """In order of time. What ends when another begins ends first, inner before outer, but never before itself."""
    found = [event for one in exchanges for event in _both(one)]
    return sorted(
        found, key=lambda event: (event.at_s, event.is_request, event.one.number * (1 if event.is_request else -1))
    )


def _both(one: Wire) -> Iterator[_Event]:
    yield _Event(one.after_s, True, one)
    yield _Event(one.after_s + max(one.took_s, 1e-7), False, one)


class _Pen:
    """Draws from top to bottom."""

    def __init__(self, drawn: Diagram) -> None:
        self.drawn = drawn
        self._rows = 0

    def step(self, title: str) -> None:
        """A step begins; the names again, if they are far up."""
        self._line(title, pause=False)
        if self._rows >= HEADS_EVERY:
            self.drawn.heads.append(self.drawn.y)
            self.drawn.y += HEAD - 6
            self._rows = 0

    def pause(self, seconds: float) -> None:
        """Nothing is said for a while."""
        self._line(f"{duration(seconds)} later", pause=True)

    def request(self, one: Wire) -> None:
        """From the caller to the mock, as far as a fault lets it."""
        struck, ended = faults(one, "request"), _ended(one, "request")
        self._arrow(self.drawn.asked, one.caller, one.at, ended=ended, changed=bool(struck) and not ended)
        self._label(one, f"{one.number} {one.on}" + (f": {struck}" if struck else ""), bool(struck))

    def reply(self, one: Wire) -> None:
        """From the mock to the caller, as far as a fault lets it; nothing to draw where the mock said nothing."""
        struck, lost = faults(one, "reply"), one.seen != "reply"
        if lost and one.answered is None:
            self._nothing(one)
            return
        self._arrow(self.drawn.replied, one.at, one.caller, ended=lost, changed=bool(struck) and not lost)
        said = str(one.answered) if lost else outcome(one)
        why = struck or (NOTHING_CAME[one.seen] if lost else "")
        loud = lost or bool(struck) or (one.seen_status or 0) >= 400
        self._label(one, f"{one.number}: {said}" + (f", {why}" if why else ""), loud)

    def _nothing(self, one: Wire) -> None:
        self._next_row()
        self._label(one, f"{one.number}: {NOTHING_CAME[one.seen]}", True)
        self.drawn.crosses.append(f"M{self.drawn.actors[one.caller]} {self.drawn.y - 8}{CROSS}")

    def _line(self, text: str, *, pause: bool) -> None:
        self._next_row()
        self.drawn.y += 6
        room = min(int(self.drawn.width / LETTER), LONGEST_TITLE)
        self.drawn.bands.append(Band(self.drawn.y, text if len(text) <= room else f"{text[: room - 3]}...", pause))

    def _arrow(self, strokes: list[str], start: str, end: str, *, ended: bool, changed: bool) -> None:
        self._next_row()
        a, b, y = self.drawn.actors[start], self.drawn.actors[end], self.drawn.y
        way = 1 if b > a else -1
        middle = (a + b) // 2
        if ended:
            strokes.append(f"M{a} {y}H{middle - 5 * way}")
            self.drawn.crosses.append(f"M{middle} {y}{CROSS}")
            return
        strokes.append(f"M{a} {y}H{b - 2 * way}m{-6 * way}-4l{6 * way} 4 {-6 * way} 4")
        if changed:
            self.drawn.diamonds.append(f"M{middle} {y}{DIAMOND}")

    def _next_row(self) -> None:
        self.drawn.y += ROW
        self._rows += 1

    def _label(self, one: Wire, text: str, loud: bool) -> None:
        left = min(self.drawn.actors[one.caller], self.drawn.actors[one.at]) + 9
        x = max(4, min(left, self.drawn.width - int(len(text) * LETTER)))
        self.drawn.labels.append(Label(x, self.drawn.y - 5, text, loud))


def _ended(one: Wire, phase: str) -> bool:
    return any(kind in ENDING and when == phase for kind, when in one.struck)
