import pytest

from harness.files import did_you_mean, nearest


@pytest.mark.parametrize(
    ("word", "meant"),
    [("patiant", "patient"), ("Patient", "patient"), ("EXPECT", "expect"), ("xyz", None), ("", None)],
)
def test_the_nearest_word_is_found_whatever_its_case(word: str, meant: str | None) -> None:
    assert nearest(word, ["expect", "patient", "by"]) == meant


def test_a_hint_names_what_was_meant_and_all_that_is_allowed() -> None:
    assert did_you_mean("patiant", ["patient", "by"]) == "did you mean 'patient'? (allowed: by, patient)"


def test_a_hint_without_a_near_word_lists_what_is_allowed() -> None:
    assert did_you_mean("xyz", ["patient", "by"]) == "allowed: by, patient"


def test_there_is_no_hint_where_nothing_is_allowed() -> None:
    assert did_you_mean("xyz", []) == ""


def test_a_long_list_of_allowed_words_is_cut() -> None:
    assert did_you_mean("?", [f"p{number:03}" for number in range(40)]).endswith("p028, p029 and 10 more")
