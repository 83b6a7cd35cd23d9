"""A plain search: whatever is asked for must be so, but for wildcards and, where asked, for history."""

from collections.abc import Iterable, Sequence

from mock_pds.pattern import Pattern
from mock_pds.person import OPEN_USES, Address, Name, Person, Telecom
from mock_pds.query import Query
from mock_pds.scoring import Field, born, past, within
from mock_pds.words import compact, folded

WILDCARD_LIKENESS = 0.65
FORMER_LIKENESS = 0.6


def _best(query: Query, now: Iterable[float], once: Iterable[float]) -> float | None:
    """The best agreement with what is true now, or else, if history is asked for, with what once was."""
    best = max(now, default=0.0)
    if not best and query.history:
        best = FORMER_LIKENESS * max(once, default=0.0)
    return best or None


def _agreement(pattern: Pattern, word: str) -> float:
    if not pattern.fits(word):
        return 0.0
    return WILDCARD_LIKENESS if pattern.wild else 1.0


def _name_agreement(query: Query, name: Name) -> float:
    """Family and given names must be of the same name, and the given names in its order."""
    if len(query.given) > len(name.given):
        return 0.0
    pairs = [(query.family, name.family)] if query.family else []
    pairs += zip(query.given, name.given, strict=False)
    agreements = [_agreement(pattern, folded(word)) for pattern, word in pairs]
    return sum(agreements) / len(agreements) if all(agreements) else 0.0


def _name(query: Query, person: Person) -> float | None:
    now = (_name_agreement(query, name) for name in person.names if name.use in OPEN_USES)
    former = [*(name for name in person.names if name.use not in OPEN_USES), *past(person).names]
    return _best(query, now, (_name_agreement(query, name) for name in former))


def _postcode(query: Query, person: Person) -> float | None:
    """Any address counts, a temporary one too, though the answer shows only the home."""
    pattern = query.postcode or Pattern("")

    def agreements(addresses: Sequence[Address]) -> Iterable[float]:
        return (_agreement(pattern, compact(address.postcode)) for address in addresses if address.postcode)

    return _best(query, agreements(person.addresses), agreements(past(person).addresses))


def _reached_by(query: Query, person: Person, value: str | None, *, by_email: bool) -> float | None:
    def agreements(entries: Sequence[Telecom]) -> Iterable[float]:
        return (folded(each.value) == value for each in entries if (each.system == "email") == by_email)

    return _best(query, agreements(person.telecom), agreements(past(person).telecom))


def _equal(one: object, other: object) -> float | None:
    return 1.0 if one == other else None


PLAIN: Sequence[Field] = (
    Field(6, lambda q: bool(q.family or q.given), _name),
    Field(3, lambda _: True, born),
    Field(1, lambda q: q.gender is not None, lambda q, p: _equal(q.gender, p.gender)),
    Field(1, lambda q: q.postcode is not None, _postcode),
    Field(1, lambda q: q.practice is not None, lambda q, p: _equal(q.practice, folded(p.practice or ""))),
    Field(1, lambda q: q.died is not None, lambda q, p: 1.0 if q.died and within(p.deceased, q.died) else None),
    Field(0.6, lambda q: q.email is not None, lambda q, p: _reached_by(q, p, q.email, by_email=True)),
    Field(0.6, lambda q: q.phone is not None, lambda q, p: _reached_by(q, p, q.phone, by_email=False)),
)
"""The weights are our own choice."""
