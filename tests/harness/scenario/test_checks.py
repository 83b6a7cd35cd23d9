"""Each kind of check passes on what happened, and fails on anything else."""

from typing import Any, get_args

import pytest

from harness.scenario import check_rows
from harness.scenario.checks import LOOKS

from .conftest import Play

E4 = "Check patient details in your clinical system and try again"
TRUE: dict[str, dict[str, Any]] = {
    "appointments": {"at": "riverside", "patient": "alice", "booked_by": "millbrook", "count": 1},
    "exchanges": {"at": "riverside", "on": "create_appointment", "count": 1},
    "screens": {"names": "riverside"},
    "told": {"who": "staff", "text": "Invitation to book at Riverside Practice sent"},
    "sms": {"to": "alice", "count": 2, "names": "riverside"},
    "record": {"at": "millbrook", "patient": "alice", "count": 2},
    "registered": {"at": "riverside", "patient": "alice", "as": "temporary"},
    "ledger": {"patient": "alice", "outcomes": ["booked"]},
}
FALSE: list[tuple[str, dict[str, Any]]] = [
    ("appointments", {"count": 0}),
    ("appointments", {"patient": "bob"}),
    ("appointments", {"booked_by": "parkview"}),
    ("exchanges", {"count": 2}),
    ("exchanges", {"at": "ssp", "count": 0}),
    ("screens", {"names": "parkview"}),
    ("told", {"text": E4}),
    ("told", {"who": "patient"}),
    ("sms", {"count": 1}),
    ("sms", {"names": "parkview"}),
    ("record", {"count": 1}),
    ("record", {"at": "riverside"}),
    ("registered", {"as": "regular"}),
    ("registered", {"as": "none"}),
    ("registered", {"patient": "bob"}),
    ("ledger", {"outcomes": []}),
    ("ledger", {"outcomes": ["slot_taken", "booked"]}),
]


def test_every_kind_of_check_is_tried_both_ways() -> None:
    kinds = {get_args(model.model_fields["check"].annotation)[0] for model in LOOKS}
    assert kinds == set(TRUE) == {kind for kind, _ in FALSE}
    assert set(get_args(get_args(check_rows.Check)[0])) == set(LOOKS)


@pytest.mark.parametrize("kind", TRUE)
def test_a_check_passes_on_what_happened(play: Play, kind: str) -> None:
    assert play({"check": kind, **TRUE[kind]}).verdict == "pass"


@pytest.mark.parametrize(("kind", "wrong"), FALSE)
def test_a_check_fails_on_anything_else(play: Play, kind: str, wrong: dict[str, Any]) -> None:
    result = play({"check": kind, **TRUE[kind], **wrong})
    assert result.verdict == "fail"
    assert result.lines[-1].where == "checks.0"


def test_one_failed_check_does_not_hide_the_others(play: Play) -> None:
    result = play({"check": "sms", "to": "alice", "count": 9}, {"check": "sms", "to": "alice", "count": 2})
    assert [line.verdict for line in result.lines[-2:]] == ["fail", "pass"]


def test_screens_fail_when_nobody_looked_at_one(play: Play) -> None:
    step = {"do": "invite", "by": "millbrook.reception", "patient": "alice", "to": "riverside"}
    assert play({"check": "screens", "names": "riverside"}, steps=(step,)).verdict == "fail"
