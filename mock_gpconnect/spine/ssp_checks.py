"""What the proxy looks at before it forwards: verb, headers, media type, both parties, the exact URL."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from starlette.types import Scope

from booking_core.spec.headers import FHIR_JSON, FHIR_XML, FROM, INTERACTION_ID, SSP_HEADERS, TO
from mock_gpconnect.client_certificate import Certificate, fault_in
from mock_gpconnect.refusals import Refused
from mock_gpconnect.spine.directory import Directory, Registration, lies_under

VERBS = ("GET", "POST", "PUT")

MEDIA_TYPES = frozenset((FHIR_JSON, FHIR_XML, "application/json", "application/xml", "text/json", "text/xml"))
"""Kinds of body that pass; FHIR's own and what clients commonly send in their place."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request to the proxy: `target` is the provider's URL as it stands in ours, `query` what follows it."""

    method: str
    target: str
    query: str
    headers: Mapping[str, str]

    @property
    def target_url(self) -> str:
        """The provider's URL, whole."""
        return f"{self.target}?{self.query}" if self.query else self.target

    def header(self, name: str) -> str:
        """A header without the white space around it; empty when it is not there."""
        return self.headers.get(name.lower(), "")


def asked_of(scope: Scope) -> Asked:
    """The request, its URL read from the raw path: a decoded one could not be compared byte for byte."""
    raw_path: bytes = scope.get("raw_path") or scope["path"].encode()
    base = scope.get("root_path", "").encode() + b"/"
    return Asked(
        method=scope["method"],
        target=raw_path.removeprefix(base).decode("latin-1"),
        query=scope["query_string"].decode("latin-1"),
        headers=_first_of_each(scope["headers"]),
    )


@lru_cache(maxsize=1024)
def _lower(name: bytes) -> str:
    return name.decode("latin-1").lower()


def _first_of_each(raw: Iterable[tuple[bytes, bytes]]) -> Mapping[str, str]:
    headers: dict[str, str] = {}
    for name, value in raw:
        headers.setdefault(_lower(name), value.decode("latin-1").strip())
    return headers


@dataclass(frozen=True, slots=True)
class Parties:
    """Sender and receiver as the directory knows them; `roots` are the receiver's, for the interaction asked."""

    directory: Directory
    asked: Asked
    sender: Registration | None
    receiver: Registration | None

    @property
    def roots(self) -> tuple[str, ...]:
        """The service roots that the target may lie under."""
        if self.receiver:
            return self.receiver.addresses
        elsewhere = self.directory.root_of(self.asked.target)
        return (elsewhere,) if elsewhere else ()

    @property
    def facts(self) -> Mapping[str, str]:
        """What the texts of the refusals name."""
        interaction = self.asked.header(INTERACTION_ID)
        return {
            "sender": self.asked.header(FROM),
            "receiver": self.asked.header(TO),
            "target_url": self.asked.target_url,
            "registered_url": next(iter(self.receiver.addresses if self.receiver else ()), ""),
            "cpa_id": self.receiver.cpa_id(interaction) if self.receiver else "",
        }


def check_certificate(certificate: Certificate | None, asked: Asked, directory: Directory) -> None:
    """One was shown, holds, and names the endpoint that the sender has in the directory, where it has one."""
    if certificate is None:
        raise Refused("ssp_certificate_missing")
    sender = directory.by_asid(asked.header(FROM))
    if fault := fault_in(certificate, (sender and sender.fqdn) or certificate.name):
        raise Refused("ssp_certificate_refused", reason=fault)


def check_headers(asked: Asked) -> None:
    """All four SSP headers are there and not blank."""
    for name in SSP_HEADERS:
        if not asked.header(name):
            raise Refused("ssp_header_missing", header=name)


def check_media_type(asked: Asked, accepted: frozenset[str]) -> None:
    """A body is of a kind that passes; one without a type is left to the provider to refuse."""
    media_type = asked.header("content-type").partition(";")[0].strip().lower()
    if asked.method != "GET" and media_type and media_type not in accepted:
        raise Refused("ssp_media_type_refused")


def check_parties(asked: Asked, directory: Directory) -> None:
    """Both are registered for the interaction, they have an agreement, and the URL is the receiver's."""
    sender, receiver = directory.by_asid(asked.header(FROM)), directory.by_asid(asked.header(TO))
    parties = Parties(directory, asked, sender, receiver)
    for situation, holds in _PARTY_CHECKS:
        if not holds(parties):
            raise Refused(situation, **parties.facts)


def _sender_may_ask(parties: Parties) -> bool:
    return parties.sender is not None and parties.asked.header(INTERACTION_ID) in parties.sender.interactions


def _receiver_may_be_asked(parties: Parties) -> bool:
    return parties.receiver is None or parties.receiver.receives(parties.asked.header(INTERACTION_ID))


def _they_agreed(parties: Parties) -> bool:
    if parties.sender is None or parties.receiver is None:
        return True
    return parties.directory.agreed(parties.sender.ods, parties.receiver.ods)


def _target_is_registered(parties: Parties) -> bool:
    return any(lies_under(parties.asked.target, root) for root in parties.roots)


# An unknown receiver passes the middle two: its provider refuses the ASID, if the URL is anyone's at all.
_PARTY_CHECKS: Sequence[tuple[str, Callable[[Parties], bool]]] = (
    ("ssp_sender_refused", _sender_may_ask),
    ("ssp_receiver_refused", _receiver_may_be_asked),
    ("ssp_no_agreement", _they_agreed),
    ("ssp_target_varies", _target_is_registered),
)
