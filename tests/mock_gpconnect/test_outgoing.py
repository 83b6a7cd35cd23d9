import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from mock_gpconnect.outgoing import Forward, PdsTrace
from mock_gpconnect.refusals import Refused
from mock_gpconnect.spine.relay import ReplyBroke

TOKEN_URL = "https://api.test/oauth2/token"
PDS_BASE = "https://api.test/personal-demographics/FHIR/R4"
NUMBER = "9991234507"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def signing_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class National:
    """A token service and PDS whose answers a test sets; it keeps what it was asked."""

    def __init__(self, key: rsa.RSAPrivateKey, **settings: Any) -> None:
        self.time = datetime(2026, 3, 27, 9, 0, tzinfo=UTC)
        self.key = key
        self.tokens: list[httpx.Request] = []
        self.retrievals: list[httpx.Request] = []
        self.grant: Callable[[], httpx.Response] = self.granted
        self.patient: Callable[[httpx.Request], httpx.Response] = lambda _request: patient(NUMBER)
        numbers = itertools.count(1)
        self.trace = PdsTrace(
            httpx.MockTransport(self.answer), pds_base=PDS_BASE, token_url=TOKEN_URL, api_key="practice-key",
            private_key=key, kid="practice-1", now=lambda: self.time, new_id=lambda: f"id-{next(numbers)}", **settings,
        )  # fmt: skip

    async def answer(self, request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0)
        if str(request.url) == TOKEN_URL:
            self.tokens.append(request)
            return self.grant()
        self.retrievals.append(request)
        return self.patient(request)

    def granted(self) -> httpx.Response:
        token = {"access_token": f"token-{len(self.tokens)}", "expires_in": "599", "token_type": "Bearer"}
        return httpx.Response(200, json=token | {"issued_at": "1"})

    def assertion(self, number: int) -> dict[str, Any]:
        form = parse_qs(self.tokens[number].content.decode())
        return jwt.decode(
            form["client_assertion"][0], self.key.public_key(), algorithms=["RS512"], audience=TOKEN_URL,
            options={"verify_exp": False},
        )  # fmt: skip


class NotGzip(httpx.AsyncByteStream):
    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b"plain"


def patient(number: str) -> httpx.Response:
    return httpx.Response(200, json={"resourceType": "Patient", "id": number})


def refusal(status: int, code: str) -> httpx.Response:
    return httpx.Response(status, json={"issue": [{"details": {"coding": [{"code": code}]}}]})


def breaking(fault: Exception) -> Callable[..., httpx.Response]:
    def answer(*_: Any) -> httpx.Response:
        raise fault

    return answer


@pytest.fixture
def national(signing_key: rsa.RSAPrivateKey) -> National:
    return National(signing_key)


async def test_a_patient_that_pds_knows_is_found(national: National) -> None:
    traced = await national.trace(NUMBER)

    assert (traced.outcome, traced.record["id"]) == ("found", NUMBER)
    (asked,) = national.retrievals
    assert str(asked.url) == f"{PDS_BASE}/Patient/{NUMBER}"
    assert asked.headers["authorization"] == "Bearer token-1"
    assert asked.headers["x-request-id"].startswith("id-")


async def test_another_number_that_comes_back_has_superseded_the_one_asked(national: National) -> None:
    national.patient = lambda _request: patient("9990000042")

    traced = await national.trace(NUMBER)

    assert (traced.outcome, traced.record["id"]) == ("superseded", "9990000042")


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (refusal(404, "RESOURCE_NOT_FOUND"), "not_found"),
        (refusal(404, "INVALIDATED_RESOURCE"), "invalidated"),
        (refusal(400, "INVALID_RESOURCE_ID"), "not_found"),
        (refusal(400, "INVALID_VALUE"), "unavailable"),
        (refusal(403, "INVALID_METHOD"), "unavailable"),
        (refusal(401, "ACCESS_DENIED"), "unavailable"),
        (refusal(429, "TOO_MANY_REQUESTS"), "unavailable"),
        (refusal(500, "UNKNOWN_ERROR"), "unavailable"),
        (refusal(503, "SERVICE_UNAVAILABLE"), "unavailable"),
        (httpx.Response(404), "unavailable"),
        (httpx.Response(404, json={"issue": []}), "unavailable"),
        (httpx.Response(404, json={"issue": "x"}), "unavailable"),
        (httpx.Response(200, content=b"<html>"), "unavailable"),
        (httpx.Response(200, json=[1]), "unavailable"),
        (httpx.Response(200, json={"resourceType": "Patient"}), "unavailable"),
        (httpx.Response(200, json={"resourceType": "OperationOutcome"}), "unavailable"),
        (httpx.Response(200, stream=NotGzip(), headers={"content-encoding": "gzip"}), "unavailable"),
    ],
)
async def test_any_other_answer_says_nothing_of_the_patient_or_that_there_is_none(
    national: National, answer: httpx.Response, outcome: str
) -> None:
    national.patient = lambda _request: answer

    traced = await national.trace(NUMBER)

    assert (traced.outcome, traced.record) == (outcome, {})


@pytest.mark.parametrize("fault", [httpx.ConnectError("x"), httpx.ReadTimeout("x"), httpx.RemoteProtocolError("x")])
async def test_a_wire_that_fails_is_an_outage_not_an_absence(national: National, fault: Exception) -> None:
    national.patient = breaking(fault)

    assert (await national.trace(NUMBER)).outcome == "unavailable"


async def test_pds_is_given_up_at_the_deadline(signing_key: rsa.RSAPrivateKey) -> None:
    async def never(_request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(3600)
        return httpx.Response(200)

    trace = PdsTrace(
        httpx.MockTransport(never), pds_base=PDS_BASE, token_url=TOKEN_URL, api_key="k", private_key=signing_key,
        kid="1", now=lambda: datetime(2026, 1, 1, tzinfo=UTC), new_id=lambda: "x", deadline_s=0.01,
    )  # fmt: skip

    assert (await trace(NUMBER)).outcome == "unavailable"


async def test_the_token_is_asked_for_as_the_service_wants_it(national: National) -> None:
    await national.trace(NUMBER)

    (asked,) = national.tokens
    form = parse_qs(asked.content.decode())
    assert asked.headers["content-type"] == "application/x-www-form-urlencoded"
    assert form["grant_type"] == ["client_credentials"]
    assert form["client_assertion_type"] == ["urn:ietf:params:oauth:client-assertion-type:jwt-bearer"]
    assert jwt.get_unverified_header(form["client_assertion"][0]) == {
        "alg": "RS512", "typ": "JWT", "kid": "practice-1",
    }  # fmt: skip
    assert national.assertion(0) == {
        "iss": "practice-key", "sub": "practice-key", "aud": TOKEN_URL, "jti": "id-2",
        "exp": int(national.time.timestamp()) + 300,
    }  # fmt: skip


@pytest.mark.parametrize(("seconds", "tokens"), [(568, 1), (569, 2)])
async def test_a_token_is_kept_for_its_life_less_30_seconds(national: National, seconds: int, tokens: int) -> None:
    await national.trace(NUMBER)
    national.time += timedelta(seconds=seconds)

    await national.trace(NUMBER)

    assert len(national.tokens) == tokens


async def test_many_who_need_a_token_at_once_share_one(national: National) -> None:
    traces = await asyncio.gather(*(national.trace(NUMBER) for _ in range(20)))

    assert {traced.outcome for traced in traces} == {"found"}
    assert len(national.tokens) == 1


async def test_a_refused_token_is_renewed_once_with_a_new_assertion_and_the_same_request_id(
    national: National,
) -> None:
    national.patient = lambda request: (
        patient(NUMBER) if request.headers["authorization"] == "Bearer token-2" else refusal(401, "ACCESS_DENIED")
    )

    traced = await national.trace(NUMBER)

    assert traced.outcome == "found"
    assert national.assertion(0)["jti"] != national.assertion(1)["jti"]
    assert len({asked.headers["x-request-id"] for asked in national.retrievals}) == 1


async def test_a_token_that_is_always_refused_is_renewed_once_alone(national: National) -> None:
    national.patient = lambda _request: refusal(401, "ACCESS_DENIED")

    await national.trace(NUMBER)

    assert (len(national.tokens), len(national.retrievals)) == (2, 2)


async def test_many_whose_token_is_refused_at_once_renew_it_once(national: National) -> None:
    national.patient = lambda request: (
        refusal(401, "ACCESS_DENIED") if request.headers["authorization"] == "Bearer token-1" else patient(NUMBER)
    )

    traces = await asyncio.gather(*(national.trace(NUMBER) for _ in range(20)))

    assert {traced.outcome for traced in traces} == {"found"}
    assert len(national.tokens) == 2


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(400, json={"error": "invalid_request"}),
        httpx.Response(429),
        httpx.Response(200, json={"access_token": "x"}),
        httpx.Response(200, json={"access_token": "x", "expires_in": "soon"}),
        httpx.Response(200, json={"access_token": "x", "expires_in": 10**30}),
        httpx.Response(200, json={"access_token": "\u20ac", "expires_in": "599"}),
        httpx.Response(200, content=b"\xff"),
    ],
)
async def test_without_a_token_pds_is_unavailable_and_the_next_attempt_asks_anew(
    national: National, answer: httpx.Response
) -> None:
    national.grant = lambda: httpx.Response(answer.status_code, content=answer.read())
    assert (await national.trace(NUMBER)).outcome == "unavailable"
    assert national.retrievals == []

    national.grant = national.granted

    assert (await national.trace(NUMBER)).outcome == "found"
    assert national.assertion(0)["jti"] != national.assertion(1)["jti"]


async def test_a_number_is_quoted_into_the_path(national: National) -> None:
    await national.trace("1/2?x")

    assert national.retrievals[0].url.raw_path.endswith(b"/Patient/1%2F2%3Fx")


@pytest.mark.parametrize("text", [False, True])
async def test_a_key_may_come_as_pem(signing_key: rsa.RSAPrivateKey, text: bool) -> None:
    pem = signing_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    national = National(signing_key)
    national.trace = PdsTrace(
        httpx.MockTransport(national.answer), pds_base=PDS_BASE, token_url=TOKEN_URL, api_key="k", kid="1",
        private_key=pem.decode() if text else pem, now=lambda: national.time, new_id=lambda: "x",
    )  # fmt: skip

    assert (await national.trace(NUMBER)).outcome == "found"


def test_a_key_of_another_kind_is_refused_at_the_start(signing_key: rsa.RSAPrivateKey) -> None:
    curve = ec.generate_private_key(ec.SECP256R1())
    pem = curve.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    with pytest.raises(TypeError, match="must be RSA"):
        PdsTrace(
            httpx.MockTransport(lambda _: httpx.Response(200)), pds_base=PDS_BASE, token_url=TOKEN_URL, api_key="k",
            private_key=pem, kid="1", now=lambda: datetime(2026, 1, 1, tzinfo=UTC), new_id=lambda: "x",
        )  # fmt: skip


@asynccontextmanager
async def listening(answer: bytes, received: list[bytes]) -> AsyncIterator[int]:
    """A server on loopback that reads one request, writes these bytes and hangs up."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        received.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def forwarded(port: int, target: str = "/a/Slot", body: bytes = b"") -> tuple[int, bytes]:
    transport = httpx.AsyncHTTPTransport()
    async with transport:
        relayed = await Forward(transport)("GET", f"http://127.0.0.1:{port}{target}", [(b"x-one", b"1")], body)
        try:
            return relayed.status, b"".join([chunk async for chunk in relayed.body])
        finally:
            await relayed.close()


async def test_on_a_socket_the_target_and_the_body_are_the_same_bytes() -> None:
    received: list[bytes] = []
    answer = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\x1f\x8bxx"
    async with listening(answer, received) as port:
        found = await forwarded(port, '/a/../b//c?x="|%7c^&y=ge2026-03-27T09:00:00+00:00')

    assert found == (200, b"\x1f\x8bxx")
    request_line, *headers = received[0].decode().split("\r\n")
    assert request_line == 'GET /a/../b//c?x="|%7c^&y=ge2026-03-27T09:00:00+00:00 HTTP/1.1'
    assert [header for header in headers if header] == [f"Host: 127.0.0.1:{port}", "x-one: 1"]


@pytest.mark.parametrize(
    ("answer", "situation"),
    [
        pytest.param(b"", "ssp_provider_hung_up", id="not a byte"),
        pytest.param(b"SSH-2.0-OpenSSH_9.6\r\n\r\n", "ssp_provider_unreachable", id="not HTTP"),
    ],
)
async def test_on_a_socket_silence_and_noise_are_told_apart(answer: bytes, situation: str) -> None:
    async with listening(answer, []) as port:
        with pytest.raises(Refused, match=situation):
            await forwarded(port)


async def test_on_a_socket_nobody_listening_is_unreachable() -> None:
    async with listening(b"", []) as port:
        pass

    with pytest.raises(Refused, match="ssp_provider_unreachable"):
        await forwarded(port)


async def test_on_a_socket_an_answer_cut_short_is_broken() -> None:
    async with listening(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", []) as port:
        with pytest.raises(ReplyBroke):
            await forwarded(port)


@pytest.mark.parametrize("target", ["/" + "x" * 70_000, "/a\x01b", "/\xe9#x"])
async def test_a_target_that_no_client_could_send_is_sent_as_well_as_may_be_or_refused(target: str) -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200)

    try:
        relayed = await Forward(httpx.MockTransport(answer))("GET", "https://gp.test" + target, [], b"")
        outcome = str(relayed.status)
    except Refused as refused:
        outcome = refused.why

    assert outcome in ("200", "ssp_provider_unreachable")
    assert all(request.extensions["target"].isascii() for request in asked)
