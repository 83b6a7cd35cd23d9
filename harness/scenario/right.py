"""A right request, before a probe changes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from booking_core.wire.calls import Call


@dataclass(frozen=True, slots=True)
class Assertion:
    """What a token request is made from, not yet signed."""

    header: Mapping[str, Any]
    claims: Mapping[str, Any]
    form: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Right:
    """A right request; `path` is the part of its URL below the service's base."""

    call: Call
    path: str
    assertion: Assertion | None = None
