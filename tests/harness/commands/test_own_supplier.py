"""A supplier of the tester's own, a TOML file, beside a scenario or on the command line."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from harness.commands.run import RunOptions, check_choices
from harness.files import BadFile
from harness.scenario.load import load_scenario
from harness.scenario.run import Choices, cases_of, run_case
from harness.scenario.sources import BUILT_IN, sources

SCENARIO = """id: mine/first
title: The last session has begun, and a supplier may still show it
clock: 2026-03-27T08:55:00+00:00
world: worlds/two-practices.yaml
suppliers: [{suppliers}]
steps:
  - {{do: invite, by: millbrook.reception, patient: alice, to: riverside, save: link}}
"""
SUPPLIER = (
    'name = "acme"\nextends = "strict"\n[search]\nhides_begun = true\n[basis]\n"search.hides_begun" = "assumed"\n'
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "acme.toml").write_text(SUPPLIER)
    (tmp_path / "mine.yaml").write_text(SCENARIO.format(suppliers="strict, acme.toml"))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    return tmp_path


def suppliers(folder: Path, *wanted: str) -> list[str]:
    loaded = load_scenario(folder / "mine.yaml")
    return [Path(case.supplier).name for case in cases_of(loaded, Choices(suppliers=wanted))]


def test_a_scenarios_own_supplier_lies_beside_it_wherever_the_command_is_given(folder: Path) -> None:
    results = [run_case(case) for case in cases_of(load_scenario(folder / "mine.yaml"), Choices())]
    assert [(one.supplier, one.verdict) for one in results] == [("strict", "pass"), ("acme.toml", "pass")]


def test_a_supplier_of_the_command_line_joins_the_matrix_and_is_found_from_the_current_folder(folder: Path) -> None:
    assert suppliers(folder, "../acme.toml") == ["acme.toml"]
    assert suppliers(folder, "../acme.toml", "strict") == ["strict", "acme.toml"]
    loaded = load_scenario(folder / "mine.yaml")
    (case,) = cases_of(loaded, Choices(suppliers=("../acme.toml",)))
    repeat = run_case(case).repeat
    assert "--supplier ../acme.toml" in repeat or f"--supplier {folder / 'acme.toml'}" in repeat


def test_a_watched_scenario_is_made_of_the_suppliers_that_it_is_run_with(folder: Path) -> None:
    loaded = load_scenario(folder / "mine.yaml")
    made_of = sources(loaded, Choices(suppliers=("../acme.toml",)))
    assert {folder / "acme.toml", BUILT_IN / "strict.toml"} <= made_of


WRONG: Mapping[str, str] = {
    "../acmee.toml": "no such file",
    "../typo.toml": "typo.toml:4:1: search.hides_begunn: unknown key; did you mean 'hides_begun'?",
    "../baseless.toml": "baseless.toml:4:1: search.hides_begun: differs from the specification",
    "../strange.toml": "strange.toml:2:1: extends: no supplier profile 'strickt'",
    "emmis": "there is no supplier 'emmis'",
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_with_it_is_told_before_anything_runs(name: str, folder: Path) -> None:
    (folder / "typo.toml").write_text(SUPPLIER.replace("hides_begun = true", "hides_begunn = true"))
    (folder / "baseless.toml").write_text(SUPPLIER.partition("[basis]")[0])
    (folder / "strange.toml").write_text(SUPPLIER.replace('"strict"', '"strickt"'))
    with pytest.raises(BadFile) as bad:
        check_choices(RunOptions((), Choices(suppliers=(name,)), None, None, None))
    assert WRONG[name] in str(bad.value)
    assert str(bad.value).count(f"{Path(name).name}:") <= 1


def test_a_file_with_a_byte_order_mark_is_as_good(folder: Path) -> None:
    (folder / "acme.toml").write_text("\ufeff" + SUPPLIER, encoding="utf-8")
    check_choices(RunOptions((), Choices(suppliers=("../acme.toml",)), None, None, None))
