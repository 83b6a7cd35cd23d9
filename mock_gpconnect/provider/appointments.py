"""Appointments as they stand: a patient's, or one by its id. Nothing before today is shown."""

from __future__ import annotations

from datetime import UTC, date

from mock_gpconnect.book.local_time import local_date
from mock_gpconnect.book.protocol import Appointment
from mock_gpconnect.provider.answers import Answer, searchset, single
from mock_gpconnect.provider.appointment_resource import appointment_resource
from mock_gpconnect.provider.exchange import Exchange
from mock_gpconnect.provider.parameters import day
from mock_gpconnect.provider.preferences import unless_known
from mock_gpconnect.refusals import Refused

_PREFIXES = {"ge", "le"}


async def list_appointments(exchange: Exchange) -> Answer:
    """Every appointment of the patient that starts in a range of days, cancelled ones too."""
    practice = exchange.practice
    patient = practice.patients.get(exchange.id)
    if patient is None or not patient.is_exposed(exchange.now):
        raise Refused("patient_unknown", diagnostics=f"Patient/{exchange.id} does not exist here")
    first, last = _days(exchange)
    found = await practice.book.appointments_of(patient.id)
    inside = [each for each in found if first <= local_date(each.starts) <= last]
    return searchset([await appointment_resource(practice, each) for each in inside])


def _days(exchange: Exchange) -> tuple[date, date]:
    """The range asked for: two bounds, in any order, neither in the past."""
    values = exchange.request.values("start")
    bounds = {value[:2]: value for value in values}
    if len(values) != 2 or set(bounds) != _PREFIXES:
        raise Refused("parameter_invalid", diagnostics="parameter start: expected twice, once with ge and once with le")
    first, last = day("start", bounds["ge"], "ge"), day("start", bounds["le"], "le")
    today = min(local_date(exchange.now), exchange.now.astimezone(UTC).date())  # either midnight will do
    if min(first, last) < today:
        raise Refused("parameter_invalid", diagnostics="parameter start: dates in the past cannot be requested")
    if last < first:
        raise Refused("parameter_invalid", diagnostics="parameter start: the le date is before the ge date")
    return first, last


async def read_appointment(exchange: Exchange) -> Answer:
    """One appointment, unless it began before today."""
    appointment = await stored_appointment(exchange)
    if local_date(appointment.starts) < local_date(exchange.now):
        raise Refused("appointment_past", diagnostics=f"Appointment/{appointment.id} is in the past")
    resource = await appointment_resource(exchange.practice, appointment)
    return unless_known(exchange.request, single(resource))


async def stored_appointment(exchange: Exchange) -> Appointment:
    """The appointment that the path names."""
    appointment = await exchange.practice.book.appointment(exchange.id)
    if appointment is None:
        raise Refused("appointment_unknown", diagnostics=f"Appointment/{exchange.id} does not exist here")
    return appointment
