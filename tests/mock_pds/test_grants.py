from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from mock_pds.token_service import Client
from tests.mock_pds.world import DOCTOR, PATIENT, World

BACK = "https://app.test/back"
AUTHORIZE = {"client_id": "app-1", "redirect_uri": BACK, "state": "s&1", "username": DOCTOR.user_id}
EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token"


async def code(world: World, user_id: str = DOCTOR.user_id) -> str:
    """What a log-in brings back to the application."""
    back = await world.oauth("/authorize", params=AUTHORIZE | {"username": user_id})
    return parse_qs(urlsplit(back.headers["location"]).query)["code"][0]


def redeeming(code: str, /, **changes: Any) -> dict[str, str]:
    good = {"grant_type": "authorization_code", "client_id": "app-1", "client_secret": "hush", "code": code}
    fields = good | {"redirect_uri": BACK} | changes
    return {name: value for name, value in fields.items() if value is not None}


def refreshing(token: str | None, **changes: Any) -> dict[str, str]:
    good = {"grant_type": "refresh_token", "client_id": "app-1", "client_secret": "hush", "refresh_token": token}
    return {name: value for name, value in (good | changes).items() if value is not None}


def exchanging(world: World, subject: str | None = None, **changes: Any) -> dict[str, str]:
    subject = world.assertion({"kid": "idp"}, sub=DOCTOR.user_id, iss="idp") if subject is None else subject
    fields = {"grant_type": EXCHANGE, "subject_token": subject, "subject_token_type": ID_TOKEN} | changes
    return world.form(**fields)


async def test_a_log_in_brings_a_code_and_the_state_back(world: World) -> None:
    answer = await world.oauth("/authorize", params=AUTHORIZE)

    assert answer.status_code == 302
    assert answer.headers["location"].startswith(BACK + "?")
    assert parse_qs(urlsplit(answer.headers["location"]).query)["state"] == ["s&1"]


async def test_a_log_in_without_a_name_shows_the_users_of_the_world(world: World) -> None:
    answer = await world.oauth("/authorize", params=AUTHORIZE | {"username": "", "state": '"><script>'})

    assert answer.status_code == 200
    assert DOCTOR.name in answer.text
    assert "<script>" not in answer.text


async def test_a_worker_logs_in_for_twelve_hours(world: World) -> None:
    answer = await world.ask_token(redeeming(await code(world)))

    assert answer.json()["refresh_token_expires_in"] == "43199"
    assert answer.json()["refresh_count"] == "0"
    assert answer.json()["expires_in"] == "599"


async def test_a_patient_logs_in_for_an_hour(world: World) -> None:
    answer = await world.ask_token(redeeming(await code(world, PATIENT.user_id)))

    assert answer.json()["refresh_token_expires_in"] == "3599"


async def test_the_users_token_opens_pds_in_the_users_mode(world: World) -> None:
    token = (await world.ask_token(redeeming(await code(world)))).json()["access_token"]

    assert await world.found(token=token, family="smith", birthdate="1984-11-05") == ["9991234500"]


async def test_a_code_is_spent_by_its_first_use(world: World) -> None:
    form = redeeming(await code(world))
    await world.ask_token(form)

    answer = await world.ask_token(form)

    assert answer.json()["error"] == "invalid_grant"


async def test_a_code_grows_stale_in_a_minute(world: World) -> None:
    form = redeeming(await code(world))
    world.clock.forward(seconds=60)

    assert (await world.ask_token(form)).json()["error_description"] == "authorization_code is invalid"


async def test_a_code_is_of_no_use_to_another_application(build: Callable[..., World]) -> None:
    world = build(clients=(Client("app-9", "Other", secret="hush", redirect_uris=frozenset({BACK})),))

    answer = await world.ask_token(redeeming(await code(world), client_id="app-9"))

    assert answer.json()["error_description"] == "authorization_code is invalid"


async def test_a_refresh_gives_new_tokens_and_does_not_begin_the_period_anew(world: World) -> None:
    opened = (await world.ask_token(redeeming(await code(world)))).json()
    world.clock.forward(hours=1)

    again = (await world.ask_token(refreshing(opened["refresh_token"]))).json()

    assert again["refresh_count"] == "1"
    assert again["refresh_token_expires_in"] == str(11 * 3600 - 1)
    assert again["access_token"] != opened["access_token"]
    assert (await world.ask_token(refreshing(opened["refresh_token"]))).status_code == 401


async def test_an_id_token_is_exchanged_for_a_users_token(world: World) -> None:
    answer = await world.ask_token(exchanging(world))

    assert answer.status_code == 200
    assert answer.json()["issued_token_type"] == "urn:ietf:params:oauth:token-type:access_token"
    assert (await world.pds("/Patient/9991234500", token=answer.json()["access_token"])).status_code == 200


@pytest.mark.parametrize(
    ("header", "claims"),
    [
        ({"kid": "test-1"}, {"sub": DOCTOR.user_id}),
        ({"kid": "idp"}, {"sub": "nobody"}),
        ({"kid": "idp"}, {"sub": DOCTOR.user_id, "exp": 1}),
        ({"kid": "idp"}, {"sub": DOCTOR.user_id, "exp": None}),
    ],
    ids=["unknown key", "unknown user", "expired", "without expiry"],
)
async def test_an_id_token_that_proves_nobody_is_refused(world: World, header: Any, claims: Any) -> None:
    answer = await world.ask_token(exchanging(world, world.assertion(header, **claims)))

    assert answer.json()["error_description"] == "subject_token is invalid"


async def test_userinfo_tells_who_a_worker_is_and_in_which_roles(world: World) -> None:
    answer = await world.oauth("/userinfo", headers={"Authorization": f"Bearer {world.user_token()}"})

    assert answer.json()["nhsid_useruid"] == DOCTOR.user_id
    assert answer.json()["nhsid_nrbac_roles"][0]["person_roleid"] == "555254240100"
    assert answer.json()["nhsid_nrbac_roles"][0]["role_code"] == "S8000:G8000:R8000"
    assert answer.json()["nhsid_user_orgs"] == [{"org_code": "Z91001"}]


async def test_userinfo_has_nobody_to_tell_of_for_a_patient(world: World) -> None:
    answer = await world.oauth("/userinfo", headers={"Authorization": f"Bearer {world.user_token(PATIENT)}"})

    assert answer.status_code == 400


@pytest.mark.parametrize("elsewhere", ["https://app.test/other", "https://elsewhere.test"])
async def test_a_code_comes_with_the_address_that_it_was_brought_back_to(
    build: Callable[..., World], elsewhere: str
) -> None:
    two = Client("app-9", "Two Ways Back", secret="hush", redirect_uris=frozenset({BACK, "https://app.test/other"}))
    world = build(clients=(two,))
    issued = world.tokens.log_ins.code_for(two, DOCTOR, BACK)

    answer = await world.ask_token(redeeming(issued, client_id="app-9", redirect_uri=elsewhere))

    assert answer.json()["error_description"] == "redirect_uri is invalid"


async def test_a_user_of_the_world_can_be_given_a_token_without_a_form(world: World) -> None:
    token = world.tokens.log_in("app-1", DOCTOR.user_id).token

    assert (await world.pds("/Patient/9991234500", token=token)).status_code == 200
