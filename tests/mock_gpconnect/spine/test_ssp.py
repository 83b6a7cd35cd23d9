import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest
from fhir.resources.STU3.operationoutcome import OperationOutcome

from booking_core.spec.headers import SSP_HEADERS
from mock_gpconnect.spine.rate_limit import Quota
from mock_gpconnect.spine.relay import ReplyBroke
from mock_gpconnect.spine.ssp import BROKEN_OFF, CLIENT_GONE

POSTED = {"content-type": "application/fhir+json;charset=utf-8"}


def body_of(status: int, code: str, text: str, outcome_id: str) -> dict[str, Any]:
    coding = {
        "system": "http://fhir.nhs.net/ValueSet/gpconnect-schedule-response-code-1-0",
        "code": str(status),
        "display": text,
    }
    issue = {"severity": "error", "code": code, "details": {"coding": [coding]}, "diagnostics": text}
    return {"resourceType": "OperationOutcome", "id": outcome_id, "issue": [issue]}


class Stream(httpx.AsyncByteStream):
    """Bytes as they come; an exception among them breaks the stream off."""

    def __init__(self, *parts: bytes | Exception) -> None:
        self.parts, self.closed = parts, False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self.parts:
            if isinstance(part, Exception):
                raise part
            yield part

    async def aclose(self) -> None:
        self.closed = True


def raising(fault: Exception) -> Callable[[httpx.Request], httpx.Response]:
    def reply(_request: httpx.Request) -> httpx.Response:
        raise fault

    return reply


async def test_a_request_reaches_the_provider_as_it_was_sent(spine: Any) -> None:
    target = spine.root + "/Appointment?x=%7C|%2f&y=/../"
    sent = [
        *((name.lower().encode(), value.encode()) for name, value in spine.headers().items()),
        (b"authorization", b"Bearer e30.e30."),
        (b"content-type", b"application/fhir+json;charset=utf-8"),
        (b"prefer", b"return=representation"),
        (b"x-twice", b"1"),
        (b"x-twice", b"\xe9"),
    ]

    await spine.send(target, [(b"host", b"ssp.test"), *sent], method="POST", chunks=(b'{"a" : ', b"1}"))

    (received,) = spine.received
    assert received.method == "POST"
    assert received.extensions["target"] == b"/T90051/STU3/1/gpconnect/Appointment?x=%7C|%2f&y=/../"
    assert received.content == b'{"a" : 1}'
    assert received.headers.raw == [(b"Host", b"gp.test"), *sent, (b"Content-Length", b"9")]


async def test_headers_of_one_connection_stay_there(spine: Any) -> None:
    sent = spine.headers() | {
        "connection": "keep-alive, X-Hop",
        "x-hop": "1",
        "keep-alive": "timeout=5",
        "te": "trailers",
        "x-end": "2",
    }
    spine.reply = lambda _request: httpx.Response(200, headers={"connection": "close", "x-end": "3"})

    answer = await spine.send(headers=sent)

    assert {"connection", "x-hop", "keep-alive", "te"}.isdisjoint(spine.received[0].headers)
    assert spine.received[0].headers["x-end"] == "2"
    assert (answer.header("connection"), answer.header("x-end")) == (None, "3")


@pytest.mark.parametrize("status", [200, 201, 204, 304, 400, 404, 409, 422, 500, 503, 299, 599])
async def test_an_answer_comes_back_as_the_provider_gave_it(spine: Any, status: int) -> None:
    headers = [(b"ETag", b'W/"3"'), (b"X-Twice", b"1"), (b"X-Twice", b"2"), (b"Content-Encoding", b"gzip")]
    spine.reply = lambda _request: httpx.Response(status, headers=headers, stream=Stream(b"\x1f\x8b", b"not unpacked"))

    answer = await spine.send()

    assert answer.status == status
    assert answer.body == b"\x1f\x8bnot unpacked"
    assert answer.headers == [(name.lower(), value) for name, value in headers]


async def test_the_connection_to_the_provider_is_given_back(spine: Any) -> None:
    stream = Stream(b"x")
    spine.reply = lambda _request: httpx.Response(200, stream=stream)

    await spine.send()

    assert stream.closed


@pytest.mark.parametrize("value", [None, "", "  "])
@pytest.mark.parametrize(
    ("name", "header"), [("trace", SSP_HEADERS[0]), ("sender", SSP_HEADERS[1]), ("receiver", SSP_HEADERS[2]),
                         ("interaction", SSP_HEADERS[3])],
)  # fmt: skip
async def test_each_of_the_four_headers_must_be_there(spine: Any, name: str, header: str, value: str | None) -> None:
    answer = await spine.send(headers=spine.headers(**{name: value}))

    assert answer.told == (400, "400", "invalid", f"MISSING_OR_INVALID_HEADER_{header}")
    assert spine.received == []


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"sender": "990000009999"}, id="an ASID unknown"),
        pytest.param({"sender": "990000000052"}, id="registered, not for this interaction"),
        pytest.param({"interaction": "urn:nhs:names:services:nonsense"}, id="an interaction unknown"),
    ],
)
async def test_a_sender_must_be_registered_for_the_interaction(spine: Any, changed: dict[str, str]) -> None:
    answer = await spine.send(headers=spine.headers(**changed))

    sender = changed.get("sender", spine.hub.asid)
    text = f"ASID_CHECK_FAILED_MESSAGESENDER_{sender}"
    assert answer.status == 403
    assert answer.header("content-type") == "application/fhir+json"
    assert answer.json == body_of(403, "forbidden", text, answer.json["id"])


async def test_a_receiver_must_be_registered_for_the_interaction(spine: Any) -> None:
    answer = await spine.send(spine.hillside.address + "/Slot", spine.headers(receiver=spine.hillside.asid))

    assert answer.told == (
        403, "403", "forbidden", "PARTYKEY_INTERACTION_CHECK_FAILED_MESSAGERECEIVER_990000000052",
    )  # fmt: skip


async def test_a_consumer_only_system_receives_nothing(spine: Any) -> None:
    spine.directory.register(replace(spine.hub, ods="T90055", asid="990000000055"))

    answer = await spine.send(headers=spine.headers(receiver="990000000055"))

    assert answer.told[3] == "PARTYKEY_INTERACTION_CHECK_FAILED_MESSAGERECEIVER_990000000055"


async def test_sender_and_receiver_need_an_agreement(spine: Any) -> None:
    spine.registers(spine.riverside, agreements=[])

    answer = await spine.send()

    text = "FOT_CHECK_FAILED_MESSAGESENDER_990000000050_MESSAGERECEIVER_990000000051"
    assert answer.told == (403, "403", "forbidden", text)


@pytest.mark.parametrize(
    "target",
    [
        "https://gp.test:443/T90051/STU3/1/gpconnect/Slot",
        "https://192.0.2.1/T90051/STU3/1/gpconnect/Slot",
        "https://GP.TEST/T90051/STU3/1/gpconnect/Slot",
        "https:/gp.test/T90051/STU3/1/gpconnect/Slot",
        "http://gp.test/T90051/STU3/1/gpconnect/Slot",
        "https%3A//gp.test/T90051/STU3/1/gpconnect/Slot",
        "https://gp.test/T90051/STU3/1/gpconnectx/Slot",
        "https://gp.test/T90052/STU3/1/gpconnect/Slot",
        "Slot",
        "",
    ],
)
async def test_a_url_that_varies_from_the_directory_is_refused(spine: Any, target: str) -> None:
    answer = await spine.send(target + "?status=free")

    cpa_id = spine.riverside.cpa_id(spine.slots)
    text = f"ENDPOINT_{spine.root}_CPAID_{cpa_id}_VARIES_FROM_TARGETURL_{target}?status=free"
    assert answer.told == (400, "400", "invalid", text)
    assert spine.received == []


@pytest.mark.parametrize(
    ("break_it", "status", "text"),
    [
        pytest.param({"sender": "1", "receiver": "2"}, 403, "ASID_CHECK_FAILED", id="sender before receiver"),
        pytest.param({"trace": "", "sender": "1"}, 400, "MISSING_OR_INVALID_HEADER", id="headers before parties"),
    ],
)
async def test_of_several_faults_the_first_in_order_is_told(
    spine: Any, break_it: dict[str, str], status: int, text: str
) -> None:
    answer = await spine.send("https://elsewhere.test/", spine.headers(**break_it))

    assert answer.status == status
    assert answer.told[3].startswith(text)


async def test_an_unknown_receiver_is_left_to_the_provider_whose_url_it_is(spine: Any) -> None:
    spine.reply = lambda _request: httpx.Response(400, content=b"no such ASID here")

    answer = await spine.send(headers=spine.headers(receiver="990000009999"))

    assert (answer.status, answer.body) == (400, b"no such ASID here")


async def test_an_unknown_receiver_at_an_unknown_url_goes_nowhere(spine: Any) -> None:
    answer = await spine.send("https://elsewhere.test/Slot", spine.headers(receiver="990000009999"))

    assert answer.told[3] == "ENDPOINT__CPAID__VARIES_FROM_TARGETURL_https://elsewhere.test/Slot"
    assert spine.received == []


async def test_a_proxy_may_refuse_an_unknown_receiver_itself(spine: Any) -> None:
    app = spine.ssp_app(unknown_receiver="refuse")

    answer = await spine.send(headers=spine.headers(receiver="990000009999"), app=app)

    assert answer.told == (400, "400", "invalid", "MISSING_OR_INVALID_HEADER_Ssp-To")


@pytest.mark.parametrize("method", ["DELETE", "PATCH", "HEAD", "TRACE", "get", "NONSENSE"])
async def test_a_verb_that_does_not_pass_has_a_body_of_its_own(spine: Any, method: str) -> None:
    answer = await spine.send(method=method)

    assert answer.status == 405
    assert answer.header("allow") == "GET, POST, PUT, OPTIONS"
    assert answer.json == {
        "resourceType": "OperationOutcome",
        "issue": [
            {
                "severity": "fatal",
                "code": "forbidden",
                "details": {
                    "coding": [
                        {
                            "system": "https://fhir.nhs.uk/StructureDefinition/spine-operationoutcome-1",
                            "code": "405",
                            "display": "405: Method Not Allowed",
                        }
                    ]
                },
            }
        ],
    }


@pytest.mark.parametrize("media_type", ["text/plain", "multipart/form-data; boundary=x", "application/octet-stream"])
@pytest.mark.parametrize("method", ["POST", "PUT"])
async def test_a_body_that_is_neither_json_nor_xml_does_not_pass(spine: Any, method: str, media_type: str) -> None:
    answer = await spine.send(headers=spine.headers() | {"content-type": media_type}, method=method)

    assert answer.told == (415, "415", "not-supported", "Unsupported_Media_Type")


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("POST", {"content-type": "application/fhir+json; charset=UTF-8"}),
        ("PUT", {"content-type": "APPLICATION/FHIR+XML"}),
        ("POST", {}),
        ("GET", {"content-type": "text/plain"}),
        ("GET", {"accept": "text/plain"}),
    ],
)
async def test_other_questions_of_media_type_are_the_providers(
    spine: Any, method: str, headers: dict[str, str]
) -> None:
    answer = await spine.send(headers=spine.headers() | headers, method=method)

    assert answer.status == 200


async def test_options_is_answered_by_the_proxy_without_any_header(spine: Any) -> None:
    answer = await spine.send(spine.root + "/Appointment/1", {}, method="OPTIONS")

    assert (answer.status, answer.body) == (200, b"")
    assert answer.header("access-control-request-method") == "GET, PUT"
    assert spine.received == []


async def test_options_on_a_path_that_takes_no_verb_is_refused(spine: Any) -> None:
    assert (await spine.send(spine.root + "/Nowhere", method="OPTIONS")).status == 405


async def test_options_on_nobodys_url_is_refused(spine: Any) -> None:
    answer = await spine.send("https://elsewhere.test/Slot", method="OPTIONS")

    assert answer.told[3] == "ENDPOINT__CPAID__VARIES_FROM_TARGETURL_https://elsewhere.test/Slot"


@pytest.mark.parametrize(
    ("fault", "status", "code", "text"),
    [
        (httpx.ConnectError("refused"), 502, "transient", "ERROR_COMMUNICATING_TO_ENDPOINT_URL"),
        (httpx.RemoteProtocolError("illegal status line"), 502, "transient", "ERROR_COMMUNICATING_TO_ENDPOINT_URL"),
        (httpx.ReadError("reset"), 444, "transient", "NO_RESPONSE_FROM_ENDPOINT_URL"),
        (
            httpx.RemoteProtocolError("Server disconnected without sending a response."),
            444, "transient", "NO_RESPONSE_FROM_ENDPOINT_URL",
        ),
        (httpx.ReadTimeout("slow"), 504, "timeout", "TIMEOUT_WAITING_FOR_ENDPOINT_URL"),
    ],
)  # fmt: skip
async def test_a_provider_that_does_not_answer_is_told_in_the_proxys_words(
    spine: Any, fault: Exception, status: int, code: str, text: str
) -> None:
    spine.reply = raising(fault)

    answer = await spine.send(spine.root + "/Slot?status=free")

    text = f"{text}_{spine.root}/Slot?status=free"
    assert answer.status == status
    assert answer.json == body_of(status, code, text, answer.json["id"])
    assert OperationOutcome.model_validate(answer.json, strict=True)


async def test_a_provider_that_is_too_slow_is_given_up(spine: Any) -> None:
    given_up = asyncio.Event()

    async def never(_request: httpx.Request) -> httpx.Response:
        try:
            await asyncio.sleep(3600)
        finally:
            given_up.set()
        raise AssertionError("an hour has passed")

    spine.reply = never

    answer = await spine.send(app=spine.ssp_app(timeout_s=0.01))

    assert answer.told[:3] == (504, "504", "timeout")
    assert given_up.is_set()


async def test_a_wire_that_tells_of_half_an_answer_at_once_breaks_off_as_well(spine: Any) -> None:
    cuts: list[bool] = []
    spine.reply = raising(httpx.RemoteProtocolError("peer closed connection without sending complete message body"))

    answer = await spine.send(state={"cut": lambda: cuts.append(True)})

    assert (answer.status, cuts) == (0, [True])
    assert [trace.status for trace in spine.log] == [BROKEN_OFF]


async def test_a_server_that_cannot_cut_learns_of_the_break_itself(spine: Any) -> None:
    spine.reply = lambda _request: httpx.Response(200, stream=Stream(b"half", httpx.ReadError("reset")))

    with pytest.raises(ReplyBroke):
        await spine.send()


async def test_an_answer_that_breaks_off_breaks_off_for_the_consumer_too(spine: Any) -> None:
    cuts: list[bool] = []
    stream = Stream(b"half", httpx.ReadError("reset"))
    spine.reply = lambda _request: httpx.Response(200, stream=stream)

    answer = await spine.send(state={"cut": lambda: cuts.append(True)})

    assert (answer.body, answer.finished, cuts, stream.closed) == (b"half", False, [True], True)


async def test_an_answer_that_stops_in_the_middle_is_given_up_too(spine: Any) -> None:
    class Stalled(Stream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            yield b"half"
            await asyncio.sleep(3600)

    cuts: list[bool] = []
    spine.reply = lambda _request: httpx.Response(200, stream=Stalled())

    await spine.send(app=spine.ssp_app(timeout_s=0.01), state={"cut": lambda: cuts.append(True)})

    assert cuts == [True]


async def test_a_consumer_that_has_gone_is_only_logged(spine: Any) -> None:
    answer = await spine.send(method="POST", chunks=())

    assert (answer.status, spine.received) == (0, [])
    assert [trace.status for trace in spine.log] == [CLIENT_GONE]


async def test_a_sender_over_its_quota_is_told_when_to_come_back(spine: Any) -> None:
    app = spine.ssp_app(quota=Quota(1, spine.clock))
    spine.clock.forward(seconds=20)
    assert (await spine.send(app=app)).status == 200

    answer = await spine.send(app=app)

    assert answer.told == (429, "429", "throttled", "Too_Many_Requests")
    told = [answer.header(f"x-rate-limit-{name}") for name in ("limit", "remaining", "reset")]
    assert told == ["1", "0", "40"]


async def test_a_proxy_at_its_capacity_is_overloaded(spine: Any) -> None:
    release = asyncio.Event()

    async def wait(_request: httpx.Request) -> httpx.Response:
        await release.wait()
        return httpx.Response(200)

    spine.reply = wait
    app = spine.ssp_app(capacity=1)
    first = asyncio.ensure_future(spine.send(app=app))
    await asyncio.sleep(0)

    answer = await spine.send(app=app)
    release.set()

    assert answer.told == (503, "503", "transient", "Service_Unavailable")
    assert (await first).status == 200
    assert (await spine.send(app=app)).status == 200


async def test_every_exchange_is_logged_whatever_its_end(spine: Any) -> None:
    await spine.send()
    await spine.send("https://elsewhere.test/Slot")
    await spine.send(method="DELETE")

    assert [trace.status for trace in spine.log] == [200, 400, 405]
    first = next(iter(spine.log))
    assert (first.at, first.sender, first.receiver) == (spine.clock(), spine.hub.asid, spine.riverside.asid)
    assert (first.interaction, first.trace_id) == (spine.slots, "b1a8c0f2-0000-4000-8000-000000000001")
