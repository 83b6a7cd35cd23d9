"""Rules on where a person is and how to reach them: addresses, telephones and e-mail."""

import re
from collections import Counter
from collections.abc import Callable

from mock_pds.change import Change, day_of, ends
from mock_pds.extensions import ADDRESS_KEY
from mock_pds.reading_extensions import parts
from mock_pds.refusals import Refused
from mock_pds.settings import Settings
from mock_pds.shape import AddressShape

LEGACY_USE = "work"
PSEUDO_POSTCODE = "ZZ99"
TOWN = 3
"""The place of the post town among the lines, counted from 0."""

EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+")
EMAIL_LENGTHS = range(7, 90)


def one_address_of_a_kind(change: Change) -> None:
    """One home, one temporary, one for letters; an address at work is a legacy that nobody adds to."""
    for address in change.touched("address"):
        if address.use == LEGACY_USE:
            raise Refused("value_unsupported", value=LEGACY_USE, field="address/use")
        if sum(other.use == address.use for other in change.after.address) > 1:
            raise Refused("too_many_values", field="address")


def _longest(settings: Settings, use: str) -> int | None:
    return {"temp": settings.days_of_temporary_address, "billing": settings.days_of_billing_address}.get(use)


def passing_addresses_end(change: Change) -> None:
    """A temporary or correspondence address has both ends, not too far apart; a temporary one says what it is."""
    for address in change.touched("address"):
        longest = _longest(change.settings, address.use)
        if longest is None:
            continue
        start, end = ends(address.period)
        if start is None or end is None or not 0 <= (end - start).days <= longest:
            raise Refused("address_period", use=address.use, days=longest)
        if address.use == "temp" and not address.text:
            raise Refused("member_missing", field="address/text")


def _has_paf_key(address: AddressShape) -> bool:
    keys = (parts({ADDRESS_KEY: key}, ADDRESS_KEY) for key in address.extension if key.url == ADDRESS_KEY)
    codings = (key["type"].valueCoding for key in keys if "type" in key)
    return any(coding is not None and coding.code == "PAF" for coding in codings)


def addresses_have_their_lines(change: Change) -> None:
    """A house or street and a town, unless a key or a pseudo postcode says where it is."""
    for address in change.touched("address"):
        if _has_paf_key(address) or (address.postalCode or "").upper().startswith(PSEUDO_POSTCODE):
            continue
        lines = [line.strip() for line in address.line] + [""] * (TOWN + 1)
        if not (lines[0] or lines[1]) or not lines[TOWN]:
            raise Refused("address_lines")


def one_telecom_of_a_kind(change: Change) -> None:
    """One for each pair of system and use."""
    kinds = Counter((each.system, each.use) for each in change.after.telecom)
    if any(kinds[each.system, each.use] > 1 for each in change.touched("telecom")):
        raise Refused("too_many_values", field="telecom")


def telecoms_are_possible(change: Change) -> None:
    """An address that could be written to, in use by today."""
    for each in change.touched("telecom"):
        well_formed = len(each.value) in EMAIL_LENGTHS and EMAIL.fullmatch(each.value)
        if each.system == "email" and not well_formed:
            raise Refused("email_invalid")
        start = day_of(each.period.start) if each.period else None
        if start is not None and start > change.today:
            raise Refused("telecom_in_future")


CONTACT_RULES: tuple[Callable[[Change], None], ...] = (
    one_address_of_a_kind,
    passing_addresses_end,
    addresses_have_their_lines,
    one_telecom_of_a_kind,
    telecoms_are_possible,
)
