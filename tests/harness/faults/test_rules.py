import random

import pytest
from pydantic import ValidationError

from harness.faults.kinds import FAULT, Cut
from harness.faults.rules import Armed, FaultRule


def struck(exchanges: int, seed: int = 7, **occasion: float) -> list[int]:
    armed = Armed(Cut.model_validate({"name": "lost"} | occasion), random.Random(seed))
    return [number for number in range(exchanges) if armed.strikes()]


def test_a_rule_strikes_every_time_unless_it_says_otherwise() -> None:
    assert struck(5) == [0, 1, 2, 3, 4]


def test_a_rule_strikes_so_many_times_after_so_many_that_passed() -> None:
    assert struck(10, after=3, times=2) == [3, 4]


def test_chance_decides_by_its_seed() -> None:
    some = struck(1000, chance=0.3)
    assert 250 < len(some) < 350
    assert struck(1000, chance=0.3) == some
    assert struck(1000, chance=0.3, seed=8) != some


def test_times_counts_strikes_and_not_occasions() -> None:
    assert len(struck(1000, chance=0.3, times=4)) == 4


@pytest.mark.parametrize(
    ("at", "on", "meets"),
    [
        (None, None, True),
        ("riverside", None, True),
        (None, "search_slots", True),
        ("riverside", "search_slots", True),
        ("hub", "search_slots", False),
        ("riverside", "read_metadata", False),
    ],
)
def test_a_rule_is_about_a_mount_and_an_interaction_or_about_all(at: str | None, on: str | None, meets: bool) -> None:
    assert Cut(name="lost", at=at, on=on).meets("riverside", "search_slots") is meets


def test_a_fault_is_read_from_text_by_its_kind() -> None:
    rule = FAULT.validate_python(
        {"name": "slow", "kind": "latency", "median_ms": "800", "times": "2", "phase": "reply"}
    )
    assert (rule.kind, rule.median_ms, rule.times, rule.phase) == ("latency", 800, 2, "reply")  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"kind": "cutt"}, "does not match any of the expected tags"),
        ({"kind": "cut", "tiems": "1"}, "Extra inputs are not permitted"),
        ({"kind": "cut", "max_s": "1"}, "Extra inputs are not permitted"),
        ({"kind": "cut", "phase": "both"}, "'request' or 'reply'"),
        ({"kind": "cut", "times": "0"}, "greater than or equal to 1"),
        ({"kind": "cut", "chance": "1.5"}, "less than or equal to 1"),
        ({"kind": "refuse", "phase": "reply"}, "'request'"),
        ({"kind": "latency"}, "Field required"),
        ({"kind": "status", "status": "99"}, "greater than or equal to 200"),
        ({}, "Unable to extract tag"),
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(wrong: dict[str, str], problem: str) -> None:
    with pytest.raises(ValidationError, match=problem):
        FAULT.validate_python({"name": "lost"} | wrong)


def test_a_rule_is_frozen_and_needs_a_kind() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Cut(name="lost").times = 3  # type: ignore[misc]
    with pytest.raises(TypeError, match="abstract"):
        FaultRule(name="lost")  # type: ignore[abstract]
