"""A pilot's configuration: a directed graph of who may book into whom; roles follow from it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from booking_core.consumer import Sender
from booking_core.search import Wanted

PREFLIGHT = ("entitlement", "name", "role", "endpoint", "patient", "slots")
"""What is checked before an invitation is sent, in the assumed order."""


@dataclass(frozen=True, slots=True)
class User:
    """A member of staff as their own clinical system knows them; an empty part is not recorded there."""

    alias: str
    user_id: str
    family: str
    given: tuple[str, ...]
    prefix: str
    role: str
    sds_user_id: str
    sds_role_profile_id: str


class Staff(Protocol):
    """The clinical systems' user accounts, read anew for every invitation."""

    async def user(self, ods: str, alias: str) -> User:
        """The account as it is now; raises KeyError for one that is not there."""


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation of the pilot; `type` is what it says of itself in a slot search.

    `reminders` is who reminds the patients in its book: `none`, the `product`, which is this one, or
    its own `clinical_system`.
    """

    ods: str
    name: str
    type: str
    phone: str
    asid: str
    entitled: bool = True
    reminders: str = "none"


@dataclass(frozen=True, slots=True)
class Link:
    """One edge: `booker` may book into `receiver`. Empty filters admit everything."""

    booker: str
    receiver: str
    locations: tuple[str, ...] = ()
    slot_types: tuple[str, ...] = ()
    active: bool = True


@dataclass(frozen=True, slots=True)
class Cancelling:
    """Whether a patient may cancel, until when, and whether they may move an appointment."""

    enabled: bool = False
    cutoff_minutes: int = 60
    may_rebook: bool = False


@dataclass(frozen=True, slots=True)
class Settings:
    """Choices of the pilot; each default is assumed unless the product documents it."""

    link_expiry_days: int = 7
    horizon_days: int = 42
    preflight_order: tuple[str, ...] = PREFLIGHT
    wrong_dates_lock: int = 10
    register_at_send: bool = False
    telephone_windows: bool = False
    reminder_hours: float = 24
    cancelling: Cancelling = Cancelling()


@dataclass(frozen=True, slots=True)
class Pilot:
    """Organisations by ODS code, the links between them, and the settings."""

    organisations: Mapping[str, Organisation]
    links: tuple[Link, ...]
    settings: Settings = Settings()

    def link(self, booker: str, receiver: str) -> Link | None:
        """The active edge between two organisations, if there is one."""
        ends = (booker, receiver)
        return next((one for one in self.links if one.active and (one.booker, one.receiver) == ends), None)

    def narrowed(self, booker: str, receiver: str, wanted: Wanted) -> Wanted:
        """What an invitation asks for: a link's own filters hold where the sender chose none."""
        wanted = replace(wanted, same_day_calls=not self.settings.telephone_windows)
        if (link := self.link(booker, receiver)) is None:
            return wanted
        return replace(
            wanted, slot_types=wanted.slot_types or link.slot_types, locations=wanted.locations or link.locations
        )

    def selector(self, booker: str) -> tuple[str, ...]:
        """Where a booker may book: itself first, then the configured receivers; nothing for who does not book."""
        receivers = [one.receiver for one in self.links if one.active and one.booker == booker]
        others = [ods for ods in dict.fromkeys(receivers) if ods != booker]
        return (booker, *others) if others else ()

    def role(self, ods: str) -> str:
        """`both`, `booker`, `receiver` or `none`: what its active links to others make of it."""
        others = [one for one in self.links if one.active and one.booker != one.receiver]
        books = any(one.booker == ods for one in others)
        receives = any(one.receiver == ods for one in others)
        return {(True, True): "both", (True, False): "booker", (False, True): "receiver"}.get((books, receives), "none")


def sender_of(organisation: Organisation, user: User) -> Sender:
    """The identity that an invitation captures and every later call replays."""
    return Sender(
        user.user_id, user.family, user.given, user.prefix, user.role, user.sds_user_id, user.sds_role_profile_id,
        organisation.ods, organisation.name, organisation.type, organisation.phone, organisation.asid,
    )  # fmt: skip
