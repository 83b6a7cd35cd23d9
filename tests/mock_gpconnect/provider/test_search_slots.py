"""What a search for free slots returns."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import orjson
import pytest

from booking_core.spec.identifiers import Id
from mock_gpconnect.book.sessions import Session
from mock_gpconnect.provider.practice import Practice
from mock_gpconnect.suppliers.profile import Profile, load_profile
from tests.mock_gpconnect.provider.messages import search_query
from tests.mock_gpconnect.provider.riverside import EVERY_DAY, Riverside

PRACTITIONERS = ("_include:recurse", "Schedule:actor:Practitioner")
LOCATIONS = ("_include:recurse", "Schedule:actor:Location")
ORGANISATION = ("_include:recurse", "Location:managingOrganization")


def profile(**parts: Any) -> Profile:
    return Profile.model_validate({"name": "test", **parts})


def night_shift(*, at: time = time(0), until: time = time(4)) -> Session:
    return Session("Night", EVERY_DAY, at, until, 30, "Call", "Telephone", "R0260", None, "loc-main")


async def test_slots_come_first_and_in_order_of_start(riverside: Riverside) -> None:
    heard = await riverside.search(extra=[("searchFilter", f"{Id.ODS}|T90052")])
    types = [each["resourceType"] for each in heard.entries]
    starts = [each["start"] for each in heard.of_type("Slot")]
    assert types == sorted(types, key=["Slot", "Schedule", "Organization"].index)
    assert starts == sorted(starts)


async def test_each_schedule_of_the_slots_found_comes_once_and_no_other(riverside: Riverside) -> None:
    heard = await riverside.search()
    wanted = {each["schedule"]["reference"] for each in heard.of_type("Slot")}
    assert sorted(wanted) == sorted(f"Schedule/{each['id']}" for each in heard.of_type("Schedule"))


@pytest.mark.parametrize(
    ("includes", "types"),
    [
        ([], []),
        ([ORGANISATION], []),
        ([PRACTITIONERS], ["Practitioner"]),
        ([LOCATIONS], ["Location"]),
        ([PRACTITIONERS, LOCATIONS, ORGANISATION], ["Location", "Practitioner"]),
    ],
    ids=str,
)
async def test_practitioners_and_locations_come_only_when_asked_for_and_the_organisation_always(
    riverside: Riverside, includes: list[tuple[str, str]], types: list[str]
) -> None:
    heard = await riverside.search(extra=includes)
    assert sorted({each["resourceType"] for each in heard.entries}) == sorted(
        ["Slot", "Schedule", "Organization", *types]
    )
    assert len(heard.of_type("Organization")) == 1


async def test_a_session_without_a_practitioner_brings_none(riverside: Riverside) -> None:
    await riverside.book.reconfigure("Morning surgery", practitioner_id=None)
    assert (await riverside.search(extra=[PRACTITIONERS])).of_type("Practitioner") == []


async def test_nothing_found_is_an_empty_bundle_that_claims_no_profile(riverside: Riverside) -> None:
    heard = await riverside.search("2027-01-01", "2027-01-02", extra=[PRACTITIONERS, LOCATIONS, ORGANISATION])
    assert (heard.status, heard.json) == (200, {"resourceType": "Bundle", "type": "searchset"})


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [
        ("2026-03-25", "2026-03-25", 18),
        ("2026-03-25", "2026-03-26", 36),
        ("2026-03-25T09:00:00+00:00", "2026-03-25T10:00:00+00:00", 6),
        ("2026-03-25T09:00:01+00:00", "2026-03-25T10:00:00+00:00", 5),
        ("2026-03-25T09:00:00+00:00", "2026-03-25T09:59:59+00:00", 5),
        ("2026-03-25T10:00:00+01:00", "2026-03-25T11:00:00+01:00", 6),
        ("2026-03-25T09:00:00 00:00", "2026-03-25T10:00:00+00:00", 6),
        ("2026-03-25T09:00:00+00:00", "2026-03-25", 18),
        ("2026-03-25T12:00:00+00:00", "2026-03-25T12:00:00+00:00", 0),
        ("2026-03-25", "2026-04-08", 11 * 18),
        ("2026-03-25T00:00:00+00:00", "2026-04-08T00:00:00+01:00", 10 * 18),
    ],
)
async def test_a_slot_is_found_when_it_lies_wholly_inside_the_range(
    riverside: Riverside, start: str, end: str, count: int
) -> None:
    assert len((await riverside.search(start, end)).of_type("Slot")) == count


async def test_an_end_without_a_time_can_mean_the_start_of_its_day() -> None:
    riverside = Riverside(profile(search={"whole_end_day": False}))
    assert len((await riverside.search("2026-03-25", "2026-03-26")).of_type("Slot")) == 18


@pytest.mark.parametrize(
    ("start", "end", "status"),
    [
        ("2026-03-29T12:00:00+01:00", "2026-03-30T00:00:00+01:00", 200),
        ("2026-03-29T12:00:00+00:00", "2026-03-30T00:00:00+01:00", 422),
        ("2026-03-25", "2026-03-30", 200),
    ],
)
async def test_a_supplier_can_insist_on_the_offset_in_force(start: str, end: str, status: int) -> None:
    riverside = Riverside(profile(search={"offset_in_force": True}))
    assert (await riverside.search(start, end)).status == status


async def test_two_weeks_over_the_october_change_are_two_weeks_on_the_clock(riverside: Riverside) -> None:
    heard = await riverside.search("2026-10-18T00:00:00+01:00", "2026-11-01T00:00:00+00:00")
    assert heard.status == 200


@pytest.mark.parametrize(
    ("day", "now", "shown"),
    [
        (
            date(2026, 3, 29), datetime(2026, 3, 28, 12, tzinfo=UTC),
            ["00:00:00+00:00", "00:30:00+00:00", "02:00:00+01:00", "02:30:00+01:00", "03:00:00+01:00", "03:30:00+01:00"],
        ),
        (
            date(2026, 10, 25), datetime(2026, 10, 24, 12, tzinfo=UTC),
            ["00:00:00+01:00", "00:30:00+01:00", "01:00:00+01:00", "01:30:00+01:00", "01:00:00+00:00", "01:30:00+00:00",
             "02:00:00+00:00", "02:30:00+00:00", "03:00:00+00:00", "03:30:00+00:00"],
        ),
    ],
    ids=["forward", "back"],
)  # fmt: skip
async def test_slots_on_the_night_of_a_clock_change_follow_real_time(
    day: date, now: datetime, shown: list[str]
) -> None:
    riverside = Riverside(sessions=[night_shift()], days=230)
    riverside.clock.at = now
    heard = await riverside.search(f"{day}", f"{day}")
    assert [each["start"].partition("T")[2] for each in heard.of_type("Slot")] == shown


async def test_a_slot_of_the_past_is_found_and_cannot_be_booked(riverside: Riverside) -> None:
    riverside.clock.forward(days=2)
    heard = await riverside.search("2026-03-25", "2026-03-25")
    assert len(heard.of_type("Slot")) == 18
    slot = await riverside.book.slots([heard.of_type("Slot")[0]["id"]])
    assert (await riverside.ask("create_appointment", body=await riverside.booking(*slot))).status == 422


async def test_a_supplier_can_hide_slots_that_have_begun() -> None:
    riverside = Riverside(load_profile("systmone"))
    riverside.clock.at = datetime(2026, 3, 25, 10, tzinfo=UTC)
    starts = [each["start"] for each in (await riverside.search("2026-03-25", "2026-03-25")).of_type("Slot")]
    assert starts[0] == "2026-03-25T10:10:00+00:00"


@pytest.mark.parametrize(
    ("settings", "count"),
    [
        ({}, 54),
        ({"embargo": timedelta(hours=26)}, 42),
        ({"booking_window": timedelta(hours=26)}, 13),
        ({"embargo": timedelta(hours=25), "booking_window": timedelta(hours=26)}, 7),
    ],
)
async def test_the_booking_window_hides_what_is_too_near_or_too_far(
    riverside: Riverside, settings: dict[str, timedelta], count: int
) -> None:
    set_all(riverside.practice, settings)
    assert len((await riverside.search("2026-03-25", "2026-03-27")).of_type("Slot")) == count


def set_all(practice: Practice, settings: dict[str, timedelta]) -> None:
    for name, value in settings.items():
        setattr(practice, name, value)


@pytest.mark.parametrize(
    ("limits", "left"),
    [
        ({"slot_limit": "at_booking"}, 34),
        ({"slot_limit": "at_search"}, 18),
        ({"slot_limit": "at_search", "slot_limit_counts": "organisation"}, 34),
    ],
)
async def test_a_used_up_slot_limit_can_hide_the_rest_of_the_session(limits: dict[str, str], left: int) -> None:
    riverside = Riverside(profile(limits=limits))
    await riverside.book.reconfigure("Morning surgery", limit=2)
    riverside.clock.at = datetime(2026, 3, 24, 13, tzinfo=UTC)
    await riverside.book_one(*await riverside.first_slots(2))
    heard = await riverside.search("2026-03-25", "2026-03-26", extra=[("searchFilter", f"{Id.ODS}|T90001")])
    assert len(heard.of_type("Slot")) == left


async def test_a_limit_of_none_at_all_hides_the_session() -> None:
    riverside = Riverside(profile(limits={"slot_limit": "at_search"}))
    await riverside.book.reconfigure("Morning surgery", limit=0)
    assert (await riverside.search()).entries == []


async def test_slots_at_a_branch_name_the_branch_as_their_location(riverside: Riverside) -> None:
    await riverside.book.reconfigure("Morning surgery", location_id="loc-branch")
    heard = await riverside.search(extra=[LOCATIONS])
    assert [each["name"] for each in heard.of_type("Location")] == ["Mill Lane Branch"]
    assert heard.of_type("Location")[0]["managingOrganization"]["reference"] == "Organization/org-T90051"


async def test_a_renamed_branch_shows_its_new_name_at_once(riverside: Riverside) -> None:
    await riverside.search(extra=[LOCATIONS])
    riverside.practice.locations = [replace(each, name="New name") for each in riverside.practice.locations]
    assert (await riverside.search(extra=[LOCATIONS])).of_type("Location")[0]["name"] == "New name"


@pytest.mark.parametrize(
    ("change", "shown"),
    [
        ({"bookable": False}, 0),
        ({"role": None}, 0),
        ({"role": "R0270"}, 18),
        ({"channel": "Visit"}, 0),
        ({"only_ods": {"T90001"}}, 0),
        ({"only_types": {"urgent-care"}}, 0),
        ({"only_ods": None}, 18),
    ],
    ids=str,
)
async def test_what_the_practice_changes_is_live_for_the_next_search(
    riverside: Riverside, change: dict[str, Any], shown: int
) -> None:
    assert len((await riverside.search("2026-03-25", "2026-03-25")).of_type("Slot")) == 18
    await riverside.book.reconfigure("Morning surgery", **change)
    assert len((await riverside.search("2026-03-25", "2026-03-25")).of_type("Slot")) == shown


async def test_a_slot_shows_its_new_version_and_channel_after_a_change(riverside: Riverside) -> None:
    await riverside.book.reconfigure("Morning surgery", channel="Video")
    slot = (await riverside.search()).of_type("Slot")[0]
    assert (slot["meta"]["versionId"], slot["extension"][0]["valueCode"]) == ("2", "Video")


async def test_a_supplier_can_leave_out_the_name_of_the_session() -> None:
    riverside = Riverside(profile(diary={"session_name": False}))
    assert "serviceCategory" not in (await riverside.search()).of_type("Schedule")[0]


async def test_a_supplier_can_list_every_slot_twice() -> None:
    slots = (await Riverside(profile(search={"duplicate_slots": True})).search()).of_type("Slot")
    assert slots[::2] == slots[1::2]


async def test_a_slot_that_lacks_its_type_fails_the_search_that_would_return_it(riverside: Riverside) -> None:
    broken = Riverside(sessions=[replace(night_shift(), slot_type="")])
    assert (await broken.search()).refusal == (500, "INTERNAL_SERVER_ERROR", "processing")
    assert (await broken.search("2027-01-01", "2027-01-02")).status == 200


async def test_unknown_parameters_and_unknown_values_of_known_ones_are_ignored(riverside: Riverside) -> None:
    extra = [("_sort", "start"), ("_count", "1"), ("_include", "Slot:other"), ("_include:recurse", "x"), ("a", "b")]
    assert (await riverside.search(extra=extra)).body == (await riverside.search()).body


async def test_a_long_answer_goes_out_in_pieces_that_make_up_the_whole() -> None:
    sessions = [replace(night_shift(until=time(23)), name=f"Clinic {number}", every=5) for number in range(10)]
    heard = await Riverside(sessions=sessions).search("2026-03-25", "2026-03-26")
    assert heard.pieces > 10
    assert len(heard.body) == int(heard.headers["content-length"])
    assert len(orjson.loads(heard.body)["entry"]) == 2 * 10 * 276 + 2 * 10 + 1


async def test_a_long_answer_lets_others_in_before_its_first_piece_as_well() -> None:
    sessions = [replace(night_shift(until=time(23)), name=f"Clinic {number}", every=5) for number in range(10)]
    asked = asyncio.create_task(Riverside(sessions=sessions).search("2026-03-25", "2026-03-26"))
    turns_of_others = 0
    while not asked.done():
        await asyncio.sleep(0)
        turns_of_others += 1
    assert turns_of_others >= asked.result().pieces + 1, "one after each piece but the empty last, and while it is made"


async def test_the_query_may_name_its_parameters_in_any_order(riverside: Riverside) -> None:
    query = search_query("2026-03-25", "2026-03-26")
    assert (await riverside.ask("search_slots", query=query[::-1])).body == (
        await riverside.ask("search_slots", query=query)
    ).body
