"""How names and codes are compared: what makes two spellings one word, and what two words have in common."""

import unicodedata
from difflib import SequenceMatcher
from functools import lru_cache

_SOUNDEX = {
    letter: digit
    for digit, letters in {"1": "bfpv", "2": "cgjkqsxz", "3": "dt", "4": "l", "5": "mn", "6": "r"}.items()
    for letter in letters
}
_SILENT_BETWEEN = "hw"
_CACHED = 65_536


def folded(text: str) -> str:
    """Without regard to case: all that a plain search forgives."""
    return text.casefold()


def compact(code: str) -> str:
    """A postcode or code without regard to case and spaces."""
    return "".join(code.split()).casefold()


@lru_cache(_CACHED)
def plain(text: str) -> str:
    """Letters only, lower case, diacritics taken off."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if letter.isalpha() or letter.isspace())


@lru_cache(_CACHED)
def soundex(word: str) -> str:
    """The American Soundex code of a plain word, as long as it has letters: Smith and Smythe are s530."""
    if not word:
        return ""
    digits, last = "", _SOUNDEX.get(word[0], "")
    for letter in word[1:]:
        digit = _SOUNDEX.get(letter, "")
        if digit and digit != last:
            digits += digit
        if letter not in _SILENT_BETWEEN:
            last = digit
    return word[0] + digits[:3].ljust(3, "0")


@lru_cache(_CACHED)
def likeness(one: str, other: str) -> float:
    """How much two plain words share, 0 to 1."""
    return 1.0 if one == other else SequenceMatcher(None, one, other, autojunk=False).ratio()
