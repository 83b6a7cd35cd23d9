"""What a scenario file may say. Steps are told apart by `do`, checks by `check`."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from booking_core.selfbook.user_errors import BY_ID as USER_ERRORS
from booking_core.spec.interactions import BY_NAME, Service
from harness.applications import CALLERS, PRODUCT
from harness.faults.kinds import Fault
from harness.files import Moment
from harness.rows import NO_LIMITS, Channel, LimitsRow, OrganisationType, Row, Words

Slot = Annotated[str, Field(pattern=r"^(first|last|[0-9]{1,4})$")]
"""`first`, `last`, or a place in the list that the patient is shown, from 0."""


def _outcome(word: str) -> str:
    if word not in OUTCOMES:
        raise ValueError(f"expected one of {', '.join(OUTCOMES)}, got {word!r}")
    return word


OUTCOMES = ("sent", "choose", "booked", "cancelled", *USER_ERRORS)
Outcome = Annotated[str, AfterValidator(_outcome)]


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


class TakeSlot(Row):
    """A receptionist at the receiver takes the slot that a link's screen shows."""

    do: Literal["take_slot"]
    at: str
    link: str
    slot: Slot = "first"


class TakeAll(Row):
    """Every free slot at an organisation is taken: a full appointment book."""

    do: Literal["take_all"]
    at: str


class SetSlots(Row):
    """The receiver changes the set-up of its sessions, of all or of the one named."""

    do: Literal["set_slots"]
    at: str
    session: str | None = None
    bookable: bool | None = None
    only_for: Words | None = None
    only_types: tuple[OrganisationType, ...] | None = None
    role: str | None = None
    channel: Channel | None = None
    limit: int | None = Field(default=None, ge=1, description="slots of one session and day")


class SetPractice(Row):
    """The receiver changes what holds for all its slots: how near and far ahead others may book, its switches."""

    do: Literal["set_practice"]
    at: str
    embargo_hours: float | None = Field(default=None, ge=0)
    booking_window_days: int | None = Field(default=None, ge=0)
    enabled: bool | None = None
    appointments: bool | None = None
    foundations: bool | None = None


class Explain(Row):
    """Why the slots of the coming fortnight are hidden from a consumer: the commonest reason, or `visible`."""

    do: Literal["explain"]
    at: str
    to: str = Field(alias="for")
    expect: str


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


class Wait(Row):
    """Time passes."""

    do: Literal["wait"]
    seconds: float = Field(ge=0, le=7_776_000, description="at most 90 days")


def _caller(word: str) -> str:
    if word not in CALLERS:
        raise ValueError(f"expected one of {', '.join(CALLERS)}, got {word!r}")
    return word


Caller = Annotated[str, AfterValidator(_caller), Field(json_schema_extra={"enum": list(CALLERS)})]


class Probe(Row):
    """A request of your own making to any service: a right one of its kind, changed where you say.

    An empty value leaves a header, parameter, claim or element out. `claims`, `jose` and `change` name
    what they set by JSON pointer (`/name/0/family`; `-` is the end of a list, and a name without a slash
    is a member of the whole). Values are JSON where they are JSON; `now`, `now+300` and `now-600` are
    seconds since 1970. `expect` is `ok` or the code of an error row (`crossbook show errors`);
    `together` counts probes as `ok` or `layer/CODE`.
    """

    do: Literal["probe"]
    on: str
    by: str = ""
    to: str = ""
    patient: str = ""
    as_: Caller = Field(default=PRODUCT, alias="as", description="who asks PDS or for a token")
    slots: tuple[Slot, ...] = Field(default=("first",), min_length=1, description="those to book, of all on offer")
    direct: bool = Field(default=False, description="to the provider itself, past the proxy")
    method: str = ""
    path: str | None = Field(default=None, description="below the base of the service or of the provider")
    headers: dict[str, str] = Field(default_factory=dict)
    params: dict[str, Words] = Field(default_factory=dict, description="of the query, or of the form for a token")
    claims: dict[str, str] = Field(default_factory=dict, description="of the audit token, or of the signed assertion")
    jose: dict[str, str] = Field(default_factory=dict, description="header of the same token")
    change: dict[str, str] = Field(default_factory=dict, description="of the body")
    body: str | None = Field(default=None, description="another body as it stands")
    times: int = Field(default=1, ge=1, le=1000, description="sent so often; the last answer counts")
    expect: str = "ok"

    @model_validator(mode="after")
    def _says_whom_it_is_about(self) -> "Probe":
        if lacking := [name for name in _needed(self.on) if not getattr(self, name)]:
            raise ValueError(f"a probe on {self.on} needs {' and '.join(lacking)}")
        return self


_NEEDED = {Service.GP_CONNECT: ("by", "to"), Service.PDS: ("patient",), Service.SDS: ("to",)}
_OF_A_PATIENT = ("patient", "appointment")


def _needed(on: str) -> tuple[str, ...]:
    """What the right request is made from; an unknown interaction is told elsewhere."""
    service = BY_NAME[on].service if on in BY_NAME else Service.TOKEN
    patient = service is Service.GP_CONNECT and any(word in on for word in _OF_A_PATIENT)
    return _NEEDED.get(service, ()) + (("patient",) if patient else ())


class Together(Row):
    """Steps at the same moment; each keeps its own expectation, or `outcomes` says how many ended how."""

    do: Literal["together"]
    steps: tuple["RacingStep", ...] = Field(min_length=2)
    outcomes: dict[str, int] = Field(default_factory=dict)


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
    | SetSlots
    | SetPractice
    | Explain
    | SetUser
    | CorrectPatient
    | Wait
    | Together
    | Probe,
    Field(discriminator="do"),
]


class Appointments(Row):
    """How many booked appointments an organisation's book holds."""

    check: Literal["appointments"]
    at: str
    count: int = Field(ge=0)
    patient: str | None = None
    booked_by: str | None = None


class Exchanges(Row):
    """How many exchanges took place at a service (`ssp pds sds token`) or an organisation."""

    check: Literal["exchanges"]
    at: str
    on: str
    count: int = Field(ge=0)


class Screens(Row):
    """Every screen that a patient saw names this site."""

    check: Literal["screens"]
    names: str


class Told(Row):
    """Somebody was shown exactly this text."""

    check: Literal["told"]
    who: Literal["staff", "patient"] = "staff"
    text: str


class Sms(Row):
    """How many texts a patient got; each of them names a site if `names` is given."""

    check: Literal["sms"]
    to: str
    count: int = Field(ge=0)
    names: str | None = None


class RecordEntries(Row):
    """How many entries the record of a patient at an organisation got."""

    check: Literal["record"]
    at: str
    patient: str
    count: int = Field(ge=0)


class Registered(Row):
    """How an organisation holds a patient."""

    check: Literal["registered"]
    at: str
    patient: str
    as_: Literal["regular", "temporary", "none"] = Field(alias="as")


class LedgerOutcomes(Row):
    """How the attempts for a patient ended, in order."""

    check: Literal["ledger"]
    patient: str
    outcomes: tuple[str, ...]


Check = Annotated[
    Appointments | Exchanges | Screens | Told | Sms | RecordEntries | Registered | LedgerOutcomes,
    Field(discriminator="check"),
]


class Scenario(Row):
    """One idea, told as steps and checks, on a fixed clock and seed."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9-]+(/[a-z0-9-]+)*$")]
    title: str = Field(min_length=1, max_length=120)
    shows: tuple[str, ...] = ()
    clock: Moment
    seed: int = 1
    world: str
    suppliers: tuple[str, ...] = ()
    limits: LimitsRow = NO_LIMITS
    faults: tuple[Fault, ...] = ()
    steps: tuple[Step, ...] = Field(min_length=1)
    checks: tuple[Check, ...] = ()
