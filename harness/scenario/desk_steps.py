"""What the steps at a desk do: the acts of its pages, without the pages."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from booking_core.search import Wanted
from harness.explaining import NO_SLOTS, VISIBLE, desk_of, look_of, reasons
from harness.scenario import desk_rows
from harness.scenario.stage import Stage, Unmet
from mock_gpconnect.book.local_time import LONDON, local_moment
from mock_gpconnect.desk import acts
from mock_gpconnect.desk.declined import Declined
from mock_gpconnect.desk.diary import day_span
from mock_gpconnect.desk.inputs import Cancellation, LocalBooking
from mock_gpconnect.provider.practice import Practice


async def take_slot(stage: Stage, step: desk_rows.TakeSlot) -> str:
    """A receptionist blocks the slot, or books it."""
    slot_id, desk = stage.link(step.link).offer(step.slot).slot_id, desk_of(stage.world, step.at)
    try:
        if not step.patient:
            await acts.block(desk, [slot_id])
            return "blocked"
        number = stage.world.names.patients[step.patient].nhs_number
        booked = await acts.book(desk, slot_id, LocalBooking(patient=number, description="Booked at the desk"))
    except Declined as refusal:
        raise Unmet("a slot for the desk", refusal.why, refusal.sentence) from None
    return f"booked for {step.patient}, {booked.starts.isoformat(timespec='minutes')}"


async def take_all(stage: Stage, step: desk_rows.TakeAll) -> str:
    """The book is full."""
    book = stage.world.practice(step.at).book
    free = [slot.id for slot in await book.slots_of() if await book.is_free(slot.id)]
    await book.block(free)
    return f"{len(free)} slots taken"


async def give_back(stage: Stage, step: desk_rows.GiveBack) -> str:
    """What was blocked is free again."""
    book = stage.world.practice(step.at).book
    await book.unblock([slot.id for slot in await book.slots_of()])
    return "given back"


async def cancel_at_desk(stage: Stage, step: desk_rows.CancelAtDesk) -> str:
    """The practice cancels all that the patient has there and that is not cancelled yet."""
    desk, number = desk_of(stage.world, step.at), stage.world.names.patients[step.patient].nhs_number
    cancelled = 0
    for copy in desk.practice.patients.of_number(number):
        for appointment in await desk.practice.book.appointments_of(copy.id):
            if appointment.status != "cancelled":
                await acts.cancel(desk, appointment.id, Cancellation(reason=step.reason))
                cancelled += 1
    if not cancelled:
        raise Unmet("an appointment to cancel", "none")
    return f"{cancelled} cancelled"


async def set_slots(stage: Stage, step: desk_rows.SetSlots) -> str:
    """The set-up changes; the next search sees it."""
    practice = stage.world.practice(step.at)
    changes = _given(step, "bookable", "role", "channel", "only_types", "limit", "embargo_until")
    if step.only_for is not None:
        changes["only_ods"] = [stage.world.names.ods(name) for name in step.only_for] or None
    if "only_types" in changes:
        changes["only_types"] = changes["only_types"] or None
    if step.holder is not None:
        changes["practitioner_id"] = _holder(stage, step, practice)
    between = day_span(step.day) if step.day else None
    slot_ids = await _at_that_time(practice, step)
    await practice.book.reconfigure(step.session, between=between, slot_ids=slot_ids, **changes)
    return "changed"


async def _at_that_time(practice: Practice, step: desk_rows.SetSlots) -> list[str] | None:
    if step.time is None:
        return None
    if step.day:
        found = await practice.book.slots_between(local_moment(step.day, step.time), day_span(step.day)[1])
    else:
        found = await practice.book.slots_of(step.session)
    return [slot.id for slot in found if slot.starts.astimezone(LONDON).time() == step.time]


def _holder(stage: Stage, step: desk_rows.SetSlots, practice: Practice) -> str | None:
    aliases = [one.alias for one in stage.world.names.organisations[step.at].practitioners]
    if step.holder and step.holder not in aliases:
        raise Unmet(f"a practitioner of {step.at}", step.holder, f"there are {', '.join(aliases) or 'none'}")
    return practice.practitioners[aliases.index(step.holder)].id if step.holder else None


async def set_practice(stage: Stage, step: desk_rows.SetPractice) -> str:
    """The practice's settings change; the next request sees it. 0 hours is no embargo, 0 days no window."""
    practice = stage.world.practice(step.at)
    if step.embargo_hours is not None:
        practice.embargo = timedelta(hours=step.embargo_hours) or None
    if step.booking_window_days is not None:
        practice.booking_window = timedelta(days=step.booking_window_days) or None
    if step.unsubscribed is not None:
        practice.unsubscribed = frozenset(stage.world.names.ods(name) for name in step.unsubscribed)
    if step.busyness is not None:
        practice.busyness = step.busyness
    practice.switches = replace(practice.switches, **_given(step, "enabled", "appointments", "foundations"))
    return "changed"


async def explain(stage: Stage, step: desk_rows.Explain) -> str:
    """The provider's own decision about each slot and then the consumer's, asked for their reasons."""
    wanted = Wanted(step.slot_types, step.clinicians, step.locations)
    look = look_of(stage.world, step.to, step.at, stage.world.names.organisations[step.to].type, wanted, step.days)
    found = await reasons(stage.world, step.at, look, step.session)
    hidden = {reason: count for reason, count in found.items() if reason}
    commonest = VISIBLE if None in found else max(hidden, key=lambda reason: hidden[reason], default=NO_SLOTS)
    if commonest != step.expect:
        raise Unmet(step.expect, commonest, ", ".join(f"{count} {reason}" for reason, count in found.items()))
    return commonest


def _given(step: Any, *keys: str) -> dict[str, Any]:
    return {key: value for key in keys if (value := getattr(step, key)) is not None}


DESK_ACTS: Mapping[type[Any], Callable[[Stage, Any], Awaitable[str]]] = {
    desk_rows.TakeSlot: take_slot,
    desk_rows.TakeAll: take_all,
    desk_rows.GiveBack: give_back,
    desk_rows.CancelAtDesk: cancel_at_desk,
    desk_rows.SetSlots: set_slots,
    desk_rows.SetPractice: set_practice,
    desk_rows.Explain: explain,
}
