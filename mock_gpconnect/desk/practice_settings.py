"""Settings of the whole practice: how near and how far ahead others may book, what is switched on, how busy it is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from mock_gpconnect.desk.desk import Desk
from mock_gpconnect.desk.fingerprint import fingerprint, refuse_unless_seen
from mock_gpconnect.desk.inputs import PracticeChange
from mock_gpconnect.provider.practice import Switches

_MINUTE, _DAY = timedelta(minutes=1), timedelta(days=1)


def practice_settings(desk: Desk) -> dict[str, Any]:
    """The settings as they are, in the words of the control API."""
    practice = desk.practice
    return {
        "embargo_minutes": None if practice.embargo is None else round(practice.embargo / _MINUTE),
        "booking_window_days": None if practice.booking_window is None else round(practice.booking_window / _DAY, 4),
        "enabled": practice.switches.enabled,
        "appointments": practice.switches.appointments,
        "foundations": practice.switches.foundations,
        "unsubscribed": tuple(sorted(practice.unsubscribed)),
        "busyness_percent": round(practice.busyness * 100),
    }


def settings_seen(desk: Desk) -> str:
    """The fingerprint of the settings."""
    return fingerprint(practice_settings(desk))


def change_practice(desk: Desk, change: PracticeChange) -> None:
    """Sets what is given and differs; the next request meets it."""
    shown, practice = practice_settings(desk), desk.practice
    refuse_unless_seen(change.was, shown)
    given = change.model_dump(exclude_unset=True, exclude={"was"})
    new = {key: value for key, value in given.items() if value != shown[key]}
    if "embargo_minutes" in new:
        practice.embargo = _times(_MINUTE, new["embargo_minutes"])
    if "booking_window_days" in new:
        practice.booking_window = _times(_DAY, new["booking_window_days"])
    if "unsubscribed" in new:
        practice.unsubscribed = frozenset(new["unsubscribed"])
    if "busyness_percent" in new:
        practice.busyness = new["busyness_percent"] / 100
    switches = {**shown, **new}
    practice.switches = Switches(switches["enabled"], switches["foundations"], switches["appointments"])


def _times(unit: timedelta, count: float | None) -> timedelta | None:
    return None if count is None else unit * count
