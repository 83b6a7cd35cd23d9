"""The catalogue holds: every scenario passes with every supplier simulated, and over real sockets."""

from collections.abc import Iterator
from typing import get_args

import pytest

from harness.coverage import REASONS, ROWS, error_rows
from harness.faults.kinds import Fault
from harness.scenario.find import find_scenarios, scenario_files
from harness.scenario.run import Case, Choices, cases_of, run_case
from harness.scenario.schema import Scenario
from harness.scenario.shows import SHOWN
from harness.scenario.step_rows import SetFaults
from harness.verdicts import Result
from harness.worlds import CATALOGUE, load_world

LOADED = find_scenarios(())
SIMULATED = [case for one in LOADED for case in cases_of(one, Choices())]
SERVED = [
    cases[number % len(cases)] for number, one in enumerate(LOADED) if (cases := [*cases_of(one, Choices(served=True))])
]
"""Each scenario with one of its suppliers, which take turns: sockets are the same to all, and a real wait is long."""

REQUIRED = {
    *(f"C{n}" for n in range(1, 10)),
    *(f"J{n}" for n in range(1, 7)),
    *("E1", "E2"),
    *(f"E3-{letter}" for letter in "abcdefghijkl"),
    *(f"E4-{letter}" for letter in "abcdefghi"),
    *(f"S{n}" for n in range(1, 8)),
    *(f"B{n}" for n in range(1, 7)),
}


def name(case: Case) -> str:
    return f"{case.loaded.scenario.id}-{case.supplier or 'own'}"


HOPS = ("token", "pds", "sds", "ssp", "receiver")
KINDS = {kind.model_fields["kind"].default: kind for kind in get_args(get_args(Fault)[0])}
JUDGE_TIME = ("ssp", "receiver")
"""On the way to who judges an audit token by the clock."""

STRIKES = [
    (hop, name, phase)
    for hop in HOPS
    for name, kind in KINDS.items()
    for phase in get_args(kind.model_fields["phase"].annotation)
    if name != "skew" or hop in JUDGE_TIME
]


def armed(scenario: Scenario) -> Iterator[tuple[str, str, str]]:
    """Where, how and in which phase the faults of a scenario strike."""
    switched = [rule for step in scenario.steps if isinstance(step, SetFaults) for rule in step.faults]
    for rule in (*scenario.faults, *switched):
        yield rule.at if rule.at in HOPS else "receiver", rule.kind, rule.phase


RAN: dict[str, Result] = {}


def ran(case: Case) -> Result:
    """A simulated run with the scenario's own seed, once a session: another one would be the same."""
    if name(case) not in RAN:
        RAN[name(case)] = run_case(case)
    return RAN[name(case)]


def broken(result: Result) -> list[str]:
    return [f"{line.where}: {line.detail}" for line in result.lines if line.verdict != "pass"]


@pytest.mark.parametrize("case", SIMULATED, ids=name)
def test_a_scenario_passes_simulated(case: Case) -> None:
    assert broken(ran(case)) == []


def test_every_error_row_is_shown_by_a_scenario_or_has_a_reason_and_never_both() -> None:
    rows = error_rows(map(ran, SIMULATED))
    assert set(REASONS) <= set(ROWS)
    assert [(one.row, one.scenarios) for one in rows if bool(one.scenarios) == bool(one.reason)] == []


@pytest.mark.parametrize("case", SERVED, ids=name)
def test_the_same_scenario_passes_on_real_sockets(case: Case) -> None:
    assert broken(run_case(case)) == []


@pytest.mark.parametrize("case", [case for one in LOADED for case in cases_of(one, Choices(seed=4711))], ids=name)
def test_a_scenario_passes_with_another_seed(case: Case) -> None:
    assert broken(run_case(case)) == []


@pytest.mark.parametrize("path", scenario_files(CATALOGUE), ids=lambda path: path.stem)
def test_a_scenarios_id_is_its_place_in_the_catalogue(path) -> None:  # type: ignore[no-untyped-def]
    ids = {one.path: one.scenario.id for one in LOADED}
    assert ids[path] == path.relative_to(CATALOGUE).with_suffix("").as_posix()


@pytest.mark.parametrize("path", scenario_files(CATALOGUE), ids=lambda path: path.stem)
def test_a_scenarios_first_line_points_editors_at_the_schema(path) -> None:  # type: ignore[no-untyped-def]
    assert path.read_text().splitlines()[0] == "# yaml-language-server: $schema=../schema.json"


@pytest.mark.parametrize("word", sorted(REQUIRED))
def test_the_catalogue_shows(word: str) -> None:
    assert word in SHOWN
    assert [one.scenario.id for one in LOADED if word in one.scenario.shows]


@pytest.mark.parametrize(("hop", "kind", "phase"), STRIKES, ids=lambda word: word)
def test_every_kind_of_fault_strikes_at_every_hop_in_each_phase(hop: str, kind: str, phase: str) -> None:
    assert [one.scenario.id for one in LOADED if (hop, kind, phase) in armed(one.scenario)]


@pytest.mark.parametrize("path", sorted((CATALOGUE / "pilots").glob("*.yaml")), ids=lambda path: path.stem)
def test_a_pilot_expects_the_roles_that_its_links_give(path) -> None:  # type: ignore[no-untyped-def]
    from harness.product import pilot_of
    from harness.rows import PilotFile
    from harness.worlds import names_of

    rows, _ = load_world(path)
    assert isinstance(rows, PilotFile)
    pilot = pilot_of(rows, names_of(rows))
    assert {ods: pilot.role(ods) for ods in rows.expect} == rows.expect
