"""What somebody gets to see of a clinical system: an answer, a page of the desk, a line, a time."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from statistics import median
from typing import Any

from booking_core.spec.identifiers import CodeSystem, Extension, Id
from booking_core.spec.interactions import BY_NAME
from harness.commands.suppliers import rows_of
from mock_gpconnect.desk.reasons import reason_of
from mock_gpconnect.latency import SlowSystem, Work, drawn_ms, median_ms
from mock_gpconnect.provider.patients import LocalPatient
from mock_gpconnect.provider.practice import Switches
from mock_gpconnect.suppliers.aspects import ASPECTS
from mock_gpconnect.suppliers.profile import Profile
from tests.mock_gpconnect.desk.reception import Reception, text_of
from tests.mock_gpconnect.provider.edits import cancelling
from tests.mock_gpconnect.provider.messages import ALICE, HUB, NEVER_TRACED, STRANGER, registration
from tests.mock_gpconnect.provider.riverside import NOW, SESSIONS, Riverside

DAY = "2026-03-25"
INCLUDES = [("_include:recurse", f"Schedule:actor:{kind}") for kind in ("Practitioner", "Location")]

Observe = Callable[[Profile], Awaitable[Any]]


def reception(profile: Profile) -> Reception:
    return Reception(Riverside(profile), where=profile.where, words=profile.words)


def where_told(reason: str, **options: Any) -> Observe:
    """The screen that "why can they not see this slot?" names."""

    async def observe(profile: Profile) -> Any:
        desk = reception(profile)
        await desk.book.reconfigure("Morning surgery", **options)
        groups = (await desk.api("GET", "/why", ods="T90001", type="gp-practice", day=DAY)).json()["groups"]
        return next(each["where"] for each in groups if each["reason"] == reason)

    return observe


def screens(path: str, *topics: str) -> Observe:
    """The screens of the real system that a page of the desk names for these things, as far as it names them."""

    async def observe(profile: Profile) -> Any:
        page = (await reception(profile).get(path)).text
        named = [unescape(each) for each in re.findall('"desk-where">[^<]*<strong>(.*?)</strong>', page)]
        return [profile.where[topic] for topic in topics if profile.where.get(topic) in named]

    return observe


async def role_gate(profile: Profile) -> Any:
    gates = (("no_role", None), ("role_not_listed", "R0010"))
    return [await where_told(reason, role=role)(profile) for reason, role in gates]


async def who_may_book(profile: Profile) -> Any:
    page = text_of(await reception(profile).get("/set-up/session", name="Morning surgery"))
    found = re.search("Which ([a-zA-Z ]+) may book", page)
    assert found
    riverside = Riverside(profile)
    riverside.practice.unsubscribed = frozenset({HUB})
    await riverside.book.reconfigure("Morning surgery", bookable=False)
    heard = await riverside.search(DAY, DAY, extra=[("searchFilter", f"{Id.ODS}|{HUB}")])
    return (
        len(heard.of_type("Slot")),
        found[1],
        await where_told("other_organisations_only", only_ods=["A81001"])(profile),
    )


async def begun_slots(profile: Profile) -> Any:
    riverside = Riverside(profile)
    riverside.clock.at = datetime(2026, 3, 24, 11, 30, tzinfo=UTC)
    return len((await riverside.search("2026-03-24", "2026-03-24")).of_type("Slot"))


async def switched_off(profile: Profile) -> Any:
    riverside, told = Riverside(profile), []
    for off in ({"enabled": False}, {"appointments": False}, {"foundations": False}):
        riverside.practice.switches = Switches(**off)
        name, query = ("find_patient", [("identifier", f"{Id.NHS_NUMBER}|{ALICE}")])
        heard = await (riverside.ask(name, query=query) if "foundations" in off else riverside.search())
        told.append((heard.refusal[1], heard.issue["diagnostics"]))
    return told


async def reason_kept(profile: Profile) -> Any:
    riverside = Riverside(profile)
    booked = await riverside.book_one()
    heard = await riverside.ask("cancel_appointment", id=booked["id"], body=cancelling(booked, "r" * 400))
    return len(
        next(each for each in heard.json["extension"] if each["url"] == Extension.CANCELLATION_REASON)["valueString"]
    )


async def long_texts(profile: Profile) -> Any:
    riverside = Riverside(profile)
    first, second = await riverside.first_slots(2)
    long = await riverside.booking(first, description="d" * 200)
    longer = await riverside.booking(second, comment="c" * 600)
    return [(await riverside.ask("create_appointment", body=body)).status for body in (long, longer)]


async def two_texts(profile: Profile) -> Any:
    return (await Riverside(profile).book_one(description="Ear pain", comment="Ring first"))["description"]


async def days_registered(profile: Profile) -> Any:
    riverside = Riverside(profile)
    await riverside.ask("register_patient", body=registration())
    until = riverside.practice.patients.of_number(STRANGER)[0].registered_until
    assert until
    return (until - NOW).days


async def lapsed(profile: Profile) -> Any:
    riverside = Riverside(profile)
    riverside.practice.patients.add(
        LocalPatient(
            STRANGER, "Achebe", ("Tobias", "Lee"), "male", datetime(1988, 9, 30).date(), registration="T",
            registered_until=NOW - timedelta(days=1),
        )
    )  # fmt: skip
    query = [("identifier", f"{Id.NHS_NUMBER}|{STRANGER}")]
    before = len((await riverside.ask("find_patient", query=query)).entries)
    registered = (await riverside.ask("register_patient", body=registration())).status
    return before, registered, len((await riverside.ask("find_patient", query=query)).entries)


async def never_traced(profile: Profile) -> Any:
    query = [("identifier", f"{Id.NHS_NUMBER}|{NEVER_TRACED}")]
    return len((await Riverside(profile).ask("find_patient", query=query)).entries)


async def hub_not_found(profile: Profile) -> Any:
    desk = reception(profile).desk
    assert reason_of(desk, "not_on_the_spine").explanation
    return desk.where.get("not_on_the_spine")


def printed(number: str) -> Observe:
    """What `crossbook show suppliers` prints."""

    async def observe(profile: Profile) -> Any:
        aspect = next(each for each in ASPECTS if each.number == number)
        return [row[-1] for row in rows_of(aspect, [profile])]

    return observe


async def session_words(profile: Profile) -> Any:
    """Its words, and a name of 30 characters as the wire shows it."""
    riverside = Riverside(profile, sessions=[replace(SESSIONS[0], name="Morning surgery of the doctors")])
    names = {each.get("serviceCategory", {}).get("text") for each in (await riverside.search()).of_type("Schedule")}
    return profile.words.get("session"), profile.words.get("sessions"), names.pop()


async def shown_with_the_slots(profile: Profile) -> Any:
    heard = await Riverside(profile).search(extra=INCLUDES)
    schedules, locations = heard.of_type("Schedule"), heard.of_type("Location")
    return {
        "serviceCategory": all("serviceCategory" in each for each in schedules),
        "address": any("address" in each for each in locations),
        "Practitioner": bool(heard.of_type("Practitioner")) and "Practitioner/" in str(schedules),
    }


def of_the_slots(word: str) -> Observe:
    async def observe(profile: Profile) -> Any:
        return (await shown_with_the_slots(profile))[word]

    return observe


async def metadata(profile: Profile) -> Any:
    statement = (await Riverside(profile).ask("read_metadata")).json
    return statement["publisher"], statement["software"]["name"], statement["software"]["version"]


async def xml(profile: Profile) -> Any:
    riverside = Riverside(profile)
    statement = (await riverside.ask("read_metadata")).json
    return statement["format"], (
        await riverside.ask("read_metadata", headers={"Accept": "application/fhir+xml"})
    ).status


async def a_later_role(profile: Profile) -> Any:
    riverside = Riverside(profile)
    await riverside.book.reconfigure("Morning surgery", role="R0010")
    return len((await riverside.search()).of_type("Slot"))


async def used_up(profile: Profile) -> Any:
    riverside = Riverside(profile)
    await riverside.book.reconfigure("Morning surgery", limit=1)
    first, second, *_ = [slot for slot in await riverside.book.slots_of("Morning surgery") if slot.starts.day == 25]
    await riverside.book_one(first)
    shown = len((await riverside.search(DAY, DAY)).of_type("Slot"))
    return shown, (await riverside.ask("create_appointment", body=await riverside.booking(second))).status


async def units_of_time(profile: Profile) -> Any:
    riverside = Riverside(profile)
    riverside.clock.at = datetime(2026, 3, 24, 8, 25, tzinfo=UTC)
    riverside.practice.embargo = timedelta(hours=1)
    riverside.practice.booking_window = timedelta(days=1)
    starts = [each["start"] for each in (await riverside.search("2026-03-24", "2026-03-30")).of_type("Slot")]
    held_back = where_told("not_released", embargo_until=datetime(2026, 4, 1, tzinfo=UTC))
    return starts[0], starts[-1], await held_back(profile)


async def amended_when_cancelled(profile: Profile) -> Any:
    riverside = Riverside(profile)
    booked = await riverside.book_one()
    heard = await riverside.ask("cancel_appointment", id=booked["id"], body=cancelling(booked, "Better"))
    body = heard.json | {"description": "Afterwards"}
    return (await riverside.ask("amend_appointment", id=booked["id"], body=body)).status


async def an_id(profile: Profile) -> Any:
    made = (await Riverside(profile).book_one())["id"]
    styles = {"guid": r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "numeric": r"\d+", "longest": r"[A-Za-z0-9.-]{64}"}
    return [name for name, pattern in styles.items() if re.fullmatch(pattern, made)]


async def hundred_slots(profile: Profile) -> Any:
    work, rng = Work(100, 100, 5), random.Random(1)
    middle = median_ms(profile.latency, BY_NAME["search_slots"], work)
    draws = sorted(drawn_ms(profile.latency, middle, 0, rng) for _ in range(2001))
    return round(middle), round(median(draws), -2), round(draws[1980], -3)


async def one_slot_more(profile: Profile) -> Any:
    times = [median_ms(profile.latency, BY_NAME["search_slots"], Work(many, many, 5)) for many in (100, 101)]
    return round(times[1] - times[0], 6)


async def at_once(profile: Profile) -> Any:
    """How many of twenty requests that come together are served; the others queue."""
    system, served, done = SlowSystem(profile.latency, random.Random(1)), [], asyncio.Event()

    async def one(number: int) -> None:
        async with system.place():
            served.append(number)
            await done.wait()

    async with asyncio.TaskGroup() as requests:
        for number in range(20):
            requests.create_task(one(number))
        await asyncio.sleep(0)
        under_way = len(served)
        done.set()
    return under_way


async def listed_twice(profile: Profile) -> Any:
    ids = [each["id"] for each in (await Riverside(profile).search()).of_type("Slot")]
    return len(ids) // len(set(ids))


async def an_unknown_consumer(profile: Profile) -> Any:
    riverside = Riverside(profile)
    await riverside.book.reconfigure(None, only_ods=["A81001"])
    asker = [("searchFilter", f"{Id.ODS}|X99999"), ("searchFilter", f"{CodeSystem.ORGANISATION_TYPE}|gp-practice")]
    heard = await riverside.search(extra=asker)
    return heard.status, heard.entries
