from collections.abc import Callable
from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from mock_pds.token_service import Client
from tests.mock_pds.world import World, public_jwks


def said(response: Any) -> str:
    return str(response.json()["error_description"])


async def test_a_signed_assertion_earns_a_token_told_in_four_strings(world: World) -> None:
    answer = await world.ask_token()

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert set(answer.json()) == {"access_token", "expires_in", "token_type", "issued_at"}
    assert answer.json()["expires_in"] == "599"
    assert answer.json()["token_type"] == "Bearer"
    assert answer.json()["issued_at"] == "1774602000000"
    assert len(answer.json()["access_token"]) == 28


async def test_the_token_opens_pds(world: World) -> None:
    token = (await world.ask_token()).json()["access_token"]

    assert (await world.pds("/Patient/9991234500", token=token)).status_code == 200


async def test_a_token_lives_six_hundred_seconds_of_the_worlds_clock(world: World) -> None:
    token = (await world.ask_token()).json()["access_token"]

    world.clock.forward(seconds=599)
    assert (await world.pds("/Patient/9991234500", token=token)).status_code == 200
    world.clock.forward(seconds=1)
    assert (await world.pds("/Patient/9991234500", token=token)).status_code == 401


@pytest.mark.parametrize(
    ("asked", "told"),
    [("5000", "4"), ("600000", "599"), ("900000", "599"), ("-1", "599"), ("soon", "599"), ("0", "0"), ("٣", "599")],
)
async def test_a_token_can_be_asked_to_live_less_long_but_not_longer(world: World, asked: str, told: str) -> None:
    answer = await world.ask_token(world.form(_access_token_expiry_ms=asked))

    assert answer.json()["expires_in"] == told


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "OPTIONS"])
async def test_any_method_but_post_gets_an_empty_405(world: World, method: str) -> None:
    answer = await world.oauth("/token", method)

    assert answer.status_code == 405
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.content == b""


@pytest.mark.parametrize(
    "content_type",
    ["application/x-www-form-urlencoded; charset=UTF-8", "application/json", "Application/X-WWW-Form-Urlencoded", ""],
)
async def test_the_content_type_is_compared_to_the_letter(world: World, content_type: str) -> None:
    answer = await world.ask_token(headers={"Content-Type": content_type})

    assert answer.status_code == 415


async def test_an_assertion_is_used_up_by_its_first_use(world: World) -> None:
    form = world.form()

    assert (await world.ask_token(form)).status_code == 200
    assert "Non-unique 'jti'" in said(await world.ask_token(form))


async def test_a_failed_signature_uses_up_the_assertion_too(world: World) -> None:
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = world.form(world.assertion(key=stranger))

    assert said(await world.ask_token(form)) == "JWT signature verification failed"
    assert "Non-unique 'jti'" in said(await world.ask_token(form))


async def test_a_wrong_audience_uses_up_the_assertion_too(world: World) -> None:
    form = world.form(world.assertion(aud="https://elsewhere.test/oauth2/token"))

    assert "'aud'" in said(await world.ask_token(form))
    assert "Non-unique 'jti'" in said(await world.ask_token(form))


async def test_an_expiry_too_far_ahead_does_not_use_up_the_assertion(world: World) -> None:
    exp = int(world.clock().timestamp()) + 311
    form = world.form(world.assertion(exp=exp))

    assert "more than 5 minutes" in said(await world.ask_token(form))
    world.clock.forward(seconds=1)
    assert (await world.ask_token(form)).status_code == 200


async def test_a_jti_is_remembered_for_thirty_days(world: World) -> None:
    await world.ask_token(world.form(world.assertion(jti="once")))

    world.clock.forward(days=29, hours=23)
    assert "Non-unique" in said(await world.ask_token(world.form(world.assertion(jti="once"))))
    world.clock.forward(hours=2)
    assert (await world.ask_token(world.form(world.assertion(jti="once")))).status_code == 200


async def test_two_applications_may_use_the_same_jti(
    build: Callable[..., World], signing_key: rsa.RSAPrivateKey
) -> None:
    world = build(clients=(Client("app-9", "Other", public_jwks(signing_key)),))

    await world.ask_token(world.form(world.assertion(jti="same")))
    answer = await world.ask_token(world.form(world.assertion(jti="same", iss="app-9", sub="app-9")))

    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("header", "claims", "text"),
    [
        ({"kid": ""}, {"exp": 1}, "JWT has expired"),
        ({"typ": "JOSE"}, {"exp": None}, "Invalid 'typ' header"),
        ({}, {"exp": 0, "iss": "x"}, "Missing 'exp' claim"),
        ({}, {"exp": "soon", "jti": None}, "must be an integer"),
        ({}, {"exp": True}, "must be an integer"),
        ({}, {"sub": "app-2", "jti": None}, "'iss'/'sub'"),
        ({}, {"jti": 5, "exp": 9_999_999_999}, "must be a unique string"),
        ({}, {"exp": 9_999_999_999, "iss": "nobody", "sub": "nobody"}, "more than 5 minutes"),
        ({"kid": "other"}, {"iss": "nobody", "sub": "nobody"}, "Invalid 'iss'/'sub'"),
        ({"kid": "other"}, {"aud": "elsewhere"}, "no matching public key"),
    ],
)
async def test_of_two_faults_the_earlier_check_speaks(
    world: World, header: dict[str, Any], claims: dict[str, Any], text: str
) -> None:
    answer = await world.ask_token(world.form(world.assertion(header, **claims)))

    assert text in said(answer)


@pytest.mark.parametrize(("offset", "text"), [(-1, "JWT has expired"), (60, "must be an integer")])
async def test_an_expiry_in_text_is_too_old_before_it_is_not_a_number(world: World, offset: int, text: str) -> None:
    exp = str(int(world.clock().timestamp()) + offset)

    assert text in said(await world.ask_token(world.form(world.assertion(exp=exp))))


@pytest.mark.parametrize("typ", ["JWT", "jwt", "Jwt"])
async def test_the_case_of_typ_does_not_matter(world: World, typ: str) -> None:
    assert (await world.ask_token(world.form(world.assertion({"typ": typ})))).status_code == 200


@pytest.mark.parametrize(
    "token",
    [
        "",
        "one.two",
        "a.b.c.d",
        "é.é.é",
        "bnVsbA.bnVsbA.x",
        "W10.W10.x",
        "e30.eyJleHAiOk5hTn0.x",
        "e30." + "W1tb" * 3000 + ".x",
    ],
)
async def test_what_is_no_jwt_is_malformed_or_missing_and_never_an_error_of_ours(world: World, token: str) -> None:
    answer = await world.ask_token(world.form(token))

    assert answer.status_code == 400
    assert answer.json()["error"] == "invalid_request"


@pytest.mark.parametrize("algorithm", ["HS512", "none"])
async def test_no_other_algorithm_gets_as_far_as_the_signature(world: World, algorithm: str) -> None:
    key = None if algorithm == "none" else "k" * 64
    forged = jwt.encode(world.claims(), key, algorithm=algorithm, headers={"kid": "test-1"})

    assert "must be 'RS512'" in said(await world.ask_token(world.form(forged)))


async def test_a_rotated_key_stays_unseen_for_an_hour(world: World) -> None:
    new_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    await world.ask_token()
    world.tokens.key_sets.publish(world.client.keys_at, public_jwks(new_key, "test-2"))

    world.clock.forward(seconds=3599)
    unseen = await world.ask_token(world.form(world.assertion({"kid": "test-2"}, new_key)))
    world.clock.forward(seconds=1)
    seen = await world.ask_token(world.form(world.assertion({"kid": "test-2"}, new_key)))

    assert "no matching public key" in said(unseen)
    assert seen.status_code == 200


async def test_an_assertion_that_is_not_valid_yet_fails_like_a_wrong_signature(world: World) -> None:
    soon = world.clock() + timedelta(seconds=11)

    answer = await world.ask_token(world.form(world.assertion(nbf=int(soon.timestamp()))))

    assert said(answer) == "JWT signature verification failed"


async def test_an_unknown_path_is_a_404_in_the_services_own_words(world: World) -> None:
    answer = await world.oauth("/tokens")

    assert answer.status_code == 404
    assert answer.json()["error"] == "invalid_request"
    assert said(answer) == "Not Found"


async def test_a_message_id_differs_from_answer_to_answer(world: World) -> None:
    first, second = await world.oauth("/x"), await world.oauth("/x")

    assert first.json()["message_id"] != second.json()["message_id"]


async def test_an_expired_token_is_told_from_one_that_never_was_only_for_a_while(world: World) -> None:
    token = world.app_token()

    world.clock.forward(minutes=20)
    world.app_token()
    assert world.tokens.grant(token) is not None
    world.clock.forward(hours=2)
    world.app_token()
    assert world.tokens.grant(token) is None
