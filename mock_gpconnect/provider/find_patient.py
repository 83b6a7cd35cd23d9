"""Finding a patient by NHS number. Nobody found is an answer, not an error."""

from __future__ import annotations

from booking_core.spec.identifiers import Id
from mock_gpconnect.checks import enforce
from mock_gpconnect.provider.answers import Answer, searchset
from mock_gpconnect.provider.exchange import Exchange
from mock_gpconnect.provider.identifiers import identifier_asked, is_nhs_number
from mock_gpconnect.provider.patient_resource import patient_resource
from mock_gpconnect.provider.patients import LocalPatient
from mock_gpconnect.provider.verification import VERIFICATION_CHECKS, Claimed, Details
from mock_gpconnect.refusals import Refused


async def find_patient(exchange: Exchange) -> Answer:
    """The practice's active, traced patient with this NHS number."""
    number = identifier_asked(exchange.request, (Id.NHS_NUMBER,))
    if not is_nhs_number(number):
        raise Refused("nhs_number_invalid", diagnostics="parameter identifier: not an NHS number")
    practice = exchange.practice
    found = [await traced(exchange, patient) for patient in practice.patients.of_number(number)]
    exposed = [patient for patient in found if patient.is_exposed(exchange.now)]
    if not practice.profile.patients.returns_duplicates:
        exposed = exposed[:1]
    return searchset([patient_resource(patient, practice.organisation_id) for patient in exposed])


async def traced(exchange: Exchange, patient: LocalPatient) -> LocalPatient:
    """The record, verified now if it is active and never was: else find says nobody and register says somebody."""
    practice = exchange.practice
    if patient.verified or not patient.is_active(exchange.now) or not practice.profile.patients.verifies_untraced:
        return patient
    try:
        await verify_local(exchange, patient)
    except Refused:
        return patient
    current = practice.patients.get(patient.id) or patient  # the trace took time: somebody may have been quicker
    return current if current.verified else practice.patients.update(current, verified=True)


async def verify_local(exchange: Exchange, patient: LocalPatient) -> None:
    """Refuses a local record that does not agree with the national one."""
    found = await exchange.server.trace(patient.nhs_number)
    enforce(VERIFICATION_CHECKS, Claimed(details_of_local(patient), found, exchange.now))


def details_of_local(patient: LocalPatient) -> Details:
    """The details of a local record, for comparison."""
    return Details(patient.birth_date.isoformat(), patient.family, patient.given[0] if patient.given else "")
