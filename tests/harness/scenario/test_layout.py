"""JSON is laid out so that a small thing takes one line and a long list says what it leaves out."""

import orjson
import pytest

from harness.scenario.layout import WIDTH, laid_out

LONG = "x" * WIDTH


def test_what_fits_stands_on_one_line() -> None:
    assert laid_out({"a": [1, {"b": None}], "c": True}) == '{"a": [1, {"b": null}], "c": true}'


def test_what_does_not_fit_is_indented() -> None:
    assert laid_out({"a": LONG, "b": {}}) == f'{{\n  "a": "{LONG}",\n  "b": {{}}\n}}'


def test_a_list_of_one_takes_no_lines_of_its_own() -> None:
    assert laid_out([{"a": LONG}]) == f'[{{\n  "a": "{LONG}"\n}}]'


@pytest.mark.parametrize(
    "part", [{}, [], 0, "", None, [[LONG], [LONG]], {"é": ['"', "\\", "\n"]}, {"a": {"b": [{"c": LONG, "d": [LONG]}]}}]
)
def test_it_is_still_the_same_json(part: object) -> None:
    assert orjson.loads(laid_out(part)) == part


def test_a_long_list_lacks_its_middle_and_says_so() -> None:
    assert laid_out([*range(100)]) == '[0, 1, 2, "... 95 of 100 left out ...", 98, 99]'
