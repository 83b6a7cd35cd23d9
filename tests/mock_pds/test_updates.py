from collections.abc import Callable
from typing import Any

import httpx
import pytest

from mock_pds.settings import Settings
from mock_pds.token_service import Client
from tests.mock_pds.world import ALICE, World, coding

Build = Callable[..., World]
ALICES = "9991234500"
REQUEST = "60e0b220-8136-4ca5-ae46-1d97ef59d068"
SLOW = Settings(update_s=0.1, shortest_wait_s=0.01, poll_every_s=0.01)
GENDER = {"op": "replace", "path": "/gender", "value": "male"}


def send(world: World, *patches: Any, wait: str | None = None, request_id: str = REQUEST, **more: Any) -> Any:
    headers = {"X-Request-ID": request_id} | ({} if wait is None else {"X-Sync-Wait": wait})
    return world.patch(ALICES, *(patches or (GENDER,)), headers=headers, **more)


def version(answer: httpx.Response) -> str:
    return str(answer.headers["etag"])


@pytest.mark.parametrize("if_match", [None, "", "7", '"7"', "W/7", 'W/"x"', 'W/""', "*", 'W/"7", W/"8"'])
async def test_an_update_says_which_version_it_is_for(world: World, if_match: str | None) -> None:
    answer = await world.patch(ALICES, GENDER, headers={"If-Match": if_match})

    assert answer.status_code == 412


@pytest.mark.parametrize("stale", [1, 6, 8, 70])
async def test_an_update_of_another_version_is_a_conflict(world: World, stale: int) -> None:
    answer = await world.patch(ALICES, GENDER, version=stale)

    assert answer.status_code == 409


@pytest.mark.parametrize("media_type", ["application/json", "application/fhir+json", "text/plain", ""])
async def test_an_update_has_a_media_type_of_its_own(world: World, media_type: str) -> None:
    answer = await world.patch(ALICES, GENDER, headers={"Content-Type": media_type})

    assert coding(answer)["code"] == "UNSUPPORTED_SERVICE"


@pytest.mark.parametrize(("number", "status"), [("9991234501", 400), ("9991234594", 404)])
async def test_an_update_of_nobody_is_refused(world: World, number: str, status: int) -> None:
    assert (await world.patch(number, GENDER)).status_code == status


async def test_an_update_looks_done_at_once_though_it_takes_its_time(build: Build) -> None:
    answer = await send(build(ALICE, settings=SLOW))

    assert answer.status_code == 200
    assert version(answer) == 'W/"8"'


async def test_a_caller_who_does_not_wait_long_enough_is_told_to_ask_again(build: Build) -> None:
    answer = await send(build(ALICE, settings=SLOW), wait="0.02")

    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
    assert answer.headers["x-request-id"] == REQUEST


async def test_asking_again_with_the_same_request_id_gives_the_first_attempts_outcome(build: Build) -> None:
    world = build(ALICE, settings=SLOW)
    await send(world, wait="0.02")

    again = await send(world)

    assert version(again) == 'W/"8"'
    assert again.json()["gender"] == "male"
    record = world.people.get(ALICES)
    assert record is not None
    assert record.version == 8


async def test_asking_again_with_another_request_id_is_another_update(build: Build) -> None:
    world = build(ALICE, settings=SLOW)
    await send(world, wait="0.02")

    other = await send(world, request_id="60e0b220-8136-4ca5-ae46-1d97ef59d069")

    assert other.status_code == 409


async def test_a_refusal_is_remembered_as_well(build: Build) -> None:
    world = build(ALICE)
    refused = await send(world, {"op": "remove", "path": "/birthDate"})

    again = await send(world, GENDER)

    assert (refused.status_code, again.status_code) == (403, 403)


async def test_two_applications_may_use_the_same_request_id(build: Build) -> None:
    other = Client("app-9", "Other")
    world = build(ALICE, clients=(other,))
    await send(world)

    answer = await send(world, version=8, token=world.user_token(client=other))

    assert version(answer) == 'W/"9"'


@pytest.mark.parametrize("wait", ["0.001", "99", "soon", "nan", ""])
async def test_a_wait_out_of_bounds_is_the_usual_one(build: Build, wait: str) -> None:
    assert (await send(build(ALICE, settings=SLOW), wait=wait)).status_code == 200


async def test_the_record_is_old_until_the_update_is_done_and_new_from_then_on(build: Build) -> None:
    world = build(ALICE, settings=SLOW)
    await send(world, wait="0.02")

    early = await world.pds(f"/Patient/{ALICES}")
    await send(world)
    late = await world.pds(f"/Patient/{ALICES}")

    assert (version(early), version(late)) == ('W/"7"', 'W/"8"')


async def test_a_poll_from_outside_is_answered_only_for_an_update_of_ones_own(world: World) -> None:
    answer = await world.pds("/_poll/guessed")

    assert answer.status_code == 404


async def test_an_outcome_is_forgotten_when_nobody_will_ask_for_it_any_more(build: Build) -> None:
    clock = [0.0]
    world = build(ALICE, settings=Settings(remember_update_s=60), seconds=lambda: clock[0])
    await send(world)

    clock[0] = 59
    assert version(await send(world, version=8)) == 'W/"8"'
    clock[0] = 60
    assert version(await send(world, version=8)) == 'W/"9"'
