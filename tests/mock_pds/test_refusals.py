import re
from pathlib import Path

import pytest

import mock_pds
from mock_pds.refusals import Refused, response_to, row_for
from mock_pds.situations import PROBLEMS, REFUSALS

SOURCES = {path.name: path.read_text() for path in Path(str(mock_pds.__file__)).parent.glob("*.py")}
CODE = "\n".join(text for name, text in SOURCES.items() if name != "situations.py")


@pytest.mark.parametrize("why", REFUSALS)
def test_every_situation_has_its_row_and_can_arise(why: str) -> None:
    assert row_for(why).status
    assert f'"{why}"' in CODE


@pytest.mark.parametrize("why", sorted(set(re.findall(r'Refused\(\s*"(\w+)"', CODE))))
def test_nothing_is_refused_for_a_situation_that_is_in_no_table(why: str) -> None:
    assert why in REFUSALS


@pytest.mark.parametrize("why", REFUSALS)
def test_a_row_with_many_texts_finds_the_situations_own(why: str) -> None:
    assert ("{problem}" in row_for(why).diagnostics) == (why in PROBLEMS)


def test_a_fact_that_is_missing_stays_visible_instead_of_breaking_the_answer() -> None:
    answer = response_to(Refused("path_unknown"), media_type="application/json", message_id="1")

    assert b"Unsupported path - '{path}'" in answer.body


def test_a_fact_is_never_read_as_a_template() -> None:
    answer = response_to(Refused("path_unknown", path="/{code}{0}"), media_type="application/json", message_id="1")

    assert b"Unsupported path - '/{code}{0}'" in answer.body
