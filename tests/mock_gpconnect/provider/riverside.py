"""A small practice for the provider's tests, and a consumer that can ask it anything."""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID

import orjson

from booking_core.spec.interactions import BY_NAME
from mock_gpconnect.book.memory import MemoryBook
from mock_gpconnect.book.protocol import Slot
from mock_gpconnect.book.sessions import Session, expand
from mock_gpconnect.provider.addresses import Address
from mock_gpconnect.provider.app import provider_app
from mock_gpconnect.provider.patients import LocalPatient, PatientIndex
from mock_gpconnect.provider.practice import Location, Organisation, Practice, Practitioner
from mock_gpconnect.provider.traced import Traced
from mock_gpconnect.suppliers.profile import Profile as Supplier
from mock_gpconnect.suppliers.profile import load_profile
from tests.mock_gpconnect.provider.messages import (
    ALICE,
    ASID,
    BOB,
    DEAD,
    ELSEWHERE,
    GONE,
    HIDDEN,
    HUB,
    NEVER_TRACED,
    ODS,
    ROOT,
    STRANGER,
    Body,
    booking,
    search_query,
    token_claims,
    unsigned,
)

NOW = datetime(2026, 3, 24, 9, 0, tzinfo=UTC)
"""A Tuesday; the clocks go forward on Sunday 29 March."""

EVERY_DAY = frozenset(range(7))
WEEKDAYS = frozenset(range(5))


class Clock:
    """Stands still until it is moved."""

    def __init__(self, at: datetime = NOW) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **by: float) -> None:
        self.at += timedelta(**by)


def counted_ids(start: int = 0) -> Any:
    counter = itertools.count(start + 1)
    return lambda: str(UUID(int=next(counter)))


@dataclass
class Heard:
    """An answer as it came over the wire."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    pieces: int = 0

    @property
    def json(self) -> Any:
        return orjson.loads(self.body)

    @property
    def entries(self) -> list[Body]:
        return [entry["resource"] for entry in self.json.get("entry", [])]

    def of_type(self, name: str) -> list[Body]:
        return [each for each in self.entries if each["resourceType"] == name]

    @property
    def issue(self) -> Body:
        issues = self.json["issue"]
        assert len(issues) == 1
        return dict(issues[0])

    @property
    def refusal(self) -> tuple[int, str, str]:
        """Status, Spine code and issue type."""
        return self.status, self.issue["details"]["coding"][0]["code"], self.issue["code"]


async def call(app: Any, scope: Mapping[str, Any], *chunks: bytes) -> Heard:
    """One request to an ASGI app."""
    heard = Heard()
    messages = iter([{"type": "http.request", "body": each, "more_body": True} for each in chunks[:-1]])

    async def receive() -> Any:
        return next(messages, {"type": "http.request", "body": chunks[-1] if chunks else b"", "more_body": False})

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            heard.status = message["status"]
            heard.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        else:
            heard.body += message.get("body", b"")
            heard.pieces += 1

    await app({"type": "http", "scheme": "http", "state": {}, **scope}, receive, send)
    return heard


class Riverside:
    """The practice, its app, and the national records that its traces find."""

    def __init__(self, profile: Supplier | None = None, *, sessions: Sequence[Session] = (), days: int = 21) -> None:
        self.clock = Clock()
        self.records: dict[str, Traced] = {}
        self.traces: list[str] = []
        self.trace_breaks: Exception | None = None
        self.trace_takes = 0.0
        schedules, slots = expand(sessions or SESSIONS, NOW.date(), days, new_id=counted_ids())
        self.book = MemoryBook(schedules, slots)
        self.practice = Practice(
            ods=ODS, name="Riverside Surgery", asid=ASID, service_root=ROOT, profile=profile or load_profile("strict"),
            locations=LOCATIONS, practitioners=PRACTITIONERS, book=self.book,
            patients=PatientIndex(PATIENTS, new_id=counted_ids(10**6)),
            phone="01632 960051", address=Address(("1 River Street",), "Westhaven", "Northshire", "ZZ99 9AA"),
            others=(Organisation("org-other", "T90099", "Hillside Surgery"),),
        )  # fmt: skip
        self.app = provider_app(self.practice, trace=self.trace, now=self.clock, rng=random.Random(7))
        for patient in PATIENTS:
            self.on_pds(patient.nhs_number, patient.family, patient.given, patient.birth_date.isoformat())
        self.on_pds(STRANGER, "Achebe", ("Tobias", "Lee"), "1988-09-30")
        self.on_pds(ELSEWHERE, "Varga", ("Ilona",), "1961-01-05")

    async def trace(self, nhs_number: str) -> Traced:
        self.traces.append(nhs_number)
        await asyncio.sleep(self.trace_takes)
        if self.trace_breaks:
            raise self.trace_breaks
        return self.records.get(nhs_number, Traced("not_found"))

    def on_pds(
        self, nhs_number: str, family: str, given: Sequence[str], born: str, outcome: Any = "found", **more: Any
    ) -> None:
        record = {
            "resourceType": "Patient", "id": nhs_number, "meta": {"versionId": "1", "security": [{"code": "U"}]},
            "name": [{"use": "usual", "family": family, "given": list(given)}],
            "gender": "female", "birthDate": born,
        }  # fmt: skip
        self.records[nhs_number] = Traced(outcome, record | more)

    async def ask(
        self,
        name: str,
        *,
        id: str = "",
        query: Sequence[tuple[str, str]] = (),
        body: Any = None,
        headers: Mapping[str, str | None] | None = None,
        claims: Mapping[str, Any] | None = None,
        token: str | None = None,
        method: str = "",
        path: str | None = None,
    ) -> Heard:
        """A correct request of the interaction, except for what the arguments make different."""
        row = BY_NAME[name]
        given = {
            "Ssp-TraceID": "2c1f4e0a-0000-4000-8000-000000000001",
            "Ssp-From": "918999990052",
            "Ssp-To": ASID,
            "Ssp-InteractionID": row.id,
            "Authorization": f"Bearer {token or unsigned(token_claims(row.scope, self.clock.at) | dict(claims or {}))}",
            **({"Content-Type": "application/fhir+json"} if body is not None else {}),
            **(headers or {}),
        }
        raw = [(key.lower().encode(), value.encode()) for key, value in given.items() if value is not None]
        target = f"/{ODS}/STU3/1/gpconnect" + (row.path.replace("{id}", id) if path is None else path)
        text = "&".join(f"{quote(key, safe=':')}={quote(value, safe='')}" for key, value in query)
        sent = body if isinstance(body, bytes) else orjson.dumps(body) if body is not None else b""
        return await call(
            self.app,
            {
                "method": method or row.method,
                "path": target,
                "raw_path": target.encode(),
                "headers": raw,
                "root_path": f"/{ODS}/STU3/1/gpconnect",
                "query_string": text.encode(),
            },
            sent,
        )

    async def search(self, start: str = "", end: str = "", **more: Any) -> Heard:
        """A search for slots, from tomorrow over a week unless told otherwise."""
        first = (self.clock.at + timedelta(days=1)).date()
        query = search_query(start or f"{first}", end or f"{first + timedelta(days=7)}")
        return await self.ask("search_slots", query=[*query, *more.pop("extra", ())], **more)

    async def first_slots(self, count: int = 1) -> list[Slot]:
        """The next free slots of the morning session, in order."""
        later = [slot for slot in await self.book.slots_of("Morning surgery") if slot.starts > self.clock.at]
        return [slot for slot in later if await self.book.is_free(slot.id)][:count]

    async def booking(self, *slots: Slot, patient: str = "patient-alice", **changes: Any) -> Body:
        """A correct booking of the slots, or of the first free one."""
        chosen = slots or tuple(await self.first_slots())
        schedule = (await self.book.schedules([chosen[0].schedule_id]))[0]
        return booking(chosen, schedule.location_id, patient) | changes

    async def book_one(self, *slots: Slot, patient: str = "patient-alice", **changes: Any) -> Body:
        """An appointment, booked over the API."""
        heard = await self.ask("create_appointment", body=await self.booking(*slots, patient=patient, **changes))
        assert heard.status == 201, heard.body
        return dict(heard.json)


LOCATIONS = (
    Location(
        "loc-main", "Riverside Surgery", Address(("1 River Street",), "Westhaven", "", "ZZ99 9AA"), "01632 960051"
    ),
    Location("loc-branch", "Mill Lane Branch", Address(("22 Mill Lane",), "Westhaven", "", "ZZ99 9AB")),
    Location("loc-bare", "Village Hall"),
)
PRACTITIONERS = (
    Practitioner("pr-llewellyn", "555044007701", "Llewellyn", ("Carys",), "Dr", "female", ("555044007791",)),
    Practitioner("pr-nurse", "555044007702", "Mensah", ("Abena",)),
    Practitioner("pr-two", "555044007703", "Singh", ("Arjun",), "Dr", "male", ("555044007792", "555044007793")),
)
PATIENTS = (
    LocalPatient(
        ALICE, "Begum", ("Nadia",), "female", date(1974, 2, 19), id="patient-alice", prefix="Mrs",
        address=Address(("4 Chandler Row",), "Westhaven", "Northshire", "ZZ99 9ZZ"), phone="01632 960114",
        mobile="07700 900114", email="n.begum@example.org", preferred_location_id="loc-branch",
        practitioner_id="pr-llewellyn",
    ),
    LocalPatient(BOB, "Doyle", ("Robert",), "male", date(1980, 5, 1), id="patient-bob", dissents=True),
    LocalPatient(NEVER_TRACED, "Frost", ("Ida",), "female", date(1950, 7, 7), id="patient-ida", verified=False),
    LocalPatient(GONE, "Gray", ("Tom",), "male", date(1990, 1, 2), id="patient-gone", status="left"),
    LocalPatient(DEAD, "Hale", ("Una",), "female", date(1933, 3, 3), id="patient-dead", status="deceased"),
    LocalPatient(HIDDEN, "Ives", ("Sam",), "male", date(1985, 8, 8), id="patient-hidden", sensitive=True),
)  # fmt: skip
SESSIONS = (
    Session(
        "Morning surgery", WEEKDAYS, time(9), time(12), 10, "Routine", "In-person", "R0260", "pr-llewellyn", "loc-main"
    ),
    Session(
        "Telephone clinic", WEEKDAYS, time(14), time(16), 10, "Call", "Telephone", "R0620", None, "loc-branch",
        only_types=frozenset({"urgent-care"}),
    ),
    Session(
        "Hub evening", EVERY_DAY, time(18, 30), time(20), 15, "Enhanced access", "Video", "R1290", "pr-nurse", "loc-branch",
        only_ods=frozenset({HUB}),
    ),
    Session(
        "Own patients", WEEKDAYS, time(9), time(11), 20, "Review", "In-person", "R0260", "pr-two", "loc-main", bookable=False
    ),
)  # fmt: skip
