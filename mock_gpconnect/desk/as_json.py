"""What the control API shows. Moments are written as the wire writes them: local time with its offset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from mock_gpconnect.book.local_time import wire_time
from mock_gpconnect.book.protocol import Appointment
from mock_gpconnect.desk.desk import Desk
from mock_gpconnect.desk.diary import HolderDay, Line, Sitting, booker_of
from mock_gpconnect.desk.inputs import WhyAsked
from mock_gpconnect.desk.practice_settings import practice_settings, settings_seen
from mock_gpconnect.desk.reasons import reason_of
from mock_gpconnect.desk.set_up import Options, SetUp, hidden_from_everybody
from mock_gpconnect.desk.staff import StaffUser
from mock_gpconnect.desk.users import user_seen
from mock_gpconnect.desk.why import Explanation, Group

Json = dict[str, Any]


def day_json(desk: Desk, day: date, holders: Sequence[HolderDay]) -> Json:
    """A day of the book."""
    return {
        "day": day.isoformat(),
        "holders": [
            {
                "holder": each.practitioner_id,
                "name": desk.holder_name(each.practitioner_id),
                "sessions": [_sitting_json(desk, sitting) for sitting in each.sittings],
            }
            for each in holders
        ],
    }


def _sitting_json(desk: Desk, sitting: Sitting) -> Json:
    schedule = sitting.schedule
    return {
        "session": schedule.session,
        "schedule": schedule.id,
        "location": schedule.location_id,
        "free": sitting.free,
        "slots": [line_json(desk, line) for line in sitting.lines],
    }


def line_json(desk: Desk, line: Line) -> Json:
    """A slot and who has it."""
    slot = line.slot
    return {
        "id": slot.id,
        "start": wire_time(slot.starts),
        "end": wire_time(slot.ends),
        "type": slot.slot_type,
        "state": line.state,
        "appointment": appointment_json(desk, line.appointment) if line.appointment else None,
    }


def appointment_json(desk: Desk, appointment: Appointment) -> Json:
    """An appointment, who booked it and for whom."""
    booker, patient = booker_of(desk, appointment), desk.practice.patients.get(appointment.patient_id)
    return {
        "id": appointment.id,
        "version": appointment.version,
        "status": appointment.status,
        "slots": appointment.slot_ids,
        "start": wire_time(appointment.starts),
        "end": wire_time(appointment.ends),
        "description": appointment.description,
        "comment": appointment.comment,
        "created": wire_time(appointment.created),
        "cancellation_reason": appointment.cancellation_reason,
        "booked_by": asdict(booker) if booker else None,
        "patient": {
            "id": appointment.patient_id,
            "nhs_number": patient.nhs_number if patient else None,
            "registration": patient.registration if patient else None,
        },
    }


def set_up_json(desk: Desk, found: SetUp) -> Json:
    """How a session is set up. `options` has several entries where its days differ."""
    return {
        "session": found.name,
        "days": found.days,
        "hours": found.hours,
        "slot_types": found.slot_types,
        "slots": found.slots,
        "options": [_options_json(each) for each in found.options],
        "hidden_from_everybody": hidden_from_everybody(desk, found.first),
        "seen": found.seen,
    }


def _options_json(options: Options) -> Json:
    until = options.embargo_until
    return asdict(options) | {"embargo_until": wire_time(until) if until else None}


def practice_json(desk: Desk) -> Json:
    """The practice's own settings."""
    return practice_settings(desk) | {"seen": settings_seen(desk)}


def user_json(user: StaffUser) -> Json:
    """A member of staff. `lacks` is what keeps them from inviting patients to another organisation."""
    return asdict(user) | {"lacks": user.lacks, "seen": user_seen(user)}


def why_json(desk: Desk, asked: WhyAsked, day: date, found: Explanation) -> Json:
    """A day as another organisation sees it. The `reason` of slots that are shown is null."""
    return {
        "ods": asked.ods or None,
        "type": asked.type or None,
        "day": day.isoformat(),
        "slots": found.total,
        "shown": found.shown,
        "switched_off": found.switched_off,
        "groups": [_group_json(desk, each, desk.name_of(asked.ods) or "it") for each in found.groups],
    }


def _group_json(desk: Desk, group: Group, asker: str) -> Json:
    reason = reason_of(desk, group.reason, asker) if group.reason else None
    return {
        "reason": group.reason,
        "title": reason.title if reason else None,
        "explanation": reason.explanation if reason else None,
        "where": desk.where.get(group.reason) if group.reason else None,
        "count": group.count,
        "sessions": [
            {"session": part.schedule.session, "schedule": part.schedule.id, "slots": [slot.id for slot in part.slots]}
            for part in group.parts
        ],
    }
