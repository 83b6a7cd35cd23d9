"""The extensions of an updated Patient back into what a Person holds."""

from collections.abc import Mapping
from typing import Any

from mock_pds import extensions as ext
from mock_pds.person import BirthPlace, Communication, Nominations, Person, Removal
from mock_pds.shape import ExtensionShape

Known = Mapping[str, ExtensionShape]


def by_url(extensions: list[ExtensionShape]) -> Known:
    """Extensions are found by their URL; their order says nothing."""
    return {extension.url: extension for extension in extensions}


def coded(parts: Known, url: str) -> tuple[str, str] | None:
    """Code and display of a part, if it is there and coded."""
    concept = parts[url].valueCodeableConcept if url in parts else None
    return (concept.coding[0].code, concept.coding[0].display or "") if concept else None


def parts(known: Known, url: str) -> Known:
    """The parts of one extension; none when it is not there."""
    return by_url(known[url].extension) if url in known else {}


def _nominations(known: Known) -> Nominations | None:
    chosen: dict[str, str] = {}
    for field, url in ext.NOMINATIONS.items():
        reference = known[url].valueReference if url in known else None
        if reference:
            chosen[field] = reference.identifier.value
    return Nominations(**chosen) if chosen else None


def _communication(known: Known) -> Communication | None:
    spoken, wished = parts(known, ext.COMMUNICATION), parts(known, ext.CONTACT_PREFERENCE)
    wishes = Communication(
        language=coded(spoken, "language"),
        interpreter=spoken["interpreterRequired"].valueBoolean if "interpreterRequired" in spoken else None,
        written_format=coded(wished, "PreferredWrittenCommunicationFormat"),
        method=coded(wished, "PreferredContactMethod"),
        times=wished["PreferredContactTimes"].valueString if "PreferredContactTimes" in wished else None,
    )
    return None if wishes == Communication() else wishes


def _birth_place(known: Known) -> BirthPlace | None:
    place = known[ext.BIRTH_PLACE].valueAddress if ext.BIRTH_PLACE in known else None
    return BirthPlace(place.city, place.district, place.country) if place else None


def _removal(known: Known, before: Removal | None) -> Removal | None:
    """A confidential reason is shown under another code; left as it was shown, it stays what it is."""
    ended = parts(known, ext.REMOVAL)
    reason = coded(ended, "removalFromRegistrationCode")
    if reason is None:
        return None
    if before and before.code in ext.CONFIDENTIAL_REMOVALS and reason == ext.DISGUISE:
        reason = before.code, before.display
    period = ended["effectiveTime"].valuePeriod if "effectiveTime" in ended else None
    return Removal(*reason, start=period.start if period else None, end=period.end if period else None)


def held(person: Person, extensions: list[ExtensionShape]) -> dict[str, Any]:
    """The fields of a Person that extensions show."""
    known = by_url(extensions)
    notice = parts(known, ext.DEATH_NOTIFICATION)
    status = coded(notice, "deathNotificationStatus")
    return {
        "nominations": _nominations(known),
        "communication": _communication(known),
        "birth_place": _birth_place(known),
        "removal": _removal(known, person.removal),
        "death_notice": status[0] if status else None,
        "death_noticed": notice["systemEffectiveDate"].valueDateTime if "systemEffectiveDate" in notice else None,
    }
