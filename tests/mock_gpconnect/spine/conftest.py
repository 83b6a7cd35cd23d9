"""A small Spine: a hub that asks, a practice at the riverside, one on a hillside without appointments."""

import itertools
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from starlette.types import ASGIApp, Message, Scope

from booking_core.spec.headers import SSP_HEADERS
from booking_core.spec.identifiers import Id
from booking_core.spec.interactions import INTERACTIONS, PREFIX, Service
from mock_gpconnect.outgoing import Forward
from mock_gpconnect.spine.directory import Directory, Registration
from mock_gpconnect.spine.directory_server import DirectoryServer
from mock_gpconnect.spine.sds import sds_app
from mock_gpconnect.spine.ssp import ssp_app
from mock_gpconnect.spine.trace_log import TraceLog

EVERYTHING = frozenset(row.id for row in INTERACTIONS if row.service is Service.GP_CONNECT)
FOUNDATIONS = frozenset((PREFIX + "rest:read:metadata-1", PREFIX + "rest:search:patient-1"))
AGREEMENTS = (("T90050", "T90051"), ("T90050", "T90052"))


class Clock:
    """A clock that moves only when it is told to."""

    def __init__(self) -> None:
        self.time = datetime(2026, 3, 27, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def forward(self, **by: float) -> None:
        self.time += timedelta(**by)


@dataclass
class Answer:
    """What came back, header names in lower case."""

    status: int = 0
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""
    finished: bool = False

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    def header(self, name: str) -> str | None:
        found = dict(self.headers).get(name.lower().encode())
        return None if found is None else found.decode()

    @property
    def coding(self) -> dict[str, str]:
        return self.json["issue"][0]["details"]["coding"][0]

    @property
    def entries(self) -> list[dict[str, Any]]:
        return [entry["resource"] for entry in self.json["entry"]]

    @property
    def told(self) -> tuple[int, str, str, str | None]:
        """Status, code on the wire, issue type, diagnostics of a refusal."""
        issue = self.json["issue"][0]
        return self.status, self.coding["code"], issue["code"], issue.get("diagnostics")


Headers = Mapping[str, str] | Iterable[tuple[bytes, bytes]]


async def call(
    app: ASGIApp,
    method: str,
    target: str,
    headers: Headers = (),
    chunks: Iterable[bytes] = (b"",),
    root_path: str = "",
    state: dict[str, Any] | None = None,
) -> Answer:
    path, _, query = target.partition("?")
    pairs = (
        [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]
        if isinstance(headers, Mapping)
        else list(headers)
    )
    scope: Scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "https", "method": method,
        "path": root_path + path, "raw_path": (root_path + path).encode("latin-1"), "root_path": root_path,
        "query_string": query.encode("latin-1"), "headers": pairs, "state": {} if state is None else state,
    }  # fmt: skip
    messages: list[Message] = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]
    messages[-1:] = [messages[-1] | {"more_body": False}] if messages else []
    answer = Answer()

    async def receive() -> Message:
        return messages.pop(0) if messages else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer.status, answer.headers = message["status"], list(message.get("headers", []))
        else:
            answer.body += message.get("body", b"")
            answer.finished = not message.get("more_body", False)

    await app(scope, receive, send)
    return answer


class Spine:
    """Both services over one directory, the practices played by a function, and ways to ask."""

    sds_root = "/spine-directory/FHIR/R4"
    sds_url = "https://api.test" + sds_root
    root = "https://gp.test/T90051/STU3/1/gpconnect"
    slots = PREFIX + "rest:search:slot-1"
    metadata = PREFIX + "rest:read:metadata-1"
    everything = EVERYTHING

    hub = Registration("T90050", "990000000050", "T90050-9000050", "T9X", EVERYTHING)
    riverside = Registration("T90051", "990000000051", "T90051-9000051", "T9Y", EVERYTHING, root)
    hillside = Registration(
        "T90052", "990000000052", "T90052-9000052", "T9Y", FOUNDATIONS, "https://gp.test/T90052/STU3/1/gpconnect"
    )

    def __init__(self) -> None:
        self.clock = Clock()
        numbers = itertools.count(1)
        self.new_id: Callable[[], str] = lambda: f"00000000-0000-4000-8000-{next(numbers):011d}a"
        self.server = DirectoryServer()
        self.log = TraceLog(self.clock)
        self.registers(self.riverside)
        self.received: list[httpx.Request] = []
        self.reply: Callable[[httpx.Request], Any] = lambda _request: httpx.Response(200)

    def registers(self, *riverside: Registration, agreements: Iterable[tuple[str, str]] = AGREEMENTS) -> None:
        """A new directory, with these systems at the riverside; an app that was made before keeps the old one."""
        self.directory = Directory((self.hub, *riverside, self.hillside), agreements, now=self.clock)

    async def provider(self, request: httpx.Request) -> httpx.Response:
        self.received.append(request)
        reply = self.reply(request)
        return reply if isinstance(reply, httpx.Response) else await reply

    def sds_app(self, **settings: Any) -> ASGIApp:
        fixed = {"api_keys": {"hub-key"}, "base_url": self.sds_url, "now": self.clock, "new_id": self.new_id}
        return sds_app(self.directory, **{**fixed, "server": self.server, **settings})

    def ssp_app(self, **settings: Any) -> ASGIApp:
        forward = Forward(httpx.MockTransport(self.provider))
        return ssp_app(self.directory, forward, **{"new_id": self.new_id, "log": self.log, **settings})

    async def look_up(
        self, target: str, headers: Mapping[str, str] | None = None, *, app: ASGIApp | None = None, method: str = "GET"
    ) -> Answer:
        """Ask SDS, with a good key unless the headers say otherwise."""
        wanted = {"apikey": "hub-key"} | dict(headers or {})
        return await call(app or self.sds_app(), method, target, wanted, root_path=self.sds_root)

    def headers(self, **changed: str | None) -> dict[str, str]:
        """The four SSP headers, by Python names: trace, sender, receiver, interaction; None leaves one out."""
        values = {
            "trace": "b1a8c0f2-0000-4000-8000-000000000001",
            "sender": self.hub.asid,
            "receiver": self.riverside.asid,
            "interaction": self.slots,
        } | changed
        return {name: value for name, value in zip(SSP_HEADERS, values.values(), strict=True) if value is not None}

    async def send(
        self,
        target: str = root + "/Slot",
        headers: Headers | None = None,
        *,
        app: ASGIApp | None = None,
        method: str = "GET",
        chunks: Iterable[bytes] = (b"",),
        state: dict[str, Any] | None = None,
    ) -> Answer:
        """Send something through the proxy, from hub to riverside unless the headers say otherwise."""
        wanted = self.headers() if headers is None else headers
        return await call(app or self.ssp_app(), method, "/" + target, wanted, chunks, "/ssp", state)

    @staticmethod
    def question(
        resource: str, *, org: str = "", interaction: str = "", party_key: str = "", manufacturer: str = ""
    ) -> str:
        """A look-up's path and query."""
        pairs = (
            ("organization", Id.ODS, org),
            ("identifier", Id.INTERACTION, interaction),
            ("identifier", Id.PARTY_KEY, party_key),
            ("manufacturing-organization", Id.ODS, manufacturer),
        )
        return f"/{resource}?" + urlencode([(name, f"{system}|{value}") for name, system, value in pairs if value])


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def spine() -> Spine:
    return Spine()


@pytest.fixture
def clock(spine: Spine) -> Clock:
    return spine.clock
