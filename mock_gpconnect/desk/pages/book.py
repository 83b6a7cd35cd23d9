"""The appointment book: a day by session holder, one slot with what can be done about it."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from mock_gpconnect.book.local_time import in_reach, local_date
from mock_gpconnect.desk import acts
from mock_gpconnect.desk.asked import Form, Here, read_form, read_query
from mock_gpconnect.desk.declined import BadInput, Declined, Refusal
from mock_gpconnect.desk.desk import Desk
from mock_gpconnect.desk.diary import HolderDay, booker_of, cancelled_on, holders_on, line_of, next_day_with_slots
from mock_gpconnect.desk.inputs import Cancellation, DayAsked, LocalBooking, checked
from mock_gpconnect.desk.look import go, page
from mock_gpconnect.desk.reasons import reason_of
from mock_gpconnect.desk.set_up import hidden_from_everybody, options_of

router = APIRouter()

MOST_LINES = 600
"""Slots on one page; where a day has more, somebody's sessions are chosen first."""

NOBODY = "nobody"
"""Stands in an address for sessions that nobody named holds."""


@router.get("/")
@router.get("/book")
async def book_page(request: Request, desk: Here) -> Response:
    """A day of the book."""
    asked = read_query(request, DayAsked, "done")
    day = asked.day or desk.today
    holders = await holders_on(desk, day)
    lines = sum(len(sitting.lines) for each in holders for sitting in each.sittings)
    return page(
        request, desk, "book.jinja",
        day=day,
        before=_beside(day, -1),
        after=_beside(day, 1),
        holder=asked.holder,
        holders=holders,
        at_length=bool(asked.holder) or lines <= MOST_LINES,
        shown=[each for each in holders if asked.holder in ("", each.practitioner_id or NOBODY)],
        next_day=None if holders else await next_day_with_slots(desk, day),
        cancelled=await cancelled_on(desk, day),
        hidden=_hidden(desk, holders),
        booker_of=lambda appointment: booker_of(desk, appointment),
    )  # fmt: skip


def _beside(day: date, days: int) -> date | None:
    """The day before or after, while calendars reckon with it."""
    beside = day + timedelta(days=days)
    return beside if in_reach(beside) else None


def _hidden(desk: Desk, holders: tuple[HolderDay, ...]) -> dict[str, str | None]:
    """By schedule, why no other organisation can see its slots."""
    sittings = [sitting for each in holders for sitting in each.sittings]
    return {
        each.schedule.id: hidden_from_everybody(desk, options_of(each.schedule, each.lines[0].slot.access))
        for each in sittings
    }


@router.get("/slots/{slot_id}")
async def slot_page(slot_id: str, request: Request, desk: Here) -> Response:
    """One slot."""
    return await _slot(request, desk, slot_id)


async def _slot(
    request: Request, desk: Desk, slot_id: str, refusal: Declined | BadInput | None = None, form: Form | None = None
) -> Response:
    line = await line_of(desk, slot_id)
    found = acts.patients_like(desk, form.one("patient")) if form and form.one("patient") else ()
    (schedule,) = await desk.practice.book.schedules([line.slot.schedule_id])
    hidden = hidden_from_everybody(desk, options_of(schedule, line.slot.access))
    return page(
        request, desk, "slot.jinja", refusal,
        line=line,
        schedule=schedule,
        hidden=reason_of(desk, hidden) if hidden else None,
        booker=booker_of(desk, line.appointment) if line.appointment else None,
        form=form or Form(),
        candidates=[each for each in found if each.is_active(desk.now())] if len(found) > 1 else [],
    )  # fmt: skip


@router.post("/slots/{slot_id}/book")
async def book_slot(slot_id: str, request: Request, desk: Here) -> Response:
    """Books it for a patient of the practice."""
    form = await read_form(request)
    try:
        fields = form.only("description", "comment") | {"patient": form.one("record") or form.one("patient")}
        booked = await acts.book(desk, slot_id, checked(LocalBooking, fields))
    except Refusal as refusal:
        return await _slot(request, desk, slot_id, refusal, form)
    return _back(request, local_date(booked.starts), "booked")


@router.post("/slots/{slot_id}/block")
async def block_slot(slot_id: str, request: Request, desk: Here) -> Response:
    """Keeps it for the practice."""
    form = await read_form(request)
    try:
        await acts.block(desk, [slot_id])
    except Declined as refusal:
        return await _slot(request, desk, slot_id, refusal)
    return await _back_to_day_of(request, desk, slot_id, "blocked", form)


@router.post("/slots/{slot_id}/unblock")
async def unblock_slot(slot_id: str, request: Request, desk: Here) -> Response:
    """Gives it back."""
    form = await read_form(request)
    try:
        await acts.unblock(desk, [slot_id])
    except Declined as refusal:
        return await _slot(request, desk, slot_id, refusal)
    return await _back_to_day_of(request, desk, slot_id, "unblocked", form)


@router.post("/appointments/{appointment_id}/cancel")
async def cancel_appointment(appointment_id: str, request: Request, desk: Here) -> Response:
    """Cancels it, whoever booked it."""
    form = await read_form(request)
    stored = await acts.stored_appointment(desk, appointment_id)
    try:
        cancelled = await acts.cancel(desk, appointment_id, checked(Cancellation, form.only("reason", "was")))
    except Refusal as refusal:
        return await _slot(request, desk, stored.slot_ids[0], refusal, form)
    return _back(request, local_date(cancelled.starts), "cancelled")


async def _back_to_day_of(request: Request, desk: Desk, slot_id: str, done: str, form: Form) -> Response:
    slot = (await line_of(desk, slot_id)).slot
    return _back(request, local_date(slot.starts), done, form.one("holder"))


def _back(request: Request, day: date, done: str, holder: str = "") -> Response:
    place = {"day": day.isoformat(), "holder": holder, "done": done}
    return go(request, f"/book?{urlencode({name: value for name, value in place.items() if value})}")
