"""An updated Patient back into a Person. What an update did not touch stays as the record had it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from mock_pds.extensions import OTHER_CONTACT
from mock_pds.person import Address, Contact, History, Name, Person, Telecom
from mock_pds.reading_extensions import by_url, held
from mock_pds.scoring import past
from mock_pds.shape import AddressShape, ContactShape, NameShape, PatientShape, PeriodShape, TelecomShape


def _ends(period: PeriodShape | None) -> dict[str, str | None]:
    return {"start": period.start, "end": period.end} if period else {}


def _name(shape: NameShape) -> Name:
    """Given names after the first are single words, however they were sent."""
    later = [word for given in shape.given[1:] for word in given.split()]
    return Name(
        family=shape.family or "",
        given=(*shape.given[:1], *later),
        use=shape.use,
        prefix=tuple(prefix.removesuffix(".") for prefix in shape.prefix),
        suffix=tuple(shape.suffix),
        id=shape.id or "",
        **_ends(shape.period),
    )


def _key(shape: AddressShape, kind: str) -> str | None:
    for extension in shape.extension:
        parts = by_url(extension.extension)
        coding = parts["type"].valueCoding if "type" in parts else None
        if coding and coding.code == kind and "value" in parts:
            return parts["value"].valueString
    return None


def _address(shape: AddressShape) -> Address:
    return Address(
        tuple(shape.line),
        shape.postalCode,
        shape.use,
        shape.text,
        paf=_key(shape, "PAF"),
        uprn=_key(shape, "UPRN"),
        id=shape.id or "",
        **_ends(shape.period),
    )


def _telecom(shape: TelecomShape) -> Telecom:
    textphone = any(extension.url == OTHER_CONTACT for extension in shape.extension)
    return Telecom(shape.value, shape.system, shape.use, textphone, id=shape.id or "", **_ends(shape.period))


def _contact(shape: ContactShape) -> Contact:
    reached = tuple((each.system, each.value) for each in shape.telecom)
    return Contact(reached, id=shape.id or "", **_ends(shape.period))


def _entries(before: Sequence[Any], old: Sequence[Any], new: Sequence[Any], read: Callable[[Any], Any]) -> Any:
    """The record's own entry, with the id it was shown under, where nothing changed; else what was sent."""
    same = {shape.id: replace(entry, id=shape.id) for shape, entry in zip(old, before, strict=True) if shape in new}
    return tuple(same[shape.id] if shape.id in same else read(shape) for shape in new)


def _gone(before: Sequence[Any], old: Sequence[Any], new: Sequence[Any]) -> Any:
    return tuple(entry for shape, entry in zip(old, before, strict=True) if shape not in new)


def _history(person: Person, old: PatientShape, new: PatientShape) -> History:
    """What the update put an end to, after what was history before."""
    once = past(person)
    return History(
        names=once.names + _gone(person.names, old.name, new.name),
        addresses=once.addresses + _gone(person.addresses, old.address, new.address),
        telecom=once.telecom + _gone(person.telecom, old.telecom, new.telecom),
        genders=once.genders + ((old.gender,) if old.gender and old.gender != new.gender else ()),
        birth_dates=once.birth_dates + ((old.birthDate,) if old.birthDate and old.birthDate != new.birthDate else ()),
    )


def _practice(shape: PatientShape) -> dict[str, Any]:
    if not shape.generalPractitioner:
        return {"practice": None, "practice_since": None, "practice_entry_id": ""}
    practice = shape.generalPractitioner[0]
    period = practice.identifier.period
    return {
        "practice": practice.identifier.value,
        "practice_since": period.start if period else None,
        "practice_entry_id": practice.id or "",
    }


def updated(person: Person, old: PatientShape, new: PatientShape) -> Person:
    """The record that follows `person`: its next version."""
    history = _history(person, old, new)
    return replace(
        person,
        version=person.version + 1,
        names=_entries(person.names, old.name, new.name, _name),
        addresses=_entries(person.addresses, old.address, new.address, _address),
        telecom=_entries(person.telecom, old.telecom, new.telecom, _telecom),
        contacts=_entries(person.contacts, old.contact, new.contact, _contact),
        gender=new.gender,
        birth_date=new.birthDate,
        multiple_birth=new.multipleBirthInteger,
        deceased=new.deceasedDateTime,
        history=None if history == History() else history,
        **_practice(new),
        **held(person, new.extension),
    )
