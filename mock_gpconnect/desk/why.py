"""Why can they not see this slot? Every slot of a day as one consumer sees it, with the reason for those hidden."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from mock_gpconnect.book.protocol import Schedule, Slot
from mock_gpconnect.desk.desk import Desk
from mock_gpconnect.desk.diary import day_span, slots_on
from mock_gpconnect.desk.inputs import WhyAsked
from mock_gpconnect.provider.limits import limit_reached
from mock_gpconnect.provider.visibility import Asker, Rules, rules_of, why_hidden

FULL_AT_BOOKING = "limit_reached_at_booking"
"""The slot is shown, but to book it would be refused."""


BEGUN_BUT_SHOWN = "begun_but_shown"
"""The slot is shown although its time has come: what a consumer makes of it is its own affair."""

SHOWN = (None, FULL_AT_BOOKING, BEGUN_BUT_SHOWN)
"""Reasons of slots that a search shows."""


@dataclass(frozen=True, slots=True)
class SessionPart:
    """The slots of one session on one day that share a reason."""

    schedule: Schedule
    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """All slots that share a reason; None is the reason of those that are shown."""

    reason: str | None
    parts: tuple[SessionPart, ...]

    @property
    def count(self) -> int:
        """How many slots there are."""
        return sum(len(part.slots) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Explanation:
    """A day as a consumer sees it. `switched_off` names what is switched off, so that nobody is answered at all."""

    groups: tuple[Group, ...]
    switched_off: str | None

    @property
    def total(self) -> int:
        """How many slots the day has."""
        return sum(group.count for group in self.groups)

    @property
    def shown(self) -> int:
        """How many of them a search really shows."""
        if self.switched_off:
            return 0
        return sum(group.count for group in self.groups if group.reason in SHOWN)


def asker_of(asked: WhyAsked) -> Asker:
    """What the consumer says of itself."""
    return Asker(frozenset({asked.ods} - {""}), frozenset({asked.type} - {""}))


async def explain(desk: Desk, asker: Asker, day: date) -> Explanation:
    """Why each slot of the day is or is not shown; the commonest reason first, those shown at the end."""
    rules, slots = rules_of(desk.practice, desk.now()), await slots_on(desk, day)
    of_reason: dict[str | None, list[Slot]] = {}
    for slot in slots:
        of_reason.setdefault(await _reason(desk, slot, asker, rules, day), []).append(slot)
    groups = [Group(reason, await _parts(desk, found)) for reason, found in of_reason.items()]
    return Explanation(tuple(sorted(groups, key=_order)), switched_off(desk))


def switched_off(desk: Desk) -> str | None:
    """What keeps every request for slots from being answered, whoever asks."""
    switches = desk.practice.switches
    if not switches.enabled:
        return "gp_connect_off"
    return None if switches.appointments else "appointments_off"


def _order(group: Group) -> tuple[bool, int, str]:
    return group.reason is None, -group.count, group.reason or ""


async def _reason(desk: Desk, slot: Slot, asker: Asker, rules: Rules, day: date) -> str | None:
    starts, ends = day_span(day)
    full = await limit_reached(desk.practice, slot, asker.ods)
    free = await desk.practice.book.is_free(slot.id)
    # a slot that runs past midnight belongs to the day on which it starts
    hidden = why_hidden(slot, asker, rules, starts, max(ends, slot.ends), free=free, limit_reached=full)
    if hidden is None and slot.starts <= rules.now:
        return BEGUN_BUT_SHOWN
    return FULL_AT_BOOKING if hidden is None and full else hidden


async def _parts(desk: Desk, slots: Sequence[Slot]) -> tuple[SessionPart, ...]:
    of_schedule: dict[str, list[Slot]] = {}
    for slot in slots:
        of_schedule.setdefault(slot.schedule_id, []).append(slot)
    schedules = await desk.practice.book.schedules(list(of_schedule))
    return tuple(SessionPart(each, tuple(of_schedule[each.id])) for each in schedules)
