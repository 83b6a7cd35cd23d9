"""What one practice's appointment book holds and promises, whichever store is behind it."""

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Access:
    """Who may see a slot over GP Connect: the options that a practice sets for a session.

    `role` is the session holder's; None in a restriction means that nobody is shut out by it.
    `limit` is how many slots of one schedule may be booked under these options; before
    `embargo_until` nobody outside sees them.
    """

    bookable: bool = True
    role: str | None = None
    channel: str | None = None
    only_ods: frozenset[str] | None = None
    only_types: frozenset[str] | None = None
    limit: int | None = None
    embargo_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """One session on one day: who holds it, where, and from when to when."""

    id: str
    session: str
    location_id: str
    practitioner_id: str | None
    access: Access
    starts: datetime
    ends: datetime
    version: int = 1

    def __hash__(self) -> int:
        """By id alone, which is quick; equality still looks at everything."""
        return hash(self.id)


@dataclass(frozen=True, slots=True)
class Slot:
    """A stretch of a schedule that can be booked; whether it is free is the book's to say."""

    id: str
    schedule_id: str
    starts: datetime
    ends: datetime
    slot_type: str
    access: Access
    version: int = 1


@dataclass(frozen=True, slots=True)
class SlotBatch:
    """The slots of one schedule that have the same type and options: how a session is set up on one day."""

    schedule: Schedule
    slot_type: str
    access: Access
    slots: int


@dataclass(frozen=True, slots=True)
class Appointment:
    """A booking. `slot_ids` are in order of time and all of one schedule.

    `booker` is the booking organisation as sent, None where the practice itself booked;
    `sent` holds the other elements that the consumer may see again (identifier, priority ...).
    """

    id: str
    patient_id: str
    schedule_id: str
    slot_ids: tuple[str, ...]
    starts: datetime
    ends: datetime
    description: str
    created: datetime
    comment: str | None = None
    status: str = "booked"
    cancellation_reason: str | None = None
    booker: Mapping[str, Any] | None = None
    booker_ods: str | None = None
    sent: Mapping[str, Any] = field(default_factory=dict)
    version: int = 1


@dataclass(frozen=True, slots=True)
class Window:
    """Slots are wholly inside it when they start and end in it, and start by `last_start`."""

    starts: datetime
    ends: datetime
    last_start: datetime


@dataclass(frozen=True, slots=True)
class FreeSlots:
    """What a search found, in order of start: parallel sequences, and ready JSON for each slot.

    `incomplete` says that some slot of the practice lacks what a valid Slot needs. Two finds in one
    book with equal marks are equal, and nothing in the book has changed between them; a book that
    cannot tell gives None. `schedules` are those of the slots, in the order of their first slot, where
    the book has them at hand.
    """

    slots: Sequence[Slot]
    fragments: Sequence[bytes]
    schedule_ids: Sequence[str]
    incomplete: bool = False
    mark: Hashable = None
    schedules: Sequence[Schedule] | None = None


class SlotTaken(Exception):
    """A slot of the claim is no longer free; nothing was taken."""

    def __init__(self, slot_id: str) -> None:
        super().__init__(slot_id)
        self.slot_id = slot_id


class Stale(Exception):
    """The appointment changed since it was read; nothing was written."""

    def __init__(self, version: int) -> None:
        super().__init__(version)
        self.version = version


@dataclass(frozen=True, slots=True)
class Quota:
    """How many slots of a schedule may be booked: by one organisation, or by all together where none is named."""

    slots: int
    booker_ods: str | None = None


class QuotaReached(Exception):
    """Somebody else booked the last slots that the quota allows; nothing was taken."""


class Keep:
    """The word for "leave this option as it is": None and False are options themselves."""


KEEP = Keep()

DESK = "desk"
"""Who holds a slot that a receptionist blocked; no appointment has this id."""

Admits = Callable[[Access], bool]
"""Whether the asker may see slots with these options."""


class AppointmentBook(Protocol):
    """One practice's schedules, slots and appointments."""

    async def free_slots(self, window: Window, admits: Admits) -> FreeSlots:
        """The free slots wholly inside the window whose options the asker is admitted to."""

    async def count_between(self, starts: datetime, ends: datetime) -> int:
        """How many slots start in that time, free or not, whoever may see them."""

    async def slots(self, slot_ids: Collection[str]) -> Sequence[Slot]:
        """Those of the slots that exist, in order of time."""

    async def schedules(self, schedule_ids: Collection[str]) -> Sequence[Schedule]:
        """Those of the schedules that exist, in the order asked."""

    async def is_free(self, slot_id: str) -> bool:
        """Whether the slot exists and nobody has taken it."""

    async def booked_in(self, schedule_id: str, booker_ods: str | None = None) -> int:
        """How many slots of the schedule are booked over GP Connect, by anyone or by one organisation."""

    async def claim(self, appointment: Appointment, *, quota: Quota | None = None) -> None:
        """Take all of its slots or none; raises SlotTaken, or QuotaReached."""

    async def change(self, appointment: Appointment, *, was: int) -> None:
        """Replace version `was`; cancelling frees the slots. Raises Stale."""

    async def appointment(self, appointment_id: str) -> Appointment | None:
        """One appointment by its id."""

    async def appointments_of(self, patient_id: str) -> Sequence[Appointment]:
        """All of the patient's appointments, in order of start."""

    async def appointments_between(self, starts: datetime, ends: datetime) -> Sequence[Appointment]:
        """Every appointment that is under way in that time, cancelled ones too, in order of start."""

    async def slots_of(self, session: str | None = None) -> Sequence[Slot]:
        """Every slot, or every slot of one session, in order of time."""

    async def slots_between(self, starts: datetime, ends: datetime) -> Sequence[Slot]:
        """Every slot that starts in that time, free or not, in order of time."""

    async def first_start(self, after: datetime) -> datetime | None:
        """When the first slot starts that starts then or later."""

    async def batches(self) -> Sequence[SlotBatch]:
        """All slots, counted by schedule, type and options, in order of the schedules' start."""

    async def block(self, slot_ids: Collection[str]) -> None:
        """A receptionist takes the slots, all or none; raises SlotTaken."""

    async def unblock(self, slot_ids: Collection[str]) -> None:
        """The receptionist gives back what was blocked; appointments keep theirs."""

    async def reconfigure(
        self,
        session: str | None,
        *,
        between: tuple[datetime, datetime] | None = None,
        slot_ids: Collection[str] | None = None,
        bookable: bool | Keep = KEEP,
        only_ods: Collection[str] | Keep | None = KEEP,
        only_types: Collection[str] | Keep | None = KEEP,
        role: str | Keep | None = KEEP,
        channel: str | Keep | None = KEEP,
        limit: int | Keep | None = KEEP,
        embargo_until: datetime | Keep | None = KEEP,
        practitioner_id: str | Keep | None = KEEP,
        location_id: str | Keep = KEEP,
    ) -> None:
        """Change the options of a session (None: of all); the next search sees it.

        `between` narrows that to schedules and slots that start in that time, `slot_ids` to these
        slots: their schedules, with holder and location, stay as they are.
        """
