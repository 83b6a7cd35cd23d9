"""A word with wildcards, compared in one pass: no pattern of a caller's can make it slow."""

from dataclasses import dataclass

WILDCARD = "*"


@dataclass(frozen=True, slots=True)
class Pattern:
    """A word to compare with, in which `*` stands for any characters."""

    text: str

    @property
    def wild(self) -> bool:
        """Whether anything is left open."""
        return WILDCARD in self.text

    @property
    def beginning(self) -> str:
        """What every match begins with."""
        return self.text.partition(WILDCARD)[0]

    def fits(self, word: str) -> bool:
        """Whether a word, prepared as this one was, matches."""
        first, *rest = self.text.split(WILDCARD)
        if not rest:
            return word == first
        *middle, last = rest
        if not word.startswith(first) or len(word) < len(first) + len(last) or not word.endswith(last):
            return False
        place, end = len(first), len(word) - len(last)
        for piece in middle:
            found = word.find(piece, place, end)
            if found < 0:
                return False
            place = found + len(piece)
        return True
