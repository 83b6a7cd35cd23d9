"""The JSON report has whole messages where something did not hold, and the same bytes for the same run."""

import json
from typing import Any

from harness.reports.json_report import json_report
from harness.verdicts import Result
from tests.harness.scenario.conftest import Play

HALF = {"name": "half", "at": "riverside", "on": "create_appointment", "kind": "truncate", "times": 1}


def scenario_of(result: Result) -> dict[str, Any]:
    (scenario,) = json.loads(json_report([result]))["scenarios"]
    return scenario  # type: ignore[no-any-return]


def test_a_failure_has_whole_messages_and_a_success_has_none(play: Play) -> None:
    passed, failed = scenario_of(play()), scenario_of(play({"check": "appointments", "at": "riverside", "count": 2}))
    assert {"asked", "answer", "came"} & {name for one in passed["exchanges"] for name in one} == set()
    assert '"resourceType": "Bundle"' in failed["exchanges"][4]["answer"]["body"]
    assert len(json_report([play()])) < 40_000


def test_an_exchange_tells_who_asked_whom_and_what_struck(play: Play) -> None:
    result = play({"check": "appointments", "at": "riverside", "count": 2}, faults=[HALF])
    struck = next(one for one in scenario_of(result)["exchanges"] if one["faults"])
    assert (struck["caller"], struck["at"], struck["struck"]) == ("ssp", "riverside", [["truncate", "reply"]])
    assert len(struck["came"]["body"]) < len(struck["answer"]["body"])


def test_a_sight_tells_who_saw_it_and_when(play: Play) -> None:
    result = scenario_of(play())
    ended = [line["ended_s"] for line in result["lines"]]
    assert [(one["who"], one["step"]) for one in result["sights"] if one["what"] == "SMS"] == [
        ("alice", ""),
        ("alice", ""),
    ]
    assert [one["step"] for one in result["sights"] if one["step"]] == ["steps.0", "steps.1", "steps.2"]
    assert [one["after_s"] for one in result["sights"] if one["step"]] == ended


def test_those_who_took_part_are_named(play: Play) -> None:
    places = scenario_of(play(supplier="strict"))["places"]
    assert [(one["at"], one["name"], one["supplier"]) for one in places] == [
        ("millbrook", "Millbrook Surgery", "emis"),
        ("riverside", "Riverside Practice", "strict"),
    ]
