"""How pages are made: NHS.UK templates, our own frame, and the few ways in which pages write facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import ChainableUndefined, ChoiceLoader, Environment, PackageLoader

from booking_core.spec.job_roles import JOB_ROLES
from booking_core.spec.valuesets import ORGANISATION_TYPES, REGISTRATION_TYPES
from mock_gpconnect.book.local_time import LONDON, local_date
from mock_gpconnect.desk.asked import base_of
from mock_gpconnect.desk.declined import BadInput, Declined, problems_of, status_of
from mock_gpconnect.desk.desk import Desk

DONE: Mapping[str, str] = {
    "booked": "The appointment is booked",
    "blocked": "The slot is blocked",
    "unblocked": "The slot is free again",
    "cancelled": "The appointment is cancelled and its slot is free again",
    "saved": "The changes are saved and count from the next search on",
    "added": "The user is added",
}
"""What a page says after an act, by the word in its address."""

LABELS: Mapping[str, str] = {
    "patient": "Patient",
    "description": "Reason",
    "comment": "Comment",
    "reason": "Reason for cancelling",
    "only_ods": "Organisations",
    "only_types": "Types of organisation",
    "role": "Job role",
    "channel": "Delivery channel",
    "limit": "Slot limit",
    "embargo_until": "Embargo until",
    "holder": "Session holder",
    "location": "Location",
    "embargo_minutes": "Embargo",
    "booking_window_days": "Booking window",
    "unsubscribed": "Not subscribed",
    "busyness_percent": "How busy the system is",
    "alias": "User name",
    "family": "Family name",
    "given": "Given names",
    "prefix": "Title",
    "sds_user_id": "SDS user id",
    "sds_role_profile_id": "SDS role profile id",
    "day": "Day",
    "ods": "Organisation",
    "type": "Type of organisation",
}
"""What a field is called on the pages, by its name in the control API."""


@cache
def templates() -> Environment:
    """The templates of all desks: ours, and the NHS.UK components that they are made of."""
    environment = Environment(
        loader=ChoiceLoader([PackageLoader("mock_gpconnect.desk"), PackageLoader("nhsuk_frontend_jinja")]),
        undefined=ChainableUndefined,  # the components ask for options that nobody gave
        autoescape=True,
        auto_reload=False,
    )
    environment.filters.update(_filters())
    return environment


def _filters() -> dict[str, Callable[..., Any]]:
    return {
        "clock": clock,
        "day": long_day,
        "moment_input": moment_input,
        "short_day": short_day,
        "local_day": local_date,
        "nhs_number": spaced,
        "role": role_name,
        "kind": lambda code: REGISTRATION_TYPES.get(code, code),
        "organisation_type": lambda code: ORGANISATION_TYPES.get(code, code),
        "plain": plain,
        "first_upper": first_upper,
    }


def page(
    request: Request, desk: Desk, template: str, refusal: Declined | BadInput | None = None, **facts: Any
) -> HTMLResponse:
    """A page of the desk, with what was wrong about the last request. Every address in it begins with `base`."""
    problems = problems_of(refusal) if refusal else ()
    done = DONE.get(request.query_params.get("done", ""), "") if not refusal else ""
    text = templates().get_template(template).render(
        desk=desk, practice=desk.practice, base=base_of(request), now=desk.now(), done=done,
        problems=problems, errors={each.field: each.sentence for each in problems}, labels=LABELS, **facts,
    )  # fmt: skip
    return HTMLResponse(text, status_of(refusal) if refusal else 200)


def go(request: Request, path: str) -> RedirectResponse:
    """To another page after a form: reloading it does not send the form again."""
    return RedirectResponse(base_of(request) + path, status_code=303)


def clock(moment: datetime) -> str:
    """The time on a British clock."""
    return f"{moment.astimezone(LONDON):%H:%M}"


def moment_input(moment: datetime | str | None) -> str:
    """The value of a date-and-time field, on a British clock. What is no moment stays as it was typed."""
    return f"{moment.astimezone(LONDON):%Y-%m-%dT%H:%M}" if isinstance(moment, datetime) else moment or ""


def long_day(moment: date | datetime) -> str:
    """`Friday 27 March 2026`."""
    day = local_date(moment) if isinstance(moment, datetime) else moment
    return f"{day:%A} {day.day} {day:%B} {day:%Y}"


def short_day(moment: date | datetime) -> str:
    """`27 Mar 2026`."""
    day = local_date(moment) if isinstance(moment, datetime) else moment
    return f"{day.day} {day:%b} {day:%Y}"


def spaced(number: str) -> str:
    """An NHS number as it is printed: `999 001 0013`."""
    return f"{number[:3]} {number[3:6]} {number[6:]}"


def role_name(code: str | None) -> str:
    """A job role in words, with its code."""
    return f"{JOB_ROLES[code]} ({code})" if code and code in JOB_ROLES else code or "No job role"


def plain(number: float | str) -> str:
    """A number without a tail: `14`, not `14.0`. What is no number stays as it was typed."""
    return f"{number:g}" if isinstance(number, (int, float)) else number


def first_upper(text: str) -> str:
    """The text with a capital first letter, as a sentence begins."""
    return text[:1].upper() + text[1:]
