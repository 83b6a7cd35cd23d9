"""What a booking must look like by itself, before the diary is opened: rows in the order in which they are checked."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from booking_core.spec.identifiers import Extension, Id, Profile
from mock_gpconnect.checks import Check
from mock_gpconnect.provider.appointment_form import AppointmentForm, actor, slot_reference
from mock_gpconnect.provider.texts import own_description
from mock_gpconnect.suppliers.profile import Profile as Supplier

FORBIDDEN = (
    "reason",
    "specialty",
    "appointmentType",
    "indication",
    "supportingInformation",
    "incomingReferral",
    "requestedPeriod",
    "modifierExtension",
)
KNOWN_EXTENSIONS = (
    Extension.BOOKING_ORGANISATION,
    Extension.PRACTITIONER_ROLE,
    Extension.DELIVERY_CHANNEL,
    Extension.CANCELLATION_REASON,
    Extension.APPOINTMENT_CREATED,
)
_REQUIRED = ("start", "end", "slot", "created", "description")


@dataclass(frozen=True, slots=True)
class Booking:
    """A booking request and the switches that it is judged by."""

    form: AppointmentForm
    profile: Supplier


def has_profile(form: AppointmentForm) -> bool:
    """Whether the resource claims to be a GP Connect appointment."""
    return Profile.APPOINTMENT in form.body.get("meta", {}).get("profile", ())


def unknown_extension(form: AppointmentForm) -> str | None:
    """An extension that no appointment has, or one that comes twice."""
    urls = [each.get("url", "") for each in form.items("extension")]
    unknown = next((url for url in urls if url not in KNOWN_EXTENSIONS), None)
    if unknown is not None:
        return f"Appointment.extension: {unknown or 'a blank url'} is not known"
    twice = next((url for url, times in Counter(urls).items() if times > 1), None)
    return f"Appointment.extension: {twice} is allowed once" if twice else None


def forbidden_element(form: AppointmentForm) -> str | None:
    """An element that no appointment of GP Connect may have."""
    present = next((name for name in FORBIDDEN if name in form.body), None)
    return f"Appointment.{present}: must not be sent" if present else None


def text_too_long(form: AppointmentForm, supplier: Supplier) -> str | None:
    """A text that the practice could not keep whole."""
    limits = {"description": supplier.texts.description_length, "comment": supplier.texts.comment_length}
    comment = form.body.get("comment", "")
    texts = {"description": own_description(form.body.get("description", ""), comment, supplier), "comment": comment}
    long = next((name for name, most in limits.items() if len(texts[name]) > most), None)
    return f"Appointment.{long}: {len(texts[long])} characters, {limits[long]} allowed" if long else None


def is_blank(value: object) -> bool:
    """Whether an element is absent, or says nothing: FHIR takes white space for a string."""
    return not (value.strip() if isinstance(value, str) else value)


def bad_reference(form: AppointmentForm) -> str | None:
    """A reference that is absolute, malformed or missing."""
    for each in form.items("slot"):
        if not slot_reference(each):
            return "Appointment.slot.reference: expected Slot/[id]"
    for each in form.items("participant"):
        if not actor(each):
            return "Appointment.participant.actor.reference: expected Patient/[id], Location/[id] or Practitioner/[id]"
    return None


def booker_link(form: AppointmentForm) -> str | None:
    """Whether the booking-organisation extension points at the contained organisation."""
    links = form.extensions(Extension.BOOKING_ORGANISATION)
    if not links:
        return "Appointment.extension: the booking organisation is required"
    contained_id = (form.booker or {}).get("id")
    if contained_id and links[0].get("valueReference", {}).get("reference") == f"#{contained_id}":
        return None
    return "Appointment.extension bookingOrganisation: expected a reference #[id] to the contained Organization"


def _has_id(booking: Booking) -> str | None:
    return "Appointment.id: a new appointment has none" if "id" in booking.form.body else None


def _no_profile(booking: Booking) -> str | None:
    return None if has_profile(booking.form) else f"Appointment.meta.profile: expected {Profile.APPOINTMENT}"


def _forbidden(booking: Booking) -> str | None:
    return forbidden_element(booking.form)


def _missing(booking: Booking) -> str | None:
    lacking = next((name for name in _REQUIRED if is_blank(booking.form.body.get(name))), None)
    return f"Appointment.{lacking}: required" if lacking else None


def _wrong_status(booking: Booking) -> str | None:
    return None if booking.form.body.get("status") == "booked" else "Appointment.status: expected booked"


def _no_moment(booking: Booking) -> str | None:
    bad = next((name for name in ("start", "end", "created") if booking.form.moment(name) is None), None)
    return f"Appointment.{bad}: expected a date and time with an offset" if bad else None


def _extension(booking: Booking) -> str | None:
    return unknown_extension(booking.form)


def _reason_present(booking: Booking) -> str | None:
    given = booking.form.extensions(Extension.CANCELLATION_REASON)
    return "Appointment.extension: a booking has no cancellation reason" if given else None


def _booker_missing(booking: Booking) -> str | None:
    booker = booking.form.booker
    if booker is None:
        return "Appointment.contained: expected the booking organisation and nothing else"
    if Profile.ORGANIZATION not in booker.get("meta", {}).get("profile", ()):
        return f"Appointment.contained.meta.profile: expected {Profile.ORGANIZATION}"
    return booker_link(booking.form)


def _booker_incomplete(booking: Booking) -> str | None:
    booker = booking.form.booker or {}
    if not booker.get("name"):
        return "Appointment.contained.name: required"
    if not any(each.get("system") == "phone" and each.get("value") for each in booker.get("telecom", ())):
        return "Appointment.contained.telecom: a phone number is required"
    if not booking.form.booker_ods:
        return f"Appointment.contained.identifier: one with system {Id.ODS} is required"
    return None


def _identifier(booking: Booking) -> str | None:
    complete = all(each.get("system") and each.get("value") for each in booking.form.items("identifier"))
    return None if complete else "Appointment.identifier: system and value are required"


def _participants(booking: Booking) -> str | None:
    form = booking.form
    for each in form.items("participant"):
        if not each.get("status"):
            return "Appointment.participant.status: required"
        if not each.get("actor", {}).get("reference"):
            return "Appointment.participant.actor.reference: required"
        if len([coding for kind in each.get("type", ()) for coding in kind.get("coding", ())]) > 1:
            return "Appointment.participant.type: one coding at most"
    return None


def _participant_kinds(booking: Booking) -> str | None:
    form = booking.form
    for kind in ("Patient", "Location"):
        if len(form.actors(kind)) != 1:
            return f"Appointment.participant: expected exactly one {kind}"
    return "Appointment.participant: one Practitioner at most" if len(form.actors("Practitioner")) > 1 else None


def _text(booking: Booking) -> str | None:
    return text_too_long(booking.form, booking.profile)


def _reference(booking: Booking) -> str | None:
    return bad_reference(booking.form)


def _slot_repeated(booking: Booking) -> str | None:
    named = [each["reference"] for each in booking.form.items("slot")]
    twice = next((slot for slot, times in Counter(named).items() if times > 1), None)
    return f"Appointment.slot: {twice} is named more than once" if twice else None


def _duration(booking: Booking) -> str | None:
    minutes = booking.form.body.get("minutesDuration")
    start, end = booking.form.moment("start"), booking.form.moment("end")
    same = minutes is None or start is None or end is None or end - start == timedelta(minutes=minutes)
    return None if same else "Appointment.minutesDuration: expected the minutes from start to end"


BOOKING_CHECKS: tuple[Check[Booking], ...] = (
    Check("booking_invalid", _has_id),
    Check("booking_invalid", _no_profile),
    Check("booking_invalid", _forbidden),
    Check("booking_invalid", _missing),
    Check("booking_invalid", _wrong_status),
    Check("booking_invalid", _no_moment),
    Check("booking_invalid", _extension),
    Check("booking_invalid", _reason_present),
    Check("booking_organisation_invalid", _booker_missing),
    Check("booking_organisation_invalid", _booker_incomplete),
    Check("booking_invalid", _identifier),
    Check("booking_participant_invalid", _participants),
    Check("text_too_long", _text),
    Check("reference_malformed", _reference),
    Check("slots_not_adjacent", _slot_repeated),
    Check("booking_participant_invalid", _participant_kinds),
    Check("booking_invalid", _duration),
)
"""All of them are invalid resources; the situations let a supplier answer some differently."""
