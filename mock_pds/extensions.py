"""The extensions on a PDS Patient, each built from what the record holds; an absent fact gives no extension."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from booking_core.spec.identifiers import Id
from mock_pds.person import Communication, Person

Json = dict[str, Any]

UK_CORE = "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-"
UK_CORE_SYSTEM = "https://fhir.hl7.org.uk/CodeSystem/UKCore-"
PHARMACY = UK_CORE + "NominatedPharmacy"
DISPENSER = UK_CORE + "PreferredDispenserOrganization"
APPLIANCE_SUPPLIER = UK_CORE + "MedicalApplianceSupplier"
DEATH_NOTIFICATION = UK_CORE + "DeathNotificationStatus"
COMMUNICATION = UK_CORE + "NHSCommunication"
CONTACT_PREFERENCE = UK_CORE + "ContactPreference"
VERIFICATION = UK_CORE + "NHSNumberVerificationStatus"
ADDRESS_KEY = UK_CORE + "AddressKey"
OTHER_CONTACT = UK_CORE + "OtherContactSystem"
BIRTH_PLACE = "http://hl7.org/fhir/StructureDefinition/patient-birthPlace"
REMOVAL = "https://fhir.nhs.uk/StructureDefinition/Extension-PDS-RemovalFromRegistration"
REMOVAL_SYSTEM = "https://fhir.nhs.uk/CodeSystem/PDS-RemovalReasonExitCode"

DEATH_DISPLAYS: Mapping[str, str] = {
    "1": "Informal - death notice received via an update from a local NHS Organisation such as GP or Trust",
    "2": "Formal - death notice received from Registrar of Deaths",
    "U": "Removed",
}
CONFIDENTIAL_REMOVALS = frozenset({"AFN", "SDN", "LDN"})
"""Reasons that are shown as another one, unless the application is registered to see them."""

DISGUISE = ("ORR", "Other Reason")
MAY_SEE_REMOVALS = "return-confidential-reason-for-removal"
NOMINATIONS: Mapping[str, str] = {
    "pharmacy": PHARMACY,
    "dispenser": DISPENSER,
    "appliance_supplier": APPLIANCE_SUPPLIER,
}


def concept(system: str, code: str, display: str, version: str | None = "1.0.0") -> Json:
    """A CodeableConcept of one coding."""
    coding = {"system": system, "version": version, "code": code, "display": display}
    return {"coding": [{key: value for key, value in coding.items() if value is not None}]}


def pruned(**members: Any) -> Json:
    """An object without the members that say nothing."""
    return {key: value for key, value in members.items() if value is not None and value != [] and value != {}}


def verification() -> Json:
    """The only verification status that PDS shows."""
    status = concept(UK_CORE_SYSTEM + "NHSNumberVerificationStatus", "01", "Number present and verified")
    return {"url": VERIFICATION, "valueCodeableConcept": status}


def _nominations(person: Person, _: frozenset[str]) -> Iterator[Json]:
    for field, url in NOMINATIONS.items():
        if ods := getattr(person.nominations, field, None):
            yield {"url": url, "valueReference": {"identifier": {"system": Id.ODS, "value": ods}}}


def _death(person: Person, _: frozenset[str]) -> Iterator[Json]:
    if (code := person.death_notice) is not None:
        status = concept(UK_CORE_SYSTEM + "DeathNotificationStatus", code, DEATH_DISPLAYS[code])
        parts: list[Json] = [{"url": "deathNotificationStatus", "valueCodeableConcept": status}]
        if person.death_noticed:
            parts.append({"url": "systemEffectiveDate", "valueDateTime": person.death_noticed})
        yield {"url": DEATH_NOTIFICATION, "extension": parts}


def communication(wishes: Communication | None) -> Iterator[Json]:
    """Language and contact preferences: of a patient or of a related person."""
    if wishes is None:
        return
    language = wishes.language and concept(UK_CORE_SYSTEM + "HumanLanguage", *wishes.language)
    parts = [
        pruned(url="language", valueCodeableConcept=language),
        pruned(url="interpreterRequired", valueBoolean=wishes.interpreter),
    ]
    yield from _with_parts(COMMUNICATION, parts)
    parts = [
        pruned(url=url, valueCodeableConcept=chosen and concept(UK_CORE_SYSTEM + url, *chosen, version=None))
        for url, chosen in (
            ("PreferredWrittenCommunicationFormat", wishes.written_format),
            ("PreferredContactMethod", wishes.method),
        )
    ]
    parts.append(pruned(url="PreferredContactTimes", valueString=wishes.times))
    yield from _with_parts(CONTACT_PREFERENCE, parts)


def _with_parts(url: str, parts: list[Json]) -> Iterator[Json]:
    if kept := [part for part in parts if len(part) > 1]:
        yield {"url": url, "extension": kept}


def _wishes(person: Person, _: frozenset[str]) -> Iterator[Json]:
    yield from communication(person.communication)


def _birth_place(person: Person, _: frozenset[str]) -> Iterator[Json]:
    if place := person.birth_place:
        where = pruned(city=place.city, district=place.district, country=place.country)
        yield {"url": BIRTH_PLACE, "valueAddress": where}


def _removal(person: Person, attributes: frozenset[str]) -> Iterator[Json]:
    if (removal := person.removal) is None:
        return
    code, display = removal.code, removal.display
    if code in CONFIDENTIAL_REMOVALS and MAY_SEE_REMOVALS not in attributes:
        code, display = DISGUISE
    parts = [
        {"url": "removalFromRegistrationCode", "valueCodeableConcept": concept(REMOVAL_SYSTEM, code, display)},
        pruned(url="effectiveTime", valuePeriod=pruned(start=removal.start, end=removal.end)),
    ]
    yield from _with_parts(REMOVAL, parts)


_BUILDERS: tuple[Callable[[Person, frozenset[str]], Iterator[Json]], ...] = (
    _nominations,
    _death,
    _wishes,
    _birth_place,
    _removal,
)


def extensions(person: Person, attributes: frozenset[str] = frozenset()) -> list[Json]:
    """All that the record gives; a reader finds its own by `url`."""
    return [extension for build in _BUILDERS for extension in build(person, attributes)]


def address_key(kind: str, value: str) -> Json:
    """A PAF or UPRN key of an address."""
    coding = {"system": UK_CORE_SYSTEM + "AddressKeyType", "code": kind}
    return {
        "url": ADDRESS_KEY,
        "extension": [{"url": "type", "valueCoding": coding}, {"url": "value", "valueString": value}],
    }


def textphone() -> Json:
    """What tells a textphone from any other `other`."""
    coding = {"system": UK_CORE_SYSTEM + "OtherContactSystem", "code": "textphone", "display": "Minicom (Textphone)"}
    return {"url": OTHER_CONTACT, "valueCoding": coding}
