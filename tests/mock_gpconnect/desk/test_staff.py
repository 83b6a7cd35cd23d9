"""The store of a practice's users, and the pages over it."""

from __future__ import annotations

import pytest

from mock_gpconnect.desk.staff import Staff, StaffUser
from tests.mock_gpconnect.desk.reception import BASE, Reception, filled_form, text_of

NEWCOMER = "/users/user/newcomer"


@pytest.mark.parametrize(
    ("user", "lacks"),
    [
        (StaffUser("a", "Hale", ("Tom",), role="R1730"), ()),
        (StaffUser("a", "Hale", ("Tom",)), ("role",)),
        (StaffUser("a", "Hale", (), role="R1730"), ("full_name",)),
        (StaffUser("a", " ", ("Tom",), role="R1730"), ("full_name",)),
        (StaffUser("a", "Hale", (" ",), role=" "), ("role", "full_name")),
    ],
)
def test_a_user_without_role_or_full_name_cannot_invite_elsewhere(user: StaffUser, lacks: tuple[str, ...]) -> None:
    assert user.lacks == lacks


def test_a_name_has_only_the_parts_that_are_recorded() -> None:
    assert StaffUser("a", "Hale", ("Tom", "Lee"), "Mr").name == "Mr Tom Lee Hale"
    assert StaffUser("a", "", (" ",)).name == ""


def test_staff_are_kept_in_the_order_in_which_they_came() -> None:
    staff = Staff([StaffUser("b"), StaffUser("a")])
    staff.update("b", role="R1730")
    assert ([each.alias for each in staff], len(staff)) == (["b", "a"], 2)
    assert staff.get("b") == StaffUser("b", role="R1730")


def test_an_alias_belongs_to_one_user() -> None:
    staff = Staff([StaffUser("a", "Hale")])
    with pytest.raises(KeyError):
        staff.add(StaffUser("a", "Okafor"))
    assert staff.get("a") == StaffUser("a", "Hale")


def test_nobody_is_changed_who_is_not_there() -> None:
    with pytest.raises(KeyError):
        Staff().update("a", role="R1730")


async def test_the_page_shows_who_can_invite(desk: Reception) -> None:
    text = text_of(await desk.get("/users"))
    assert "Ms Ruth Okafor : change User name reception Job role Receptionist (R1730)" in text
    assert "SDS user id 555044001122 SDS role profile id 555044001199 Can invite elsewhere Yes" in text
    assert "No job role SDS user id UNK SDS role profile id UNK Can invite elsewhere No job role missing" in text
    assert "No full name missing" in text
    assert "In your clinical system: Set up > Staff > Role" in text


async def test_a_user_is_given_a_role(desk: Reception) -> None:
    fields = filled_form(await desk.get(NEWCOMER), BASE + NEWCOMER)
    answer = await desk.post(NEWCOMER, fields | {"role": "R1730", "sds_role_profile_id": "UNK"})
    assert answer.headers["Location"] == f"{BASE}/users?done=saved"
    assert desk.staff.get("newcomer") == StaffUser("newcomer", "Hale", ("Tom",), "", "R1730", "", "UNK")


async def test_a_user_form_sent_unchanged_changes_nothing(desk: Reception) -> None:
    before = desk.staff.get("reception")
    fields = filled_form(await desk.get("/users/user/reception"), f"{BASE}/users/user/reception")
    await desk.post("/users/user/reception", fields)
    assert desk.staff.get("reception") == before


async def test_a_user_is_added(desk: Reception) -> None:
    fields = filled_form(await desk.get("/users/new"), f"{BASE}/users/new")
    answer = await desk.post("/users/new", fields | {"alias": "nurse", "given": "Abena Esi", "family": "Mensah"})
    assert answer.headers["Location"] == f"{BASE}/users?done=added"
    assert desk.staff.get("nurse") == StaffUser("nurse", "Mensah", ("Abena", "Esi"))


@pytest.mark.parametrize(
    ("fields", "status", "message"),
    [
        ({"alias": ""}, 422, "User name: expected a letter"),
        ({"alias": "../admin"}, 422, "User name: expected a letter"),
        ({"alias": "reception"}, 409, "There is a user reception at this practice already"),
        ({"alias": "nurse", "role": "Nurse"}, 422, "Job role: expected a job role code"),
        ({"alias": "nurse", "sds_user_id": "12"}, 422, "SDS user id: expected 12 digits, UNK, or nothing"),
        ({"alias": "nurse", "sds_role_profile_id": "unk"}, 422, "SDS role profile id: expected 12 digits"),
        ({"alias": "nurse", "family": "x" * 101}, 422, "Family name: expected at most 100 characters"),
        ({"alias": "nurse", "given": "a b c d e f g h i j k"}, 422, "Given names: expected up to 10 names"),
    ],
)
async def test_a_user_that_cannot_be_is_not_added(
    desk: Reception, fields: dict[str, str], status: int, message: str
) -> None:
    answer = await desk.post("/users/new", {"prefix": "Dr", **fields})
    assert (answer.status_code, len(desk.staff)) == (status, 3)
    assert message in text_of(answer)
    assert 'value="Dr"' in answer.text


async def test_a_user_who_changed_meanwhile_is_not_overwritten(desk: Reception) -> None:
    fields = filled_form(await desk.get(NEWCOMER), BASE + NEWCOMER)
    desk.staff.update("newcomer", family="Hale-Okafor")
    answer = await desk.post(NEWCOMER, fields | {"role": "R1730"})
    assert answer.status_code == 409
    assert 'value="Hale-Okafor"' in answer.text
    assert desk.staff.get("newcomer") == StaffUser("newcomer", "Hale-Okafor", ("Tom",))


async def test_an_unknown_user_is_not_found(desk: Reception) -> None:
    assert (await desk.get("/users/user/nobody")).status_code == 404
    assert (await desk.post("/users/user/nobody", {"role": "R1730"})).status_code == 404
