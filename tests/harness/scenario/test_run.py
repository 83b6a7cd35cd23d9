"""A run is repeatable to the byte, and one that fails tells all that is needed to see why."""

import shlex
from pathlib import Path

import pytest

from harness.network import Network, StrayRequest
from harness.reports.json_report import json_report
from harness.reports.junit import junit_report
from harness.reports.text import story
from harness.scenario.load import load_scenario
from harness.scenario.run import Case, run_case
from harness.verdicts import WORST_FIRST, roll_up
from harness.worlds import CATALOGUE

from .conftest import BOOKING, Play

LOST = {"name": "lost", "at": "riverside", "on": "create_appointment", "phase": "reply", "kind": "cut", "times": 1}
DARK = {"name": "dark", "at": "ssp", "kind": "refuse"}


@pytest.mark.parametrize("fault", [LOST, DARK], ids=["lost", "dark"])
def test_two_runs_with_one_seed_give_the_same_bytes(play: Play, fault: dict[str, object]) -> None:
    one, other = play(faults=[fault], seed=3), play(faults=[fault], seed=3)
    assert json_report([one]) == json_report([other])


def test_another_seed_gives_other_bytes_and_the_same_verdict(play: Play) -> None:
    one, other = play(seed=3), play(seed=4)
    assert (one.verdict, other.verdict) == ("pass", "pass")
    assert json_report([one]) != json_report([other])


def test_a_failure_tells_step_expectation_exchange_trace_id_and_how_to_repeat_it(play: Play) -> None:
    result = play(faults=[DARK], seed=3)
    told = story(result)
    assert "steps.0: invite by=millbrook.reception patient=alice to=riverside" in told
    assert "expected sent, got S3 (Connection refused)" in told
    assert "find_patient at ssp -> no answer, caller saw refused [fault: dark]" in told
    assert result.exchanges[-1].trace_id
    assert result.exchanges[-1].trace_id in told
    assert "repeat: crossbook run test/one --seed 3" in told


def test_the_command_that_repeats_a_run_can_be_pasted(tmp_path: Path) -> None:
    (tmp_path / "my dir").mkdir()
    mine = tmp_path / "my dir" / "a b.yaml"
    mine.write_text((CATALOGUE / "booking/lost-reply.yaml").read_text())
    repeat = run_case(Case(load_scenario(mine), "strict", 7)).repeat
    assert shlex.split(repeat)[:3] == ["crossbook", "run", str(mine)]


def test_names_and_nhs_numbers_are_masked_everywhere(play: Play) -> None:
    report = json_report([play(faults=[LOST])]).decode()
    assert not [word for word in ("9990010013", "Begum", "Nadia", "07700 900321") if word in report]


def test_a_provider_that_says_nothing_is_an_error_of_the_wire_and_never_no_appointments(play: Play) -> None:
    silent = {"name": "silent", "at": "riverside", "on": "search_slots", "kind": "hang"}
    steps = ({**BOOKING[0], "expect": "S3"},)
    assert play(faults=[silent], steps=steps).verdict == "pass"


def test_a_served_run_keeps_the_same_promises(play: Play) -> None:
    result = play({"check": "appointments", "at": "riverside", "count": 1}, faults=[LOST], served=True)
    assert (result.verdict, result.mode) == ("pass", "served")


def test_a_long_silence_passes_quickly_on_an_accelerated_clock(play: Play) -> None:
    silent = {"name": "silent", "at": "riverside", "on": "create_appointment", "kind": "hang", "times": 1}
    steps = (*BOOKING[:2], {**BOOKING[2], "expect": "B5"})
    result = play(faults=[silent], steps=steps, served=True)
    assert result.verdict == "pass"
    assert result.simulated_s > 60


def test_a_request_out_of_the_world_fails_the_run_even_if_the_consumer_swallowed_it(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    carry = Network.handle_async_request

    async def stray(self: Network, request):  # type: ignore[no-untyped-def]
        if not self.strays:
            self.strays.append(StrayRequest("GET to https://elsewhere.example: this world has no such host"))
        return await carry(self, request)

    monkeypatch.setattr(Network, "handle_async_request", stray)
    result = play()
    assert result.verdict == "fail"
    assert "elsewhere.example" in result.lines[-1].detail


def test_what_breaks_inside_the_harness_is_an_error_and_not_a_failure(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("harness.scenario.run.build_world", lambda *_, **__: 1 / 0)
    assert play().verdict == "error"


def test_the_worst_verdict_wins() -> None:
    assert [roll_up(WORST_FIRST[place:]) for place in range(5)] == list(WORST_FIRST)
    assert roll_up([]) == "omit"


def test_junit_counts_failures_and_errors_apart(play: Play) -> None:
    passed, failed = play(), play(faults=[DARK])
    xml = junit_report([passed, failed]).decode()
    assert 'tests="2" failures="1" errors="0"' in xml
    assert "repeat: crossbook run test/one" in xml
