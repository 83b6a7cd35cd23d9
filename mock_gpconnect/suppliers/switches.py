"""Everything in which a supplier's provider may differ from the specification, as typed switches.

A default is GP Connect 1.2.7 to the letter or, where no source decides, this project's decision.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from booking_core.spec.budgets import COMMENT_LENGTH, DESCRIPTION_LENGTH
from booking_core.spec.errors import BY_KEY
from mock_gpconnect.refusals import REFUSALS

Basis = Literal["spec", "documented", "assumed"]
"""What a difference rests on: the guide allows it, somebody published it, or we made it up."""


def _situation(why: str) -> str:
    if REFUSALS.get(why, ("", ""))[0] != "provider":
        known = sorted(name for name, (layer, _) in REFUSALS.items() if layer == "provider")
        raise ValueError(f"no situation of a provider is called {why!r}; there are {', '.join(known)}")
    return why


def _provider_code(code: str) -> str:
    if ("provider", code) not in BY_KEY:
        known = [code for layer, code in BY_KEY if layer == "provider"]
        raise ValueError(f"no error of a provider is called {code!r}; there are {', '.join(known)}")
    return code


Situation = Annotated[str, AfterValidator(_situation)]
ProviderCode = Annotated[str, AfterValidator(_provider_code)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Publisher(_Part):
    """What the CapabilityStatement says of the system."""

    publisher: str = "Crossbook"
    software_name: str = "Crossbook provider"
    software_version: str = "0.1.0"
    formats: tuple[Literal["json", "xml"], ...] = Field(("json", "xml"), min_length=1)


class Search(_Part):
    """Free-slot search."""

    hides_begun: bool = Field(False, description="leaves out slots that have begun; the guide allows past ranges")
    whole_end_day: bool = Field(True, description="an end without a time means the end of that day, not its start")
    offset_in_force: bool = Field(False, description="refuses an offset that Britain does not use on that day")
    duplicate_slots: bool = Field(False, description="lists every slot twice")


class Limits(_Part):
    """Slot limits, booking window and embargo."""

    slot_limit: Literal["at_booking", "at_search"] = Field("at_booking", description="where the limit is enforced")
    subscription: bool = Field(
        False, description="slots are shown to those whom they are restricted to only when they have subscribed"
    )
    slot_limit_counts: Literal["everyone", "organisation"] = Field("everyone", description="whose bookings use it up")
    window_unit: Literal["moments", "days"] = Field(
        "moments", description="whether whole days are counted, to midnight"
    )
    embargo_unit: Literal["moments", "hours"] = Field(
        "moments", description="whether an embargo counts from now or from the next full hour"
    )


class Diary(_Part):
    """What the diary shows of itself."""

    session_name: bool = Field(True, description="serviceCategory carries the name of the session")
    session_name_length: int | None = Field(None, ge=1, description="a longer name is cut to this")
    location_address: bool = Field(True, description="a Location has its address, where one is recorded")
    practitioner: bool = Field(True, description="a Schedule names its Practitioner, where it has one")
    id_style: Literal["guid", "numeric", "longest"] = Field(
        "guid", description="what the ids of new appointments look like; the longest have 64 characters, case counts"
    )


class Texts(_Part):
    """The free text of an appointment."""

    description_length: int = Field(DESCRIPTION_LENGTH, ge=DESCRIPTION_LENGTH)
    comment_length: int = Field(COMMENT_LENGTH, ge=COMMENT_LENGTH)
    reason_length: int | None = Field(None, ge=1, description="a longer cancellation reason is cut to this")
    joined_by: str = Field("", description="the comment is added to the description, behind this")


class Patients(_Part):
    """Finding and registering patients."""

    temporary_days: int = Field(90, ge=1, description="how long a temporary registration lasts")
    verifies_untraced: bool = Field(True, description="traces a patient who never was; older software hides them")
    returns_duplicates: bool = Field(False, description="finds every local record of one NHS number")


class Appointments(_Part):
    """Reading and changing appointments, where no source decides."""

    cancel_twice: bool = Field(False, description="cancelling what is cancelled succeeds and changes nothing")
    amend_cancelled: bool = Field(False, description="a cancelled appointment can be amended")
    service_words: Literal["refused", "ignored"] = Field("refused", description="other service texts in a change")
    role_must_match: bool = Field(False, description="a booking's practitioner role must be the session's")


class Token(_Part):
    """The bearer token."""

    leeway_s: int = Field(600, ge=0, description="how far in the future a token may be issued")
    require_role: bool = Field(False, description="refuses a user without a role profile id; no real provider does")


class Beside(_Part):
    """What the clinical system has besides GP Connect: told to people, no answer changes with it."""

    native_booking: str = Field("", description="its own way to book at another organisation")
    writes_back_to: tuple[str, ...] = Field(
        (), description="suppliers at which a booking shows in the patient's record of this one by itself"
    )


class Latency(_Part):
    """How long the clinical system takes, where a world lets it take its time. The specification gives no figure."""

    base_ms: float = Field(0, ge=0, description="a slot search, before any slot is counted")
    per_scanned_ms: float = Field(0, ge=0, description="for each slot in the range, whoever may see it")
    per_returned_ms: float = Field(0, ge=0, description="for each slot that is shown")
    per_session_ms: float = Field(0, ge=0, description="for each session that is shown")
    query_ms: float = Field(0, ge=0, description="any other query")
    command_ms: float = Field(0, ge=0, description="register, book, amend, cancel")
    p99_over_p50: float = Field(1, ge=1, description="spread: one in a hundred takes so many times the median")
    cap_ms: float = Field(20_000, ge=0, description="no answer takes longer to make, the queue apart")
    at_once: int | None = Field(None, ge=1, description="requests of one organisation under way; the others queue")


class Profile(_Part):
    """One supplier's provider.

    `basis` has a line for every field that is not the default, and may have one for a field that the
    file sets to the default: what is known, or only assumed, to be as the specification has it.
    """

    name: str
    spec_version: Literal["1.2.7", "1.2.9"] = "1.2.7"
    publisher: Publisher = Publisher()
    search: Search = Search()
    limits: Limits = Limits()
    diary: Diary = Diary()
    texts: Texts = Texts()
    patients: Patients = Patients()
    appointments: Appointments = Appointments()
    token: Token = Token()
    latency: Latency = Latency()
    beside: Beside = Beside()
    refusals: dict[Situation, ProviderCode] = Field(default_factory=dict)
    wording: dict[Situation, str] = Field(default_factory=dict)
    words: dict[str, str] = Field(default_factory=dict, description="what the desk's things are called there")
    where: dict[str, str] = Field(default_factory=dict, description="what staff change -> the screen of this system")
    basis: dict[str, Basis] = Field(default_factory=dict)
