"""Searching by identifier: one parameter, a system and a value, and each fault with its own answer."""

from collections.abc import Collection

from nhs_number.validate import is_valid

from mock_gpconnect.provider.parameters import required
from mock_gpconnect.provider.requests import Request
from mock_gpconnect.refusals import Refused


def identifier_asked(request: Request, systems: Collection[str]) -> str:
    """The value of the search's one identifier."""
    if len(request.values("identifier")) > 1:
        raise Refused("identifier_repeated", diagnostics="parameter identifier: allowed once")
    system, bar, value = required(request, "identifier").partition("|")
    if not bar or not system.strip() or not value.strip():
        raise Refused("identifier_incomplete", diagnostics="parameter identifier: expected system|value, neither blank")
    if system not in systems:
        raise Refused(
            "identifier_system_unknown",
            diagnostics=f"parameter identifier: system {system[:80]} is not supported, only {', '.join(systems)}",
        )
    return value


def is_nhs_number(value: str) -> bool:
    """Ten digits, nothing else, of which the last one checks."""
    return len(value) == 10 and value.isascii() and value.isdigit() and bool(is_valid(value))
