"""Whether a patient's details agree with the national record: one rule, used at finding and at registering."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mock_gpconnect.checks import Check
from mock_gpconnect.provider.traced import Traced

_FAMILY_LETTERS = 3
_UNRESTRICTED = "U"


@dataclass(frozen=True, slots=True)
class Details:
    """What is compared: a date as yyyy-mm-dd, and the names as held."""

    birth_date: str
    family: str
    given: str


@dataclass(frozen=True, slots=True)
class Claimed:
    """Details that somebody claims to belong to a traced number."""

    details: Details
    traced: Traced
    now: datetime


def agree(claimed: Details, held: Details) -> bool:
    """The same birth date, or two of its three parts and the beginnings of both names."""
    if claimed.birth_date == held.birth_date:
        return True
    parts = sum(a == b for a, b in zip(claimed.birth_date.split("-"), held.birth_date.split("-"), strict=False))
    return parts == 2 and _same_start(claimed.family, held.family, _FAMILY_LETTERS) and _same_start(
        claimed.given, held.given, 1
    )  # fmt: skip


def _same_start(one: str, other: str, letters: int) -> bool:
    return bool(one) and one[:letters].casefold() == other[:letters].casefold()


def current_name(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """The usual name of a national record, which is GP Connect's official one."""
    names = record.get("name") or [{}]
    return next((name for name in names if name.get("use") == "usual"), names[0])


def details_of(record: Mapping[str, Any]) -> Details:
    """The details of a national record."""
    name = current_name(record)
    return Details(record.get("birthDate", ""), name.get("family", ""), (name.get("given") or [""])[0])


def _unavailable(claimed: Claimed) -> str | None:
    return "the demographics service could not be asked" if claimed.traced.outcome == "unavailable" else None


def _unknown(claimed: Claimed) -> str | None:
    return "the NHS number is not on the demographics service" if claimed.traced.outcome == "not_found" else None


def _withdrawn(claimed: Claimed) -> str | None:
    faults = {"superseded": "the NHS number is superseded", "invalidated": "the NHS number is marked invalid"}
    return faults.get(claimed.traced.outcome)


def _sensitive(claimed: Claimed) -> str | None:
    security = (claimed.traced.record.get("meta") or {}).get("security") or []
    sensitive = any(label.get("code", _UNRESTRICTED) != _UNRESTRICTED for label in security)
    return _NO_REASON if sensitive else None


def _deceased(claimed: Claimed) -> str | None:
    record = claimed.traced.record
    return _NO_REASON if record.get("deceasedDateTime") or record.get("deceasedBoolean") else None


def _disagrees(claimed: Claimed) -> str | None:
    return None if agree(claimed.details, details_of(claimed.traced.record)) else _NO_REASON


_NO_REASON = "the patient's details could not be verified"
"""One text for all that must not be told apart, so that nobody learns of a sensitive record from it."""

VERIFICATION_CHECKS = (
    Check("pds_unavailable", _unavailable),
    Check("not_on_pds", _unknown),
    Check("number_withdrawn", _withdrawn),
    Check("patient_sensitive", _sensitive),
    Check("patient_deceased", _deceased),
    Check("details_disagree", _disagrees),
)
"""The flags of the national record come before the comparison: a withdrawn number is never somebody else's fault."""
