"""A probe as a scenario file writes it."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from booking_core.spec.interactions import BY_NAME, Service
from harness.applications import CALLERS, PRODUCT
from harness.files import Spelt, one_of
from harness.rows import Row, Words

Slot = Annotated[str, Spelt(r"^(first|last|[0-9]{1,4})$", "first, last or a place in the list from 0, such as 3")]
"""`first`, `last`, or a place in the list that the patient is shown, from 0."""


Caller = Annotated[str, one_of(tuple(CALLERS)), Field(json_schema_extra={"enum": list(CALLERS)})]


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
