"""What staff do at a practice's desk, as steps of a scenario: the book, slot set-up, settings, and why."""

from typing import Literal

from pydantic import AwareDatetime, Field

from harness.files import Day, TimeOfDay
from harness.rows import Channel, OrganisationType, Row, Words
from harness.scenario.probe_row import Slot


class TakeSlot(Row):
    """A receptionist takes the slot that a link's screen shows: blocks it, or books it for a patient known there."""

    do: Literal["take_slot"]
    at: str
    link: str
    slot: Slot = "first"
    patient: str = ""


class TakeAll(Row):
    """Every free slot at an organisation is taken: a full appointment book."""

    do: Literal["take_all"]
    at: str


class GiveBack(Row):
    """A receptionist gives back every slot that is blocked; appointments keep theirs."""

    do: Literal["give_back"]
    at: str


class CancelAtDesk(Row):
    """A receptionist cancels a patient's appointments at an organisation, whoever booked them."""

    do: Literal["cancel_at_desk"]
    at: str
    patient: str
    reason: str = "The clinic is cancelled"


class SetSlots(Row):
    """The receiver changes the set-up of its sessions, of all or of the one named; of one day, of one time of day.

    `holder` is the alias of a practitioner, empty for nobody named.
    """

    do: Literal["set_slots"]
    at: str
    session: str | None = None
    day: Day | None = None
    time: TimeOfDay | None = Field(default=None, description="only slots that start then, and not their sessions")
    bookable: bool | None = None
    only_for: Words | None = None
    only_types: tuple[OrganisationType, ...] | None = None
    role: str | None = None
    channel: Channel | None = None
    limit: int | None = Field(default=None, ge=1, description="slots of one session and day")
    embargo_until: AwareDatetime | None = Field(default=None, description="others see the slots from then on")
    holder: str | None = None


class SetPractice(Row):
    """The receiver changes what holds for all its slots: how near and far ahead others may book, its switches."""

    do: Literal["set_practice"]
    at: str
    embargo_hours: float | None = Field(default=None, ge=0)
    booking_window_days: int | None = Field(default=None, ge=0)
    enabled: bool | None = None
    appointments: bool | None = None
    foundations: bool | None = None
    unsubscribed: Words | None = Field(
        default=None, description="whom slots are restricted to, and who cannot see them yet"
    )
    busyness: float | None = Field(default=None, ge=0, le=0.95, description="seen where the world says `latency: true`")


class Explain(Row):
    """Why slots of the coming days do not reach a consumer: the commonest reason, or `visible` where some do.

    With filters as an invitation has them.
    """

    do: Literal["explain"]
    at: str
    to: str = Field(alias="for")
    days: int = Field(default=14, ge=1, le=84)
    session: str | None = Field(default=None, description="only the slots of this one")
    slot_types: Words = ()
    clinicians: Words = ()
    locations: Words = ()
    expect: str
