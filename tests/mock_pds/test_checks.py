from collections.abc import Callable
from typing import Any

import pytest

from mock_pds.clients import APP_SCOPE
from mock_pds.rate_limit import Limit, Limits, Quota
from mock_pds.token_service import Client
from tests.mock_pds.world import ALICE, CLERK, LOCUM, UNPROVEN, World, coding, diagnostics

Build = Callable[..., World]
ALICES = "/Patient/9991234500"


@pytest.mark.parametrize(
    ("authorisation", "problem"),
    [
        (None, "Missing Authorization header"),
        ("", "Empty Authorization header"),
        ("   ", "Empty Authorization header"),
        ("Bearer", "Missing access token"),
        ("justatoken", "Missing access token"),
        ("Basic YTpi", "Invalid token type 'Basic', must be 'Bearer'"),
        ("bearer token", "Invalid token type 'bearer', must be 'Bearer'"),
        ("{scheme} token", "Invalid token type '{scheme}', must be 'Bearer'"),
        ("Bearer never-issued", "Invalid Access Token"),
        ("Bearer two words", "Invalid Access Token"),
    ],
)
async def test_each_way_to_come_without_a_token_has_its_words(
    world: World, authorisation: str | None, problem: str
) -> None:
    answer = await world.pds(ALICES, headers={"Authorization": authorisation})

    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/json"
    assert coding(answer)["code"] == "ACCESS_DENIED"
    assert coding(answer)["display"] == "Access Denied - Unauthorised"
    assert diagnostics(answer) == problem


async def test_an_expired_token_is_told_from_an_unknown_one(world: World) -> None:
    token = world.app_token()
    world.clock.forward(seconds=600)

    assert diagnostics(await world.pds(ALICES, token=token)) == "Access Token expired"


async def test_a_token_for_another_product_is_no_token_here(build: Build) -> None:
    other = Client("app-3", "Other Product", scopes=frozenset({APP_SCOPE + "other-service"}))
    world = build(ALICE, clients=(other,))

    answer = await world.pds(ALICES, token=world.app_token(other))

    assert answer.status_code == 401


def limited() -> dict[str, Any]:
    return {"limits": Limits(Limit(Quota(0))), "seconds": lambda: 0.0}


NOTHING_RIGHT = {"Authorization": None, "X-Request-ID": "malformed", "NHSD-Session-URID": "nobody's"}


async def test_without_a_token_nothing_else_is_looked_at(build: Build) -> None:
    world = build(ALICE, **limited())

    answer = await world.pds("/HelloWorld", headers=NOTHING_RIGHT)

    assert answer.status_code == 401


async def test_a_throttled_caller_hears_of_nothing_else(build: Build) -> None:
    world = build(ALICE, **limited())

    answer = await world.pds(
        "/HelloWorld", token=world.user_token(UNPROVEN), headers=NOTHING_RIGHT | {"Authorization": ""}
    )
    throttled = await world.pds("/HelloWorld", token=world.user_token(UNPROVEN), headers={"X-Request-ID": "malformed"})

    assert answer.status_code == 401
    assert throttled.status_code == 429


async def test_a_log_in_of_too_little_proof_is_refused_before_its_path_is_read(world: World) -> None:
    answer = await world.pds("/HelloWorld", token=world.user_token(UNPROVEN), headers={"X-Request-ID": "malformed"})

    assert answer.status_code == 403
    assert coding(answer)["display"] == "Patient cannot perform this action"


async def test_a_wrong_path_comes_before_a_wrong_request_id(world: World) -> None:
    answer = await world.pds("/HelloWorld", headers={"X-Request-ID": "malformed"})

    assert diagnostics(answer) == "Unsupported path - '/HelloWorld'"


async def test_a_malformed_request_id_comes_before_a_wrong_role(world: World) -> None:
    answer = await world.pds(ALICES, headers={"X-Request-ID": "1234", "NHSD-Session-URID": "invalid"})

    assert diagnostics(answer) == "Invalid value - '1234' in header 'X-Request-ID'"


async def test_a_wrong_role_comes_before_a_missing_asid(build: Build) -> None:
    client = Client("app-3", "Without ASID", has_asid=False)
    world = build(ALICE, clients=(client,))

    answer = await world.pds(ALICES, token=world.user_token(LOCUM, client))

    assert "NHSD-Session-URID" in str(diagnostics(answer))


async def test_a_missing_asid_comes_before_a_method_not_for_the_mode(build: Build) -> None:
    client = Client("app-3", "Without ASID", has_asid=False)
    world = build(ALICE, clients=(client,))

    answer = await world.pds(ALICES, "PATCH", token=world.app_token(client))

    assert coding(answer)["code"] == "MISSING_VALUE"


async def test_a_method_not_for_the_mode_comes_before_a_missing_request_id(world: World) -> None:
    answer = await world.pds(ALICES, "PATCH", token=world.app_token(), headers={"X-Request-ID": None})

    assert answer.status_code == 403


async def test_a_missing_request_id_comes_before_a_bad_number(world: World) -> None:
    answer = await world.pds("/Patient/123", headers={"X-Request-ID": None})

    assert coding(answer)["code"] == "MISSING_VALUE"


@pytest.mark.parametrize("malformed", ["", "1234", "60E0B220-8136-4CA5-AE46-1D97EF59D06", "g" * 36])
async def test_a_request_id_that_is_there_must_be_a_uuid(world: World, malformed: str) -> None:
    answer = await world.pds(ALICES, headers={"X-Request-ID": malformed})

    assert answer.status_code == 400
    assert diagnostics(answer) == f"Invalid value - '{malformed}' in header 'X-Request-ID'"
    assert answer.headers["content-type"] == "application/json"


async def test_a_request_id_may_be_a_uuid_of_any_version_and_case(world: World) -> None:
    answer = await world.pds(ALICES, headers={"X-Request-ID": "60E0B220-8136-0CA5-0E46-1D97EF59D068"})

    assert answer.status_code == 200


async def test_a_single_role_goes_without_saying(world: World) -> None:
    assert (await world.pds(ALICES)).status_code == 200


async def test_one_of_several_roles_has_to_be_named(world: World) -> None:
    token = world.user_token(LOCUM)

    unnamed = await world.pds(ALICES, token=token)
    named = await world.pds(ALICES, token=token, headers={"NHSD-Session-URID": "555254240102"})

    assert str(diagnostics(unnamed)).startswith("Invalid value - '' in header 'NHSD-Session-URID'. Refer to")
    assert named.status_code == 200


async def test_somebody_elses_role_is_refused(world: World) -> None:
    answer = await world.pds(ALICES, headers={"NHSD-Session-URID": "555254240102"})

    assert str(diagnostics(answer)).startswith("Invalid value - '555254240102' in header 'NHSD-Session-URID'.")


async def test_a_worker_without_any_role_cannot_act(world: World) -> None:
    assert (await world.pds(ALICES, token=world.user_token(CLERK))).status_code == 400


async def test_an_applications_role_header_is_not_looked_at(world: World) -> None:
    answer = await world.pds(ALICES, token=world.app_token(), headers={"NHSD-Session-URID": "invalid"})

    assert answer.status_code == 200


async def test_an_application_that_lacks_an_interaction_is_not_let_to_it(build: Build) -> None:
    client = Client("app-3", "Retrieves Only", lacks_interactions=frozenset({"pds_search"}))
    world = build(ALICE, clients=(client,))
    token = world.app_token(client)

    assert (await world.pds(ALICES, token=token)).status_code == 200
    assert (await world.search(token=token, family="smith", birthdate="1984-11-05")).status_code == 401
