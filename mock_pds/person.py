"""What the national record holds about one person, as values; dates and times are kept as they stand on the wire.

An empty `id` means that the record never had one: the resource then shows one derived from its place.
"""

from dataclasses import dataclass

OPEN_USES = ("usual", "nickname", "temp")
"""Names that a search sees and shows; the others are history."""


@dataclass(frozen=True, slots=True)
class Name:
    """One name; `given` keeps a compound first name in one item."""

    family: str = ""
    given: tuple[str, ...] = ()
    use: str = "usual"
    prefix: tuple[str, ...] = ()
    suffix: tuple[str, ...] = ()
    start: str | None = None
    end: str | None = None
    id: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """One address of up to five lines, where a blank line keeps its place; `text` is the kind of a temporary one."""

    lines: tuple[str, ...] = ()
    postcode: str | None = None
    use: str = "home"
    text: str | None = None
    start: str | None = None
    end: str | None = None
    paf: str | None = None
    uprn: str | None = None
    id: str = ""


@dataclass(frozen=True, slots=True)
class Telecom:
    """One way to reach the person; `textphone` goes with the system `other`."""

    value: str
    system: str = "phone"
    use: str = "home"
    textphone: bool = False
    start: str | None = None
    end: str | None = None
    id: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """An emergency contact: no name, only pairs of system and value."""

    telecom: tuple[tuple[str, str], ...]
    start: str | None = None
    end: str | None = None
    id: str = ""


@dataclass(frozen=True, slots=True)
class Registration:
    """An organisation's hold on the person: the registered practice, or who manages a de-registered one."""

    ods: str
    start: str | None = None
    end: str | None = None
    id: str = ""


@dataclass(frozen=True, slots=True)
class Nominations:
    """Where prescriptions go, as ODS codes."""

    pharmacy: str | None = None
    dispenser: str | None = None
    appliance_supplier: str | None = None


@dataclass(frozen=True, slots=True)
class Communication:
    """Language and contact preferences, as codes with their displays."""

    language: tuple[str, str] | None = None
    interpreter: bool | None = None
    written_format: tuple[str, str] | None = None
    method: tuple[str, str] | None = None
    times: str | None = None


@dataclass(frozen=True, slots=True)
class BirthPlace:
    """Where the person was born."""

    city: str | None = None
    district: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Removal:
    """Why and when a registration ended."""

    code: str
    display: str
    start: str | None = None
    end: str | None = None


@dataclass(frozen=True, slots=True)
class Relative:
    """A related person, known by NHS number, by details, or both."""

    relationship: tuple[tuple[str, str], ...]
    nhs_number: str | None = None
    name: Name | None = None
    address: Address | None = None
    telecom: tuple[Telecom, ...] = ()
    rank: int | None = None
    copy_correspondence: bool = False
    communication: Communication | None = None
    start: str | None = None
    end: str | None = None
    id: str = ""


@dataclass(frozen=True, slots=True)
class History:
    """What was true once: never shown, but found by a search that asks for history or tolerates it."""

    names: tuple[Name, ...] = ()
    addresses: tuple[Address, ...] = ()
    telecom: tuple[Telecom, ...] = ()
    genders: tuple[str, ...] = ()
    birth_dates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Person:
    """One demographic record; the defaults make the smallest one, a number and nothing else.

    `birth_date` may be a year or a month of one; `deceased` is a date or a date-time;
    `death_notice` is 1 (informal), 2 (formal) or U (removed: the person lives).
    """

    nhs_number: str
    names: tuple[Name, ...] = ()
    gender: str | None = None
    birth_date: str | None = None
    version: int = 1
    confidentiality: str = "U"
    addresses: tuple[Address, ...] = ()
    telecom: tuple[Telecom, ...] = ()
    contacts: tuple[Contact, ...] = ()
    practice: str | None = None
    practice_since: str | None = None
    practice_entry_id: str = ""
    managing: Registration | None = None
    multiple_birth: int | None = None
    deceased: str | None = None
    death_notice: str | None = None
    death_noticed: str | None = None
    superseded_by: str | None = None
    invalidated: bool = False
    nominations: Nominations | None = None
    communication: Communication | None = None
    birth_place: BirthPlace | None = None
    removal: Removal | None = None
    relatives: tuple[Relative, ...] = ()
    history: History | None = None

    @property
    def usual_name(self) -> Name | None:
        """The name in use, wherever it stands among the others."""
        return next((name for name in self.names if name.use == "usual"), None)
