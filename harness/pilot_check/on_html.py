"""The check as one page that opens from disk: findings, roles, the matrix as a heat map, its ways, capacity, emails."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from booking_core.uk_time import LONDON, spoken_day
from harness.pilot_check.cells import Pair, Said
from harness.pilot_check.matrix import FEW
from harness.pilot_check.on_screen import ROLES, told, totals, why
from harness.pilot_check.pages import content, render
from harness.pilot_check.verdict import Checked

SIGNS = {"all": "●", "some": "◐", "empty": "○", "refused": "✗"}
"""Readable without colour: all slot types book, some do, none has slots, the way is closed."""

PAGE, LEAST = 9_500_000, 500_000
"""A page has about so many characters at most, so that it can be sent by mail; of these, at least so many of whole
messages, however long the rest is."""

SHORTEST, LONGEST = 200, 20_000
"""Where all messages would be too much, each is shortened to what fits, within these bounds."""


@dataclass(frozen=True, slots=True)
class Spot:
    """One place of the heat map."""

    kind: str
    sign: str
    told: str
    title: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Whole:
    """An exchange that the page has in full, with the place that it belongs to."""

    title: str
    said: Said


def html_of(checked: Sequence[Checked]) -> bytes:
    """All pilots, one below the other, and at the end the messages that are kept whole."""
    pilots = [_pilot(one) for one in checked]
    page = render("check.html", pilots=pilots, signs=SIGNS, roles=ROLES, why=why, anchor=anchor)
    wholes = [whole for one in checked for pair in one.pairs for whole in _wholes(pair)]
    cap = _cap(wholes, max(LEAST, PAGE - len(page.encode())))
    return (page + render("messages.html", wholes=wholes, capped=lambda text: _capped(text, cap))).encode()


def _pilot(one: Checked) -> dict[str, object]:
    local = one.when.astimezone(LONDON)
    return {
        "checked": one,
        "heat": _heat(one),
        "totals": totals(one),
        "told": told(one),
        "day": f"{spoken_day(one.when)} {local:%Y, %H:%M} UK time",
        "taking_part": sum(role != "none" for role in one.roles.values()),
        "spoken": partial(_spoken, one),
        "few": len(one.pairs) <= FEW,
    }


def _spoken(one: Checked, ends: str) -> str:
    """`T90001 -> Y90001` with the names that people know."""
    known = (f"{one.names[ods]} ({ods})" if ods in one.names else ods for ods in ends.split(" -> "))
    return " to ".join(known)


def _heat(one: Checked) -> dict[str, object]:
    """Rows are bookers, columns receivers, in the order of the file; where there is no link, there is nothing."""
    pairs = {(pair.booker, pair.receiver): pair for pair in one.pairs}
    bookers, receivers = ([ods for ods in one.roles if any(ends[end] == ods for ends in pairs)] for end in (0, 1))
    rows = [
        (booker, [_spot(one, pairs[booker, to]) if (booker, to) in pairs else None for to in receivers])
        for booker in bookers
    ]
    return {"receivers": receivers, "rows": rows}


def _spot(one: Checked, pair: Pair) -> Spot:
    books, cells = pair.count("books"), len(pair.cells)
    kind = "all" if books == cells else "some" if books else "refused" if pair.count("refused") else "empty"
    told = f"{books}/{cells}" if kind != "refused" else pair.cells[0].why
    title = [f"{pair.booker} to {pair.receiver}: {books} of {cells} slot types book", why(pair)]
    return Spot(kind, SIGNS[kind], told, "; ".join(filter(None, title)), anchor(one, pair))


def anchor(one: Checked, pair: Pair) -> str:
    """The place of a pair's cells on the page."""
    return f"{one.pilot}-{pair.booker}-{pair.receiver}"


def _wholes(pair: Pair) -> Iterator[Whole]:
    """In the order in which things happened, each once."""
    ends = f"{pair.booker} to {pair.receiver}"
    ways = [(ends, pair.story), *((f"{ends}, {cell.slot_type or 'any slot type'}", cell.acts) for cell in pair.cells)]
    for place, acts in ways:
        for act in acts:
            yield from (Whole(f"{place}: {act.what}", said) for said in act.said if said.request)


def _cap(wholes: Sequence[Whole], room: int) -> int:
    """The longest that a message may be for all of them to fit."""
    texts = [text for whole in wholes for text in (whole.said.request, whole.said.reply) if text]
    sizes = [(len(text), len(content(text).encode()) / len(text)) for text in texts]
    caps = range(SHORTEST, LONGEST)
    fits = bisect_right(caps, room, key=lambda cap: int(sum(min(length, cap) * per_char for length, per_char in sizes)))
    return caps[max(0, fits - 1)]


def _capped(text: str, cap: int) -> str:
    return text if len(text) <= cap else f"{text[:cap]}\n... {len(text) - cap} more characters"
