"""Two runs are compared in plain sentences, and chance is not called a change."""

from loadtests.against import compared
from tests.loadtests.runs import plan, profile, target

NAME = "T3 emis"
SPREAD = [400.0, 450, 500, 550, 600, 480, 520, 510, 490]


def test_a_slower_target_is_told_with_both_medians() -> None:
    before, now = (profile(plan(), {NAME: [ms * factor for ms in SPREAD]}) for factor in (1, 1.5))
    summary, sentence = compared(now, before)
    assert summary == "Of 1 targets in both runs, 1 became slower and 0 faster; 0 did not change beyond chance."
    assert sentence.startswith("T3 emis is 50% slower: its median went from 500 to 750 ms")


def test_a_faster_target_is_called_faster() -> None:
    now, before = (profile(plan(), {NAME: [ms * factor for ms in SPREAD]}) for factor in (1, 1.5))
    assert "T3 emis is 33% faster" in compared(now, before)[1]


def test_what_chance_explains_is_no_change() -> None:
    before, now = (profile(plan(), {NAME: [ms * factor for ms in SPREAD]}) for factor in (1, 1.01))
    assert compared(now, before) == [
        "Of 1 targets in both runs, 0 became slower and 0 faster; 1 did not change beyond chance."
    ]


def test_targets_of_one_run_only_are_named() -> None:
    both, more = target(), target("T6", visible=1000)
    now = profile(plan(both, more), {NAME: SPREAD, "T6 emis": SPREAD})
    assert compared(now, profile(plan(both), {NAME: SPREAD}))[1:] == ["Only in this run: T6 emis."]


def test_runs_without_a_common_target_cannot_be_compared() -> None:
    now = profile(plan(target("T6", visible=1000)), {"T6 emis": SPREAD})
    assert compared(now, profile(plan(), {NAME: SPREAD})) == [
        "The two runs have no target in common, so nothing can be compared."
    ]
