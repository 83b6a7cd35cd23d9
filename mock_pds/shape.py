"""The shape of a PDS Patient as an update may leave it: members, types, sizes, closed lists of codes."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from mock_pds.index import first_day

NAME_LENGTH = 35

Short = Annotated[str, Field(max_length=NAME_LENGTH)]


def _in_calendar(text: str) -> str:
    first_day(text[: len("yyyy-mm-dd")])
    if "T" in text:
        datetime.fromisoformat(text)
    return text


Day = Annotated[str, Field(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$"), AfterValidator(_in_calendar)]
Moment = Annotated[
    str,
    Field(pattern=r"^\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2}:\d{2}([+-]\d{2}:\d{2}|Z))?)?)?$"),
    AfterValidator(_in_calendar),
]


class Shape(BaseModel):
    """A FHIR element: known members only, nothing coerced."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class PeriodShape(Shape):
    """A Period."""

    start: Moment | None = None
    end: Moment | None = None


class CodingShape(Shape):
    """A Coding."""

    code: str
    system: str | None = None
    version: str | None = None
    display: str | None = None


class ConceptShape(Shape):
    """A CodeableConcept of one coding."""

    coding: list[CodingShape] = Field(min_length=1, max_length=1)


class IdentifierShape(Shape):
    """An Identifier."""

    value: str
    system: str | None = None
    period: PeriodShape | None = None
    extension: list["ExtensionShape"] = []


class ReferenceShape(Shape):
    """A logical reference: by identifier only."""

    identifier: IdentifierShape
    type: str | None = None
    id: str | None = None


class BirthPlaceShape(Shape):
    """An Address that says no more than a place of birth does."""

    city: str | None = None
    district: str | None = None
    country: str | None = None


class ExtensionShape(Shape):
    """An Extension with the kinds of value that PDS uses."""

    url: str
    extension: list["ExtensionShape"] = []
    valueReference: ReferenceShape | None = None  # noqa: N815 - FHIR's own names, here and below
    valueCodeableConcept: ConceptShape | None = None  # noqa: N815
    valueCoding: CodingShape | None = None  # noqa: N815
    valueDateTime: Moment | None = None  # noqa: N815
    valueBoolean: bool | None = None  # noqa: N815
    valueString: str | None = None  # noqa: N815
    valueAddress: BirthPlaceShape | None = None  # noqa: N815
    valuePeriod: PeriodShape | None = None  # noqa: N815


class NameShape(Shape):
    """A HumanName."""

    use: Literal["usual", "temp", "nickname", "old", "maiden"]
    id: str | None = None
    period: PeriodShape | None = None
    family: Short | None = None
    given: list[Short] = Field(default=[], max_length=5)
    prefix: list[Short] = []
    suffix: list[Short] = []


class AddressShape(Shape):
    """An Address."""

    use: Literal["home", "temp", "billing", "work"]
    id: str | None = None
    period: PeriodShape | None = None
    text: str | None = None
    line: list[str] = Field(default=[], max_length=5)
    postalCode: str | None = None  # noqa: N815
    extension: list[ExtensionShape] = []


class TelecomShape(Shape):
    """A ContactPoint."""

    system: Literal["phone", "fax", "email", "other"]
    value: str
    use: Literal["home", "work", "temp", "mobile"] = "home"
    id: str | None = None
    period: PeriodShape | None = None
    extension: list[ExtensionShape] = []


class ContactPointShape(Shape):
    """How to reach an emergency contact."""

    system: Literal["phone", "fax", "email", "other"]
    value: str


class ContactShape(Shape):
    """An emergency contact."""

    telecom: list[ContactPointShape] = Field(min_length=1)
    relationship: list[ConceptShape] = Field(min_length=1, max_length=1)
    id: str | None = None
    period: PeriodShape | None = None


class PatientShape(Shape):
    """What of a Patient an update may touch."""

    name: list[NameShape] = []
    gender: Literal["male", "female", "other", "unknown"] | None = None
    birthDate: Day | None = None  # noqa: N815
    multipleBirthInteger: Annotated[int, Field(ge=1, le=9)] | None = None  # noqa: N815
    deceasedDateTime: Moment | None = None  # noqa: N815
    address: list[AddressShape] = []
    telecom: list[TelecomShape] = []
    contact: list[ContactShape] = []
    generalPractitioner: list[ReferenceShape] = Field(default=[], max_length=1)  # noqa: N815
    extension: list[ExtensionShape] = []


LISTS = ("name", "address", "telecom", "contact", "generalPractitioner", "extension")
SCALARS = ("gender", "birthDate", "multipleBirthInteger", "deceasedDateTime")
