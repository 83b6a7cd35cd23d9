"""Fifteen behaviours of the real token service and PDS that a mock written from memory gets wrong."""

from collections.abc import Callable
from dataclasses import replace

from cryptography.hazmat.primitives.asymmetric import rsa

from mock_pds.people import History, Name, Person
from mock_pds.rate_limit import Limit, Limits, Quota
from mock_pds.settings import Settings
from tests.mock_pds.world import ALICE, LOCUM, World, coding, diagnostics

Build = Callable[..., World]
ALICES = "/Patient/9991234500"
SMITH = {"family": "smith", "birthdate": "1984-11-05"}


async def test_01_a_rejected_assertion_is_used_up_and_its_retry_hides_the_cause(world: World) -> None:
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = world.form(world.assertion(key=stranger))

    first, retry = await world.ask_token(form), await world.ask_token(form)

    assert first.json()["error"] == "public_key error"
    assert retry.json()["error_description"] == "Non-unique 'jti' claim in client_assertion JWT"


async def test_02_expires_in_is_text_and_a_second_short_of_the_life(world: World) -> None:
    answer = (await world.ask_token()).json()

    world.clock.forward(seconds=599.9)
    assert answer["expires_in"] == "599"
    assert (await world.pds(ALICES, token=answer["access_token"])).status_code == 200


async def test_03_a_charset_after_the_content_type_of_a_token_request_is_a_415(world: World) -> None:
    content_type = "application/x-www-form-urlencoded; charset=utf-8"

    assert (await world.ask_token(headers={"Content-Type": content_type})).status_code == 415


async def test_04_a_merged_number_answers_200_with_another_id_and_nothing_says_so(build: Build) -> None:
    world = build(ALICE, Person("9991234543", superseded_by="9991234500"))

    asked, survivor = await world.pds("/Patient/9991234543"), await world.pds(ALICES)

    assert asked.status_code == 200
    assert asked.content == survivor.content


async def test_05_a_restricted_record_lacks_elements_instead_of_having_them_empty(build: Build) -> None:
    shown = (await build(replace(ALICE, confidentiality="R")).pds(ALICES)).json()

    assert {"address", "telecom", "generalPractitioner"}.isdisjoint(shown)
    assert shown["name"][0]["family"] == "Smith"


async def test_06_two_404s_differ_in_severity_and_meaning(build: Build) -> None:
    world = build(Person("9991234578", invalidated=True))

    unknown, invalidated = await world.pds("/Patient/9991234594"), await world.pds("/Patient/9991234578")

    assert unknown.status_code == invalidated.status_code == 404
    assert unknown.json()["issue"][0]["severity"] == "information"
    assert invalidated.json()["issue"][0]["severity"] == "error"


async def test_07_an_unknown_path_is_a_400_in_plain_json_although_the_body_is_fhir(world: World) -> None:
    answer = await world.pds("/metadata")

    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["resourceType"] == "OperationOutcome"


async def test_08_an_absent_and_an_empty_request_id_are_two_different_faults(world: World) -> None:
    absent = await world.pds(ALICES, headers={"X-Request-ID": None})
    empty = await world.pds(ALICES, headers={"X-Request-ID": ""})

    assert coding(absent)["code"] == "MISSING_VALUE"
    assert diagnostics(empty) == "Invalid value - '' in header 'X-Request-ID'"


async def test_09_too_many_matches_are_a_200_that_is_no_bundle(build: Build) -> None:
    world = build(ALICE, replace(ALICE, nhs_number="9991234519"))

    answer = await world.search(token=world.app_token(), **SMITH)

    assert answer.status_code == 200
    assert answer.json()["resourceType"] == "OperationOutcome"
    assert "total" not in answer.json()


async def test_10_nobody_found_has_no_entry_at_all(world: World) -> None:
    assert "entry" not in (await world.search(**SMITH | {"family": "nobody"})).json()


async def test_11_a_postcode_in_the_search_makes_a_restricted_person_vanish(build: Build) -> None:
    world = build(replace(ALICE, confidentiality="R"))

    assert await world.found(**SMITH) == ["9991234500"]
    assert await world.found(**SMITH, address_postalcode="ZZ99 9ZZ") == []


async def test_12_history_finds_a_former_name_and_never_a_former_date_of_birth(build: Build) -> None:
    once = History(names=(Name("Quayle"),), birth_dates=("1948-11-05",))
    world = build(replace(ALICE, history=once))

    assert await world.found(family="quayle", birthdate="1984-11-05", _history="true") == ["9991234500"]
    assert await world.found(family="smith", birthdate="1948-11-05", _history="true") == []


async def test_13_a_503_on_an_update_does_not_mean_that_it_failed(build: Build) -> None:
    world = build(ALICE, settings=Settings(update_s=0.05, shortest_wait_s=0.01, poll_every_s=0.01))
    request = {"X-Request-ID": "60e0b220-8136-4ca5-ae46-1d97ef59d068"}
    gender = {"op": "replace", "path": "/gender", "value": "male"}

    first = await world.patch("9991234500", gender, headers=request | {"X-Sync-Wait": "0.01"})
    retry = await world.patch("9991234500", gender, headers=request)

    assert (first.status_code, first.headers["retry-after"]) == (503, "5")
    assert (retry.status_code, retry.headers["etag"]) == (200, 'W/"8"')


async def test_14_a_429_comes_before_any_fault_of_the_request_and_says_no_retry_after(build: Build) -> None:
    world = build(ALICE, limits=Limits(Limit(Quota(0))), seconds=lambda: 0.0)

    answer = await world.pds("/Patient/123", headers={"X-Request-ID": "malformed"})

    assert answer.status_code == 429
    assert answer.json()["issue"][0]["code"] == "value"
    assert answer.headers["x-request-id"] == "malformed"
    assert "retry-after" not in answer.headers


async def test_15_a_worker_with_several_roles_has_to_say_which(world: World) -> None:
    token = world.user_token(LOCUM)

    unsaid = await world.pds(ALICES, token=token)
    said = await world.pds(ALICES, token=token, headers={"NHSD-Session-URID": "555254240101"})

    assert (unsaid.status_code, said.status_code) == (400, 200)
