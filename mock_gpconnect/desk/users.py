"""Changes to the staff of a practice."""

from __future__ import annotations

from dataclasses import asdict

from mock_gpconnect.desk.declined import Declined
from mock_gpconnect.desk.desk import Desk
from mock_gpconnect.desk.fingerprint import fingerprint, refuse_unless_seen
from mock_gpconnect.desk.inputs import NewStaffUser, StaffChange
from mock_gpconnect.desk.staff import StaffUser


def user_of(desk: Desk, alias: str) -> StaffUser:
    """One user of this practice."""
    found = desk.staff.get(alias)
    if found is None:
        raise Declined("user_unknown", alias=alias)
    return found


def user_seen(user: StaffUser) -> str:
    """The fingerprint of a user's details."""
    return fingerprint(asdict(user))


def add_user(desk: Desk, new: NewStaffUser) -> StaffUser:
    """Takes in another user."""
    user = StaffUser(**new.model_dump(exclude={"was"}))
    try:
        desk.staff.add(user)
    except KeyError:
        raise Declined("user_exists", alias=user.alias) from None
    return user


def change_user(desk: Desk, alias: str, change: StaffChange) -> StaffUser:
    """Sets the details that are given; the next invitation is sent with them."""
    refuse_unless_seen(change.was, asdict(user_of(desk, alias)))
    return desk.staff.update(alias, **change.model_dump(exclude_unset=True, exclude={"was"}))
