"""Whether a booking fits the diary: its slots, its session, its time, and who may have it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from mock_gpconnect.book.protocol import Schedule, Slot
from mock_gpconnect.checks import Check
from mock_gpconnect.provider.appointment_form import AppointmentForm
from mock_gpconnect.provider.visibility import Asker, Rules, why_shut, why_untimely


@dataclass(frozen=True, slots=True)
class Plan:
    """A booking laid beside the diary: its slots in order of time, and the schedule of the first."""

    form: AppointmentForm
    slots: Sequence[Slot]
    schedule: Schedule
    rules: Rules
    limit_reached: bool


def _not_adjacent(plan: Plan) -> str | None:
    for one, other in pairwise(plan.slots):
        for name, differs in (
            ("the end of one is not the start of the next", one.ends != other.starts),
            ("different schedules", one.schedule_id != other.schedule_id),
            ("different delivery channels", one.access.channel != other.access.channel),
            ("different slot types", one.slot_type != other.slot_type),
        ):
            if differs:
                return f"Appointment.slot: {one.id} and {other.id} cannot be booked together: {name}"
    return None


def _other_times(plan: Plan) -> str | None:
    wanted = (plan.form.moment("start"), plan.form.moment("end"))
    if wanted == (plan.slots[0].starts, plan.slots[-1].ends):
        return None
    return "Appointment.start, end: expected the start of the first slot and the end of the last"


def _other_location(plan: Plan) -> str | None:
    here = plan.form.actors("Location") == [plan.schedule.location_id]
    return None if here else f"Appointment.participant: the session is at Location/{plan.schedule.location_id}"


def _other_practitioner(plan: Plan) -> str | None:
    same = plan.form.actors("Practitioner") in ([], [plan.schedule.practitioner_id])
    return None if same else "Appointment.participant: another Practitioner holds the session"


def _other_channel(plan: Plan) -> str | None:
    same = plan.form.channel in (None, plan.slots[0].access.channel)
    return None if same else f"Appointment.extension deliveryChannel: the slot's is {plan.slots[0].access.channel}"


def _other_role(plan: Plan) -> str | None:
    if not plan.rules.profile.appointments.role_must_match or plan.form.role in (None, plan.schedule.access.role):
        return None
    return f"Appointment.extension practitionerRole: the session's is {plan.schedule.access.role}"


def _in_the_past(plan: Plan) -> str | None:
    return "Appointment.start: in the past" if plan.slots[0].starts <= plan.rules.now else None


def _not_offered(plan: Plan) -> str | None:
    asker = Asker(frozenset({plan.form.booker_ods}), plan.form.booker_types)
    for slot in plan.slots:
        if reason := why_shut(slot.access, asker, plan.rules) or why_untimely(slot.starts, plan.rules):
            return f"Appointment.slot: {slot.id} is not offered to {plan.form.booker_ods}: {reason.replace('_', ' ')}"
    return None


def _too_many(plan: Plan) -> str | None:
    limit = plan.slots[0].access.limit
    return f"Appointment.slot: no more than {limit} slots of this session may be booked" if plan.limit_reached else None


DIARY_CHECKS: tuple[Check[Plan], ...] = (
    Check("slots_not_adjacent", _not_adjacent),
    Check("times_not_the_slots", _other_times),
    Check("not_as_in_diary", _other_location),
    Check("not_as_in_diary", _other_practitioner),
    Check("not_as_in_diary", _other_channel),
    Check("not_as_in_diary", _other_role),
    Check("booking_in_the_past", _in_the_past),
    Check("slot_not_offered", _not_offered),
    Check("slot_limit_reached", _too_many),
)
"""Whether the slots are free comes after all of these: a taken slot hides no other fault."""
