"""The three resources in a token: the device, the organisation and the user that ask."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Protocol

import orjson

from booking_core.spec.identifiers import Id
from mock_gpconnect.checks import Check
from mock_gpconnect.fhir_shape import is_resource
from mock_gpconnect.provider.bodies import fhir_problem
from mock_gpconnect.suppliers.switches import Token as Rules

_UNKNOWN = "UNK"
_TYPES = {
    "requesting_device": "Device",
    "requesting_organization": "Organization",
    "requesting_practitioner": "Practitioner",
}


class Declares(Protocol):
    """What these checks look at."""

    @property
    def claims(self) -> Mapping[str, Any]:
        """The payload."""

    @property
    def rules(self) -> Rules:
        """The supplier's switches."""


Finds = Callable[[Declares], str | None]


def _missing(name: str) -> Finds:
    def finds(token: Declares) -> str | None:
        claim = token.claims.get(name)
        return None if isinstance(claim, dict) and claim else f"claim {name}: required, one resource {_TYPES[name]}"

    return finds


def _malformed(name: str) -> Finds:
    def finds(token: Declares) -> str | None:
        problem = _fhir_problem(orjson.dumps(token.claims[name]))
        return f"claim {name}: {problem}" if problem else None

    return finds


def _other_type(name: str) -> Finds:
    def finds(token: Declares) -> str | None:
        found = token.claims[name]["resourceType"]
        return None if found == _TYPES[name] else f"claim {name}: expected {_TYPES[name]}, found {found}"

    return finds


@lru_cache(maxsize=1024)
def _fhir_problem(claim: bytes) -> str | None:
    """Consumers send the same three resources over and over: each is validated once."""
    resource = orjson.loads(claim)
    name = resource.get("resourceType")
    if not isinstance(name, str) or not is_resource(name):
        return f"resourceType {str(name)[:40]} is not a FHIR resource"
    return fhir_problem(resource)


def _device_incomplete(token: Declares) -> str | None:
    device = token.claims["requesting_device"]
    lacking = next((name for name in ("model", "version") if not device.get(name)), None)
    if not any(each.get("system") and each.get("value") for each in device.get("identifier", ())):
        lacking = "identifier with system and value"
    return f"claim requesting_device: {lacking} is required" if lacking else None


def _organisation_incomplete(token: Declares) -> str | None:
    organisation = token.claims["requesting_organization"]
    if not organisation.get("name"):
        return "claim requesting_organization: name is required"
    if not any(_values(organisation, Id.ODS)):
        return f"claim requesting_organization: an identifier with system {Id.ODS} is required"
    return None


def _user_incomplete(token: Declares) -> str | None:
    user = token.claims["requesting_practitioner"]
    name: Mapping[str, Any] = next(iter(user.get("name", ())), {})
    if not name.get("family") or not name.get("given"):
        return "claim requesting_practitioner: a name with family and given is required"
    if not any(_values(user, Id.SDS_USER)):
        return f"claim requesting_practitioner: an identifier with system {Id.SDS_USER} is required"
    return None


def _other_subject(token: Declares) -> str | None:
    same = token.claims["requesting_practitioner"].get("id") == token.claims["sub"]
    return None if same else "claim requesting_practitioner: id must equal sub"


def _role_missing(token: Declares) -> str | None:
    if not token.rules.require_role:
        return None
    roles = [each for each in _values(token.claims["requesting_practitioner"], Id.SDS_ROLE_PROFILE) if each != _UNKNOWN]
    return (
        None if roles else f"claim requesting_practitioner: an identifier with system {Id.SDS_ROLE_PROFILE} is required"
    )


def _values(resource: Mapping[str, Any], system: str) -> Iterator[str]:
    return (each.get("value", "") for each in resource.get("identifier", ()) if each.get("system") == system)


CLAIM_CHECKS: tuple[Check[Declares], ...] = (
    *(
        check
        for name in _TYPES
        for check in (
            Check("claim_missing", _missing(name)),
            Check("claim_not_fhir", _malformed(name)),
            Check("claim_other_type", _other_type(name)),
        )
    ),
    Check("claim_incomplete", _device_incomplete),
    Check("claim_incomplete", _organisation_incomplete),
    Check("claim_incomplete", _user_incomplete),
    Check("claim_other_subject", _other_subject),
    Check("claim_role_missing", _role_missing),
)
