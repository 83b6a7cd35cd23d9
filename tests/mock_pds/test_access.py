from collections.abc import Callable
from dataclasses import replace

import pytest

from mock_pds.people import Person
from mock_pds.token_service import Client
from tests.mock_pds.world import ALICE, PATIENT, World, coding, diagnostics

Build = Callable[..., World]
ALICES = "/Patient/9991234500"


@pytest.mark.parametrize("path", ["/Patient", "/Patient?family=smith&birthdate=1984-11-05", "/Patient/9991234519"])
async def test_a_patient_may_look_at_nothing_but_their_own_record(world: World, path: str) -> None:
    world.people.put(Person("9991234519"))

    answer = await world.pds(path, token=world.user_token(PATIENT))

    assert answer.status_code == 403
    assert coding(answer)["code"] == "ACCESS_DENIED"


async def test_a_patient_sees_their_own_record_and_related_people(world: World) -> None:
    token = world.user_token(PATIENT)

    assert (await world.pds(ALICES, token=token)).status_code == 200
    assert (await world.pds(ALICES + "/RelatedPerson", token=token)).status_code == 200


async def test_a_patient_of_too_little_trust_is_refused(world: World) -> None:
    doubtful = replace(PATIENT, vot="P9.Cp")

    assert (await world.pds(ALICES, token=world.user_token(doubtful))).status_code == 403


async def test_only_a_patient_asks_for_cover_and_only_for_their_own(world: World) -> None:
    token = world.user_token(PATIENT)

    own = await world.pds("/Coverage?subscriber:identifier=9991234500", token=token)
    other = await world.pds("/Coverage?subscriber:identifier=9991234519", token=token)
    odd = await world.pds("/Coverage?who=9991234500", token=token)

    assert (own.status_code, own.json()["total"]) == (200, 0)
    assert other.status_code == 403
    assert "must follow the format /Coverage?subscriber:identifier=NHS_NUMBER" in str(diagnostics(odd))


@pytest.mark.parametrize(
    ("method", "words"),
    [("PATCH", "Cannot update resource with"), ("POST", "Cannot create resource with")],
)
async def test_an_application_neither_updates_nor_creates(world: World, method: str, words: str) -> None:
    answer = await world.pds(ALICES, method, token=world.app_token())

    assert answer.status_code == 403
    assert coding(answer)["display"] == f"{words} application-restricted access token"


async def test_an_application_may_be_registered_to_act_like_a_worker(build: Build) -> None:
    promoted = Client("app-3", "Promoted", app_restricted_update=True)
    twin = replace(ALICE, nhs_number="9991234519")
    world = build(ALICE, twin, clients=(promoted,))
    token = world.app_token(promoted)

    found = await world.found(token=token, family="smith", birthdate="1984-11-05")
    updated = await world.patch("9991234500", {"op": "replace", "path": "/gender", "value": "male"}, token=token)

    assert found == ["9991234500", "9991234519"]
    assert updated.status_code == 200


@pytest.mark.parametrize(("asked", "status"), [("1", 200), ("2", 403), ("01", 403), ("", 403), ("one", 403)])
async def test_an_application_may_ask_for_the_text_1_and_nothing_else(world: World, asked: str, status: int) -> None:
    answer = await world.search(
        ("_max-results", asked), token=world.app_token(), family="smith", birthdate="1984-11-05"
    )

    assert answer.status_code == status
