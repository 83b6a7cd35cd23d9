"""Who sent an exchange follows from what is around it."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import jwt
import pytest

from harness.credentials import provider_api_key
from harness.journal import Answer, Exchange
from harness.scenario.callers import callers
from harness.worlds import CATALOGUE, load_world

START = datetime(2026, 3, 27, 8, 55, tzinfo=UTC)
ROWS, _ = load_world(CATALOGUE / "worlds/two-practices.yaml")
PROVIDER = "https://riverside.test/T90102/STU3/1/gpconnect/Slot"


def exchange(number: int, service: str, **more: object) -> Exchange:
    row = {"at": service, "on": "any", "trace_id": "", "method": "GET", "url": "https://x.test/", "request_headers": ()}
    return Exchange(number=number, service=service, started=START + timedelta(seconds=number), **(row | more))  # type: ignore[arg-type]


def token(number: int, issuer: str, access_token: bytes) -> Exchange:
    assertion = jwt.encode({"iss": issuer}, None, algorithm="none")
    body = urlencode({"client_assertion": assertion}).encode()
    answer = Answer(200, (), b'{"access_token": "' + access_token + b'"}')
    return exchange(number, "token", request_body=body, answered=answer)


def found(*exchanges: Exchange) -> list[str]:
    return list(callers(exchanges, ROWS.organisations).values())


def test_the_proxy_sends_on_what_it_is_asked_meanwhile() -> None:
    asked = exchange(1, "ssp", url=f"https://ssp.test/{PROVIDER}", ended=START + timedelta(seconds=5))
    assert found(asked, exchange(2, "gpconnect", url=PROVIDER)) == ["consumer", "ssp"]


@pytest.mark.parametrize(
    "before",
    [
        exchange(1, "ssp", url=f"https://ssp.test/{PROVIDER}", ended=START + timedelta(seconds=1.5)),
        exchange(1, "ssp", url="https://ssp.test/https://elsewhere.test/Slot"),
    ],
    ids=["it was over", "it was another"],
)
def test_what_no_proxy_was_asked_comes_from_the_consumer(before: Exchange) -> None:
    assert found(before, exchange(2, "gpconnect", url=PROVIDER)) == ["consumer", "consumer"]


def test_a_provider_is_known_by_its_api_key_and_then_by_its_token() -> None:
    ours, theirs = token(1, "crossbook-core", b"ours"), token(2, provider_api_key("T90102"), b"theirs")
    asks = [
        exchange(number, "pds", request_headers=(("authorization", f"Bearer {word}"),))
        for number, word in ((3, "theirs"), (4, "ours"))
    ]
    assert found(ours, theirs, *asks) == ["consumer", "riverside", "riverside", "consumer"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"client_assertion=nonsense",
        b"client_assertion=a.b.c",
        b"\xff\x00&&=",
        b"client_assertion=eyJhbGciOiJub25lIn0.eyJpc3MiOlsieCJdfQ.",
    ],
)
def test_a_token_request_that_cannot_be_read_comes_from_the_consumer(body: bytes) -> None:
    assert found(exchange(1, "token", request_body=body, answered=Answer(400, (), b"no")), exchange(2, "pds")) == [
        "consumer",
        "consumer",
    ]
