"""Each row of the token error table, provoked for its real cause."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from booking_core.spec.errors import TOKEN_ERRORS, ErrorRow
from mock_pds.rate_limit import Limit, Limits, Quota
from mock_pds.token_service import Client
from tests.mock_pds.test_grants import AUTHORIZE, code, exchanging, redeeming, refreshing
from tests.mock_pds.world import World, public_jwks

Build = Callable[..., World]
Provoke = Callable[[Build], Awaitable[httpx.Response]]


def token(**changes: Any) -> Provoke:
    async def provoke(build: Build) -> httpx.Response:
        world = build()
        return await world.ask_token(world.form(**changes))

    return provoke


def assertion(header: Mapping[str, Any] | None = None, **claims: Any) -> Provoke:
    async def provoke(build: Build) -> httpx.Response:
        world = build()
        return await world.ask_token(world.form(world.assertion(header, **claims)))

    return provoke


def client(**changes: Any) -> Provoke:
    """A good assertion of an application that is not as it should be."""

    async def provoke(build: Build) -> httpx.Response:
        world = build()
        jwks = changes.pop("jwks", public_jwks(world.key))
        world = build(clients=(Client("app-3", "Odd Application", jwks, **changes),))
        return await world.ask_token(world.form(world.assertion(iss="app-3", sub="app-3")))

    return provoke


def log_in(**changes: str) -> Provoke:
    async def provoke(build: Build) -> httpx.Response:
        return await build().oauth("/authorize", params=AUTHORIZE | changes)

    return provoke


def redemption(**changes: Any) -> Provoke:
    async def provoke(build: Build) -> httpx.Response:
        world = build()
        return await world.ask_token(redeeming(await code(world), **changes))

    return provoke


def exchange(**changes: Any) -> Provoke:
    async def provoke(build: Build) -> httpx.Response:
        world = build()
        return await world.ask_token(exchanging(world, **changes))

    return provoke


async def wrong_content_type(build: Build) -> httpx.Response:
    world = build()
    return await world.ask_token(headers={"Content-Type": "application/json"})


async def seen_before(build: Build) -> httpx.Response:
    world = build()
    form = world.form()
    await world.ask_token(form)
    return await world.ask_token(form)


async def too_far(build: Build) -> httpx.Response:
    world = build()
    return await world.ask_token(world.form(world.assertion(exp=int(world.clock().timestamp()) + 311)))


async def forged(build: Build) -> httpx.Response:
    world = build()
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return await world.ask_token(world.form(world.assertion(key=stranger)))


async def throttled(build: Build) -> httpx.Response:
    world = build(token_limits=Limits(Limit(Quota(1))))
    await world.ask_token()
    return await world.ask_token()


async def refresh_unknown(build: Build) -> httpx.Response:
    return await build().ask_token(refreshing("never issued"))


async def refresh_missing(build: Build) -> httpx.Response:
    return await build().ask_token(refreshing(None))


async def refresh_expired(build: Build) -> httpx.Response:
    world = build()
    opened = (await world.ask_token(redeeming(await code(world)))).json()
    world.clock.forward(hours=12)
    return await world.ask_token(refreshing(opened["refresh_token"]))


async def userinfo_of_an_application(build: Build) -> httpx.Response:
    world = build()
    return await world.oauth("/userinfo", headers={"Authorization": f"Bearer {world.app_token()}"})


async def userinfo_without_token(build: Build) -> httpx.Response:
    return await build().oauth("/userinfo")


async def nowhere(build: Build) -> httpx.Response:
    return await build().oauth("/nowhere")


TOKEN_PROVOKED: Mapping[str, Provoke] = {
    "CONTENT_TYPE": wrong_content_type,
    "GRANT_TYPE_MISSING": token(grant_type=None),
    "GRANT_TYPE_UNKNOWN": token(grant_type="password"),
    "ASSERTION_TYPE": token(client_assertion_type="jwt"),
    "ASSERTION_MISSING": token(client_assertion=None),
    "ASSERTION_MALFORMED": token(client_assertion="not.a.jwt"),
    "ALGORITHM": assertion({"alg": "PS512"}),
    "EXPIRED": assertion(exp=1),
    "KID_MISSING": assertion({"kid": ""}),
    "TYP": assertion({"typ": "JOSE"}),
    "EXP_MISSING": assertion(exp=None),
    "EXP_NOT_A_NUMBER": assertion(exp="9999999999"),
    "ISS_SUB": assertion(iss="app-2"),
    "JTI_MISSING": assertion(jti=None),
    "JTI_NOT_A_STRING": assertion(jti=17),
    "JTI_SEEN": seen_before,
    "EXP_TOO_FAR": too_far,
    "CLIENT_UNKNOWN": assertion(iss="nobody", sub="nobody"),
    "APP_REVOKED": client(status="revoked"),
    "DEVELOPER_INACTIVE": client(status="developer_inactive"),
    "COMPANY_INACTIVE": client(status="company_inactive"),
    "PRODUCT_MISSING": client(may_ask_for_tokens=False),
    "NO_PUBLIC_KEY": client(jwks=None),
    "JWKS_UNREACHABLE": client(jwks_url="https://keys.test"),
    "KID_UNKNOWN": assertion({"kid": "other"}),
    "SIGNATURE": forged,
    "AUDIENCE": assertion(aud="https://elsewhere.test"),
    "NO_SCOPE": client(scopes=frozenset()),
    "CLIENT_ID_MISSING": log_in(client_id=""),
    "CLIENT_ID_INVALID": log_in(client_id="nobody"),
    "CLIENT_SECRET_MISSING": redemption(client_secret=None),
    "CLIENT_SECRET_WRONG": redemption(client_secret="guessed"),
    "REDIRECT_MISSING": log_in(redirect_uri=""),
    "REDIRECT_INVALID": log_in(redirect_uri="https://elsewhere.test"),
    "CODE_MISSING": redemption(code=None),
    "CODE_INVALID": redemption(code="guessed"),
    "REFRESH_MISSING": refresh_missing,
    "REFRESH_INVALID": refresh_unknown,
    "REFRESH_EXPIRED": refresh_expired,
    "SUBJECT_TYPE": exchange(subject_token_type="access_token"),
    "SUBJECT_MISSING": exchange(subject=""),
    "SUBJECT_MALFORMED": exchange(subject="not.a.jwt"),
    "SUBJECT_INVALID": exchange(subject="e30.e30.x"),
    "USERINFO_UNSUPPORTED": userinfo_of_an_application,
    "USERINFO_TOKEN": userinfo_without_token,
    "NOT_FOUND": nowhere,
    "UNKNOWN_ERROR": client(jwks={"keys": None}),
    "THROTTLED": throttled,
}


@pytest.mark.parametrize("row", TOKEN_ERRORS, ids=lambda row: row.code)
async def test_the_token_service_says_each_row_of_its_table_in_full(row: ErrorRow, build: Build) -> None:
    answer = await TOKEN_PROVOKED[row.code](build)

    assert answer.status_code == row.status
    assert answer.headers["content-type"] == "application/json"
    assert answer.json().keys() == {"error", "error_description", "message_id"}
    assert answer.json()["error"] == row.wire_code
    assert answer.json()["error_description"] == row.display
    assert answer.json()["message_id"]
