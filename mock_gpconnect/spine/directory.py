"""Who is registered on the Spine, and who may talk to whom. SDS tells it, the proxy enforces it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from urllib.parse import urlsplit

Now = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Registration:
    """One system of one organisation: an AS record, an MHS record or, as providers have, both.

    `message_handling` says whether there is an MHS record; left out, an address implies one. With
    `since` and `until` a registration holds for a time only: a practice that changes its supplier
    is two of them. `endpoint` is the host name that its certificate bears; left out, that of its address.
    """

    ods: str
    asid: str
    party_key: str
    manufacturer: str
    interactions: frozenset[str]
    address: str | None = None
    further_addresses: tuple[str, ...] = ()
    accredited: bool = True
    message_handling: bool | None = None
    reliability: tuple[tuple[str, str | int], ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    endpoint: str = ""

    @property
    def addresses(self) -> tuple[str, ...]:
        """Every service root of the MHS record, in the order they were entered."""
        return ((self.address,) if self.address else ()) + self.further_addresses

    @property
    def has_mhs_record(self) -> bool:
        """A consumer-only system must not have one."""
        return bool(self.addresses) if self.message_handling is None else self.message_handling

    @property
    def fqdn(self) -> str:
        """The host name of its endpoint: its own, or that of the first service root."""
        return self.endpoint or (urlsplit(self.addresses[0]).hostname or "") if self.addresses else ""

    def cpa_id(self, interaction: str) -> str:
        """The id of the MHS record of one interaction: 20 hex characters, the same in every run."""
        return sha256(f"{self.party_key} {interaction}".encode()).hexdigest()[:20]

    def receives(self, interaction: str) -> bool:
        """Whether requests of this kind may be sent to it."""
        return self.has_mhs_record and interaction in self.interactions

    def holds_at(self, moment: datetime | None) -> bool:
        """Whether it is in force; a directory without a clock holds everything for ever."""
        if moment is None:
            return True
        return (self.since is None or self.since <= moment) and (self.until is None or moment < self.until)

    def overlaps(self, other: Registration) -> bool:
        """Whether there is a moment at which both are in force."""
        return _ends_before(self.until, other.since) and _ends_before(other.until, self.since)


def _ends_before(end: datetime | None, start: datetime | None) -> bool:
    return end is None or start is None or start < end


class Directory:
    """The registrations and data-sharing agreements of one world."""

    def __init__(
        self,
        registrations: Iterable[Registration] = (),
        agreements: Iterable[tuple[str, str]] = (),
        *,
        now: Now | None = None,
    ) -> None:
        self._now = now
        self._by_ods: dict[str, list[Registration]] = defaultdict(list)
        self._by_asid: dict[str, list[Registration]] = defaultdict(list)
        self._by_party_key: dict[str, list[Registration]] = defaultdict(list)
        self._agreements = frozenset(_pair(*agreement) for agreement in agreements)
        for registration in registrations:
            self.register(registration)

    def register(self, registration: Registration) -> None:
        """Enter a system; an ASID belongs to one system at a time."""
        if self._now is None and (registration.since or registration.until):
            raise ValueError(f"{registration.asid} holds for a time only: give the Directory a clock (now=)")
        for other in self._by_asid.get(registration.asid, ()):
            if registration.accredited and other.accredited and registration.overlaps(other):
                raise ValueError(
                    f"ASID {registration.asid} is taken by {other.ods}, so {registration.ods} needs another"
                )
        for index, key in self._places(registration):
            index[key].append(registration)

    def agreed(self, consumer_ods: str, provider_ods: str) -> bool:
        """Whether the two organisations share a data-sharing agreement."""
        return _pair(consumer_ods, provider_ods) in self._agreements

    def by_asid(self, asid: str) -> Registration | None:
        """The system with this ASID, if it has an AS record that is in force."""
        moment = self._now() if self._now else None
        for found in self._by_asid.get(asid, ()):
            if found.accredited and found.holds_at(moment):
                return found
        return None

    def in_organisation(self, ods: str) -> Iterator[Registration]:
        """An organisation's systems, whichever case its code is written in."""
        return self._valid(self._by_ods.get(ods.upper(), ()))

    def with_party_key(self, party_key: str) -> Iterator[Registration]:
        """The systems behind one message handling server, whichever case its key is written in."""
        return self._valid(self._by_party_key.get(party_key.upper(), ()))

    def root_of(self, target: str) -> str | None:
        """The registered service root that a URL lies under; the longest, should several fit."""
        everyone = (found for registered in self._by_ods.values() for found in self._valid(registered))
        roots = (root for found in everyone for root in found.addresses if lies_under(target, root))
        return max(roots, key=len, default=None)

    def _places(self, registration: Registration) -> tuple[tuple[dict[str, list[Registration]], str], ...]:
        return (
            (self._by_ods, registration.ods.upper()),
            (self._by_asid, registration.asid),
            (self._by_party_key, registration.party_key.upper()),
        )

    def _valid(self, registrations: Iterable[Registration]) -> Iterator[Registration]:
        moment = self._now() if self._now else None
        return (found for found in registrations if found.holds_at(moment))


def lies_under(target: str, root: str) -> bool:
    """Whether a URL begins with exactly this service root: no part of it is normalised."""
    return target.startswith(root) and (target == root or root.endswith("/") or target[len(root)] == "/")


def _pair(consumer_ods: str, provider_ods: str) -> tuple[str, str]:
    return consumer_ods.upper(), provider_ods.upper()
