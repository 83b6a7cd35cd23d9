"""The control API: everything that the pages do, as JSON, below `/api` of the desk.

| method and path               | takes                                                   | does                                  |
|-------------------------------|---------------------------------------------------------|---------------------------------------|
| GET   /api                    |                                                         | this list, with the desk's address    |
| GET   /api/book               | ?day=2026-03-27, today without                          | the day by session holder, every slot |
| GET   /api/slots/{id}         |                                                         | one slot and who has it               |
| POST  /api/slots/{id}/appointment | patient, description, comment                       | books it for a patient of the practice |
| POST  /api/block              | slots: [id, ...]                                        | keeps them for the practice, all or none |
| POST  /api/unblock            | slots: [id, ...]                                        | gives them back                       |
| PATCH /api/appointments/{id}  | status: "cancelled", reason, was                        | cancels it, whoever booked it         |
| GET   /api/sessions           |                                                         | how every session is set up           |
| PATCH /api/sessions           | session (null: all), day, slots, bookable, only_ods, only_types, role, channel, limit, embargo_until, holder, location, was | changes what is given, for one day or these slots only |
| GET   /api/practice           |                                                         | embargo, booking window, switches, busyness |
| PATCH /api/practice           | embargo_minutes, booking_window_days, enabled, appointments, foundations, unsubscribed, busyness_percent, was | changes what is given |
| GET   /api/users              |                                                         | the staff                             |
| POST  /api/users              | alias, family, given, prefix, role, sds_user_id, sds_role_profile_id | adds a user              |
| PATCH /api/users/{alias}      | the same without alias, was                             | changes what is given                 |
| GET   /api/why                | ?ods=T90101&type=gp-practice&day=2026-03-27             | why each slot is or is not shown      |

A change is live for the next request. `was` is the `seen` (of an appointment the `version`) that was
read: where it is sent and no longer true, nothing is done and the answer is 409. Whatever is refused has
the body `{"problem": WORD, "errors": [{"field": NAME, "message": SENTENCE}]}`, its WORD is `input` or a
situation of `declined.py`. A slot that somebody else took is 409 `slot_taken`.
"""  # noqa: E501 - a table is read by the line

from __future__ import annotations

from typing import Any

import orjson
from fastapi import APIRouter, Request, Response

from mock_gpconnect.desk import acts
from mock_gpconnect.desk.as_json import (
    appointment_json,
    day_json,
    line_json,
    practice_json,
    set_up_json,
    user_json,
    why_json,
)
from mock_gpconnect.desk.asked import Here, base_of, read_json, read_query
from mock_gpconnect.desk.declined import BadInput, Declined, problems_of, status_of
from mock_gpconnect.desk.diary import holders_on, line_of
from mock_gpconnect.desk.inputs import (
    CancellationRequest,
    DayAsked,
    LocalBooking,
    NewStaffUser,
    PracticeChange,
    SessionRequest,
    SlotIds,
    StaffChange,
    WhyAsked,
)
from mock_gpconnect.desk.practice_settings import change_practice
from mock_gpconnect.desk.set_up import Part, change_set_up, set_ups
from mock_gpconnect.desk.users import add_user, change_user
from mock_gpconnect.desk.why import asker_of, explain

router = APIRouter(prefix="/api")

TABLE = tuple(
    " ".join(line.split("|")[1].split())
    for line in (__doc__ or "").splitlines()
    if line.startswith("| ") and "/api" in line
)
"""Method and path of everything that can be asked."""


def _answer(content: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(content), status, media_type="application/json")


def is_for_programs(request: Request) -> bool:
    """Whether a request is for this API and wants its refusal in JSON."""
    path = request.scope["path"].removeprefix(base_of(request))
    return bool(path == router.prefix or path.startswith(f"{router.prefix}/"))


def refused(refusal: Declined | BadInput) -> Response:
    """Any refusal."""
    word = refusal.why if isinstance(refusal, Declined) else "input"
    errors = [{"field": each.field, "message": each.sentence} for each in problems_of(refusal)]
    return _answer({"problem": word, "errors": errors}, status_of(refusal))


@router.get("")
async def index(desk: Here) -> Response:
    """What can be asked."""
    return _answer({"practice": desk.practice.ods, "name": desk.practice.name, "desk": desk.base_url, "api": TABLE})


@router.get("/book")
async def read_book(request: Request, desk: Here) -> Response:
    """A day by session holder."""
    asked = read_query(request, DayAsked)
    day = asked.day or desk.today
    return _answer(day_json(desk, day, await holders_on(desk, day)))


@router.get("/slots/{slot_id}")
async def read_slot(slot_id: str, desk: Here) -> Response:
    """One slot."""
    return _answer(line_json(desk, await line_of(desk, slot_id)))


@router.post("/slots/{slot_id}/appointment")
async def book(slot_id: str, request: Request, desk: Here) -> Response:
    """A booking by the practice itself."""
    booked = await acts.book(desk, slot_id, await read_json(request, LocalBooking))
    return _answer(appointment_json(desk, booked), 201)


@router.post("/block")
async def block(request: Request, desk: Here) -> Response:
    """Slots are kept for the practice."""
    wanted = await read_json(request, SlotIds)
    await acts.block(desk, wanted.slots)
    return _answer({"blocked": wanted.slots})


@router.post("/unblock")
async def unblock(request: Request, desk: Here) -> Response:
    """Slots are given back."""
    wanted = await read_json(request, SlotIds)
    await acts.unblock(desk, wanted.slots)
    return _answer({"free": wanted.slots})


@router.patch("/appointments/{appointment_id}")
async def cancel(appointment_id: str, request: Request, desk: Here) -> Response:
    """An appointment is cancelled."""
    cancelled = await acts.cancel(desk, appointment_id, await read_json(request, CancellationRequest))
    return _answer(appointment_json(desk, cancelled))


@router.get("/sessions")
async def read_sessions(desk: Here) -> Response:
    """The set-up of every session."""
    return _answer({"sessions": [set_up_json(desk, each) for each in await set_ups(desk)]})


@router.patch("/sessions")
async def change_sessions(request: Request, desk: Here) -> Response:
    """Other options for one session or for all, or for a part; answers with how that is set up now."""
    wanted = await read_json(request, SessionRequest)
    part = Part(wanted.session, wanted.day, wanted.slots)
    await change_set_up(desk, part, wanted)
    return _answer({"sessions": [set_up_json(desk, each) for each in await set_ups(desk, part)]})


@router.get("/practice")
async def read_practice(desk: Here) -> Response:
    """The practice's own settings."""
    return _answer(practice_json(desk))


@router.patch("/practice")
async def save_practice(request: Request, desk: Here) -> Response:
    """Other settings for the practice."""
    change_practice(desk, await read_json(request, PracticeChange))
    return _answer(practice_json(desk))


@router.get("/users")
async def read_users(desk: Here) -> Response:
    """The staff."""
    return _answer({"users": [user_json(each) for each in desk.staff]})


@router.post("/users")
async def new_user(request: Request, desk: Here) -> Response:
    """Another user."""
    return _answer(user_json(add_user(desk, await read_json(request, NewStaffUser))), 201)


@router.patch("/users/{alias}")
async def save_user(alias: str, request: Request, desk: Here) -> Response:
    """Other details of a user."""
    return _answer(user_json(change_user(desk, alias, await read_json(request, StaffChange))))


@router.get("/why")
async def why(request: Request, desk: Here) -> Response:
    """A day as another organisation sees it."""
    asked = read_query(request, WhyAsked)
    day = asked.day or desk.today
    return _answer(why_json(desk, asked, day, await explain(desk, asker_of(asked), day)))
