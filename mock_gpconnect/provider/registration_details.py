"""The contact details of a new registration: the consumer's, and the national record's where it sent none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from booking_core.spec.identifiers import CodeSystem, Extension
from booking_core.spec.languages import LANGUAGES
from mock_gpconnect.book.local_time import wire_time
from mock_gpconnect.provider.registration_checks import Form, language_of
from mock_gpconnect.provider.resources import coding

_NATIONAL_LANGUAGE = "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSCommunication"
_CONTACT_SYSTEMS = ("phone", "email")
_CONTACT_PARTS = ("system", "value", "use")
_ADDRESS_PARTS = ("use", "line", "city", "district", "postalCode", "country")

Items = list[dict[str, Any]]


def registered_elements(form: Form, record: Mapping[str, Any], ends: datetime, now: datetime) -> dict[str, Items]:
    """The FHIR elements to keep with the record. What is temporary ends with the registration."""
    return {
        "name": [dict(name) for name in form.items("name") if name.get("family") and _is_other(name.get("use"))],
        "telecom": _until(ends, form.items("telecom")) or _current(record, "telecom", _CONTACT_PARTS, now),
        "address": _until(ends, form.items("address")) or _current(record, "address", _ADDRESS_PARTS, now),
        "extension": _language(form, record),
    }


def _is_other(use: str | None) -> bool:
    """The official name is shown from the record's own fields; a name without a use cannot be shown at all."""
    return use not in ("official", None)


def _until(ends: datetime, items: Iterable[Mapping[str, Any]]) -> Items:
    return [
        {**item, "period": {**item.get("period", {}), "end": wire_time(ends)}}
        if item.get("use") == "temp"
        else {"use": "home", **item}
        for item in items
    ]


def _current(record: Mapping[str, Any], element: str, parts: tuple[str, ...], now: datetime) -> Items:
    """The record's lasting items, in the words of this version of FHIR."""
    today = now.date().isoformat()
    items = [
        item
        for item in record.get(element) or ()
        if item.get("use") != "temp" and (item.get("period") or {}).get("end", today) >= today
    ]
    if element == "telecom":
        items = [item for item in items if item.get("system") in _CONTACT_SYSTEMS and item.get("value")]
    return [{"use": "home"} | {part: _filled(item[part]) for part in parts if item.get(part)} for item in items]


def _filled(value: Any) -> Any:
    """National address lines are positional, and some of them empty."""
    return [line for line in value if line] if isinstance(value, list) else value


def _language(form: Form, record: Mapping[str, Any]) -> Items:
    """The language that was sent, or else that of the national record, in the words of this version of FHIR."""
    sent = form.extensions(Extension.NHS_COMMUNICATION)
    held = [each for each in record.get("extension") or () if each.get("url") == _NATIONAL_LANGUAGE]
    for communication in (*sent, *held):
        if (code := language_of(communication)) in LANGUAGES:
            language = {
                "url": "language",
                "valueCodeableConcept": coding(CodeSystem.HUMAN_LANGUAGE, code, LANGUAGES[code]),
            }
            others = [dict(part) for part in communication["extension"] if part.get("url") == "interpreterRequired"]
            return [{"url": Extension.NHS_COMMUNICATION, "extension": [language, *others]}]
    return []
