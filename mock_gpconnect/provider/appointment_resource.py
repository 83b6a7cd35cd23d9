"""The Appointment resource: what was booked, in the words of the diary as it is now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from booking_core.spec.identifiers import Extension, Profile
from mock_gpconnect.book.local_time import wire_time
from mock_gpconnect.book.protocol import Appointment, Schedule, Slot
from mock_gpconnect.provider.practice import Practice
from mock_gpconnect.provider.resources import filled, meta, role_extension, session_name


async def appointment_resource(practice: Practice, appointment: Appointment) -> dict[str, Any]:
    """The Appointment as the API returns it."""
    schedule = (await practice.book.schedules([appointment.schedule_id]))[0]
    slot = (await practice.book.slots(appointment.slot_ids[:1]))[0]
    diary = practice.profile.diary
    session = session_name(schedule, diary)
    return filled(
        {
            "resourceType": "Appointment",
            "id": appointment.id,
            "meta": meta(appointment.version, Profile.APPOINTMENT),
            "contained": [appointment.booker] if appointment.booker else [],
            "extension": _extensions(appointment, schedule, slot),
            "identifier": appointment.sent.get("identifier"),
            "status": appointment.status,
            "serviceCategory": {"text": session} if session else {},
            "serviceType": [{"text": slot.slot_type}] if slot.slot_type else [],
            "priority": appointment.sent.get("priority"),
            "description": appointment.description,
            "start": wire_time(appointment.starts),
            "end": wire_time(appointment.ends),
            "minutesDuration": appointment.sent.get("minutesDuration"),
            "slot": [{"reference": f"Slot/{each}"} for each in appointment.slot_ids],
            "created": wire_time(appointment.created),
            "comment": appointment.comment,
            "participant": _participants(appointment, schedule, practitioner=diary.practitioner),
        },
        "serviceType",
        "description",
    )


def _extensions(appointment: Appointment, schedule: Schedule, slot: Slot) -> list[dict[str, Any]]:
    extensions: list[dict[str, Any]] = []
    if appointment.booker:
        reference = {"reference": f"#{appointment.booker['id']}"}
        extensions.append({"url": Extension.BOOKING_ORGANISATION, "valueReference": reference})
    if schedule.access.role:
        extensions.append(role_extension(schedule.access.role))
    if slot.access.channel:
        extensions.append({"url": Extension.DELIVERY_CHANNEL, "valueCode": slot.access.channel})
    if appointment.cancellation_reason:
        extensions.append({"url": Extension.CANCELLATION_REASON, "valueString": appointment.cancellation_reason})
    return extensions


def _participants(appointment: Appointment, schedule: Schedule, *, practitioner: bool) -> list[dict[str, Any]]:
    sent: Mapping[str, Mapping[str, Any]] = appointment.sent.get("participant", {})
    actors = {
        "Patient": appointment.patient_id,
        "Location": schedule.location_id,
        "Practitioner": schedule.practitioner_id if practitioner else None,
    }
    return [
        {"status": "accepted", **sent.get(kind, {}), "actor": {"reference": f"{kind}/{actor_id}"}}
        for kind, actor_id in actors.items()
        if actor_id
    ]
