"""The appointment book: what a receptionist sees and does, and that a search over GP Connect meets it."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest

from mock_gpconnect.book.sessions import Session
from mock_gpconnect.provider.patients import LocalPatient
from tests.mock_gpconnect.desk.reception import BASE, Reception, text_of
from tests.mock_gpconnect.provider.messages import ALICE, STRANGER, registration
from tests.mock_gpconnect.provider.riverside import WEEKDAYS, Riverside

BOOKING = {"patient": ALICE, "description": "Ear pain", "comment": "Left side"}


async def test_a_day_shows_every_session_under_its_holder(desk: Reception) -> None:
    page = await desk.get("/book", day="2026-03-25")
    text = text_of(page)
    assert page.status_code == 200
    assert "Wednesday 25 March 2026" in text
    assert text.index("Dr Carys Llewellyn") < text.index("Morning surgery") < text.index("09:00 to 12:00")
    assert "Nobody named Telephone clinic 14:00 to 16:00 · Mill Lane Branch · Telephone · 12 of 12 free" in text
    assert "Hidden Other organisations cannot see these slots" in text
    assert "Shared Bookable by Hillside Hub (T90052)." in text


@pytest.mark.parametrize("path", ["", "/", "/book"])
async def test_the_desk_opens_at_today(desk: Reception, path: str) -> None:
    assert "Tuesday 24 March 2026" in text_of(await desk.get(path))


async def test_one_holder_can_be_looked_at_alone(desk: Reception) -> None:
    text = text_of(await desk.get("/book", day="2026-03-25", holder="pr-nurse"))
    assert "Hub evening" in text
    assert "Morning surgery" not in text


async def test_sessions_of_nobody_named_can_be_looked_at_alone(desk: Reception) -> None:
    text = text_of(await desk.get("/book", day="2026-03-25", holder="nobody"))
    assert "Telephone clinic" in text
    assert "Morning surgery" not in text


async def test_a_day_without_sessions_leads_to_the_next_with_some() -> None:
    weekly = Session("Clinic", frozenset({3}), time(9), time(10), 10, "Routine", "Video", "R0260", None, "loc-main")
    desk = Reception(Riverside(sessions=[weekly]))
    page = await desk.get("/book", day="2026-03-27")
    assert "There are no sessions on this day. Go to the next day with sessions, Thursday 2 April 2026" in text_of(page)
    assert f'{BASE}/book?day=2026-04-02"' in page.text


async def test_a_booking_over_gp_connect_shows_who_booked_for_whom(desk: Reception) -> None:
    slot = await desk.slot()
    await desk.riverside.book_one(slot, description="Ear pain", comment="Prefers mornings")
    text = text_of(await desk.get("/book", day=slot.starts.date().isoformat()))
    assert "Booked Patient Begum, Nadia (Mrs) NHS number 999 001 0013 Born 19 Feb 1974 Registered patient" in text
    assert "Booked by Hillside Hub (T90052)" in text
    assert "Ear pain Prefers mornings" in text


async def test_a_temporary_patient_is_told_from_a_registered_one(desk: Reception) -> None:
    registered = await desk.riverside.ask("register_patient", body=registration())
    patient = registered.of_type("Patient")[0]["id"]
    slot = await desk.slot()
    await desk.riverside.book_one(slot, patient=patient)
    text = text_of(await desk.get(f"/slots/{slot.id}"))
    assert f"NHS number {STRANGER[:3]} {STRANGER[3:6]} {STRANGER[6:]}" in text
    assert "Temporary patient until 22 Jun 2026" in text


async def test_an_appointment_page_tells_the_bookers_telephone(desk: Reception) -> None:
    slot = await desk.slot()
    await desk.riverside.book_one(slot)
    text = text_of(await desk.get(f"/slots/{slot.id}"))
    assert "Booked by Hillside Hub (T90052) Their telephone 01632 960052 Booked on 24 Mar 2026, 09:00" in text


@pytest.mark.parametrize("patient", [ALICE, "999 001 0013", "begum", "patient-alice"])
async def test_a_receptionist_books_for_a_patient(desk: Reception, patient: str) -> None:
    slot = await desk.slot()
    assert slot.id in await desk.found(start="2026-03-24")
    answer = await desk.post(f"/slots/{slot.id}/book", BOOKING | {"patient": patient})
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"{BASE}/book?day={slot.starts.date()}&done=booked"
    assert slot.id not in await desk.found(start="2026-03-24")
    (booked,) = await desk.book.appointments_of("patient-alice")
    assert (booked.slot_ids, booked.description, booked.comment, booked.booker) == (
        (slot.id,), "Ear pain", "Left side", None,
    )  # fmt: skip


async def test_after_booking_the_day_says_so(desk: Reception) -> None:
    slot = await desk.slot()
    answer = await desk.post(f"/slots/{slot.id}/book", BOOKING)
    text = text_of(await desk.http.get(answer.headers["Location"].removeprefix(BASE)))
    assert "Success The appointment is booked" in text
    assert "Booked by Riverside Surgery" in text


async def test_a_local_booking_is_an_appointment_over_gp_connect_as_well(desk: Reception) -> None:
    slot = await desk.slot()
    await desk.post(f"/slots/{slot.id}/book", BOOKING)
    span = [("start", "ge2026-03-24"), ("start", "le2026-04-02")]
    heard = await desk.riverside.ask("list_appointments", id="patient-alice", query=span)
    assert [each["description"] for each in heard.of_type("Appointment")] == ["Ear pain"]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"description": ""}, "Reason: expected what it is for, 1 to 100 characters"),
        ({"description": "x" * 101}, "Reason: expected what it is for"),
        ({"comment": "x" * 501}, "Comment: expected at most 500 characters"),
        ({"patient": ""}, "Patient: expected NHS number, family name or record id"),
        ({"patient": "Nobody"}, "No patient of this practice fits: Nobody."),
        ({"patient": "Gray"}, "Gray has left the practice or has died"),
    ],
)
async def test_a_booking_that_cannot_be_keeps_what_was_typed(
    desk: Reception, fields: dict[str, str], message: str
) -> None:
    slot = await desk.slot()
    answer = await desk.post(f"/slots/{slot.id}/book", BOOKING | fields)
    assert answer.status_code == 422
    assert message in text_of(answer)
    assert ({**BOOKING, **fields}["comment"] or "Left side") in answer.text
    assert await desk.book.is_free(slot.id)


async def test_of_two_patients_with_one_name_the_receptionist_chooses(desk: Reception) -> None:
    twin = desk.practice.patients.add(
        replace(desk.practice.patients.get("patient-bob") or _no_bob(), nhs_number="9990010080", id="")
    )
    slot = await desk.slot()
    asked = await desk.post(f"/slots/{slot.id}/book", BOOKING | {"patient": "Doyle"})
    assert asked.status_code == 409
    assert "2 patients fit: say which one." in text_of(asked)
    assert f'value="{twin.id}"' in asked.text
    await desk.post(f"/slots/{slot.id}/book", BOOKING | {"patient": "Doyle", "record": twin.id})
    assert len(await desk.book.appointments_of(twin.id)) == 1


def _no_bob() -> LocalPatient:
    raise AssertionError("Bob should be there")


async def test_a_blocked_slot_is_hidden_until_it_is_given_back(desk: Reception) -> None:
    slot = await desk.slot()
    blocked = await desk.post(f"/slots/{slot.id}/block")
    assert blocked.headers["Location"] == f"{BASE}/book?day=2026-03-24&done=blocked"
    assert slot.id not in await desk.found(start="2026-03-24")
    assert "Blocked" in text_of(await desk.get(f"/slots/{slot.id}"))
    given = await desk.post(f"/slots/{slot.id}/unblock", {"holder": "pr-llewellyn"})
    assert given.headers["Location"] == f"{BASE}/book?day=2026-03-24&holder=pr-llewellyn&done=unblocked"
    assert slot.id in await desk.found(start="2026-03-24")


@pytest.mark.parametrize("state", ["free", "booked"])
async def test_only_a_blocked_slot_can_be_given_back(desk: Reception, state: str) -> None:
    slot = await desk.slot()
    if state == "booked":
        await desk.riverside.book_one(slot)
    answer = await desk.post(f"/slots/{slot.id}/unblock")
    assert answer.status_code == 409
    assert "This slot is not blocked" in text_of(answer)
    assert await desk.book.is_free(slot.id) == (state == "free")


async def test_a_cancelled_appointment_gives_its_slot_back_and_keeps_its_reason(desk: Reception) -> None:
    slot = await desk.slot()
    appointment = await desk.riverside.book_one(slot)
    answer = await desk.post(f"/appointments/{appointment['id']}/cancel", {"was": "1", "reason": "Doctor is ill"})
    assert answer.status_code == 303
    assert slot.id in await desk.found(start="2026-03-24")
    heard = await desk.riverside.ask("read_appointment", id=appointment["id"])
    assert heard.json["status"] == "cancelled"
    text = text_of(await desk.get("/book", day="2026-03-24"))
    assert "Cancelled appointments (1)" in text
    assert "Reason for cancelling: Doctor is ill" in text


async def test_an_appointment_that_changed_meanwhile_is_not_cancelled(desk: Reception) -> None:
    appointment = await desk.riverside.book_one(await desk.slot())
    answer = await desk.post(f"/appointments/{appointment['id']}/cancel", {"was": "2", "reason": "Doctor is ill"})
    assert answer.status_code == 409
    assert "Somebody changed this appointment" in text_of(answer)


async def test_what_is_cancelled_is_not_cancelled_again(desk: Reception) -> None:
    appointment = await desk.riverside.book_one(await desk.slot())
    cancel = f"/appointments/{appointment['id']}/cancel"
    await desk.post(cancel, {"reason": "Doctor is ill"})
    assert (await desk.post(cancel, {"reason": "Again"})).status_code == 409


async def test_a_cancellation_needs_its_reason(desk: Reception) -> None:
    appointment = await desk.riverside.book_one(await desk.slot())
    answer = await desk.post(f"/appointments/{appointment['id']}/cancel", {"was": "1", "reason": " "})
    assert answer.status_code == 422
    assert "Reason for cancelling: expected why it is cancelled" in text_of(answer)


async def test_the_loser_of_a_race_is_told_and_sees_who_won(desk: Reception) -> None:
    slot = await desk.slot()
    await desk.riverside.book_one(slot)
    answer = await desk.post(f"/slots/{slot.id}/book", BOOKING)
    assert answer.status_code == 409
    text = text_of(answer)
    assert "This slot has just been taken by somebody else" in text
    assert "Booked by Hillside Hub (T90052)" in text


async def test_the_time_zone_of_the_book_is_britains() -> None:
    desk = Reception(
        Riverside(
            sessions=[Session("Clinic", WEEKDAYS, time(0), time(1), 30, "Routine", "Video", "R0260", None, "loc-main")]
        )
    )
    page = text_of(await desk.get("/book", day="2026-03-30"))
    assert "Monday 30 March 2026" in page
    assert "00:00 to 01:00" in page


async def test_a_restriction_to_several_is_told_in_the_order_of_codes(desk: Reception) -> None:
    await desk.book.reconfigure(
        "Morning surgery", only_ods=["T90052", "B1", "T90001"], only_types=["urgent-care", "gp-practice"]
    )
    text = text_of(await desk.get("/book", day="2026-03-25", holder="pr-llewellyn"))
    assert (
        "Bookable by B1, Millbrook Surgery (T90001), Hillside Hub (T90052), and only when it is of the type GP Practice or Urgent Care."
        in text
    )


async def test_a_day_with_very_many_slots_is_shown_session_by_session(
    desk: Reception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mock_gpconnect.desk.pages.book.MOST_LINES", 41)
    all_of_them = await desk.get("/book", day="2026-03-25")
    assert "<table" not in all_of_them.text
    assert "18 of 18 free" in text_of(all_of_them)
    assert f'href="{BASE}/book?day=2026-03-25&amp;holder=pr-nurse"' in all_of_them.text
    one = await desk.get("/book", day="2026-03-25", holder="pr-nurse")
    assert one.text.count("<table") == 1


@pytest.mark.parametrize(
    "path", ["/book", "/api/book", "/why?ods=T90001", "/set-up", "/set-up/session?name=Own+patients"]
)
async def test_no_page_reads_every_slot_of_the_book(
    desk: Reception, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    async def every_slot(session: str | None = None) -> None:
        pytest.fail("a book may have a million slots")

    monkeypatch.setattr(desk.book, "slots_of", every_slot)
    assert (await desk.get(path)).status_code == 200
