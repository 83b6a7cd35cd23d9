import pickle
from pathlib import Path

import pytest

from harness.files import BadFile, Problem

FILE = Path("scenarios/x.yaml")


def problem(line: int, column: int = 1, file: Path = FILE) -> Problem:
    return Problem(file, line, column, "a", "wrong")


def test_a_problem_reads_as_place_key_message_and_hint() -> None:
    assert (
        str(Problem(FILE, 12, 5, "steps.2", "wrong", "do right")) == "scenarios/x.yaml:12:5: steps.2: wrong; do right"
    )


def test_a_problem_of_the_whole_file_has_no_line() -> None:
    assert str(Problem(FILE, 0, 0, "", "no such file")) == "scenarios/x.yaml: no such file"


def test_control_characters_never_reach_the_terminal() -> None:
    assert str(Problem(Path("x\x1b[31m\n\udc80"), 1, 1, "", "wrong")) == r"x\x1b[31m\n\udc80:1:1: wrong"


def test_problems_stand_in_file_order() -> None:
    bad = BadFile([problem(3), problem(1, 9), problem(1, 2), problem(9, file=Path("a.yaml"))])

    assert [(one.line, one.column) for one in bad.problems] == [(9, 1), (1, 2), (1, 9), (3, 1)]


def test_twenty_problems_are_told_and_the_rest_is_counted() -> None:
    lines = str(BadFile([problem(line) for line in range(1, 31)], more=5)).splitlines()

    assert (len(lines), lines[-1]) == (21, "and 15 more")


def test_a_bad_file_has_a_problem() -> None:
    with pytest.raises(ValueError, match="at least one problem"):
        BadFile([])


def test_a_bad_file_travels_between_processes() -> None:
    bad = BadFile([problem(line) for line in range(1, 31)])

    assert str(pickle.loads(pickle.dumps(bad))) == str(bad)
