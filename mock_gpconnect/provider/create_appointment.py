"""Booking: checked by itself, against the diary, and then claimed, all slots or none."""

from __future__ import annotations

from dataclasses import replace
from email.utils import format_datetime
from typing import Any

from mock_gpconnect.book.protocol import Appointment, QuotaReached, SlotTaken
from mock_gpconnect.checks import enforce
from mock_gpconnect.provider.answers import Answer, etag
from mock_gpconnect.provider.appointment_form import AppointmentForm, actor
from mock_gpconnect.provider.appointment_resource import appointment_resource
from mock_gpconnect.provider.bodies import read_resource
from mock_gpconnect.provider.booking_checks import BOOKING_CHECKS, Booking
from mock_gpconnect.provider.diary_checks import DIARY_CHECKS, Plan
from mock_gpconnect.provider.exchange import Exchange
from mock_gpconnect.provider.limits import limit_reached, quota_of
from mock_gpconnect.provider.preferences import preferred
from mock_gpconnect.provider.texts import kept_description
from mock_gpconnect.provider.visibility import rules_of
from mock_gpconnect.refusals import Refused

_KEPT = ("identifier", "priority", "minutesDuration")
"""Elements that are stored as sent and shown again."""


async def create_appointment(exchange: Exchange) -> Answer:
    """The booked appointment, as the diary now shows it."""
    form = AppointmentForm(read_resource(exchange.request, "Appointment"))
    enforce(BOOKING_CHECKS, Booking(form, exchange.practice.profile))
    _check_participants(exchange, form)
    plan = await _plan(exchange, form)
    enforce(DIARY_CHECKS, plan)
    appointment = _appointment(exchange, plan)
    await _claim(exchange, plan, appointment)
    return _created(exchange, appointment, await appointment_resource(exchange.practice, appointment))


async def _claim(exchange: Exchange, plan: Plan, appointment: Appointment) -> None:
    quota = quota_of(exchange.practice, plan.slots[0], plan.form.booker_ods)
    try:
        await exchange.practice.book.claim(appointment, quota=quota)
    except SlotTaken as taken:
        raise Refused("slot_taken", diagnostics=f"Slot/{taken.slot_id} is no longer free") from None
    except QuotaReached:
        enforce(DIARY_CHECKS, replace(plan, limit_reached=True))


def _check_participants(exchange: Exchange, form: AppointmentForm) -> None:
    practice = exchange.practice
    patient = practice.patients.get(form.actors("Patient")[0])
    if patient is None or not patient.is_exposed(exchange.now):
        raise Refused(
            "patient_reference_unknown", diagnostics=f"Patient/{form.actors('Patient')[0]} does not exist here"
        )
    if practice.location(form.actors("Location")[0]) is None:
        raise Refused("reference_unknown", diagnostics=f"Location/{form.actors('Location')[0]} does not exist here")
    for each in form.actors("Practitioner"):
        if practice.practitioner(each) is None:
            raise Refused("reference_unknown", diagnostics=f"Practitioner/{each} does not exist here")


async def _plan(exchange: Exchange, form: AppointmentForm) -> Plan:
    book = exchange.practice.book
    slots = await book.slots(form.slot_ids)
    if unknown := sorted(set(form.slot_ids) - {slot.id for slot in slots}):
        raise Refused("slot_unknown", diagnostics=f"Appointment.slot: Slot/{unknown[0]} does not exist here")
    schedule = (await book.schedules([slots[0].schedule_id]))[0]
    full = await limit_reached(exchange.practice, slots[0], {form.booker_ods}, wanted=len(slots))
    return Plan(form, slots, schedule, rules_of(exchange.practice, exchange.now), full)


def _appointment(exchange: Exchange, plan: Plan) -> Appointment:
    form = plan.form
    return Appointment(
        id=exchange.server.ids(),
        patient_id=form.actors("Patient")[0],
        schedule_id=plan.schedule.id,
        slot_ids=tuple(slot.id for slot in plan.slots),
        starts=plan.slots[0].starts,
        ends=plan.slots[-1].ends,
        description=kept_description(form.body["description"], form.body.get("comment"), exchange.practice.profile),
        created=form.moment("created") or exchange.now,
        comment=form.body.get("comment"),
        booker=form.booker,
        booker_ods=form.booker_ods,
        sent={name: form.body[name] for name in _KEPT if name in form.body} | {"participant": _participants(form)},
    )


def _participants(form: AppointmentForm) -> dict[str, Any]:
    """The participants as sent, by kind: their status and type are shown again."""
    return {match[1]: each for each in form.items("participant") if (match := actor(each))}


def _created(exchange: Exchange, appointment: Appointment, resource: dict[str, Any]) -> Answer:
    root = exchange.practice.service_root
    headers = {
        "Location": f"{root}/Appointment/{appointment.id}/_history/{appointment.version}",
        "ETag": etag(appointment.version),
        "Last-Modified": format_datetime(exchange.now, usegmt=True),
    }
    return preferred(exchange.request, Answer(201, resource, headers=headers))
