"""What a sensitive record still shows: elements are taken away whole, never blanked."""

from collections.abc import Collection, Mapping

from mock_pds.extensions import APPLIANCE_SUPPLIER, BIRTH_PLACE, DISPENSER, PHARMACY, Json

LOCATION = frozenset({"address", "telecom", "contact", "generalPractitioner"})
LOCATION_EXTENSIONS = frozenset({PHARMACY, DISPENSER, APPLIANCE_SUPPLIER, BIRTH_PLACE})


def visible(
    resource: Mapping[str, object],
    confidentiality: str,
    *,
    very_restricted_keeps: Collection[str],
    sees_restricted: bool = False,
) -> Json:
    """The part of a Patient that may be shown; `sees_restricted` is the privileged access mode."""
    if confidentiality == "V":
        return {key: value for key, value in resource.items() if key in very_restricted_keeps}
    if confidentiality == "R" and not sees_restricted:
        return without_location(resource)
    return dict(resource)


def without_location(resource: Mapping[str, object]) -> Json:
    """A Patient that does not say where the person is to be found."""
    kept: Json = {key: value for key, value in resource.items() if key not in LOCATION}
    if "extension" in kept:
        kept["extension"] = [each for each in kept["extension"] if each["url"] not in LOCATION_EXTENSIONS]
        if not kept["extension"]:
            del kept["extension"]
    return kept
