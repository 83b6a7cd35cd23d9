"""What was probably meant by a word that is not known."""

import difflib
from collections.abc import Iterable

LISTED = 30
"""A longer list of allowed words teaches nobody."""


def nearest(word: str, allowed: Iterable[str]) -> str | None:
    """The allowed word that looks most like `word`, whatever its case; None when none is near."""
    by_folded = {one.casefold(): one for one in allowed}
    close = difflib.get_close_matches(word.casefold(), by_folded, n=1)
    return by_folded[close[0]] if close else None


def did_you_mean(word: str, allowed: Iterable[str]) -> str:
    """A hint that names the nearest allowed word, then all that are allowed; empty when nothing is."""
    words = sorted(set(allowed))
    if not words:
        return ""
    near = nearest(word, words)
    return f"did you mean '{near}'? (allowed: {_listing(words)})" if near else f"allowed: {_listing(words)}"


def _listing(words: list[str]) -> str:
    left_out = len(words) - LISTED
    return ", ".join(words[:LISTED]) + (f" and {left_out} more" if left_out > 0 else "")
