"""Slot set-up: what other organisations may see and book, for each session and for the practice."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Request, Response

from booking_core.spec.job_roles import JOB_ROLES
from booking_core.spec.valuesets import ROLES_BY_RELEASE
from mock_gpconnect.book.local_time import local_date
from mock_gpconnect.desk.asked import Form, Here, read_form, read_query
from mock_gpconnect.desk.declined import BadInput, Declined
from mock_gpconnect.desk.desk import Desk
from mock_gpconnect.desk.diary import line_of
from mock_gpconnect.desk.inputs import PartAsked, PracticeChange, SessionChange, checked
from mock_gpconnect.desk.look import go, page
from mock_gpconnect.desk.practice_settings import change_practice, practice_settings, settings_seen
from mock_gpconnect.desk.reasons import reason_of
from mock_gpconnect.desk.set_up import (
    Options,
    Part,
    SetUp,
    change_set_up,
    hidden_from_everybody,
    set_up_of,
    set_ups,
)

router = APIRouter(prefix="/set-up")


@router.get("")
async def set_up_page(request: Request, desk: Here) -> Response:
    """All sessions, and the practice's own settings."""
    return await _overview(request, desk)


async def _overview(
    request: Request, desk: Desk, refusal: Declined | BadInput | None = None, form: Form | None = None
) -> Response:
    found = await set_ups(desk)
    return page(
        request, desk, "set_up.jinja", refusal,
        set_ups=found,
        reason=lambda word: reason_of(desk, word),
        hidden={each.name: hidden_from_everybody(desk, each.first) for each in found},
        settings=practice_settings(desk) | (_settings_of(form) if form else {}),
        seen=form.one("was") if form else settings_seen(desk),
        organisations=_others(desk),
    )  # fmt: skip


@router.post("/practice")
async def save_practice(request: Request, desk: Here) -> Response:
    """Changes what counts for the whole practice."""
    form = await read_form(request)
    try:
        change_practice(desk, checked(PracticeChange, _settings_of(form) | {"was": form.one("was")}))
    except Declined as refusal:
        return await _overview(request, desk, refusal)
    except BadInput as refusal:
        return await _overview(request, desk, refusal, form)
    return go(request, "/set-up?done=saved")


def _settings_of(form: Form) -> dict[str, Any]:
    foundations = {"on": True, "off": False}.get(form.one("foundations"))
    listed = {"unsubscribed": form.all("unsubscribed")} if form.one("subscriptions") else {}
    return listed | {
        "embargo_minutes": form.one("embargo_minutes") or None,
        "booking_window_days": form.one("booking_window_days") or None,
        "enabled": form.one("enabled") == "on",
        "appointments": form.one("appointments") == "on",
        "foundations": foundations,
        "busyness_percent": form.one("busyness_percent") or 0,
    }


@router.get("/session")
async def session_page(request: Request, desk: Here) -> Response:
    """One session, or one day of it."""
    return await _part(request, desk, _asked(request))


@router.get("/slot/{slot_id}")
async def slot_page(slot_id: str, request: Request, desk: Here) -> Response:
    """One slot."""
    return await _part(request, desk, await _of_slot(desk, slot_id))


def _asked(request: Request) -> Part:
    asked = read_query(request, PartAsked, "done")
    return Part(asked.name, asked.day)


async def _of_slot(desk: Desk, slot_id: str) -> Part:
    line = await line_of(desk, slot_id)
    (schedule,) = await desk.practice.book.schedules([line.slot.schedule_id])
    return Part(schedule.session, local_date(line.slot.starts), (slot_id,))


def _address(part: Part) -> str:
    """Where a part is set up."""
    if part.slot_ids:
        return f"/set-up/slot/{quote(part.slot_ids[0], safe='')}"
    names = {"name": part.session, "day": part.day}
    return f"/set-up/session?{urlencode({name: value for name, value in names.items() if value})}"


async def _part(
    request: Request, desk: Desk, part: Part, refusal: Declined | BadInput | None = None, form: Form | None = None
) -> Response:
    found = await set_up_of(desk, part)
    shown = _shown(form, found) if form else found.first
    return page(
        request, desk, "session.jinja", refusal,
        part=part,
        slot=(await line_of(desk, part.slot_ids[0])).slot if part.slot_ids else None,
        here=_address(part),
        set_up=found,
        shown=shown,
        reason=lambda word: reason_of(desk, word),
        hidden=hidden_from_everybody(desk, found.first),
        seen=form.one("was") if form else found.seen,
        organisations=_others(desk),
        listed_roles=ROLES_BY_RELEASE[desk.practice.profile.spec_version],
        all_roles=JOB_ROLES,
    )  # fmt: skip


def _others(desk: Desk) -> list[tuple[str, str]]:
    """ODS code and name of the other organisations, by name."""
    others = [each for each in desk.directory_names.items() if each[0] != desk.practice.ods]
    return sorted(others, key=lambda each: (each[1], each[0]))


@router.post("/session")
async def save_session(request: Request, desk: Here) -> Response:
    """Changes the options of one session, or of one day of it."""
    return await _save(request, desk, _asked(request))


@router.post("/slot/{slot_id}")
async def save_slot(slot_id: str, request: Request, desk: Here) -> Response:
    """Changes the options of one slot."""
    return await _save(request, desk, await _of_slot(desk, slot_id))


async def _save(request: Request, desk: Desk, part: Part) -> Response:
    form = await read_form(request)
    try:
        await change_set_up(desk, part, checked(SessionChange, _options_of(form) | {"was": form.one("was")}))
    except Declined as refusal:
        return await _part(request, desk, part, refusal)
    except BadInput as refusal:
        return await _part(request, desk, part, refusal, form)
    here = _address(part)
    return go(request, f"{here}{'&' if '?' in here else '?'}done=saved")


def _options_of(form: Form) -> dict[str, Any]:
    """A restriction counts when `only` is chosen; codes that are not in the list come as one text."""
    typed = form.one("other_ods").upper().replace(",", " ").split()
    ods, types = (*form.all("ods"), *typed), form.all("types")
    options = {
        "bookable": form.one("bookable") == "on",
        "only_ods": ods if form.one("for_ods") == "only" else None,
        "only_types": types if form.one("for_types") == "only" else None,
        "role": form.one("role") or None,
        "channel": form.one("channel") or None,
        "limit": form.one("limit") or None,
        "embargo_until": form.one("embargo_until") or None,
    }
    held = {"holder": form.one("holder") or None, "location": form.one("location")}
    return options | held if form.all("location") else options


def _shown(form: Form, found: SetUp) -> Options:
    """What somebody typed, right or wrong, to be shown again."""
    return replace(found.first, **_options_of(form))
