"""What changes for whom between two configurations of a pilot."""

from collections import Counter
from collections.abc import Iterator, Mapping

from harness.pilot_check.cells import Cell
from harness.pilot_check.on_screen import ROLES
from harness.pilot_check.verdict import Change, Checked

Cells = Mapping[tuple[str, str, str], Cell]


def changes(old: Checked, new: Checked) -> tuple[Change, ...]:
    """Everything that differs, by organisation in the order of the new file, then of the old one."""
    found = [change for differs in DIFFERENCES for change in differs(old, new)]
    order = list(dict.fromkeys([*new.roles, *old.roles]))
    return tuple(sorted(found, key=lambda one: (*_place(one.organisation, order),)))


def _place(ods: str, order: list[str]) -> tuple[int, str]:
    return (order.index(ods) if ods in order else len(order), ods)


def _roles(old: Checked, new: Checked) -> Iterator[Change]:
    for ods in dict.fromkeys([*new.roles, *old.roles]):
        before, now = old.roles.get(ods), new.roles.get(ods)
        if before is None:
            yield Change(ods, f"joins the pilot: {ROLES[now or 'none']}")
        elif now is None:
            yield Change(ods, f"leaves the pilot: it {ROLES[before]} no more")
        elif before != now:
            yield Change(ods, f"{ROLES[now]}, and did so far: {ROLES[before]}")


def _names(old: Checked, new: Checked) -> Iterator[Change]:
    for ods, name in new.names.items():
        if (before := old.names.get(ods, name)) != name:
            yield Change(ods, f"is called {name}, and so far {before}")


def _emails(old: Checked, new: Checked) -> Iterator[Change]:
    """What the other differences do not tell of a letter: the day, the lead, cancelling."""
    before = {one.ods: one for one in old.emails}
    for one in new.emails:
        if one.ods in before and (lines := _new_lines(before[one.ods].text, one.text)):
            yield Change(one.ods, f"its launch email now says: {' '.join(lines)}")


def _new_lines(before: str, now: str) -> list[str]:
    """Sentences that were not there; lists of organisations are told as links, a greeting as a name."""
    known = {*before.splitlines()}
    return [line for line in now.splitlines() if line not in known and not line.startswith(("  - ", "Dear "))]


def _links(old: Checked, new: Checked) -> Iterator[Change]:
    """Told to both ends."""
    for booker, receiver in sorted(set(new.links) - set(old.links)):
        yield Change(booker, f"may now book into {receiver}")
        yield Change(receiver, f"now receives patients of {booker}")
    for booker, receiver in sorted(set(old.links) - set(new.links)):
        yield Change(booker, f"can no longer book into {receiver}")
        yield Change(receiver, f"no longer receives patients of {booker}")


def _slots(old: Checked, new: Checked) -> Iterator[Change]:
    before, now = _seen(old), _seen(new)
    for (booker, receiver), slots in now.items():
        if (booker, receiver) in before and before[booker, receiver] != slots:
            yield Change(
                booker, f"sees {slots} slots at {receiver} over the horizon, {before[booker, receiver]} so far"
            )


def _seen(checked: Checked) -> dict[tuple[str, str], int]:
    return {
        (booker, one.receiver): days.total() for one in checked.capacities for booker, days in one.days.items()
    }  # fmt: skip


def _cells(old: Checked, new: Checked) -> Iterator[Change]:
    """Slot types of links that both have; a new link is told as a link."""
    before, now = _by_place(old), _by_place(new)
    for place in dict.fromkeys([*now, *before]):
        was, ends = _state(before.get(place)), _state(now.get(place))
        if was != ends and place[:2] in old.links and place[:2] in new.links:
            booker, receiver, slot_type = place
            yield Change(booker, f"{slot_type or 'any slot type'} at {receiver}: {ends}, {was} so far")


def _by_place(checked: Checked) -> Cells:
    return {(pair.booker, pair.receiver, cell.slot_type): cell for pair in checked.pairs for cell in pair.cells}


def _state(cell: Cell | None) -> str:
    if cell is None:
        return "not offered"
    return cell.state.replace("_", " ") + (f" ({cell.why.replace('_', ' ')})" if cell.why else "")


def _findings(old: Checked, new: Checked) -> Iterator[Change]:
    before, now = _told(old), _told(new)
    yield from (Change(ods, f"new finding {rule}: {text}") for ods, rule, text in (now - before))
    yield from (Change(ods, f"finding {rule} is gone: {text}") for ods, rule, text in (before - now))


def _told(checked: Checked) -> Counter[tuple[str, str, str]]:
    return Counter((one.organisation, one.rule, one.text) for one in checked.findings)


DIFFERENCES = (_names, _roles, _links, _slots, _cells, _findings, _emails)
"""What is compared, in the order in which an organisation is told."""
