"""What a scenario file may have done, told apart by `do`."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from booking_core.selfbook.user_errors import BY_ID as USER_ERRORS
from booking_core.spec.errors import ERRORS
from harness.faults.kinds import Fault
from harness.files import one_of
from harness.rows import Row, Words
from harness.scenario.desk_rows import CancelAtDesk, Explain, GiveBack, SetPractice, SetSlots, TakeAll, TakeSlot
from harness.scenario.probe_row import Probe, Slot

OUTCOMES = ("sent", "choose", "booked", "cancelled", *USER_ERRORS)
Outcome = Annotated[str, one_of(OUTCOMES)]


class Invite(Row):
    """A user (`by: millbrook.reception`) texts a patient a link to book at `to`."""

    do: Literal["invite"]
    by: str
    patient: str
    to: str
    slot_types: Words = ()
    clinicians: Words = ()
    locations: Words = ()
    save: str = ""
    expect: Outcome = "sent"


class InviteMany(Row):
    """A user selects many patients at once; every screen must be the expected one."""

    do: Literal["invite_many"]
    by: str
    patients: Words
    to: str
    slot_types: Words = ()
    clinicians: Words = ()
    locations: Words = ()
    expect: Outcome = "sent"


class Revoke(Row):
    """Staff take a saved link back."""

    do: Literal["revoke"]
    link: str


class Cancel(Row):
    """The patient cancels what a link booked, where the pilot allows it."""

    do: Literal["cancel"]
    link: str
    reason: str = "I no longer need it"
    expect: Outcome = "cancelled"


class Rebook(Row):
    """The patient asks for another time for what a link booked; `choose` then confirms it."""

    do: Literal["rebook"]
    link: str
    expect: Outcome = "choose"


class OpenLink(Row):
    """The patient opens a saved link with a date of birth: a date, or the alias of whose it is."""

    do: Literal["open_link"]
    link: str
    born: str
    expect: Outcome = "choose"


class Choose(Row):
    """The patient picks one of the slots on the screen and confirms."""

    do: Literal["choose"]
    link: str
    slot: Slot = "first"
    expect: Outcome = "booked"


class SetUser(Row):
    """The booker's clinical system is put right: a user's role or name."""

    do: Literal["set_user"]
    user: str
    role: str | None = None
    family: str | None = None
    given: Words | None = None


class CorrectPatient(Row):
    """An organisation corrects its copy of a patient to what the patient's own practice holds."""

    do: Literal["correct_patient"]
    at: str
    patient: str


class SetFaults(Row):
    """From here on these faults strike, and no others; an empty list puts all right."""

    do: Literal["set_faults"]
    faults: tuple[Fault, ...]


class Wait(Row):
    """Time passes."""

    do: Literal["wait"]
    seconds: float = Field(ge=0, le=7_776_000, examples=[300], description="at most 90 days")


_RACE_OUTCOMES = (*OUTCOMES, "ok", *(f"{row.layer}/{row.code}" for row in ERRORS))
"""The words of journeys, and those of probes."""


class Together(Row):
    """Steps at the same moment; each keeps its own expectation, or `outcomes` says how many ended how."""

    do: Literal["together"]
    steps: tuple["RacingStep", ...] = Field(min_length=2)
    outcomes: dict[Annotated[str, one_of(_RACE_OUTCOMES)], Annotated[int, Field(ge=1)]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _every_step_ends(self) -> "Together":
        ends = sum(self.outcomes.values())
        if self.outcomes and ends != len(self.steps):
            raise ValueError(f"the outcomes of {ends} steps are told, and there are {len(self.steps)}")
        return self


RacingStep = Annotated[Invite | OpenLink | Choose | Cancel | Rebook | Probe, Field(discriminator="do")]
Step = Annotated[
    Invite
    | InviteMany
    | Revoke
    | OpenLink
    | Choose
    | Cancel
    | Rebook
    | TakeSlot
    | TakeAll
    | GiveBack
    | CancelAtDesk
    | SetSlots
    | SetPractice
    | Explain
    | SetUser
    | CorrectPatient
    | SetFaults
    | Wait
    | Together
    | Probe,
    Field(discriminator="do"),
]
