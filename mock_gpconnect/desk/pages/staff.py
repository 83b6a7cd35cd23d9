"""Users and roles."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from booking_core.spec.job_roles import JOB_ROLES
from mock_gpconnect.desk.asked import Form, Here, read_form
from mock_gpconnect.desk.declined import BadInput, Declined, Refusal
from mock_gpconnect.desk.desk import Desk
from mock_gpconnect.desk.inputs import NewStaffUser, StaffChange, checked
from mock_gpconnect.desk.look import go, page
from mock_gpconnect.desk.staff import StaffUser
from mock_gpconnect.desk.users import add_user, change_user, user_of, user_seen

router = APIRouter(prefix="/users")


@router.get("")
async def users_page(request: Request, desk: Here) -> Response:
    """All users."""
    return page(request, desk, "users.jinja", users=tuple(desk.staff))


@router.get("/new")
async def new_user_page(request: Request, desk: Here) -> Response:
    """The form for another user."""
    return _form(request, desk, StaffUser(""), new=True)


@router.post("/new")
async def add(request: Request, desk: Here) -> Response:
    """Takes in another user."""
    form = await read_form(request)
    try:
        add_user(desk, checked(NewStaffUser, _details(form) | {"alias": form.one("alias")}))
    except Refusal as refusal:
        return _form(request, desk, StaffUser(alias=form.one("alias"), **_details(form)), refusal, new=True)
    return go(request, "/users?done=added")


@router.get("/user/{alias}")
async def user_page(alias: str, request: Request, desk: Here) -> Response:
    """One user."""
    return _form(request, desk, user_of(desk, alias))


@router.post("/user/{alias}")
async def save(alias: str, request: Request, desk: Here) -> Response:
    """Changes a user."""
    form, user = await read_form(request), user_of(desk, alias)
    try:
        change_user(desk, alias, checked(StaffChange, _details(form) | {"was": form.one("was")}))
    except Declined as refusal:
        return _form(request, desk, user, refusal)
    except BadInput as refusal:
        return _form(request, desk, StaffUser(alias, **_details(form)), refusal, seen=form.one("was"))
    return go(request, "/users?done=saved")


def _form(
    request: Request, desk: Desk, user: StaffUser, refusal: Declined | BadInput | None = None, *,
    new: bool = False, seen: str = "",
) -> Response:  # fmt: skip
    return page(
        request, desk, "user.jinja", refusal,
        user=user,
        new=new,
        seen=seen or user_seen(user),
        roles_of_all=JOB_ROLES,
    )  # fmt: skip


def _details(form: Form) -> dict[str, Any]:
    words = form.only("family", "prefix", "role", "sds_user_id", "sds_role_profile_id")
    return {**words, "given": tuple(form.one("given").split())}
