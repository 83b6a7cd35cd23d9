"""The control API: the table in its docstring, every act, and input that does not fit."""

from __future__ import annotations

import re
from typing import Any

import pytest

from mock_gpconnect.desk import api
from mock_gpconnect.desk.staff import StaffUser
from tests.mock_gpconnect.desk.reception import HOST, Reception
from tests.mock_gpconnect.provider.messages import ALICE, HUB

BOOKING = {"patient": ALICE, "description": "Ear pain"}


def test_the_table_has_a_row_for_every_route_and_no_other() -> None:
    routes = {
        f"{method} {re.sub(r'_id|alias', lambda m: '' if m[0] == '_id' else 'alias', route.path)}"
        for route in api.router.routes
        for method in route.methods
    }  # type: ignore[attr-defined]
    routes = {re.sub(r"\{(slot|appointment)\}", "{id}", each) for each in routes}
    assert set(api.TABLE) == routes


async def test_the_index_lists_it(desk: Reception) -> None:
    index = (await desk.api("GET", "")).json()
    assert index["desk"] == f"{HOST}/desk/T90051"
    assert "PATCH /api/sessions" in index["api"]


async def test_a_day_of_the_book_has_every_slot_with_who_has_it(desk: Reception) -> None:
    slot = await desk.slot(at=20)
    await desk.riverside.book_one(slot)
    day = (await desk.api("GET", "/book", day="2026-03-25")).json()
    first = day["holders"][0]["sessions"][0]
    assert (first["session"], first["free"], len(first["slots"])) == ("Morning surgery", 17, 18)
    (taken,) = (each for each in first["slots"] if each["state"] == "booked")
    assert (taken["id"], taken["start"]) == (slot.id, "2026-03-25T09:30:00+00:00")
    assert taken["appointment"]["booked_by"] == {"ods": HUB, "name": "Hillside Hub", "phone": "01632 960052"}
    assert taken["appointment"]["patient"] == {"id": "patient-alice", "nhs_number": ALICE, "registration": "R"}


async def test_a_slot_is_booked_read_and_cancelled(desk: Reception) -> None:
    slot = await desk.slot()
    booked = await desk.api("POST", f"/slots/{slot.id}/appointment", BOOKING)
    assert booked.status_code == 201
    assert booked.json()["booked_by"] is None
    assert (await desk.api("GET", f"/slots/{slot.id}")).json()["state"] == "booked"
    body = {"status": "cancelled", "reason": "Ill", "was": booked.json()["version"]}
    cancelled = await desk.api("PATCH", f"/appointments/{booked.json()['id']}", body)
    assert (cancelled.json()["status"], cancelled.json()["cancellation_reason"]) == ("cancelled", "Ill")
    assert (await desk.api("GET", f"/slots/{slot.id}")).json()["state"] == "free"


async def test_slots_are_blocked_and_given_back(desk: Reception) -> None:
    ids = [(await desk.slot(at=at)).id for at in range(3)]
    assert (await desk.api("POST", "/block", {"slots": ids})).json() == {"blocked": ids}
    assert set(ids).isdisjoint(await desk.found(start="2026-03-24"))
    assert (await desk.api("POST", "/unblock", {"slots": ids})).json() == {"free": ids}
    assert set(ids) <= await desk.found(start="2026-03-24")


async def test_a_session_is_set_up_and_the_next_search_sees_it(desk: Reception) -> None:
    answer = await desk.api("PATCH", "/sessions", {"session": "Own patients", "bookable": True, "only_ods": []})
    assert answer.json()["sessions"][0]["options"][0]["only_ods"] == []
    assert answer.json()["sessions"][0]["hidden_from_everybody"] == "other_organisations_only"
    await desk.api("PATCH", "/sessions", {"session": "Own patients", "only_ods": None})
    assert "Own patients" in await desk.sessions_found()


async def test_what_is_left_out_stays(desk: Reception) -> None:
    await desk.api("PATCH", "/sessions", {"session": "Hub evening", "limit": 2})
    (options,) = (await desk.api("GET", "/sessions")).json()["sessions"][0]["options"]
    assert (options["limit"], options["only_ods"], options["role"], options["channel"]) == (2, [HUB], "R1290", "Video")


async def test_one_day_or_single_slots_are_set_up_by_themselves(desk: Reception) -> None:
    day, slot = {"day": "2026-03-27"}, await desk.slot()
    embargo = {"embargo_until": "2026-03-26T18:00:00+00:00"}
    answer = await desk.api("PATCH", "/sessions", {"session": None, **day, **embargo})
    assert {each["options"][0]["embargo_until"] for each in answer.json()["sessions"]} == {embargo["embargo_until"]}
    assert await desk.found(start=day["day"], end=day["day"]) == set()
    answer = await desk.api("PATCH", "/sessions", {"session": None, "slots": [slot.id], "bookable": False})
    assert [each["slots"] for each in answer.json()["sessions"]] == [1]
    assert slot.id not in await desk.found(start="2026-03-24")


async def test_all_sessions_are_set_up_at_once(desk: Reception) -> None:
    answer = await desk.api("PATCH", "/sessions", {"session": None, "bookable": False})
    assert len(answer.json()["sessions"]) == 4
    assert await desk.sessions_found() == set()


async def test_a_null_role_takes_the_role_away(desk: Reception) -> None:
    await desk.api("PATCH", "/sessions", {"session": "Morning surgery", "role": None})
    assert "Morning surgery" not in await desk.sessions_found()


async def test_the_practice_is_set_up(desk: Reception) -> None:
    answer = await desk.api("PATCH", "/practice", {"embargo_minutes": 90, "booking_window_days": 14.5})
    assert (answer.json()["embargo_minutes"], answer.json()["booking_window_days"]) == (90, 14.5)
    assert answer.json()["enabled"] is True


async def test_users_are_added_and_changed(desk: Reception) -> None:
    added = await desk.api("POST", "/users", {"alias": "nurse", "family": "Mensah", "given": ["Abena"]})
    assert (added.status_code, added.json()["lacks"]) == (201, ["role"])
    changed = await desk.api("PATCH", "/users/nurse", {"role": "R1730", "was": added.json()["seen"]})
    assert changed.json()["lacks"] == []
    assert desk.staff.get("nurse") == StaffUser("nurse", "Mensah", ("Abena",), "", "R1730")
    assert [each["alias"] for each in (await desk.api("GET", "/users")).json()["users"]][-1] == "nurse"


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("/sessions", {"session": "Morning surgery", "limit": 3}),
        ("/practice", {"embargo_minutes": 5}),
        ("/users/newcomer", {"role": "R1730"}),
    ],
)
async def test_a_change_of_what_has_changed_meanwhile_is_refused(
    desk: Reception, path: str, change: dict[str, Any]
) -> None:
    answer = await desk.api("PATCH", path, change | {"was": "000000000000"})
    assert (answer.status_code, answer.json()["problem"]) == (409, "settings_changed")


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "problem", "field", "message"),
    [
        (
            "POST",
            "/slots/{slot}/appointment",
            {"description": "x"},
            422,
            "input",
            "patient",
            "missing; expected NHS number",
        ),
        (
            "POST",
            "/slots/{slot}/appointment",
            BOOKING | {"coment": "x"},
            422,
            "input",
            "coment",
            "unknown key; did you mean comment?",
        ),
        (
            "POST",
            "/slots/{slot}/appointment",
            BOOKING | {"patient": 9990010013},
            422,
            "input",
            "patient",
            "expected NHS number",
        ),
        (
            "POST",
            "/slots/{slot}/appointment",
            BOOKING | {"description": "a\x00b"},
            422,
            "input",
            "description",
            "expected what it is for",
        ),
        ("POST", "/slots/{slot}/appointment", [], 422, "input", "", "expected a JSON object"),
        ("POST", "/slots/nope/appointment", BOOKING, 404, "slot_unknown", "", "There is no slot nope"),
        ("POST", "/block", {"slots": []}, 422, "input", "slots", "expected 1 to 1000 ids of slots"),
        ("POST", "/block", {"slots": "abc"}, 422, "input", "slots", "expected 1 to 1000 ids of slots"),
        ("POST", "/block", {"slots": ["nope"]}, 404, "slot_unknown", "", "There is no slot nope"),
        ("POST", "/unblock", {"slots": ["{slot}"]}, 409, "not_blocked", "", "not blocked"),
        (
            "PATCH",
            "/appointments/nope",
            {"status": "cancelled", "reason": "x"},
            404,
            "appointment_unknown",
            "",
            "There is no appointment",
        ),
        (
            "PATCH",
            "/appointments/nope",
            {"status": "booked", "reason": "x"},
            422,
            "input",
            "status",
            "expected cancelled",
        ),
        ("PATCH", "/sessions", {"session": "Nope"}, 404, "session_unknown", "", "There is nothing called Nope"),
        ("PATCH", "/sessions", {"bookable": True}, 422, "input", "session", "missing; expected the name of a session"),
        (
            "PATCH",
            "/sessions",
            {"session": None, "bookable": "yes"},
            422,
            "input",
            "bookable",
            "expected true or false",
        ),
        ("PATCH", "/sessions", {"session": None, "bookable": None}, 422, "input", "bookable", "expected true or false"),
        ("PATCH", "/sessions", {"session": None, "only_ods": ["t1"]}, 422, "input", "only_ods", "expected ODS codes"),
        ("PATCH", "/sessions", {"session": None, "limit": 1.5}, 422, "input", "limit", "expected a whole number"),
        ("PATCH", "/sessions", {"session": None, "slots": ["x"]}, 404, "slot_unknown", "", "There is no slot x"),
        ("PATCH", "/sessions", {"session": None, "slots": []}, 422, "input", "slots", "expected 1 to 1000 ids"),
        ("PATCH", "/sessions", {"session": None, "day": "Friday"}, 422, "input", "day", "expected a day such as"),
        (
            "PATCH",
            "/sessions",
            {"session": None, "embargo_until": "soon"},
            422,
            "input",
            "embargo_until",
            "expected a day",
        ),
        (
            "PATCH",
            "/sessions",
            {"session": None, "embargo_until": "9999-12-31T23:59:59"},
            422,
            "input",
            "embargo_until",
            "expected a day",
        ),
        (
            "PATCH",
            "/sessions",
            {"session": None, "day": "9999-12-31", "bookable": False},
            422,
            "day_out_of_reach",
            "",
            "Choose a day",
        ),
        ("PATCH", "/sessions", {"session": None, "holder": "x"}, 422, "holder_unknown", "", "Nobody at this practice"),
        ("PATCH", "/sessions", {"session": None, "location": "x"}, 422, "location_unknown", "", "no location x"),
        ("PATCH", "/practice", {"embargo": 5}, 422, "input", "embargo", "unknown key; did you mean embargo_minutes?"),
        (
            "PATCH",
            "/practice",
            {"embargo_minutes": -1},
            422,
            "input",
            "embargo_minutes",
            "expected a whole number of minutes",
        ),
        ("PATCH", "/users/nope", {"role": "R1730"}, 404, "user_unknown", "", "There is no user nope"),
        ("PATCH", "/users/newcomer", {"alias": "x"}, 422, "input", "alias", "unknown key; there are family"),
        ("POST", "/users", {"alias": "reception"}, 409, "user_exists", "", "There is a user reception"),
        ("GET", "/book?day=tomorrow", None, 422, "input", "day", "expected a day such as 2026-03-27"),
        ("GET", "/book?day=9999-12-31", None, 422, "day_out_of_reach", "", "Choose a day between"),
        ("GET", "/why?ods=t1", None, 422, "input", "ods", "expected an ODS code"),
        ("GET", "/why?organisation=T90001", None, 422, "input", "organisation", "unknown key"),
        ("GET", "/nope", None, 404, "page_unknown", "", "no such page"),
        ("DELETE", "/users", None, 405, "method_refused", "", "cannot be used in that way"),
    ],
)
async def test_input_that_does_not_fit_is_told_so(
    desk: Reception, method: str, path: str, body: Any, status: int, problem: str, field: str, message: str
) -> None:
    slot = (await desk.slot()).id
    body = {"slots": [slot]} if body == {"slots": ["{slot}"]} else body
    answer = await desk.api(method, path.replace("{slot}", slot), body)
    refusal = answer.json()
    assert (answer.status_code, refusal["problem"]) == (status, problem)
    assert any(each["field"] == field and message in each["message"] for each in refusal["errors"]), refusal


@pytest.mark.parametrize(
    ("body", "media_type", "status", "problem"),
    [
        (b"{", "application/json", 422, "input"),
        (b"\xff", "application/json", 422, "input"),
        (b"", "application/json", 422, "input"),
        (b"null", "application/json", 422, "input"),
        (b"[" * 50_000, "application/json", 422, "input"),
        (b'{"alias": "\\ud800"}', "application/json", 422, "input"),
        (b'{"alias": "x", "family": "\\ud800"}', "application/json", 422, "input"),
        (b'{"alias": "a", "alias": "b", "c": 1e999}', "application/json", 422, "input"),
        (b'{"\\ud800": 1}', "application/json", 422, "input"),
        (b'{"alias": "x"}', "text/plain", 415, "json_expected"),
        (b'{"alias": "x"}', "", 415, "json_expected"),
        (b" " * 70_000, "application/json", 413, "too_large"),
    ],
    ids=lambda value: str(value)[:30],
)
async def test_a_body_that_is_no_input_is_refused(
    desk: Reception, body: bytes, media_type: str, status: int, problem: str
) -> None:
    answer = await desk.http.post("/api/users", content=body, headers={"Content-Type": media_type})
    assert (answer.status_code, answer.json()["problem"]) == (status, problem)
    assert len(desk.staff) == 3
