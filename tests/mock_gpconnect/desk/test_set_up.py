"""Slot set-up: each change is met by the next search, and nobody overwrites what somebody else has just set."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from booking_core.spec.identifiers import CodeSystem, Id
from mock_gpconnect.book.sessions import Session
from mock_gpconnect.provider.practice import Switches
from mock_gpconnect.suppliers.profile import load_profile
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


FRIDAY = "/set-up/session?name=Morning+surgery&day=2026-03-27"


@pytest.mark.parametrize(
    "fields",
    [
        {"bookable": None},
        {"for_ods": "only", "ods": [HUB]},
        {"embargo_until": "2026-03-26T18:00"},
        {"channel": "Visit"},
    ],
    ids=str,
)
async def test_one_friday_is_set_up_and_the_other_days_stay(desk: Reception, fields: dict[str, Any]) -> None:
    thursday = await desk.found(start="2026-03-26", end="2026-03-26")
    friday = await desk.found(start="2026-03-27", end="2026-03-27")
    answer = await change(desk, FRIDAY, **fields)
    assert answer.headers["Location"] == f"{BASE}{FRIDAY}&done=saved"
    assert await desk.found(start="2026-03-26", end="2026-03-26") == thursday
    assert len(await desk.found(start="2026-03-27", end="2026-03-27")) == len(friday) - 18
    assert "Differs between days or slots" in text_of(await desk.get("/set-up"))


async def test_an_embargo_of_one_day_ends_by_itself(desk: Reception) -> None:
    await change(desk, FRIDAY, embargo_until="2026-03-26T18:00")
    assert filled_form(await desk.get(FRIDAY), BASE + FRIDAY)["embargo_until"] == "2026-03-26T18:00"
    friday = {"start": "2026-03-27", "end": "2026-03-27"}
    before = await desk.found(**friday)
    desk.riverside.clock.at = datetime(2026, 3, 26, 18, tzinfo=UTC)
    assert len(await desk.found(**friday)) == len(before) + 18


async def test_a_single_slot_is_kept_back_and_its_holder_cannot_change(desk: Reception) -> None:
    slot, next_slot = await desk.slot(), await desk.slot(at=1)
    path = f"/set-up/slot/{slot.id}"
    shown = await desk.get(path)
    assert "Set up one slot only Morning surgery, Tuesday 24 March 2026 at 09:10" in text_of(shown)
    assert not {"holder", "location"} & filled_form(shown, BASE + path).keys()
    answer = await change(desk, path, bookable=None)
    assert answer.headers["Location"] == f"{BASE}{path}?done=saved"
    found = await desk.found(start="2026-03-24")
    assert (slot.id in found, next_slot.id in found) == (False, True)
    assert "Hidden. Not ticked as bookable" in text_of(await desk.get(f"/slots/{slot.id}"))
    assert "set up by itself" in text_of(await desk.get("/book", day="2026-03-24"))


async def test_a_wrong_embargo_is_told_and_shown_as_it_was_typed(desk: Reception) -> None:
    answer = await change(desk, FRIDAY, embargo_until="soon")
    assert answer.status_code == 422
    assert "Embargo until: expected a day and time such as 2026-03-27T08:00" in text_of(answer)
    assert filled_form(answer, BASE + FRIDAY)["embargo_until"] == "soon"


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


async def test_whom_slots_are_restricted_to_sees_them_once_it_has_subscribed() -> None:
    desk = Reception(Riverside(load_profile("emis")))
    hub = {"extra": [("searchFilter", f"{Id.ODS}|{HUB}")]}
    assert "Hub evening" in await desk.sessions_found(**hub)
    await save_practice(desk, unsubscribed=[HUB])
    assert "Hub evening" not in await desk.sessions_found(**hub)
    await save_practice(desk, embargo_minutes="5")
    assert desk.practice.unsubscribed == {HUB}
    await save_practice(desk, unsubscribed=None)
    assert "Hub evening" in await desk.sessions_found(**hub)


async def test_a_practice_whose_system_knows_no_subscription_is_not_asked_for_it(desk: Reception) -> None:
    desk.practice.unsubscribed = frozenset({HUB})
    assert "not subscribed" not in text_of(await desk.get("/set-up"))
    await save_practice(desk, embargo_minutes="5")
    assert desk.practice.unsubscribed == {HUB}


async def test_a_manager_turns_how_busy_the_system_is(desk: Reception) -> None:
    await save_practice(desk, busyness_percent="50")
    assert desk.practice.busyness == 0.5
    await save_practice(desk, embargo_minutes="5")
    assert desk.practice.busyness == 0.5
    await desk.api("PATCH", "/practice", {"busyness_percent": 0})
    assert desk.practice.busyness == 0


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"busyness_percent": "96"}, "How busy the system is: expected a whole number of per cent from 0 to 95"),
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
