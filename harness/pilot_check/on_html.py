"""The check as one page that opens from disk: findings, roles, the matrix as a heat map, capacity, emails."""

from collections.abc import Sequence
from dataclasses import dataclass

from harness.pilot_check.cells import Pair
from harness.pilot_check.on_screen import ROLES, why
from harness.pilot_check.pages import render
from harness.pilot_check.verdict import Checked

SIGNS = {"all": "●", "some": "◐", "empty": "○", "refused": "✗"}
"""Readable without colour: all slot types book, some do, none has slots, the way is closed."""


@dataclass(frozen=True, slots=True)
class Spot:
    """One place of the heat map."""

    kind: str
    sign: str
    told: str
    title: str
    anchor: str


def html_of(checked: Sequence[Checked]) -> bytes:
    """All pilots, one below the other."""
    pilots = [{"checked": one, "heat": _heat(one), "details": _details(one)} for one in checked]
    return render("check.html", pilots=pilots, signs=SIGNS, roles=ROLES, why=why).encode()


def _heat(one: Checked) -> dict[str, object]:
    """Rows are bookers, columns receivers; where there is no link, there is nothing."""
    pairs = {(pair.booker, pair.receiver): pair for pair in one.pairs}
    bookers, receivers = (list(dict.fromkeys(end)) for end in zip(*pairs, strict=True)) if pairs else ([], [])
    rows = [
        (booker, [_spot(pairs[booker, to]) if (booker, to) in pairs else None for to in receivers])
        for booker in sorted(bookers)
    ]
    return {"receivers": receivers, "rows": rows}


def _spot(pair: Pair) -> Spot:
    books, cells = pair.count("books"), len(pair.cells)
    kind = "all" if books == cells else "some" if books else "refused" if pair.count("refused") else "empty"
    told = f"{books}/{cells}" if kind != "refused" else pair.cells[0].why
    title = [f"{pair.booker} to {pair.receiver}: {books} of {cells} slot types book", why(pair)]
    return Spot(kind, SIGNS[kind], told, "; ".join(filter(None, title)), anchor(pair))


def anchor(pair: Pair) -> str:
    """The place of a pair's cells on the page."""
    return f"{pair.booker}-{pair.receiver}"


def _details(one: Checked) -> list[tuple[str, Pair]]:
    return [(anchor(pair), pair) for pair in one.pairs]
