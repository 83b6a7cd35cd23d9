"""What makes a search valid, in the order in which PDS finds fault."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from booking_core.spec.valuesets import GENDERS
from mock_pds.pattern import WILDCARD
from mock_pds.refusals import Refused

Params = Sequence[tuple[str, str]]

BOOLEANS: Mapping[str, bool] = {"true": True, "false": False}
MOST_RESULTS = 50
LONGEST_NAME = 35
LITERAL_START = 2
"""How many characters must stand before the first wildcard."""

DATE = re.compile(r"(eq|ge|le)?(\d{4}-\d{2}-\d{2})", re.ASCII)
FLAGS = ("_fuzzy-match", "_exact-match", "_history")
DATES = ("birthdate", "death-date")
NAMES = ("family", "given")
POSTCODES = ("address-postalcode", "address-postcode")
WITH_WILDCARD = NAMES + POSTCODES
REPEATABLE = frozenset({"given", *DATES})
KNOWN = frozenset(
    {*FLAGS, *DATES, *NAMES, *POSTCODES, "_max-results", "gender", "general-practitioner", "email", "phone"}
)
FUZZY_MINIMA = (
    ("given", "family", "birthdate"),
    ("family", "birthdate", "gender", "postcode"),
    ("given", "birthdate", "gender", "postcode"),
)


def values(params: Params, name: str) -> list[str]:
    """All values of one parameter, in the order sent."""
    return [value for key, value in params if key == name]


def first(params: Params, *names: str) -> str:
    """The first value under any of some names; empty when there is none."""
    return next((value for key, value in params if key in names), "")


def _bad(field: str, value: str) -> Refused:
    return Refused("field_invalid", field=field, value=value)


def _some_parameters(params: Params) -> None:
    if not params:
        raise Refused("search_empty")


def _known_names(params: Params) -> None:
    unknown = list(dict.fromkeys(name for name, _ in params if name not in KNOWN))
    if unknown:
        listed = ", ".join(f"'{name}'" for name in unknown)
        raise Refused("parameter_unknown", names=f"{listed} {'was' if len(unknown) == 1 else 'were'} unexpected")


def day(text: str) -> date | None:
    """The calendar day of an operator and a date; None when it is not one."""
    written = DATE.fullmatch(text)
    try:
        return date.fromisoformat(written[2]) if written else None
    except ValueError:
        return None


def _dates(params: Params) -> None:
    for field in DATES:
        for value in values(params, field):
            if day(value) is None:
                raise _bad(field, value)


def _valid_count(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) <= len("50") and 1 <= int(value) <= MOST_RESULTS


_VALID: Mapping[str, Callable[[str], bool]] = {
    "gender": GENDERS.__contains__,
    "_max-results": _valid_count,
    **dict.fromkeys(FLAGS, BOOLEANS.__contains__),
    **dict.fromkeys(NAMES, lambda value: len(value) <= LONGEST_NAME),
}


def _field_values(params: Params) -> None:
    for name, value in params:
        if name in _VALID and not _VALID[name](value):
            raise _bad(name, value)


def _said_once(params: Params) -> None:
    once: set[str] = set()
    for name, value in params:
        if name in once and name not in REPEATABLE:
            raise _bad(name, value)
        once.add(name)


def _has_birth_date(params: Params) -> None:
    if not values(params, "birthdate"):
        raise Refused("member_missing", field="birth_date/birth_date_range_start/birth_date_range_end")


def _one_postcode(params: Params) -> None:
    if all(values(params, name) for name in POSTCODES):
        raise Refused("postcode_twice")


def _minimum(params: Params) -> None:
    if flag(params, "_fuzzy-match"):
        present = {name for name, value in params if value} | ({"postcode"} if first(params, *POSTCODES) else set())
        wild = any(WILDCARD in value for name, value in params if name in WITH_WILDCARD)
        if wild or not any(present.issuperset(minimum) for minimum in FUZZY_MINIMA):
            raise Refused("fuzzy_below_minimum")
    elif not first(params, "family").strip():
        raise Refused("search_below_minimum")


def _late_wildcards(params: Params) -> None:
    if any(WILDCARD in value[:LITERAL_START] for name, value in params if name in WITH_WILDCARD):
        raise Refused("wildcard_too_early")


VALIDATIONS: tuple[Callable[[Params], None], ...] = (
    _some_parameters,
    _known_names,
    _dates,
    _field_values,
    _said_once,
    _has_birth_date,
    _one_postcode,
    _minimum,
    _late_wildcards,
)


def flag(params: Params, name: str) -> bool:
    """A switch, off unless it says true."""
    return BOOLEANS.get(first(params, name), False)


def validate(params: Params) -> None:
    """Refuses for the first fault."""
    for check in VALIDATIONS:
        check(params)
