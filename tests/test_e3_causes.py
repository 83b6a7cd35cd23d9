"""Every cause of "no appointments": the text that is shown, the true cause as it is explained, and the fix."""

from typing import Any

import pytest

from harness.scenario.desk_rows import Explain
from harness.scenario.desk_steps import DESK_ACTS
from harness.scenario.find import find_scenarios
from harness.scenario.schema import Scenario

TEXT = "No appointments available. Check slots and try again"
LATER = ("sent", "booked")
SCENARIOS = [one.scenario for one in find_scenarios(("errors/e3-*",))]


def whole(scenario: Scenario) -> bool:
    """Refused, then explained, then it goes through; and the text is the documented one."""
    wanted: list[Any] = ["E3", "explained", "through"]
    for step in scenario.steps:
        outcome = getattr(step, "expect", "")
        met = "explained" if isinstance(step, Explain) else "through" if outcome in LATER else outcome
        if wanted and met == wanted[0]:
            wanted.pop(0)
    return not wanted and any(getattr(check, "text", "") == TEXT for check in scenario.checks)


def at_the_desk(scenario: Scenario) -> bool:
    """What puts it right, between explanation and success, is an act of the practice's own staff."""
    kinds = [type(step) for step in scenario.steps]
    since = kinds[kinds.index(Explain) :]
    return any(kind in DESK_ACTS and kind is not Explain for kind in since)


@pytest.mark.parametrize("cause", [f"E3-{letter}" for letter in "abcdefghijkl"])
def test_a_cause_is_shown_explained_and_put_right_in_one_scenario(cause: str) -> None:
    assert [one.id for one in SCENARIOS if cause in one.shows and whole(one) and at_the_desk(one)]
