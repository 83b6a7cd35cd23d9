"""A valid search, ready to be compared with records."""

from dataclasses import dataclass
from datetime import date

from mock_pds.index import Days
from mock_pds.pattern import Pattern
from mock_pds.query_checks import MOST_RESULTS, POSTCODES, Params, day, first, flag, validate, values
from mock_pds.words import compact, folded


@dataclass(frozen=True, slots=True)
class Query:
    """A valid search."""

    born: Days
    family: Pattern | None = None
    given: tuple[Pattern, ...] = ()
    gender: str | None = None
    died: Days | None = None
    postcode: Pattern | None = None
    practice: str | None = None
    email: str | None = None
    phone: str | None = None
    fuzzy: bool = False
    exact: bool = False
    history: bool = False
    most: int = MOST_RESULTS

    @property
    def asks_for_location(self) -> bool:
        """Whether an answer would confirm where someone lives or is registered."""
        return self.postcode is not None or self.practice is not None


def _span(params: Params, field: str) -> Days:
    """The days that all the conditions on one date leave."""
    since, until = 1, date.max.toordinal()
    for value in values(params, field):
        operator, ordinal = value[:2], (day(value) or date.min).toordinal()
        since = since if operator == "le" else max(since, ordinal)
        until = until if operator == "ge" else min(until, ordinal)
    return Days(since, until)


def read(params: Params, *, most: int = MOST_RESULTS) -> Query:
    """The search that some query parameters ask for, or the first reason why it is none."""
    validate(params)
    family, postcode = first(params, "family"), first(params, *POSTCODES)
    return Query(
        born=_span(params, "birthdate"),
        family=Pattern(folded(family)) if family else None,
        given=tuple(Pattern(folded(value)) for value in values(params, "given") if value),
        gender=first(params, "gender") or None,
        died=_span(params, "death-date") if values(params, "death-date") else None,
        postcode=Pattern(compact(postcode)) if postcode else None,
        practice=folded(first(params, "general-practitioner")) or None,
        email=folded(first(params, "email")) or None,
        phone=first(params, "phone") or None,
        fuzzy=flag(params, "_fuzzy-match"),
        exact=flag(params, "_exact-match"),
        history=flag(params, "_history"),
        most=min(most, int(first(params, "_max-results") or most)),
    )
