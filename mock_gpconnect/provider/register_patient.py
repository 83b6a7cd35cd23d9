"""Registering a patient temporarily: checked, verified against the national record, then new, renewed or refused."""

from __future__ import annotations

from datetime import date, timedelta

from mock_gpconnect.book.local_time import local_date
from mock_gpconnect.checks import enforce
from mock_gpconnect.provider.answers import Answer, searchset
from mock_gpconnect.provider.bodies import read_resource
from mock_gpconnect.provider.exchange import Exchange
from mock_gpconnect.provider.find_patient import details_of_local
from mock_gpconnect.provider.patient_resource import patient_resource
from mock_gpconnect.provider.patients import LocalPatient
from mock_gpconnect.provider.registration_checks import REGISTRATION_CHECKS, Form
from mock_gpconnect.provider.registration_details import registered_elements
from mock_gpconnect.provider.traced import Traced
from mock_gpconnect.provider.verification import VERIFICATION_CHECKS, Claimed, Details, agree, details_of
from mock_gpconnect.refusals import Refused

_TEMPORARY = "T"


async def register_patient(exchange: Exchange) -> Answer:
    """The patient, temporarily registered; the nationally registered practice is never touched."""
    form = Form(read_resource(exchange.request, "Parameters"), local_date(exchange.now))
    enforce(REGISTRATION_CHECKS, form)
    traced = await exchange.server.trace(form.nhs_numbers[0])
    enforce(VERIFICATION_CHECKS, Claimed(_details(form), traced, exchange.now))
    _check_local_records(exchange, form, traced)
    patient = _registered(exchange, form, traced)
    return searchset([patient_resource(patient, exchange.practice.organisation_id)])


def _details(form: Form) -> Details:
    name = form.official_names[0]
    return Details(form.patient["birthDate"], name["family"], name["given"][0])


def _check_local_records(exchange: Exchange, form: Form, traced: Traced) -> None:
    """The practice's own records of this number decide whether there is anything to register."""
    practice = exchange.practice
    for patient in practice.patients.of_number(form.nhs_numbers[0]):
        if patient.status == "deceased" or patient.sensitive:
            raise Refused("patient_deceased", diagnostics="the patient cannot be registered here")
        untraced = not patient.verified and practice.profile.patients.verifies_untraced
        if untraced and not agree(details_of_local(patient), details_of(traced.record)):
            raise Refused("local_record_disagrees", diagnostics="the practice's own record could not be verified")
        if patient.is_active(exchange.now):
            raise Refused("already_registered", diagnostics="the patient is already registered at this practice")


def _registered(exchange: Exchange, form: Form, traced: Traced) -> LocalPatient:
    """A new record, or the old one of a patient who had left, made temporary."""
    patients = exchange.practice.patients
    name = form.official_names[0]
    ends = exchange.now + timedelta(days=exchange.practice.profile.patients.temporary_days)
    details = {
        "family": name["family"],
        "given": tuple(name["given"]),
        "prefix": " ".join(name.get("prefix", ())),
        "gender": form.patient.get("gender") or traced.record.get("gender") or "unknown",
        "birth_date": date.fromisoformat(form.patient["birthDate"]),
        "verified": True,
        "status": "active",
        "registration": _TEMPORARY,
        "registered_from": exchange.now,
        "registered_until": ends,
        "elements": registered_elements(form, traced.record, ends, exchange.now),
    }
    if known := patients.of_number(form.nhs_numbers[0]):
        return patients.update(known[0], **details)
    return patients.add(LocalPatient(nhs_number=form.nhs_numbers[0], **details))
