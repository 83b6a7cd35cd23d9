"""Slot set-up: what other organisations may see and book, for each session and for the practice."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from booking_core.spec.job_roles import JOB_ROLES
from booking_core.spec.valuesets import ROLES_BY_RELEASE
from mock_gpconnect.desk.asked import Form, Here, read_form
from mock_gpconnect.desk.declined import BadInput, Declined
from mock_gpconnect.desk.desk import Desk
from mock_gpconnect.desk.inputs import PracticeChange, SessionChange, checked
from mock_gpconnect.desk.look import go, page
from mock_gpconnect.desk.practice_settings import change_practice, practice_settings, settings_seen
from mock_gpconnect.desk.reasons import reason_of
from mock_gpconnect.desk.set_up import Options, change_session, hidden_from_everybody, set_up_of, set_ups

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
    return {
        "embargo_minutes": form.one("embargo_minutes") or None,
        "booking_window_days": form.one("booking_window_days") or None,
        "enabled": form.one("enabled") == "on",
        "appointments": form.one("appointments") == "on",
        "foundations": foundations,
    }


@router.get("/session")
async def session_page(request: Request, desk: Here) -> Response:
    """One session."""
    return await _session(request, desk, request.query_params.get("name", ""))


async def _session(
    request: Request, desk: Desk, name: str, refusal: Declined | BadInput | None = None, form: Form | None = None
) -> Response:
    found = await set_up_of(desk, name)
    shown = _shown(form) if form else found.first
    return page(
        request, desk, "session.jinja", refusal,
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
    """Changes the options of one session."""
    form, name = await read_form(request), request.query_params.get("name", "")
    try:
        await change_session(desk, name, checked(SessionChange, _options_of(form) | {"was": form.one("was")}))
    except Declined as refusal:
        return await _session(request, desk, name, refusal)
    except BadInput as refusal:
        return await _session(request, desk, name, refusal, form)
    return go(request, f"/set-up/session?{urlencode({'name': name, 'done': 'saved'})}")


def _options_of(form: Form) -> dict[str, Any]:
    """A restriction counts when `only` is chosen; codes that are not in the list come as one text."""
    typed = form.one("other_ods").upper().replace(",", " ").split()
    ods, types = (*form.all("ods"), *typed), form.all("types")
    return {
        "bookable": form.one("bookable") == "on",
        "only_ods": ods if form.one("for_ods") == "only" else None,
        "only_types": types if form.one("for_types") == "only" else None,
        "role": form.one("role") or None,
        "channel": form.one("channel") or None,
        "limit": form.one("limit") or None,
        "holder": form.one("holder") or None,
        "location": form.one("location"),
    }


def _shown(form: Form) -> Options:
    """What somebody typed, right or wrong, to be shown again."""
    return Options(**_options_of(form))
