"""What a scenario file may hold to be true at its end, told apart by `check`."""

from typing import Annotated, Literal

from pydantic import Field

from harness.rows import Row


class Appointments(Row):
    """How many booked appointments an organisation's book holds.

    `booked_by` counts those that show that organisation's ODS code, name and telephone to the receiver's staff.
    """

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
