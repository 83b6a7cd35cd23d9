"""Related people as PDS shows them: `patient` names the relative's own record, not whose relative they are."""

from itertools import chain

from booking_core.spec.identifiers import Id
from mock_pds.extensions import Json, communication, pruned
from mock_pds.person import Person, Relative
from mock_pds.resources import address, name, object_id, telecom

ROLE_SYSTEM = "https://fhir.nhs.uk/R4/CodeSystem/UKCore-AdditionalRelatedPersonRole"
_NHS_R4 = "https://fhir.nhs.uk/R4/StructureDefinition/Extension-UKCore-"
COPY_CORRESPONDENCE = _NHS_R4 + "CopyCorrespondenceIndicator"
CONTACT_RANK = _NHS_R4 + "ContactRank"


def related_people(person: Person) -> list[Json]:
    """The relatives of an unrestricted person; of a restricted one it is not told that there are any."""
    if person.confidentiality != "U":
        return []
    return [
        related_person(relative, relative.id or object_id(person.nhs_number, "relative", place))
        for place, relative in enumerate(person.relatives)
    ]


def related_person(relative: Relative, entry_id: str) -> Json:
    """One RelatedPerson; someone known by details only has an empty `patient`."""
    number = relative.nhs_number
    codings = [{"system": ROLE_SYSTEM, "code": code, "display": display} for code, display in relative.relationship]
    return {
        "resourceType": "RelatedPerson",
        "id": entry_id,
        "active": True,
        "patient": {"identifier": {"system": Id.NHS_NUMBER, "value": number}} if number else {},
        "relationship": [{"coding": codings}],
    } | pruned(
        period=pruned(start=relative.start, end=relative.end),
        name=[name(relative.name, relative.name.id or None)] if relative.name else None,
        address=[address(relative.address, relative.address.id or None)] if relative.address else None,
        telecom=[telecom(each, each.id or None) for each in relative.telecom],
        extension=list(_extensions(relative)),
    )


def _extensions(relative: Relative) -> chain[Json]:
    copied = [{"url": COPY_CORRESPONDENCE, "valueBoolean": True}] if relative.copy_correspondence else []
    ranked = [{"url": CONTACT_RANK, "valuePositiveInt": relative.rank}] if relative.rank else []
    return chain(copied, ranked, communication(relative.communication))
