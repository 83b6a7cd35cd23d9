import fnmatch
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_pds.pattern import Pattern


@pytest.mark.parametrize(
    ("pattern", "word", "fits"),
    [
        ("smith", "smith", True),
        ("smith", "smiths", False),
        ("sm*", "smith", True),
        ("sm*", "sm", True),
        ("sm*t*", "smith", True),
        ("sm*t*", "smyth", True),
        ("sm*x*", "smith", False),
        ("sm*h", "smith", True),
        ("smi*ith", "smith", False),
        ("sm**h", "smith", True),
    ],
)
def test_a_star_stands_for_any_characters(pattern: str, word: str, fits: bool) -> None:
    assert Pattern(pattern).fits(word) is fits


@given(st.text("ab*", max_size=8), st.text("ab", max_size=10))
def test_it_agrees_with_the_shells_wildcards(pattern: str, word: str) -> None:
    assert Pattern(pattern).fits(word) == fnmatch.fnmatchcase(word, pattern)


def test_no_pattern_makes_it_slow() -> None:
    hostile, word = Pattern("aa" + "*a" * 16 + "b"), "a" * 35

    began = time.process_time()
    assert not hostile.fits(word)
    assert time.process_time() - began < 0.01
