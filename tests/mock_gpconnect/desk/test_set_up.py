"""Slot set-up: each change is met by the next search, and nobody overwrites what somebody else has just set."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest

from booking_core.spec.identifiers import CodeSystem, Id
from mock_gpconnect.book.sessions import Session
from mock_gpconnect.provider.practice import Switches
from tests.mock_gpconnect.desk.reception import BASE, Reception, filled_form, text_of
from tests.mock_gpconnect.provider.messages import HUB
from tests.mock_gpconnect.provider.riverside import Riverside

MORNING = "/set-up/session?name=Morning+surgery"


async def change(desk: Reception, path: str, **fields: Any) -> Any:
    """The form of the page, with these fields changed, sent."""
    fields_now = filled_form(await desk.get(path), BASE + path)
    return await desk.post(path, {name: value for name, value in {**fields_now, **fields}.items() if value is not None})


async def save_practice(desk: Reception, **fields: Any) -> Any:
    shown = filled_form(await desk.get("/set-up"), f"{BASE}/set-up/practice")
    return await desk.post("/set-up/practice", {k: v for k, v in {**shown, **fields}.items() if v is not None})


async def test_every_session_is_listed_with_who_may_book(desk: Reception) -> None:
    text = text_of(await desk.get("/set-up"))
    assert "Hub evening : change Mon to Sun · 18:30 to 20:00 · Enhanced access" in text
    assert "Abena Mensah Pharmacist (R1290)" in text
    assert "Shared Bookable by Hillside Hub (T90052)" in text
    assert "Hidden Not ticked as bookable" in text
    assert "Shared Bookable by organisations of the type Urgent Care" in text


async def test_a_form_sent_unchanged_changes_nothing(desk: Reception) -> None:
    before = await desk.book.slots_of()
    answer = await change(desk, MORNING)
    assert answer.status_code == 303
    assert await desk.book.slots_of() == before


@pytest.mark.parametrize(
    "fields",
    [
        {"bookable": None},
        {"role": ""},
        {"role": "R0010"},
        {"channel": ""},
        {"channel": "Visit"},
        {"for_ods": "only", "ods": ["T90052"]},
        {"for_ods": "only", "other_ods": "a81001, b82002"},
        {"for_ods": "only"},
        {"for_types": "only", "types": ["urgent-care"]},
    ],
    ids=str,
)
async def test_a_change_hides_the_session_from_the_next_search_and_back(
    desk: Reception, fields: dict[str, Any]
) -> None:
    assert "Morning surgery" in await desk.sessions_found()
    answer = await change(desk, MORNING, **fields)
    assert answer.headers["Location"] == f"{BASE}/set-up/session?name=Morning+surgery&done=saved"
    assert "Morning surgery" not in await desk.sessions_found()
    back = {"bookable": "on", "role": "R0260", "channel": "In-person", "for_ods": "any", "for_types": "any"}
    await change(desk, MORNING, **back)
    assert "Morning surgery" in await desk.sessions_found()


async def test_a_restriction_lets_in_whom_it_names(desk: Reception) -> None:
    await change(desk, MORNING, for_ods="only", ods=[HUB], for_types="only", types=["gp-practice"])
    as_hub = [("searchFilter", f"{Id.ODS}|{HUB}"), ("searchFilter", f"{CodeSystem.ORGANISATION_TYPE}|gp-practice")]
    assert "Morning surgery" in await desk.sessions_found(extra=as_hub)
    assert "Morning surgery" not in await desk.sessions_found(extra=as_hub[:1])


async def test_codes_that_the_directory_lacks_stay_in_their_own_field(desk: Reception) -> None:
    await change(desk, MORNING, for_ods="only", ods=[HUB], other_ods="A81001")
    fields = filled_form(await desk.get(MORNING), BASE + MORNING)
    assert (fields["for_ods"], fields["ods"], fields["other_ods"]) == (["only"], [HUB], "A81001")


async def test_a_session_moves_to_another_holder_and_place(desk: Reception) -> None:
    await change(desk, MORNING, holder="pr-two", location="loc-branch")
    heard = await desk.riverside.search(extra=[("_include:recurse", "Schedule:actor:Practitioner")])
    assert [each["name"][0]["family"] for each in heard.of_type("Practitioner")] == ["Singh"]


async def test_a_slot_limit_is_kept_and_taken_away(desk: Reception) -> None:
    await change(desk, MORNING, limit="1")
    first, second = await desk.slot(), await desk.slot(at=1)
    await desk.riverside.book_one(first)
    refused = await desk.riverside.ask("create_appointment", body=await desk.riverside.booking(second))
    assert refused.status == 422
    await change(desk, MORNING, limit="")
    await desk.riverside.book_one(second)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"limit": "-1"}, "Slot limit: expected a whole number from 0 to 1000"),
        ({"limit": "many"}, "Slot limit: expected a whole number from 0 to 1000"),
        ({"role": "Doctor"}, "Job role: expected a job role code"),
        ({"for_ods": "only", "other_ods": "<b>"}, "Organisations: expected ODS codes"),
        ({"for_types": "only", "types": ["hospital"]}, "Types of organisation: expected gp-practice"),
        ({"channel": "Carrier pigeon"}, "Delivery channel: expected In-person"),
        ({"holder": "pr-nobody"}, "Nobody at this practice who could hold a session is known as pr-nobody"),
        ({"location": "loc-moon"}, "This practice has no location loc-moon"),
    ],
)
async def test_a_wrong_option_changes_nothing(desk: Reception, fields: dict[str, Any], message: str) -> None:
    answer = await change(desk, MORNING, **fields, bookable=None)
    assert answer.status_code == 422
    assert message in text_of(answer)
    assert "Morning surgery" in await desk.sessions_found()


async def test_who_saves_what_somebody_else_has_changed_is_told(desk: Reception) -> None:
    seen = filled_form(await desk.get(MORNING), BASE + MORNING)
    await change(desk, MORNING, channel="Video")
    answer = await desk.post(MORNING, seen | {"limit": "3"})
    assert answer.status_code == 409
    assert "Somebody changed these settings while you looked at them" in text_of(answer)
    assert filled_form(answer, BASE + MORNING)["channel"] == "Video"


async def test_a_session_set_up_in_several_ways_becomes_one_when_it_is_saved() -> None:
    rows = [
        Session("Clinic", frozenset({day}), time(9), time(10), 20, "Routine", "Video", role, None, "loc-main")
        for day, role in ((2, "R0260"), (3, None))
    ]
    desk = Reception(Riverside(sessions=rows))
    path = "/set-up/session?name=Clinic"
    assert "Saving makes them all the same" in text_of(await desk.get(path))
    assert "Differs between days" in text_of(await desk.get("/set-up"))
    await change(desk, path)
    assert {slot.access.role for slot in await desk.book.slots_of()} == {"R0260"}


async def test_a_session_page_says_why_nobody_sees_it(desk: Reception) -> None:
    text = text_of(await desk.get("/set-up/session", name="Own patients"))
    assert "Nobody else can see these slots at the moment. Not ticked as bookable." in text
    assert "In your clinical system: Diary > Rota > Share" in text


async def test_an_unknown_session_is_not_found(desk: Reception) -> None:
    assert (await desk.get("/set-up/session", name="Nope")).status_code == 404


async def test_an_embargo_hides_what_starts_soon(desk: Reception) -> None:
    soon = await desk.slot()
    assert soon.id in await desk.found(start="2026-03-24")
    await save_practice(desk, embargo_minutes="1440")
    assert desk.practice.embargo == timedelta(days=1)
    assert soon.id not in await desk.found(start="2026-03-24")
    await save_practice(desk, embargo_minutes="")
    assert soon.id in await desk.found(start="2026-03-24")


async def test_a_booking_window_hides_what_is_far(desk: Reception) -> None:
    late = max(await desk.book.slots_of("Morning surgery"), key=lambda slot: slot.starts)
    span = {"start": "2026-04-01", "end": "2026-04-14"}
    assert late.id in await desk.found(**span)
    await save_practice(desk, booking_window_days="14")
    assert late.id not in await desk.found(**span)
    assert 'value="14"' in (await desk.get("/set-up")).text


async def test_a_window_of_less_than_a_day_survives_the_form(desk: Reception) -> None:
    desk.practice.booking_window = timedelta(minutes=30)
    await save_practice(desk, embargo_minutes="5")
    assert desk.practice.booking_window == timedelta(minutes=30)


async def test_gp_connect_is_switched_off_and_on(desk: Reception) -> None:
    await save_practice(desk, enabled=None)
    assert (await desk.riverside.search()).status == 403
    await save_practice(desk, enabled="on", foundations="off")
    assert (await desk.riverside.search()).status == 200
    assert desk.practice.switches == Switches(enabled=True, foundations=False, appointments=True)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"embargo_minutes": "soon"}, "Embargo: expected a whole number of minutes"),
        ({"embargo_minutes": "-5"}, "Embargo: expected a whole number of minutes"),
        ({"booking_window_days": "0"}, "Booking window: expected days, more than 0"),
        ({"booking_window_days": "1e999"}, "Booking window: expected days, more than 0"),
    ],
)
async def test_a_wrong_setting_of_the_practice_changes_nothing(
    desk: Reception, fields: dict[str, str], message: str
) -> None:
    answer = await save_practice(desk, **fields)
    assert answer.status_code == 422
    assert message in text_of(answer)
    assert (desk.practice.embargo, desk.practice.booking_window) == (None, None)


async def test_practice_settings_that_changed_meanwhile_are_not_overwritten(desk: Reception) -> None:
    seen = filled_form(await desk.get("/set-up"), f"{BASE}/set-up/practice")
    desk.practice.embargo = timedelta(hours=2)
    answer = await desk.post("/set-up/practice", seen | {"embargo_minutes": "5"})
    assert answer.status_code == 409
    assert desk.practice.embargo == timedelta(hours=2)
