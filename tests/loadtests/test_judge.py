"""The judgement: budgets, failures, and runs that say nothing."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from loadtests.judge import Finding, exit_code, judge, read_thresholds
from tests.loadtests.runs import JOURNEYS, plan, profile, walked

NAME = "T3 emis"
DEFAULTS = read_thresholds()


@pytest.mark.parametrize(
    ("ms", "kinds", "code"),
    [
        ([500], [], 0),
        ([1500], ["note"], 0),
        ([3500], ["broken"], 1),
        ([500] * 97 + [3500] * 3, [], 0),
        ([500] * 8 + [3500] * 2, ["broken"], 1),
    ],
)
def test_the_budgets_of_the_guide_decide(ms: list[float], kinds: list[str], code: int) -> None:
    findings = judge(profile(plan(), {NAME: ms}), DEFAULTS)
    assert [finding.kind for finding in findings] == kinds
    assert exit_code(findings) == code


def test_a_budget_is_told_with_the_target_and_the_time() -> None:
    (finding,) = judge(profile(plan(), {NAME: [4000]}), DEFAULTS)
    assert "T3 emis: 95% were answered within 4," in finding.text
    assert "SHALL take less than 3,000 ms" in finding.text


@pytest.mark.parametrize(("proxy_ms", "kinds"), [(0.0, ["broken"]), (100.0, ["broken"]), (1500.0, ["note"])])
def test_what_the_proxy_took_is_not_held_against_the_provider_and_told(proxy_ms: float, kinds: list[str]) -> None:
    seen = profile(plan(), {NAME: [4000]})
    rows = tuple(replace(row, split_ms={**row.split_ms, "proxy": proxy_ms}) for row in seen.rows)
    findings = judge(replace(seen, rows=rows), DEFAULTS)
    assert [finding.kind for finding in findings] == kinds
    assert (", not counting the proxy's 100 ms; " in findings[0].text) == (proxy_ms == 100)


def test_a_generator_that_was_too_busy_makes_the_run_invalid() -> None:
    findings = judge(profile(plan(), {NAME: [500]}, cpu=0.85), DEFAULTS)
    assert "the generator used 85% of a core" in findings[0].text
    assert exit_code(findings) == 3


def test_requests_of_a_worker_that_went_away_are_counted_as_lost() -> None:
    findings = judge(profile(plan(), {NAME: [500]}, lost=30), DEFAULTS)
    assert findings[0].text == "30 of 100 planned requests are lost: their worker went away"
    assert exit_code(findings) == 3


def test_processes_that_never_reported_are_missed() -> None:
    findings = judge(profile(plan(processes=3), {NAME: [500]}), DEFAULTS)
    assert findings[0].text == "2 of 3 generating processes never reported"


@pytest.mark.parametrize(("failures", "code"), [(0, 0), (1, 0), (2, 1)])
def test_a_small_share_of_failures_is_allowed(failures: int, code: int) -> None:
    findings = judge(profile(plan(), {NAME: [500]}, errors={"HTTP 503": failures}), DEFAULTS)
    assert exit_code(findings) == code


def test_failures_are_told_by_class() -> None:
    findings = judge(profile(plan(), {NAME: [500]}, errors={"HTTP 503": 4, "wire: OSError": 1}), DEFAULTS)
    assert findings[0].text == "T3 emis: 5 of 100 failed (4 x HTTP 503, 1 x wire: OSError)"


def test_a_run_without_an_answer_is_invalid() -> None:
    findings = judge(profile(plan(), {NAME: [500]}, errors={"HTTP 503": 100}), DEFAULTS)
    assert findings[0].kind == "invalid"


def written(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_of_ones_own_changes_what_it_names(tmp_path: Path) -> None:
    limits = read_thresholds(written(tmp_path, "query_shall_ms = 5000\nallowed_failures = 0\n"))
    assert (limits.query_shall_ms, limits.allowed_failures, limits.quantile) == (5000, 0, DEFAULTS.quantile)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("query_shal_ms = 1\n", "unknown threshold 'query_shal_ms'"),
        ('query_shall_ms = "3 s"\n', "expected a number, got '3 s'"),
        ("quantile = 95\n", "expected a share between 0 and 1, got 95"),
        ("quantile = true\n", "expected a number, got True"),
        ("=\n", "Invalid"),
    ],
)
def test_a_wrong_threshold_is_told(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        read_thresholds(written(tmp_path, text))


def journeys(ms: dict[str, list[float]], shape: str = "load", **more: Any) -> list[Finding]:
    whole = plan(shape=shape, journeys=JOURNEYS)
    invited = len(whole.timetable())
    return judge(walked(whole, ms, {"ended": invited - more.pop("lost", 0)}, **more), DEFAULTS)


@pytest.mark.parametrize(
    ("interaction", "ms", "kinds"),
    [
        ("create_appointment", 90, []),
        ("create_appointment", 120, ["note"]),
        ("register_patient", 260, ["broken"]),
        ("cancel_appointment", 260, ["broken"]),
        ("find_patient", 260, []),
        ("find_patient", 3500, ["broken"]),
        ("pds_retrieve", 3500, []),
    ],
)
def test_commands_have_the_guides_tighter_budget_and_national_services_none(
    interaction: str, ms: float, kinds: list[str]
) -> None:
    assert [finding.kind for finding in journeys({interaction: [ms] * 50})] == kinds


def test_few_answers_above_a_budget_are_no_proof() -> None:
    (finding,) = journeys({"create_appointment": [90, 95, 260]})
    assert finding.text == (
        "a command SHALL take less than 250 ms; too few answers to say whether these do: "
        "create_appointment T3 emis (260 ms)"
    )


def test_a_slot_that_somebody_else_took_and_a_retry_that_was_answered_are_no_failures() -> None:
    errors = {"B1 DUPLICATE_REJECTED": 20, "retried: S3 TRAFFIC_SPIKE": 20}
    assert journeys({"create_appointment": [90] * 50}, errors=errors) == []


def test_journeys_of_a_worker_that_went_away_are_counted_as_lost() -> None:
    (finding,) = journeys({"find_patient": [300] * 9}, lost=7)
    assert finding == Finding("invalid", "7 of 100 planned journeys are lost: their worker went away")


def test_a_ramp_tells_from_what_rate_on_a_budget_broke() -> None:
    times = [1000.0] * 60 + [4000.0] * 40
    (finding,) = journeys({"search_slots": times}, shape="ramp")
    assert finding.text.endswith("a query SHALL take less than 3,000 ms; broken from 5 answers a second on")
