"""Why can they not see this slot: what the page says is what a search finds, for every reason there is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from booking_core.spec.identifiers import CodeSystem, Id
from mock_gpconnect.desk.reasons import reason_of
from mock_gpconnect.desk.why import FULL_AT_BOOKING
from mock_gpconnect.provider.practice import Switches
from mock_gpconnect.provider.visibility import OPTION_GATES
from mock_gpconnect.suppliers.profile import Profile
from tests.mock_gpconnect.desk.reception import BASE, Reception, text_of
from tests.mock_gpconnect.provider.messages import HUB
from tests.mock_gpconnect.provider.riverside import Riverside

DAY = "2026-03-25"
AT_SEARCH = Profile.model_validate(
    {"name": "x", "limits": {"slot_limit": "at_search"}, "search": {"hides_begun": True}}
)


async def counts(desk: Reception, **asked: str) -> dict[str | None, int]:
    answer = await desk.api("GET", "/why", **{"ods": "T90001", "type": "gp-practice", "day": DAY} | asked)
    return {group["reason"]: group["count"] for group in answer.json()["groups"]}


async def test_the_page_counts_the_reasons_of_a_day(desk: Reception) -> None:
    assert await counts(desk) == {
        "other_types_only": 12,
        "not_bookable": 6,
        "other_organisations_only": 6,
        None: 18,
    }


async def test_it_says_so_in_plain_words_and_leads_to_the_cure(desk: Reception) -> None:
    page = await desk.get("/why", ods="T90001", type="gp-practice", day=DAY)
    text = text_of(page)
    assert "Millbrook Surgery can see 18 of 42 slots on Wednesday 25 March 2026" in text
    assert "6 Not ticked as bookable The session is kept for your own patients" in text
    assert "In your clinical system: Diary > Rota > Share" in text
    assert (
        "Hub evening , Abena Mensah: change the set-up of Hub evening or that of this day for Hub evening . Only for Hillside Hub (T90052)."
        in text
    )
    assert "18 They can see and book these Morning surgery" in text
    assert f'href="{BASE}/set-up/session?name=Own+patients"' in page.text


@pytest.mark.parametrize("ods", ["", HUB, "T90001", "A81001"])
@pytest.mark.parametrize("kind", ["", "gp-practice", "urgent-care"])
async def test_what_it_says_is_what_a_search_finds(desk: Reception, ods: str, kind: str) -> None:
    desk.practice.embargo, desk.practice.booking_window = timedelta(hours=26), timedelta(hours=30)
    await desk.book.block([slot.id for slot in await desk.book.slots_of("Hub evening")][6:8])
    answer = await desk.api("GET", "/why", ods=ods, type=kind, day=DAY)
    shown = {
        slot
        for group in answer.json()["groups"]
        if group["reason"] is None
        for session in group["sessions"]
        for slot in session["slots"]
    }
    filters = [(Id.ODS, ods)] * bool(ods) + [(CodeSystem.ORGANISATION_TYPE, kind)] * bool(kind)
    extra = [("searchFilter", "|".join(each)) for each in filters]
    assert shown == await desk.found(start=DAY, end=DAY, extra=extra)
    assert answer.json()["shown"] == len(shown)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"bookable": False}, "not_bookable"),
        ({"role": None}, "no_role"),
        ({"role": "R0010"}, "role_not_listed"),
        ({"channel": None}, "no_channel"),
        ({"channel": "Visit"}, "home_visit"),
        ({"channel": "Letter"}, "channel_not_listed"),
        ({"only_types": ["urgent-care"]}, "other_types_only"),
        ({"only_ods": ["T90052"]}, "other_organisations_only"),
    ],
)
async def test_every_option_that_hides_is_named(desk: Reception, options: Mapping[str, Any], reason: str) -> None:
    await desk.book.reconfigure("Morning surgery", **options)
    assert (await counts(desk))[reason] >= 18
    page = await desk.get("/why", ods="T90001", type="gp-practice", day=DAY)
    assert reason_of(desk.desk, reason).title in text_of(page)


async def test_settings_of_the_practice_are_told_with_their_size(desk: Reception) -> None:
    desk.practice.embargo, desk.practice.booking_window = timedelta(days=2), timedelta(hours=90)
    text = text_of(await desk.get("/why", ods="T90001", type="gp-practice", day=DAY))
    assert "18 Too soon Your practice keeps slots back when they start within 2 days" in text
    later = text_of(await desk.get("/why", ods="T90001", type="gp-practice", day="2026-03-30"))
    assert "Too far ahead Your practice lets others book up to 90 hours ahead" in later


async def test_taken_slots_lead_to_the_book(desk: Reception) -> None:
    await desk.book.block([(await desk.slot(at=20)).id])
    page = await desk.get("/why", ods="T90001", type="gp-practice", day=DAY)
    assert "1 Taken Somebody has an appointment, or the slot is blocked in the appointment book." in text_of(page)
    assert f'href="{BASE}/book?day={DAY}"' in page.text


@pytest.mark.parametrize(
    ("profile", "reason"), [(AT_SEARCH, "limit_reached"), (None, FULL_AT_BOOKING)], ids=["at search", "at booking"]
)
async def test_a_used_up_limit_is_told_where_it_strikes(profile: Profile | None, reason: str) -> None:
    desk = Reception(Riverside(profile))
    await desk.book.reconfigure("Morning surgery", limit=1)
    await desk.riverside.book_one((await desk.book.slots_of("Morning surgery"))[20])
    assert (await counts(desk))[reason] == 17
    shown = (await desk.api("GET", "/why", ods="T90001", type="gp-practice", day=DAY)).json()["shown"]
    assert shown == (17 if profile is None else 0)


async def test_slots_that_have_begun_are_named_where_the_system_hides_them() -> None:
    desk = Reception(Riverside(AT_SEARCH))
    assert (await counts(desk, day="2026-03-24"))["begun"] == 1


@pytest.mark.parametrize(
    ("switches", "title"),
    [
        (Switches(enabled=False), "GP Connect is switched off."),
        (Switches(appointments=False), "Appointments are switched off."),
    ],
)
async def test_what_is_switched_off_comes_first(desk: Reception, switches: Switches, title: str) -> None:
    desk.practice.switches = switches
    text = text_of(await desk.get("/why", ods="T90001", day=DAY))
    assert "Millbrook Surgery can see 0 of 42 slots" in text
    assert title in text
    assert (await desk.riverside.search()).status == 403


async def test_without_an_organisation_the_page_only_asks(desk: Reception) -> None:
    text = text_of(await desk.get("/why"))
    assert "Who is looking?" in text
    assert "can see" not in text


async def test_a_consumer_that_says_nothing_is_a_question_too(desk: Reception) -> None:
    text = text_of(await desk.get("/why", ods="", type="", day=DAY))
    assert "An organisation that does not say who it is can see 18 of 42 slots" in text


async def test_a_day_without_sessions_says_so(desk: Reception) -> None:
    text = text_of(await desk.get("/why", ods="T90001", day="2027-01-01"))
    assert "can see 0 of 0 slots" in text
    assert "There are no sessions on this day." in text


@pytest.mark.parametrize(
    "reason",
    [name for name, _ in OPTION_GATES]
    + [
        "not_free",
        "outside_the_range",
        "begun",
        "under_embargo",
        "beyond_the_booking_window",
        "limit_reached",
        FULL_AT_BOOKING,
    ],
)
def test_every_reason_has_words_of_its_own(desk: Reception, reason: str) -> None:
    found = reason_of(desk.desk, reason, "Millbrook Surgery")
    assert found.explanation != "A setting hides these slots."
    assert "{" not in found.title + found.explanation


def test_a_reason_that_nobody_has_worded_is_told_by_its_name(desk: Reception) -> None:
    assert reason_of(desk.desk, "moon_is_full").title == "Moon is full"


async def test_a_suppliers_words_replace_ours() -> None:
    desk = Reception(words={"session": "rota", "sessions": "rotas", "book": "ledger"})
    text = text_of(await desk.get("/why", ods="T90001", type="gp-practice", day=DAY))
    assert "The rota is kept for your own patients" in text
    assert "Ledger Slot set-up" in text
    assert "Rotas" in text_of(await desk.get("/set-up"))


@pytest.mark.parametrize(
    ("asked", "chosen"),
    [
        ({}, []),
        ({"ods": "", "type": ""}, ["Does not say who it is", "Does not say"]),
        ({"ods": "T90001", "type": ""}, ["T90001", "Does not say"]),
    ],
)
async def test_the_form_keeps_what_was_asked_and_begins_with_an_organisation(
    desk: Reception, asked: dict[str, str], chosen: list[str]
) -> None:
    page = await desk.get("/why", **asked)
    options = re.findall(r'<option value="([^"]*)"( selected)?\s*>([^<]*)', page.text)
    assert [value or text for value, selected, text in options if selected] == chosen
    assert options[0][0]
