"""Reading search parameters: what is missing is a bad request, what is there but wrong an invalid parameter."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from mock_gpconnect.book.local_time import LONDON, day_after, in_reach, local_moment
from mock_gpconnect.provider.requests import Request
from mock_gpconnect.refusals import Refused

_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d\+0[01]:00)?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


@dataclass(frozen=True, slots=True)
class Bound:
    """One end of a range. `clock` is what a wall clock shows there, without its offset."""

    moment: datetime
    clock: datetime
    whole_day: bool


def required(request: Request, name: str) -> str:
    """The value of a parameter that must be there exactly once."""
    values = request.values(name)
    if not values:
        raise Refused("parameter_missing", diagnostics=f"parameter {name}: required")
    if len(values) > 1:
        raise Refused("parameter_repeated", diagnostics=f"parameter {name}: allowed once, found {len(values)} times")
    return values[0]


def bound(name: str, value: str, prefix: str, *, offset_in_force: bool = False) -> Bound:
    """A date, or a time with a British offset, behind its prefix."""
    text = _without_prefix(name, value, prefix).replace(" ", "+")
    try:
        return _bound(text, prefix, offset_in_force)
    except ValueError as broken:
        raise _invalid(name, value, str(broken)) from None


@lru_cache(maxsize=1024)
def _bound(text: str, prefix: str, offset_in_force: bool) -> Bound:
    """Consumers ask for the same days over and over."""
    if not _MOMENT.fullmatch(text):
        raise ValueError(f"expected {prefix}yyyy-mm-dd or {prefix}yyyy-mm-ddThh:mm:ss with +00:00 or +01:00")
    found = _moment(text)
    if not in_reach(found):
        raise ValueError("the year is out of reach")
    whole_day = "T" not in text
    moment = local_moment(found.date()) if whole_day else found.astimezone(UTC)
    if offset_in_force and not whole_day and moment.astimezone(LONDON).utcoffset() != found.utcoffset():
        raise ValueError("the offset is not the one in force in Britain then")
    return Bound(moment, found.replace(tzinfo=None), whole_day)


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("no such date or time") from None


def end_of(bound_: Bound, *, whole_day: bool) -> datetime:
    """The instant that an upper bound means: a date alone takes in its whole day, or none of it."""
    if not bound_.whole_day:
        return bound_.moment
    return local_moment(day_after(bound_.clock.date())) if whole_day else bound_.moment


def day(name: str, value: str, prefix: str) -> date:
    """A full date without a time, behind its prefix."""
    text = _without_prefix(name, value, prefix)
    if not _DATE.fullmatch(text):
        raise _invalid(name, value, f"expected {prefix}yyyy-mm-dd without a time")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _invalid(name, value, "no such date") from None


def longer_than(first: Bound, last: Bound, days: int) -> bool:
    """Whether a wall clock counts more than so many days: real hours would refuse two weeks over the October change."""
    return last.clock - first.clock > timedelta(days=days)


def _without_prefix(name: str, value: str, prefix: str) -> str:
    if not value.startswith(prefix):
        raise _invalid(name, value, f"expected the prefix {prefix}")
    return value.removeprefix(prefix)


def _invalid(name: str, value: str, rule: str) -> Refused:
    return Refused("parameter_invalid", diagnostics=f"parameter {name}: {rule}; found {value[:80]!r}")
