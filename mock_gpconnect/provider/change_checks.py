"""What an amendment or a cancellation may change: rows in the order in which they are checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from booking_core.spec.identifiers import Extension, Profile
from mock_gpconnect.book.local_time import wire_time
from mock_gpconnect.book.protocol import Appointment
from mock_gpconnect.checks import Check
from mock_gpconnect.provider.appointment_form import AppointmentForm, actor
from mock_gpconnect.provider.booking_checks import (
    bad_reference,
    booker_link,
    forbidden_element,
    has_profile,
    is_blank,
    text_too_long,
    unknown_extension,
)
from mock_gpconnect.suppliers.profile import Profile as Supplier


@dataclass(frozen=True, slots=True)
class Change:
    """A changed appointment beside the stored one; `shown` is the stored one as the API returns it."""

    form: AppointmentForm
    stored: Appointment
    shown: Mapping[str, Any]
    profile: Supplier
    now: datetime

    def differs(self, name: str) -> bool:
        """Whether an element is not as it was."""
        return bool(self.form.body.get(name) != self.shown.get(name))

    def strays(self, name: str) -> bool:
        """Whether an element is there and not as it was: leaving it out is no change."""
        return name in self.form.body and self.differs(name)


def _no_profile(form: AppointmentForm) -> str | None:
    return None if has_profile(form) else f"Appointment.meta.profile: expected {Profile.APPOINTMENT}"


FORM_CHECKS: tuple[Check[AppointmentForm], ...] = (
    Check("change_invalid", forbidden_element),
    Check("change_invalid", _no_profile),
    Check("change_invalid", unknown_extension),
)
"""What can be said before the stored appointment is looked up."""


def _bad_reference(change: Change) -> str | None:
    return bad_reference(change.form)


def _begun(change: Change) -> str | None:
    return "Appointment.start: in the past" if change.stored.starts <= change.now else None


def _amends_cancelled(change: Change) -> str | None:
    may = change.stored.status == "booked" or (
        change.profile.appointments.amend_cancelled and change.stored.status == "cancelled"
    )
    return None if may else f"Appointment.status: the stored appointment is {change.stored.status}"


def _cancels_cancelled(change: Change) -> str | None:
    stored = change.stored.status
    may = stored == "booked" or (change.profile.appointments.cancel_twice and stored == "cancelled")
    return None if may else f"Appointment.status: the stored appointment is {stored}"


def _amends_status(change: Change) -> str | None:
    return "Appointment.status: an amendment leaves it as it is" if change.differs("status") else None


def _cancels_not(change: Change) -> str | None:
    return None if change.form.body.get("status") == "cancelled" else "Appointment.status: expected cancelled"


def _amends_with_reason(change: Change) -> str | None:
    added = change.form.extensions(Extension.CANCELLATION_REASON) and not change.stored.cancellation_reason
    return "Appointment.extension: an amendment has no cancellation reason" if added else None


def _cancels_without_reason(change: Change) -> str | None:
    given = change.form.extensions(Extension.CANCELLATION_REASON)
    return None if given else "Appointment.extension: the cancellation reason is required"


def _reason_empty(change: Change) -> str | None:
    reason = change.form.extensions(Extension.CANCELLATION_REASON)[0].get("valueString", "")
    return None if reason.strip() else "Appointment.extension cancellationReason: valueString is required, not blank"


def _text_too_long(change: Change) -> str | None:
    return text_too_long(change.form, change.profile)


def _text_missing(change: Change) -> str | None:
    return "Appointment.description: required" if is_blank(change.form.body.get("description")) else None


def _text_changed(change: Change) -> str | None:
    return _changed(*(name for name in ("description", "comment") if change.strays(name)))


def _times_changed(change: Change) -> str | None:
    moments = {name: change.form.moment(name) for name in ("start", "end", "created")}
    return _changed(*(name for name, at in moments.items() if at is None or wire_time(at) != change.shown[name]))


def _slots_changed(change: Change) -> str | None:
    return None if sorted(change.form.slot_ids) == sorted(change.stored.slot_ids) else _changed("slot")


def _participants_changed(change: Change) -> str | None:
    asked = [_participant(each) for each in change.form.items("participant")]
    shown = [_participant(each) for each in change.shown["participant"]]
    same = sorted(asked) in (sorted(shown), sorted(each for each in shown if each[0] != "Practitioner"))
    return None if same else _changed("participant")


def _participant(part: Mapping[str, Any]) -> tuple[str, str, str]:
    found = actor(part)
    return (found[1], found[2], part.get("status", "")) if found else ("", "", "")


def _booker_changed(change: Change) -> str | None:
    if not change.stored.booker:
        return _changed(*(name for name in ("contained",) if name in change.form.body))
    if problem := booker_link(change.form):
        return problem
    return None if change.form.booker == change.stored.booker else _changed("contained")


def _diary_words_changed(change: Change) -> str | None:
    if change.profile.appointments.service_words == "ignored":
        return None
    return _changed(*(name for name in ("serviceCategory", "serviceType") if change.strays(name)))


def _diary_extensions_changed(change: Change) -> str | None:
    shown = AppointmentForm(change.shown)
    if change.form.channel not in (None, shown.channel):
        return _changed("extension deliveryChannel")
    if change.form.role not in (None, shown.role):
        return _changed("extension practitionerRole")
    return _changed("extension") if change.form.extensions(Extension.APPOINTMENT_CREATED) else None


def _duration_changed(change: Change) -> str | None:
    minutes = change.form.body.get("minutesDuration")
    same = minutes is None or timedelta(minutes=minutes) == change.stored.ends - change.stored.starts
    return None if same else _changed("minutesDuration")


_JUDGED = frozenset(
    ("resourceType", "id", "meta", "text", "contained", "extension", "status", "serviceCategory", "serviceType",
     "start", "end", "created", "slot", "participant", "minutesDuration", "description", "comment")
)  # fmt: skip
"""Elements with a row of their own, and those that do not count."""


def _other_changed(change: Change) -> str | None:
    names = dict.fromkeys([*change.form.body, *change.shown])
    return _changed(*(name for name in names if name not in _JUDGED and change.differs(name)))


def _changed(*names: str) -> str | None:
    return f"Appointment.{names[0]}: must not change" if names else None


_COMPARISONS: tuple[Check[Change], ...] = (
    Check("appointment_changed", _times_changed),
    Check("appointment_changed", _slots_changed),
    Check("appointment_changed", _participants_changed),
    Check("appointment_changed", _booker_changed),
    Check("appointment_changed", _diary_words_changed),
    Check("appointment_changed", _diary_extensions_changed),
    Check("appointment_changed", _duration_changed),
    Check("appointment_changed", _other_changed),
)

AMEND_CHECKS: tuple[Check[Change], ...] = (
    Check("reference_malformed", _bad_reference),
    Check("appointment_not_booked", _amends_cancelled),
    Check("change_in_the_past", _begun),
    Check("change_invalid", _amends_with_reason),
    Check("change_invalid", _amends_status),
    *_COMPARISONS,
    Check("change_invalid", _text_missing),
    Check("text_too_long", _text_too_long),
)

CANCEL_CHECKS: tuple[Check[Change], ...] = (
    Check("reference_malformed", _bad_reference),
    Check("change_invalid", _cancels_not),
    Check("change_in_the_past", _begun),
    Check("change_invalid", _cancels_without_reason),
    Check("cancellation_reason_empty", _reason_empty),
    Check("appointment_not_booked", _cancels_cancelled),
    *_COMPARISONS,
    Check("appointment_changed", _text_changed),
)
