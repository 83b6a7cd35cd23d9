"""Whatever is sent, the answer is one of those that are written down."""

from typing import Any

import httpx
import pytest
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.operationoutcome import OperationOutcome
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from booking_core.spec.errors import SDS_ERRORS, SSP_ERRORS
from booking_core.spec.identifiers import Id

SDS_STATUSES = {row.status for row in SDS_ERRORS if row.status != 500}
SSP_STATUSES = {row.status for row in SSP_ERRORS}

ANY_INPUT = settings(
    max_examples=300, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

methods = st.sampled_from(["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"]) | st.from_regex(
    r"[A-Z]{1,10}", fullmatch=True
)
# What may stand in a request line: visible ASCII, and the bytes above it that lenient servers let pass.
wire_text = st.text(st.characters(min_codepoint=0x21, max_codepoint=0xFF, exclude_characters="?\x7f"), max_size=60)
header_values = st.text(st.characters(min_codepoint=0x20, max_codepoint=0xFF, exclude_characters="\x7f"), max_size=60)
queries = st.lists(
    st.tuples(
        st.sampled_from(["organization", "identifier", "manufacturing-organization", "_format", ""]) | wire_text,
        st.sampled_from([f"{Id.ODS}|", f"{Id.INTERACTION}|", f"{Id.PARTY_KEY}|", ""]),
        st.sampled_from(["T90051", "T90051-9000051", "*", "%00", "%ff", "+", "|", ""]) | wire_text,
    ),
    max_size=4,
).map(lambda parts: "&".join(f"{name}={system}{value}" for name, system, value in parts))


def shape(answer: Any) -> str:
    """The kind of resource that came, once it has been found to be a valid one."""
    kind: str = answer.json["resourceType"]
    {"Bundle": Bundle, "OperationOutcome": OperationOutcome}[kind].model_validate(answer.json)
    return kind


@ANY_INPUT
@given(
    method=methods,
    path=st.sampled_from(["/Device", "/Endpoint"]) | wire_text.map(lambda text: "/" + text),
    query=queries,
    accept=st.sampled_from(["*/*", "application/json"]) | header_values,
    correlation_id=st.sampled_from(["", "f2b9d1a7-6c3e-1b58-9a0d-7e4c1f8b2d63"]) | header_values,
)
async def test_sds_has_an_answer_to_any_request(
    spine: Any, method: str, path: str, query: str, accept: str, correlation_id: str
) -> None:
    headers = {"accept": accept, "X-Correlation-Id": correlation_id}

    answer = await spine.look_up(f"{path}?{query}", headers, method=method)

    assert (answer.status, shape(answer)) in {(200, "Bundle")} | {
        (status, "OperationOutcome") for status in SDS_STATUSES
    }
    assert answer.header("x-correlation-id")


@ANY_INPUT
@given(
    method=methods,
    target=wire_text,
    under_a_root=st.booleans(),
    headers=st.lists(
        st.tuples(st.sampled_from(["accept", "content-type", "connection", "te"]), header_values), max_size=3
    ),
    changed=st.dictionaries(
        st.sampled_from(["trace", "sender", "receiver", "interaction"]), st.none() | header_values, max_size=2
    ),
    body=st.binary(max_size=50),
)
async def test_the_proxy_has_an_answer_to_any_request(
    spine: Any,
    method: str,
    target: str,
    under_a_root: bool,
    headers: list[tuple[str, str]],
    changed: dict[str, str | None],
    body: bytes,
) -> None:
    spine.reply = lambda _request: httpx.Response(299, content=b"from the provider")
    wanted = spine.headers(**changed) | dict(headers)

    answer = await spine.send((spine.root + "/" if under_a_root else "") + target, wanted, method=method, chunks=[body])

    passed = answer.status == 299 and answer.body == b"from the provider"
    options = method == "OPTIONS" and answer.status == 200
    assert passed or options or (answer.status in SSP_STATUSES and shape(answer) == "OperationOutcome")


@pytest.mark.parametrize("app", ["sds_app", "ssp_app"])
async def test_a_web_socket_is_closed_before_it_opens(spine: Any, app: str) -> None:
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    await getattr(spine, app)()({"type": "websocket"}, receive, send)

    assert sent == [{"type": "websocket.close", "code": 1000}]
