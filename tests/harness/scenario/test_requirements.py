from collections.abc import Iterable
from pathlib import Path

import pytest

from harness.coverage import Covered, requirement_rows
from harness.files import BadFile
from harness.scenario.find import find_scenarios
from harness.scenario.requirements import FILE, Requirement, read_requirements, requirements

ROW = '[[requirement]]\nid = "R-SLOT-01"\nsays = "A search ends after it starts."\npage = "Search"\n'
OTHER = ROW.replace("01", "02")
WRONG = [
    (ROW.replace("page", "pgae"), "r.toml:4:1: requirement.0.pgae: unknown key; did you mean 'page'?"),
    (ROW.replace('"Search"', '""'), "r.toml:4:1: requirement.0.page: "),
    (ROW.replace("R-SLOT-01", "SLOT-1"), "r.toml:2:1: requirement.0.id: "),
    (ROW.replace("requirement", "requirements"), "r.toml:1:3: requirements: unknown key; did you mean 'requirement'?"),
    (OTHER + ROW + ROW, "r.toml:10:1: requirement.2.id: 'R-SLOT-01' is the id of requirement.1 as well"),
    (ROW.replace("id = ", "id "), "r.toml:2:"),
]


class Shows:
    """A scenario as far as coverage looks at it."""

    def __init__(self, id: str, *shows: str) -> None:
        self.id, self.shows = id, shows


def undecided(rows: Iterable[Covered]) -> list[str]:
    """What is wrong with a table's claims: a row has either scenarios or a reason for having none."""
    none = "{0.row}: no scenario shows it, and no reason says why"
    both = "{0.row}: it has a reason for not being shown, and {0.scenarios[0]} shows it"
    told = [(row, both if row.scenarios else none) for row in rows if bool(row.scenarios) == bool(row.reason)]
    return [words.format(row) for row, words in told]


@pytest.mark.parametrize(("text", "message"), WRONG, ids=[message[:50] for _, message in WRONG])
def test_a_mistake_in_the_table_is_told_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "r.toml").write_text(text)
    with pytest.raises(BadFile) as bad:
        read_requirements(tmp_path / "r.toml")
    assert [one for one in map(str, bad.value.problems) if message in one], str(bad.value)


def test_what_nobody_shows_comes_first_and_is_a_fault_without_a_reason() -> None:
    table = {f"R-X-0{number}": Requirement(id=f"R-X-0{number}", says="x", page="y") for number in (1, 2)}
    rows = requirement_rows(table, [Shows("booking/one", "R-X-01", "J2"), Shows("booking/two", "R-X-01")])
    assert [(row.row, row.scenarios) for row in rows] == [("R-X-02", ()), ("R-X-01", ("booking/one", "booking/two"))]
    assert undecided(rows) == ["R-X-02: no scenario shows it, and no reason says why"]


def test_a_reason_will_do_where_no_scenario_shows_a_row_and_is_a_fault_where_one_does() -> None:
    table = {"R-X-01": Requirement(id="R-X-01", says="x", page="y", reason="nobody looks")}
    assert undecided(requirement_rows(table, [Shows("booking/one", "J2")])) == []
    shown = undecided(requirement_rows(table, [Shows("booking/one", "R-X-01")]))
    assert shown == ["R-X-01: it has a reason for not being shown, and booking/one shows it"]


def test_every_requirement_is_shown_by_a_scenario_or_has_a_reason_and_never_both() -> None:
    assert undecided(requirement_rows(requirements(), [one.scenario for one in find_scenarios(())])) == []


def test_the_rows_of_one_part_are_numbered_without_a_gap() -> None:
    numbers: dict[str, list[int]] = {}
    for part, number in (row.rsplit("-", 1) for row in requirements()):
        numbers.setdefault(part, []).append(int(number))
    assert [part for part, found in numbers.items() if found != [*range(1, len(found) + 1)]] == []


def test_the_table_comes_with_the_catalogue() -> None:
    assert FILE.name == "requirements.toml"
    assert list(read_requirements(FILE)) == list(requirements())
