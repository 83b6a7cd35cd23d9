"""A submitted Appointment, read element by element for the rules of booking, amending and cancelling."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from booking_core.spec.identifiers import CodeSystem, Extension, Id
from mock_gpconnect.book.local_time import in_reach

_ID = "[A-Za-z0-9.-]{1,64}"
_REFERENCE = re.compile(f"(Patient|Location|Practitioner)/({_ID})")
_SLOT = re.compile(f"Slot/({_ID})")

Part = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AppointmentForm:
    """The body of a booking, an amendment or a cancellation: a valid FHIR Appointment, its content not yet judged."""

    body: Part

    def items(self, name: str) -> list[Part]:
        """The items of a repeating element."""
        items: list[Part] = self.body.get(name, [])
        return items

    def extensions(self, url: str) -> list[Part]:
        """The extensions with this URL."""
        return [each for each in self.items("extension") if each.get("url") == url]

    def actors(self, kind: str) -> list[str]:
        """The ids of the participants of one kind."""
        return [match[2] for each in self.items("participant") if (match := actor(each)) and match[1] == kind]

    def moment(self, name: str) -> datetime | None:
        """A point in time, None where it is missing or has no offset."""
        try:
            found = datetime.fromisoformat(self.body.get(name, ""))
        except ValueError:
            return None
        return found if found.tzinfo is not None and in_reach(found) else None

    @property
    def slot_ids(self) -> list[str]:
        """The ids of the slots, as often as they are named."""
        matches = (_SLOT.fullmatch(each.get("reference", "")) for each in self.items("slot"))
        return [match[1] for match in matches if match]

    @property
    def booker(self) -> Part | None:
        """The contained booking organisation."""
        contained = self.items("contained")
        return contained[0] if len(contained) == 1 and contained[0].get("resourceType") == "Organization" else None

    @property
    def booker_ods(self) -> str:
        """Its ODS code."""
        identifiers = (self.booker or {}).get("identifier", ())
        return next((each.get("value", "") for each in identifiers if each.get("system") == Id.ODS), "")

    @property
    def booker_types(self) -> frozenset[str]:
        """Its organisation types, by code."""
        codings = [coding for concept in (self.booker or {}).get("type", ()) for coding in concept.get("coding", ())]
        return frozenset(
            coding["code"]
            for coding in codings
            if coding.get("system") == CodeSystem.ORGANISATION_TYPE and "code" in coding
        )

    @property
    def channel(self) -> str | None:
        """The delivery channel, where one is given."""
        return next((each.get("valueCode", "") for each in self.extensions(Extension.DELIVERY_CHANNEL)), None)

    @property
    def role(self) -> str | None:
        """The code of the practitioner role, where one is given."""
        for each in self.extensions(Extension.PRACTITIONER_ROLE):
            codings: list[Part] = each.get("valueCodeableConcept", {}).get("coding", [])
            return str(codings[0].get("code", "")) if codings else ""
        return None


def actor(participant: Part) -> re.Match[str] | None:
    """Kind and id of a participant's actor, if its reference is relative and of a kind that takes part."""
    return _REFERENCE.fullmatch(participant.get("actor", {}).get("reference", ""))


def slot_reference(part: Part) -> re.Match[str] | None:
    """The id of a slot reference, if it is relative."""
    return _SLOT.fullmatch(part.get("reference", ""))
