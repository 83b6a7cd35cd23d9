"""What a look-up may ask: the parameters of /Device and /Endpoint, in the service's own order of checks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from booking_core.spec.identifiers import Id
from mock_gpconnect.refusals import Refused

ORGANISATION, IDENTIFIER, MANUFACTURER = "organization", "identifier", "manufacturing-organization"

_SYSTEMS: Mapping[str, tuple[str, ...]] = {
    ORGANISATION: (Id.ODS,),
    IDENTIFIER: (Id.INTERACTION, Id.PARTY_KEY),
    MANUFACTURER: (Id.ODS,),
}


@dataclass(frozen=True, slots=True)
class Lookup:
    """A question to the directory; an empty field was not asked for."""

    organisation: str = ""
    interaction: str = ""
    party_key: str = ""
    manufacturer: str = ""


def read_lookup(resource: str, query_string: bytes) -> Lookup:
    """The question in a query string, or a refusal with the service's own words."""
    asked = _by_name(query_string)
    for name, values in asked.items():
        _check_name(name, _ALLOWED[resource])
        for value in values:
            _check_system(name, value)
    lookup = Lookup(
        organisation=_last(asked, ORGANISATION, Id.ODS),
        interaction=_last(asked, IDENTIFIER, Id.INTERACTION),
        party_key=_last(asked, IDENTIFIER, Id.PARTY_KEY),
        manufacturer=_last(asked, MANUFACTURER, Id.ODS),
    )
    _COMPLETENESS[resource](lookup)
    return lookup


def _by_name(query_string: bytes) -> Mapping[str, list[str]]:
    """Names in the order of their first arrival, each with all its values."""
    asked: dict[str, list[str]] = {}
    pairs = parse_qsl(query_string.decode("utf-8", "replace"), keep_blank_values=True, errors="replace")
    for name, value in pairs:
        asked.setdefault(name, []).append(value)
    return asked


def _check_name(name: str, allowed: tuple[str, ...]) -> None:
    if name not in allowed:
        raise _refused(f"Illegal query parameter '{name}'")


def _check_system(name: str, value: str) -> None:
    if not value.startswith(tuple(f"{system}|" for system in _SYSTEMS[name])):
        raise _refused(_IDENTIFIER_TEXT if name == IDENTIFIER else _missing(name, *_SYSTEMS[name]))


def _last(asked: Mapping[str, list[str]], name: str, system: str) -> str:
    values = (
        value.removeprefix(f"{system}|").strip() for value in asked.get(name, ()) if value.startswith(f"{system}|")
    )
    return next((value for value in reversed(tuple(values)) if value), "")


def _device_is_complete(lookup: Lookup) -> None:
    if not lookup.organisation:
        raise _refused(_missing(ORGANISATION, Id.ODS))
    if not lookup.interaction:
        raise _refused(_missing(IDENTIFIER, Id.INTERACTION))


def _endpoint_is_complete(lookup: Lookup) -> None:
    if [lookup.organisation, lookup.interaction, lookup.party_key].count("") > 1:
        raise _refused(_COMBINATIONS_TEXT)


def _refused(detail: str) -> Refused:
    return Refused("sds_parameter_refused", detail=detail)


def _form(name: str, system: str) -> str:
    return f"{name}={system}|value"


def _missing(name: str, system: str) -> str:
    return f"Missing or invalid '{name}' query parameter. Should be '{_form(name, system)}'"


_ORG = _form(ORGANISATION, Id.ODS)
_INTERACTION = _form(IDENTIFIER, Id.INTERACTION)
_PARTY_KEY = _form(IDENTIFIER, Id.PARTY_KEY)

# Neither text closes its quotes and brackets as one would expect: so the service words them.
_IDENTIFIER_TEXT = (
    f"Missing or invalid '{IDENTIFIER}' query parameter. Should be one or both of: ['{_INTERACTION}', '{_PARTY_KEY}'"
)
_COMBINATIONS_TEXT = (
    "Missing or invalid query parameters. Should one of following combinations: ["
    f"'{_ORG}&{_INTERACTION}&{_PARTY_KEY}'"
    f"'{_ORG}&{_INTERACTION}'"
    f"'{_ORG}&{_PARTY_KEY}'"
    f"'{_INTERACTION}&{_PARTY_KEY}'"
    "]"
)

_ALLOWED: Mapping[str, tuple[str, ...]] = {
    "Device": (ORGANISATION, IDENTIFIER, MANUFACTURER),
    "Endpoint": (ORGANISATION, IDENTIFIER),
}
_COMPLETENESS: Mapping[str, Callable[[Lookup], None]] = {
    "Device": _device_is_complete,
    "Endpoint": _endpoint_is_complete,
}
