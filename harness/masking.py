"""Hiding people: names, NHS numbers and mobile numbers, before anything is printed or written."""

import re
from collections.abc import Callable, Iterable
from urllib.parse import unquote_plus

from harness.rows import PatientRow

Mask = Callable[[str], str]
HIDDEN = "***"

_AFTER = r"(?:(?<![0-9])|(?<=%[0-9A-Fa-f][0-9A-Fa-f]))"
_NUMBER = re.compile(_AFTER + r"999([ +-]|%20|)[0-9]{3}\1[0-9]{4}(?![0-9])")
_MOBILE = re.compile(_AFTER + r"(?:\+44|%2B44|0)[ +]?7[0-9]{3}[ +]?[0-9]{3}[ +]?[0-9]{3}(?![0-9])")
_WORD = re.compile(r"\\[bfnrt]|(?:[^\W\d_]|%[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|['\u2019+-])+")
"""A word also where a URL or a JSON text has written it in another way."""

_ESCAPED = re.compile(r"\\u([0-9A-Fa-f]{4})")
_PARTS = re.compile(r"[^\W\d_]{2,}")


def mask_for(patients: Iterable[PatientRow]) -> Mask:
    """Replaces every name and mobile number of these people, and every NHS number of the test range.

    Words are looked up, not searched for: a world may have thousands of people, and a run megabytes of text.
    """
    rows = [*patients]
    words = frozenset(part for row in rows for name in _names(row) for part in _PARTS.findall(name))
    hidden = words | {word.upper() for word in words}
    mobiles = sorted({row.mobile for row in rows if not _MOBILE.fullmatch(row.mobile)})

    def word(found: re.Match[str]) -> str:
        return HIDDEN if not hidden.isdisjoint(_PARTS.findall(_plain(found[0]))) else found[0]

    def mask(text: str) -> str:
        if "%" in text or "\\" in text or not hidden.isdisjoint(_PARTS.findall(text)):
            text = _WORD.sub(word, text)
        for mobile in mobiles:
            text = text.replace(mobile, HIDDEN)
        return _NUMBER.sub(HIDDEN, _MOBILE.sub(HIDDEN, text))

    return mask


def unmasked(text: str) -> str:
    """For who asks to see the synthetic names."""
    return text


def _plain(written: str) -> str:
    if "%" in written or "+" in written:
        written = unquote_plus(written)
    if "\\" in written:
        written = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), written)
    return written


def _names(row: PatientRow) -> Iterable[str]:
    """Every name that some record has of a person. A single letter names nobody."""
    yield from (row.family, *row.given)
    for differs in (row.pds.differs, *(copy.differs for copy in row.known_at)):
        yield from (one for one in (differs.family, *(differs.given or ())) if one)
