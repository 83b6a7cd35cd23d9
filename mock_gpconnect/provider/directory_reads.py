"""Finding and reading what the practice's directory holds: organisations, practitioners, locations; and one patient."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

from booking_core.spec.identifiers import Id
from mock_gpconnect.provider.answers import Answer, searchset, single
from mock_gpconnect.provider.exchange import Exchange
from mock_gpconnect.provider.identifiers import identifier_asked
from mock_gpconnect.provider.patient_resource import patient_resource
from mock_gpconnect.provider.preferences import unless_known
from mock_gpconnect.provider.resources import location_resource, organisation_resource, practitioner_resource
from mock_gpconnect.refusals import Refused


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


Thing = TypeVar("Thing", bound=_Identified)


async def find_organisation(exchange: Exchange) -> Answer:
    """The organisations with this ODS code, which is compared as it stands."""
    code = identifier_asked(exchange.request, (Id.ODS,))
    found = [each for each in exchange.practice.organisations if each.ods == code]
    return searchset([organisation_resource(each) for each in found])


async def read_organisation(exchange: Exchange) -> Answer:
    """One organisation by its id."""
    found = _named(exchange, exchange.practice.organisations, "organisation_unknown")
    return unless_known(exchange.request, single(organisation_resource(found)))


async def find_practitioner(exchange: Exchange) -> Answer:
    """The practitioners with this user id of the Spine's directory."""
    user_id = identifier_asked(exchange.request, (Id.SDS_USER,))
    found = [each for each in exchange.practice.practitioners if each.user_id == user_id]
    return searchset([practitioner_resource(each) for each in found])


async def read_practitioner(exchange: Exchange) -> Answer:
    """One practitioner by its id."""
    found = _named(exchange, exchange.practice.practitioners, "practitioner_unknown")
    return unless_known(exchange.request, single(practitioner_resource(found)))


async def read_location(exchange: Exchange) -> Answer:
    """One surgery by its id."""
    found = _named(exchange, exchange.practice.locations, "location_unknown")
    return unless_known(exchange.request, single(location_resource(found, exchange.practice.organisation_id)))


async def read_patient(exchange: Exchange) -> Answer:
    """One patient by its id; who may not be shown does not exist."""
    practice = exchange.practice
    found = practice.patients.get(exchange.id)
    if found is None or not found.is_exposed(exchange.now):
        raise Refused("patient_unknown", diagnostics=f"Patient/{exchange.id[:80]} does not exist here")
    return unless_known(exchange.request, single(patient_resource(found, practice.organisation_id)))


def _named(exchange: Exchange, things: Iterable[Thing], unknown: str) -> Thing:
    """The one that the path names."""
    for each in things:
        if each.id == exchange.id:
            return each
    raise Refused(unknown, diagnostics=f"{'/'.join(exchange.request.segments)[:100]} does not exist here")
