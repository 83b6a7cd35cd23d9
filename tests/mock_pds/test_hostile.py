"""Whatever well-formed HTTP brings, the answer is one of the documented ones."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import orjson
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.types import ASGIApp, Message

from tests.mock_pds.maximal import MAXIMAL
from tests.mock_pds.world import World

Build = Callable[..., World]
ROOT = "/personal-demographics/FHIR/R4"
MANY = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
    max_examples=30,
)

header_values = st.binary(max_size=40).filter(lambda value: not {0, 10, 13} & set(value))
words = st.sampled_from(["family", "given", "birthdate", "smith", "1984-11-05", "Patient", "9991234535", "_history"])
paths = st.lists(words | st.text(max_size=8), max_size=4).map(lambda parts: "/" + "/".join(parts))
queries = st.lists(st.tuples(words, words | st.text(max_size=8)), max_size=4)


async def ask(
    app: ASGIApp, method: str, path: str, query: bytes, headers: dict[bytes, bytes], body: bytes = b""
) -> Any:
    """One request as a server would hand it on; its status and its JSON."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    raw = path.encode("utf-8", "surrogateescape")
    scope = {
        "type": "http",
        "method": method,
        "path": ROOT + unquote(path),
        "raw_path": ROOT.encode() + raw,
        "root_path": ROOT,
        "query_string": query,
        "headers": list(headers.items()),
        "scheme": "https",
        "server": ("api.test", 443),
        "state": {},
    }
    await app(scope, receive, send)
    return sent[0]["status"], orjson.loads(sent[1]["body"] or b"{}")


def known(world: World) -> dict[bytes, bytes]:
    return {b"authorization": b"Bearer " + world.user_token().encode(), b"x-request-id": world.new_id().encode()}


@MANY
@given(
    st.sampled_from(["GET", "PUT", "PATCH", "POST", "HEAD"]),
    paths,
    st.binary(max_size=30),
    st.dictionaries(
        st.sampled_from([b"x-request-id", b"x-correlation-id", b"if-match", b"nhsd-session-urid", b"authorization"]),
        header_values,
    ),
)
async def test_no_path_query_or_header_breaks_the_service(
    world: World, method: str, path: str, query: bytes, headers: dict[bytes, bytes]
) -> None:
    status, body = await ask(world.pds_app, method, path, query, known(world) | headers)

    assert status in (200, 400, 401, 403, 404, 412)
    assert body["resourceType"] in ("Patient", "Bundle", "OperationOutcome")


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["1D88B3E2", "usual", "email"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "use", "value", "system", "line", "url", "extension"]) | st.text(), inner
        )
    ),
    max_leaves=8,
)
pointers = st.lists(
    st.sampled_from(
        [
            "name",
            "address",
            "telecom",
            "contact",
            "extension",
            "gender",
            "generalPractitioner",
            "0",
            "1",
            "-",
            "id",
            "url",
            "family",
            "given",
            "period",
            "start",
            "use",
            "line",
            "deceasedDateTime",
            "birthDate",
        ]
    )
    | st.text(max_size=3),
    max_size=5,
).map(lambda parts: "/" + "/".join(parts))
operations = st.fixed_dictionaries(
    {"op": st.sampled_from(["add", "replace", "remove", "test"]) | values, "path": pointers | values},
    optional={"value": values},
)
naming = st.sampled_from([{"op": "replace", "path": "/name/1/id", "value": "1D88B3E2"}])


@MANY
@given(st.lists(naming | operations | values, max_size=4) | values)
async def test_no_patch_breaks_the_service_or_the_record(build: Build, patches: Any) -> None:
    world = build(MAXIMAL)
    headers = {b"if-match": b'W/"7"', b"content-type": b"application/json-patch+json"}
    body = json.dumps({"patches": patches}).encode()

    status, _ = await ask(world.pds_app, "PATCH", "/Patient/9991234535", b"", known(world) | headers, body)
    read, record = await ask(world.pds_app, "GET", "/Patient/9991234535", b"", known(world))

    assert status in (200, 400, 403)
    assert read == 200
    assert record["meta"]["versionId"] == ("8" if status == 200 else "7")


@MANY
@given(queries)
async def test_no_search_breaks_the_service(world: World, query: list[tuple[str, str]]) -> None:
    answer = await world.search(*query)

    assert answer.status_code in (200, 400)


@MANY
@given(st.dictionaries(st.sampled_from(["grant_type", "client_assertion", "client_id", "code"]) | st.text(), st.text()))
async def test_no_form_breaks_the_token_service(world: World, form: dict[str, str]) -> None:
    answer = await world.ask_token(world.form() | form)

    assert answer.status_code in (200, 400, 401)
