"""Whatever a supplier's switches, a plain journey succeeds and every answer is FHIR."""

from __future__ import annotations

from typing import Any, Literal, get_args, get_origin

import pytest
from fhir.resources.STU3 import get_fhir_model_class
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic.fields import FieldInfo

from booking_core.spec.errors import PROVIDER_ERRORS
from booking_core.spec.identifiers import Id
from mock_gpconnect.provider.app import refuse
from mock_gpconnect.refusals import REFUSALS, Refused, row_for
from mock_gpconnect.suppliers.profile import Profile, built_in_profiles, load_profile
from tests.mock_gpconnect.provider.edits import cancelling
from tests.mock_gpconnect.provider.messages import ALICE, Body, registration, user
from tests.mock_gpconnect.provider.riverside import Heard, Riverside

PARTS = {name: field for name, field in Profile.model_fields.items() if hasattr(field.annotation, "model_fields")}
FORMATS = st.sampled_from([("json",), ("json", "xml"), ("xml", "json")])
SITUATIONS = st.sampled_from([why for why, (layer, _) in REFUSALS.items() if layer == "provider"])
CODES = st.sampled_from([row.code for row in PROVIDER_ERRORS])


def settings_of(name: str, field: FieldInfo) -> st.SearchStrategy[Any]:
    """Values that a switch can have."""
    if name == "formats":
        return FORMATS
    if get_origin(field.annotation) is Literal:
        return st.sampled_from(get_args(field.annotation))
    if field.annotation is bool:
        return st.booleans()
    if field.annotation is str:
        return st.sampled_from(["x", " / "])
    return st.integers(500, 1000)


def part_of(field: FieldInfo) -> st.SearchStrategy[Any]:
    model: Any = field.annotation
    return st.builds(model, **{name: settings_of(name, each) for name, each in model.model_fields.items()})


PROFILES = st.builds(
    Profile,
    name=st.just("drawn"),
    spec_version=st.sampled_from(["1.2.7", "1.2.9"]),
    refusals=st.dictionaries(SITUATIONS, CODES, max_size=5),
    wording=st.dictionaries(SITUATIONS, st.sampled_from(["No", "Not now"]), max_size=5),
    **{name: part_of(field) for name, field in PARTS.items()},
)


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
