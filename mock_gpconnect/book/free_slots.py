"""The free slots of a practice, ready to be searched: sorted lists, one for each set of options."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import count
from operator import attrgetter

from mock_gpconnect.book.fragments import is_complete, slot_fragment
from mock_gpconnect.book.protocol import Access, Admits, FreeSlots, Slot, Window

_start = attrgetter("starts")
_order = attrgetter("starts", "id")

_MOST_MERGED = 64
"""Merged lists kept at once: askers fall into few groups, but a hostile one could make up many."""

_NUMBERS = count()
"""Tells lists and versions apart; the numbers themselves mean nothing and are never shown."""

_INCOMPLETE = b""
"""Stands where no valid fragment can be made."""


def _fragment(slot: Slot) -> bytes:
    return slot_fragment(slot) if is_complete(slot) else _INCOMPLETE


class FreeList:
    """Free slots in order of start, with their fragments and schedules beside them.

    Fragments are made when a slot comes in, so a search only slices and joins.
    """

    def __init__(self, rows: Iterable[tuple[Slot, bytes]]) -> None:
        self.number = next(_NUMBERS)
        ordered = sorted(rows, key=lambda row: _order(row[0]))
        self.slots = [slot for slot, _ in ordered]
        self.fragments = [fragment for _, fragment in ordered]
        self.schedule_ids = [slot.schedule_id for slot in self.slots]
        self.longest = max((slot.ends - slot.starts for slot in self.slots), default=timedelta())
        self.incomplete = self.fragments.count(_INCOMPLETE)

    def rows(self) -> Iterator[tuple[Slot, bytes]]:
        """What the list is made of, for a list that merges several."""
        return zip(self.slots, self.fragments, strict=True)

    def add(self, slot: Slot, fragment: bytes) -> None:
        """Put a slot in its place."""
        at = bisect_left(self.slots, _order(slot), key=_order)
        self.slots.insert(at, slot)
        self.fragments.insert(at, fragment)
        self.schedule_ids.insert(at, slot.schedule_id)
        self.longest = max(self.longest, slot.ends - slot.starts)
        self.incomplete += fragment == _INCOMPLETE

    def remove(self, slot: Slot) -> None:
        """Take a slot out."""
        at = bisect_left(self.slots, _order(slot), key=_order)
        self.incomplete -= self.fragments[at] == _INCOMPLETE
        del self.slots[at], self.fragments[at], self.schedule_ids[at]

    def inside(self, window: Window, version: int) -> FreeSlots:
        """The slots that start and end in the window; only the last few need a look at their end."""
        first = bisect_left(self.slots, window.starts, key=_start)
        last = bisect_right(self.slots, min(window.ends, window.last_start), lo=first, key=_start)
        sure = bisect_right(self.slots, window.ends - self.longest, lo=first, hi=last, key=_start)
        tail = [at for at in range(sure, last) if self.slots[at].ends <= window.ends]
        slots, fragments = self.slots[first:sure], self.fragments[first:sure]
        schedule_ids = self.schedule_ids[first:sure]
        slots += [self.slots[at] for at in tail]
        fragments += [self.fragments[at] for at in tail]
        schedule_ids += [self.schedule_ids[at] for at in tail]
        return FreeSlots(
            slots,
            fragments,
            schedule_ids,
            incomplete=self.incomplete > 0 and _INCOMPLETE in fragments,
            mark=(version, self.number, first, sure, *tail),
        )


class FreeIndex:
    """Finds the free slots that an asker may see, in time that does not grow with the book.

    Slots with equal options form a class, and an asker sees a class whole or not at all. Each
    combination of classes that is asked for gets a merged list, kept up to date as slots come
    and go, so that the answer is in order of start without sorting.
    """

    def __init__(self, slots: Iterable[Slot]) -> None:
        classes: dict[Access, list[Slot]] = {}
        for slot in slots:
            classes.setdefault(slot.access, []).append(slot)
        self._lists = {access: FreeList((slot, _fragment(slot)) for slot in each) for access, each in classes.items()}
        self._merged: dict[tuple[Access, ...], FreeList] = {}
        self._version = next(_NUMBERS)

    def changed(self) -> None:
        """Something about the slots or what goes with them is no longer what it was."""
        self._version = next(_NUMBERS)

    def search(self, window: Window, admits: Admits) -> FreeSlots:
        """The free slots inside the window whose class the asker may see."""
        admitted = tuple(access for access in self._lists if admits(access))
        return self._list_of(admitted).inside(window, self._version) if admitted else FreeSlots((), (), ())

    def add(self, slot: Slot) -> None:
        """The slot became free."""
        self.changed()
        self._lists.setdefault(slot.access, FreeList(()))
        fragment = _fragment(slot)
        for each in self._lists_with(slot.access):
            each.add(slot, fragment)

    def remove(self, slot: Slot) -> None:
        """The slot was taken."""
        self.changed()
        for each in self._lists_with(slot.access):
            each.remove(slot)

    def _list_of(self, admitted: tuple[Access, ...]) -> FreeList:
        if len(admitted) == 1:
            return self._lists[admitted[0]]
        if admitted not in self._merged:
            if len(self._merged) >= _MOST_MERGED:
                del self._merged[next(iter(self._merged))]
            self._merged[admitted] = FreeList(row for access in admitted for row in self._lists[access].rows())
        return self._merged[admitted]

    def _lists_with(self, access: Access) -> Iterator[FreeList]:
        yield self._lists[access]
        yield from (each for admitted, each in self._merged.items() if access in admitted)
