"""A fuzzy search: it forgives how names sound and are written, what was so once, and slips of the keyboard.

It does not forgive a date of birth, an e-mail address, or a pseudo postcode that is not the person's.
"""

from collections.abc import Iterable, Sequence

from mock_pds.index import tokens
from mock_pds.person import OPEN_USES, Name, Person
from mock_pds.query import Query
from mock_pds.scoring import Field, born, past, within
from mock_pds.words import compact, folded, likeness, plain, soundex

SOUNDS_ALIKE = 0.9
SHORTENED = 0.85
SWAPPED = 0.9
EXTRA_WORDS = 0.97
FORMER = 0.7
LEAST_LIKE_WORD = 0.8
LEAST_LIKE_POSTCODE = 0.6
LEAST_LIKE_PHONE = 0.8
LONGEST_SHORT_NAME = 4
PSEUDO_POSTCODE = "zz99"


def word_likeness(one: str, other: str) -> float:
    """How alike two plain words are; 0 when they are not."""
    if one == other:
        return 1.0
    if soundex(one) == soundex(other):
        return SOUNDS_ALIKE
    short, long = sorted((one, other), key=len)
    if len(short) < len(long) and len(short) <= LONGEST_SHORT_NAME and len(short) > 1 and short[:2] == long[:2]:
        return SHORTENED
    shared = likeness(one, other)
    return shared if shared >= LEAST_LIKE_WORD else 0.0


def part_likeness(asked: str, held: str) -> float:
    """How alike two parts of a name are, each of one or more words."""
    ours, theirs = plain(asked).split(), plain(held).split()
    if ours == theirs:
        return 1.0 if folded(asked) == folded(held) else SOUNDS_ALIKE
    best = max((word_likeness(one, other) for one in ours for other in theirs), default=0.0)
    return best * (EXTRA_WORDS if len(ours) != len(theirs) else 1.0)


def _pairs_likeness(pairs: Iterable[tuple[str, str]]) -> float:
    agreements = [part_likeness(asked, held) for asked, held in pairs if asked]
    return sum(agreements) / len(agreements) if agreements and all(agreements) else 0.0


def name_likeness(query: Query, name: Name) -> float:
    """How alike a name is to the one asked for, also with family and given names changed about."""
    family, given = query.family.text if query.family else "", " ".join(pattern.text for pattern in query.given)
    held = " ".join(name.given)
    straight = _pairs_likeness(((family, name.family), (given, held)))
    return max(straight, SWAPPED * _pairs_likeness(((family, held), (given, name.family))))


def _name(query: Query, person: Person) -> float | None:
    now = [name for name in person.names if name.use in OPEN_USES]
    once = [*(name for name in person.names if name.use not in OPEN_USES), *past(person).names]
    best = max((name_likeness(query, name) for name in now), default=0.0)
    return max(best, FORMER * max((name_likeness(query, name) for name in once), default=0.0)) or None


def _gender(query: Query, person: Person) -> float | None:
    if query.gender == person.gender:
        return 1.0
    return FORMER if query.gender in past(person).genders else None


def _postcode(query: Query, person: Person) -> float | None:
    asked = query.postcode.text if query.postcode else ""
    addresses = person.addresses + past(person).addresses
    held = [compact(address.postcode) for address in addresses if address.postcode]
    if asked in held:
        return 1.0
    best = max((likeness(asked, postcode) for postcode in held), default=0.0)
    return None if asked.startswith(PSEUDO_POSTCODE) or best < LEAST_LIKE_POSTCODE else best


def _email(query: Query, person: Person) -> float | None:
    """Counts against the score when it is not asked for: less is known then."""
    if query.email is None:
        return 0.0
    held = person.telecom + past(person).telecom
    return 1.0 if any(each.system == "email" and folded(each.value) == query.email for each in held) else None


def _phone(query: Query, person: Person) -> float | None:
    if query.phone is None:
        return 0.0
    held = [compact(each.value) for each in person.telecom if each.system != "email"]
    best = max((likeness(compact(query.phone), number) for number in held), default=0.0)
    return best if best >= LEAST_LIKE_PHONE else 0.0


FUZZY: Sequence[Field] = (
    Field(6, lambda _: True, _name),
    Field(3, lambda _: True, born),
    Field(1, lambda q: q.gender is not None, _gender),
    Field(1, lambda q: q.postcode is not None, _postcode),
    Field(1, lambda q: q.practice is not None, lambda q, p: float(q.practice == folded(p.practice or ""))),
    Field(1, lambda q: q.died is not None, lambda q, p: float(q.died is not None and within(p.deceased, q.died))),
    Field(0.6, lambda _: True, _email),
    Field(0.6, lambda _: True, _phone),
)
"""What a fuzzy search scores; a practice and a date of death are scored and rule nobody out."""


def asked_words(query: Query) -> list[str]:
    """The single words of the name asked for, plain, each once."""
    family = query.family.text if query.family else ""
    asked = Name(family=family, given=tuple(pattern.text for pattern in query.given))
    return list(dict.fromkeys(tokens(asked)))
