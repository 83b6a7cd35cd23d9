"""One practice as its GP Connect server knows it: where it is, who works there, what is switched on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from mock_gpconnect.book.protocol import AppointmentBook
from mock_gpconnect.provider.addresses import Address
from mock_gpconnect.provider.audit import AuditLog
from mock_gpconnect.provider.patients import PatientIndex
from mock_gpconnect.suppliers.profile import Profile


@dataclass(frozen=True, slots=True)
class Location:
    """A surgery where appointments take place; without `address` it is one of the records that lack it."""

    id: str
    name: str
    address: Address | None = None
    phone: str = ""
    site_code: str = ""
    version: int = 1


@dataclass(frozen=True, slots=True)
class Practitioner:
    """Somebody who holds sessions. `user_id` and `role_ids` are those of the Spine's directory."""

    id: str
    user_id: str
    family: str
    given: tuple[str, ...] = ()
    prefix: str = ""
    gender: str = ""
    role_ids: tuple[str, ...] = ()
    version: int = 1


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation in the practice's own directory."""

    id: str
    ods: str
    name: str
    phone: str = ""
    address: Address | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class Switches:
    """What is switched on; Foundations follows Appointments where it is left out."""

    enabled: bool = True
    foundations: bool | None = None
    appointments: bool = True

    @property
    def foundations_on(self) -> bool:
        """Whether Foundations is on."""
        return self.appointments if self.foundations is None else self.foundations


@dataclass(slots=True)
class Practice:
    """A practice and all that its server answers from. Mutable: its staff change settings while it runs.

    `embargo` is how near, `booking_window` how far ahead another organisation may book; None is
    no limit. `others` are further organisations that its directory knows. `busyness` is the share of
    the clinical system that its own staff take, 0 to 0.95, where latency is modelled. `unsubscribed`
    are organisations that have not subscribed to what it lets them see. `version`
    grows with every setting that is changed, so that nothing made from older ones is shown.
    """

    ods: str
    name: str
    asid: str
    service_root: str
    profile: Profile
    locations: Sequence[Location]
    practitioners: Sequence[Practitioner]
    patients: PatientIndex
    book: AppointmentBook
    switches: Switches = Switches()
    phone: str = ""
    address: Address | None = None
    embargo: timedelta | None = None
    booking_window: timedelta | None = None
    others: Sequence[Organisation] = ()
    organisation_id: str = ""
    busyness: float = 0.0
    unsubscribed: frozenset[str] = frozenset()
    audit: AuditLog = field(default_factory=AuditLog)
    version: int = field(default=0, init=False, compare=False)

    def __setattr__(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)
        object.__setattr__(self, "version", getattr(self, "version", 0) + 1)

    def __post_init__(self) -> None:
        self.organisation_id = self.organisation_id or f"org-{self.ods}"
        if not self.profile.diary.location_address:
            self.locations = tuple(replace(each, address=None) for each in self.locations)

    @property
    def organisation(self) -> Organisation:
        """The practice itself, as an organisation."""
        return Organisation(self.organisation_id, self.ods, self.name, self.phone, self.address)

    @property
    def organisations(self) -> tuple[Organisation, ...]:
        """Every organisation that its directory knows, itself first."""
        return self.organisation, *self.others

    def location(self, location_id: str) -> Location | None:
        """One of its surgeries."""
        return next((each for each in self.locations if each.id == location_id), None)

    def practitioner(self, practitioner_id: str) -> Practitioner | None:
        """One of its session holders."""
        return next((each for each in self.practitioners if each.id == practitioner_id), None)
