"""A search from its parameters to the people found."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mock_pds.fuzzy_match import FUZZY, asked_words
from mock_pds.index import START, Index, Piece
from mock_pds.pattern import Pattern
from mock_pds.people import People, Person
from mock_pds.plain_match import PLAIN
from mock_pds.query import Query
from mock_pds.refusals import Refused
from mock_pds.scoring import score
from mock_pds.words import plain, soundex

NAME_KINDS = ("family", "given")
OPEN, VERY_RESTRICTED = "U", "V"


@dataclass(frozen=True, slots=True)
class Match:
    """One person found and how well they fit."""

    person: Person
    score: float


def search(people: People, query: Query, *, very_restricted: bool = True) -> list[Match]:
    """The people who fit, best first; refuses when there are more than may be shown.

    `very_restricted` says whether those people are found at all, by anything but a location.
    """
    matches: list[Match] = []
    for match in _matches(people, query):
        if match.person.confidentiality == VERY_RESTRICTED and not very_restricted:
            continue
        matches.append(match)
        if len(matches) > query.most:
            raise Refused("too_many_matches")
    return sorted(matches, key=lambda match: (-match.score, match.person.nhs_number))


def _matches(people: People, query: Query) -> Iterator[Match]:
    fields = FUZZY if query.fuzzy else PLAIN
    for person in people.at(_rows(people.index, query)):
        fit = score(query, person, fields) if _may_be_found(person, query) else None
        if fit is not None and (fit == 1 or not query.exact):
            yield Match(person, fit)


def _may_be_found(person: Person, query: Query) -> bool:
    """Living numbers only; and no one learns by trial where a restricted person lives."""
    if person.superseded_by is not None or person.invalidated:
        return False
    return person.confidentiality == OPEN or not query.asks_for_location


def _rows(index: Index, query: Query) -> Iterator[int]:
    """Where to look, each row once, and no further than is asked for."""
    seen: set[int] = set()
    for piece in _alike(index, query) if query.fuzzy else _narrowest(index, query):
        for row in piece.rows():
            if row not in seen:
                seen.add(row)
                yield row


def _narrowest(index: Index, query: Query) -> Sequence[Piece]:
    """The shortest of all the lists that must hold everyone who fits."""
    best: Sequence[Piece] = [index.born(query.born)]
    asked = [("family", query.family), ("given", next(iter(query.given), None)), ("postcode", query.postcode)]
    for kind, pattern in asked:
        if pattern is not None:
            best = min((best, *_bearing(index, kind, pattern, query, _size(best))), key=_size)
    return best


def _bearing(index: Index, kind: str, pattern: Pattern, query: Query, at_most: int) -> Iterator[Sequence[Piece]]:
    """The lists that a pattern leads to; a wildcard leads to all words that begin right, and to one of beginnings."""
    if not pattern.wild:
        yield [index.bearing((kind, pattern.text), query.born)]
        return
    if (words := index.beginning((kind, pattern.beginning), query.born, at_most)) is not None:
        yield words
    start = "".join(plain(pattern.beginning).split()[:1])[:START]
    if kind in NAME_KINDS and len(start) == START:
        yield [index.bearing(("start", start), query.born)]


def _size(pieces: Sequence[Piece]) -> int:
    return sum(len(piece) for piece in pieces)


def _alike(index: Index, query: Query) -> Sequence[Piece]:
    """Everyone with one word that sounds or begins like one asked for, or with the postcode."""
    words = asked_words(query)
    terms = [("sound", soundex(word)) for word in words] + [("start", word[:START]) for word in words]
    if query.postcode is not None:
        terms.append(("postcode", query.postcode.text))
    return [index.bearing(term, query.born) for term in dict.fromkeys(terms)]
