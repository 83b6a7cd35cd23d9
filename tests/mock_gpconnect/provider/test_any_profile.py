"""Whatever a supplier's switches, a plain journey succeeds and every answer is FHIR."""

from __future__ import annotations

import pytest
from fhir.resources.STU3 import get_fhir_model_class
from hypothesis import HealthCheck, given, settings

from booking_core.spec.identifiers import Id
from mock_gpconnect.provider.app import refuse
from mock_gpconnect.refusals import Refused, row_for
from mock_gpconnect.suppliers.profile import Profile, built_in_profiles, load_profile
from tests.mock_gpconnect.any_profile import PROFILES, SITUATIONS
from tests.mock_gpconnect.provider.edits import cancelling
from tests.mock_gpconnect.provider.messages import ALICE, Body, registration, user
from tests.mock_gpconnect.provider.riverside import Heard, Riverside


def check(heard: Heard, status: int) -> Body:
    assert heard.status == status, heard.body
    get_fhir_model_class(heard.json["resourceType"]).model_validate(heard.json)
    return dict(heard.json)


async def travel(riverside: Riverside) -> None:
    """Find, register, search, book, read, list, amend, cancel."""
    who = {"requesting_practitioner": _user_with_a_role()}
    found = await riverside.ask("find_patient", query=[("identifier", f"{Id.NHS_NUMBER}|{ALICE}")], claims=who)
    check(found, 200)
    check(await riverside.ask("register_patient", body=registration(), claims=who), 200)
    assert check(await riverside.search(claims=who), 200)["entry"]
    body = await riverside.booking(comment="Ring first")
    booked = check(await riverside.ask("create_appointment", body=body, claims=who), 201)
    check(await riverside.ask("read_appointment", id=booked["id"], claims=who), 200)
    query = [("start", "ge2026-03-24"), ("start", "le2026-04-24")]
    check(await riverside.ask("list_appointments", id="patient-alice", query=query, claims=who), 200)
    amended = check(await riverside.ask("amend_appointment", id=booked["id"], body=booked, claims=who), 200)
    check(await riverside.ask("cancel_appointment", id=booked["id"], body=cancelling(amended), claims=who), 200)


def _user_with_a_role() -> Body:
    identifiers = [{"system": Id.SDS_USER, "value": "1"}, {"system": Id.SDS_ROLE_PROFILE, "value": "2"}]
    return user(identifier=identifiers)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(profile=PROFILES)
async def test_a_plain_journey_succeeds_with_any_switches(profile: Profile) -> None:
    await travel(Riverside(profile, days=14))


@pytest.mark.parametrize("supplier", built_in_profiles())
async def test_a_plain_journey_succeeds_with_every_built_in_supplier(supplier: str) -> None:
    await travel(Riverside(load_profile(supplier), days=14))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(profile=PROFILES, why=SITUATIONS)
async def test_a_re_pointed_situation_answers_with_its_new_row_and_words(profile: Profile, why: str) -> None:
    answer = refuse(profile, Refused(why, diagnostics="the rule"))
    row = row_for(why, profile.refusals)
    assert answer.resource is not None
    issue = answer.resource["issue"][0]
    assert (answer.status, issue["code"]) == (row.status, row.issue)
    assert issue["diagnostics"] == profile.wording.get(why, "the rule")
