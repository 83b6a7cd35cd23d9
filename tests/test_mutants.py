"""The list of mutants fits the code, and is long enough; `make mutants` runs it."""

import sys
from pathlib import Path

import pytest

from harness.scenario.find import find_scenarios

sys.path.insert(0, str(Path(__file__).parent / "mutants"))
import run

MUTANTS = run.mutants()


def test_there_are_at_least_thirty_mutants_with_names_of_their_own() -> None:
    assert len({one["name"] for one in MUTANTS}) == len(MUTANTS) >= 30


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda one: one["name"])
def test_a_mutant_breaks_a_line_that_is_there_once(mutant: dict) -> None:
    assert run.misfits(mutant) == []
    assert all(line != becomes for _, line, becomes in run.edits(mutant))


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda one: one["name"])
def test_what_should_notice_a_mutant_is_there(mutant: dict) -> None:
    assert find_scenarios((mutant["shown_by"],))
