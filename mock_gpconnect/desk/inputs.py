"""What a person or a program may send to the desk. A field's description is also what a mistake is answered with."""

from __future__ import annotations

from datetime import UTC, date, datetime
from difflib import get_close_matches
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from booking_core.spec.budgets import COMMENT_LENGTH, DESCRIPTION_LENGTH
from mock_gpconnect.book.local_time import LONDON, in_reach
from mock_gpconnect.desk.declined import BadInput, Problem

_PRINTABLE = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
"""FHIR forbids the other control characters in any text."""


def _instant(moment: datetime) -> datetime:
    """The moment in UTC; without an offset it is what a British clock shows."""
    if not in_reach(moment):
        raise ValueError("beyond any calendar")
    return (moment if moment.tzinfo else moment.replace(tzinfo=LONDON)).astimezone(UTC)


Moment = Annotated[datetime, AfterValidator(_instant)]
Text = Annotated[str, Field(pattern=_PRINTABLE)]
Name = Annotated[str, Field(pattern=_PRINTABLE, max_length=100)]
Ods = Annotated[str, Field(pattern=r"^[0-9A-Z]{3,10}$")]
OrganisationType = Literal["gp-practice", "urgent-care"]
Channel = Literal["In-person", "Telephone", "Video", "Visit"]
Role = Annotated[str, Field(pattern=r"^(R[0-9]{4})?$")]
SpineId = Annotated[str, Field(pattern=r"^([0-9]{12}|UNK)?$")]
Was = Annotated[str | None, Field(description="the fingerprint of the settings as they were read", max_length=64)]

_SPINE_ID = "12 digits, UNK, or nothing"
_ROLE = "a job role code such as R0260, or nothing"


class Input(BaseModel):
    """Frozen, and without keys that nobody knows."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class LocalBooking(Input):
    """A booking by the practice itself."""

    patient: Text = Field(
        min_length=1, max_length=100, description="NHS number, family name or record id of a patient of this practice"
    )
    description: Text = Field(
        min_length=1, max_length=DESCRIPTION_LENGTH, description=f"what it is for, 1 to {DESCRIPTION_LENGTH} characters"
    )
    comment: Text = Field("", max_length=COMMENT_LENGTH, description=f"at most {COMMENT_LENGTH} characters")


class Cancellation(Input):
    """The end of an appointment. `was` is the version that was looked at."""

    reason: Text = Field(min_length=1, max_length=150, description="why it is cancelled, 1 to 150 characters")
    was: int | None = Field(None, ge=1, description="the version of the appointment as it was read")


class CancellationRequest(Cancellation):
    """The same, as a change of status."""

    status: Literal["cancelled"] = Field(description="cancelled, which is all that the desk changes")


class SlotIds(Input):
    """Slots that are taken or given back together."""

    slots: tuple[str, ...] = Field(min_length=1, max_length=1000, description="1 to 1000 ids of slots")


class SessionChange(Input):
    """Options of a session; what is left out stays."""

    bookable: bool = Field(True, description="true or false")
    only_ods: tuple[Ods, ...] | None = Field(
        None, max_length=500, description="ODS codes, 3 to 10 capital letters and digits each, or null for everybody"
    )
    only_types: tuple[OrganisationType, ...] | None = Field(
        None, max_length=2, description="gp-practice, urgent-care or both, or null for every type"
    )
    role: Role | None = Field(None, description=_ROLE)
    channel: Channel | None = Field(None, description="In-person, Telephone, Video or Visit, or nothing")
    limit: int | None = Field(None, ge=0, le=1000, description="a whole number from 0 to 1000, or nothing for no limit")
    embargo_until: Moment | None = Field(
        None, description="a day and time such as 2026-03-27T08:00, or nothing for no embargo"
    )
    holder: str | None = Field(None, description="the id of a practitioner of this practice, or nothing")
    location: str = Field("", description="the id of a location of this practice")
    was: Was = None


class SessionRequest(SessionChange):
    """Options of one session by name, or of all where the name is null; of one day only, or of single slots only."""

    session: str | None = Field(description="the name of a session, or null for all")
    day: date | None = Field(None, description="a day such as 2026-03-27, or null for every day")
    slots: tuple[str, ...] | None = Field(
        None, min_length=1, max_length=1000, description="1 to 1000 ids of slots, or null for every slot"
    )


class PracticeChange(Input):
    """Settings of the whole practice; what is left out stays."""

    embargo_minutes: int | None = Field(
        None, ge=0, le=365 * 24 * 60, description="a whole number of minutes, or nothing for no embargo"
    )
    booking_window_days: float | None = Field(
        None, gt=0, le=365, allow_inf_nan=False, description="days, more than 0 and up to 365, or nothing for no limit"
    )
    enabled: bool = Field(True, description="true or false")
    appointments: bool = Field(True, description="true or false")
    foundations: bool | None = Field(None, description="true, false, or null to follow appointments")
    unsubscribed: tuple[Ods, ...] = Field((), max_length=500, description="ODS codes of those who have not subscribed")
    busyness_percent: int = Field(0, ge=0, le=95, description="a whole number of per cent from 0 to 95")
    was: Was = None


class StaffChange(Input):
    """Details of a member of staff; what is left out stays."""

    family: Name = Field("", description="at most 100 characters")
    given: tuple[Name, ...] = Field((), max_length=10, description="up to 10 names")
    prefix: Name = Field("", description="at most 100 characters")
    role: Role = Field("", description=_ROLE)
    sds_user_id: SpineId = Field("", description=_SPINE_ID)
    sds_role_profile_id: SpineId = Field("", description=_SPINE_ID)
    was: Was = None


class NewStaffUser(StaffChange):
    """A new member of staff."""

    alias: str = Field(
        pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,39}$", description="a letter, then up to 39 letters, digits, - or _"
    )


class WhyAsked(Input):
    """Whose view of which day: a consumer says which organisation and which type it is, or leaves that out."""

    ods: str = Field("", pattern=r"^([0-9A-Z]{3,10})?$", description="an ODS code, 3 to 10 capital letters and digits")
    type: Literal["", "gp-practice", "urgent-care"] = Field("", description="gp-practice, urgent-care or nothing")
    day: date | None = Field(None, description="a day such as 2026-03-27")


class PartAsked(Input):
    """Which session, and which day of it."""

    name: str = Field("", description="the name of a session")
    day: date | None = Field(None, description="a day such as 2026-03-27")


class DayAsked(Input):
    """A page of the book: a day, and whose sessions."""

    day: date | None = Field(None, description="a day such as 2026-03-27")
    holder: str = Field("", description="the id of a practitioner, `nobody`, or nothing for everybody")


_Model = TypeVar("_Model", bound=Input)


def checked(model: type[_Model], values: dict[str, Any]) -> _Model:
    """Reads texts as a form or a query sends them; raises BadInput."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise _bad(model, error) from None


def checked_json(model: type[_Model], body: bytes) -> _Model:
    """Reads JSON to the letter, a text is no number; raises BadInput."""
    try:
        return model.model_validate_json(body, strict=True)
    except ValidationError as error:
        raise _bad(model, error) from None


def _bad(model: type[Input], error: ValidationError) -> BadInput:
    details = error.errors(include_url=False, include_context=False, include_input=False)
    problems = {str(each["loc"][0]) if each["loc"] else "": each["type"] for each in reversed(details)}
    return BadInput(tuple(Problem(name, _sentence(model, name, kind)) for name, kind in reversed(problems.items())))


def _sentence(model: type[Input], name: str, kind: str) -> str:
    field = model.model_fields.get(name)
    if field is None and name:
        near = get_close_matches(name, model.model_fields, n=1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(model.model_fields)}"
        return f"unknown key; {hint}"
    if field is None:
        return "expected a JSON object" if kind != "json_invalid" else "not JSON"
    return f"{'missing; ' if kind == 'missing' else ''}expected {field.description}"
