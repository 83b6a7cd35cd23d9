"""Hiding people: names, NHS numbers and mobile numbers, before anything is printed or written."""

import re
from collections.abc import Callable, Iterable

from harness.rows import PatientRow

Mask = Callable[[str], str]
HIDDEN = "***"
_NUMBER = re.compile(r"(?<!\d)999\d{7}(?!\d)")


def mask_for(patients: Iterable[PatientRow]) -> Mask:
    """Replaces every name and number of these people, and every NHS number of the test range."""
    words = {word for row in patients for word in _words(row)}
    pattern = re.compile(
        "|".join(rf"\b{re.escape(word)}\b" for word in sorted(words, key=lambda w: (-len(w), w))) or "$^"
    )

    def mask(text: str) -> str:
        return _NUMBER.sub(HIDDEN, pattern.sub(HIDDEN, text))

    return mask


def unmasked(text: str) -> str:
    """For who asks to see the synthetic names."""
    return text


def _words(row: PatientRow) -> Iterable[str]:
    differing = [row.pds.differs, *(copy.differs for copy in row.known_at)]
    yield from (row.family, *row.given, row.mobile)
    for differs in differing:
        yield from (one for one in (differs.family, *(differs.given or ())) if one)
