"""A step that ends otherwise than expected fails the scenario, and skips what follows."""

from typing import Any

import pytest

from .conftest import BOOKING, Play

INVITE, OPEN, CHOOSE = BOOKING
BOB = ({**INVITE, "patient": "bob", "save": "other"}, {**OPEN, "link": "other", "born": "bob"})


def test_a_booking_goes_through(play: Play) -> None:
    assert [line.detail for line in play().lines] == ["sent", "choose", "booked"]


@pytest.mark.parametrize(
    ("place", "changed"),
    [
        (0, {"expect": "E1"}),
        (0, {"by": "millbrook.newcomer"}),
        (0, {"patient": "dave"}),
        (1, {"born": "bob"}),
        (1, {"expect": "B2"}),
        (2, {"slot": "9999"}),
        (2, {"expect": "B1"}),
    ],
)
def test_an_unmet_expectation_fails_and_skips_the_rest(play: Play, place: int, changed: dict[str, Any]) -> None:
    steps = tuple(step | (changed if number == place else {}) for number, step in enumerate(BOOKING))
    verdicts = [line.verdict for line in play(steps=steps).lines]
    assert verdicts == ["pass"] * place + ["fail"] + ["skip"] * (2 - place)


def test_checks_are_omitted_after_a_failed_step(play: Play) -> None:
    result = play({"check": "sms", "to": "alice", "count": 0}, steps=({**INVITE, "expect": "E3"},))
    assert [line.where for line in result.lines] == ["steps.0"]


def test_a_race_with_the_wrong_outcomes_fails(play: Play) -> None:
    race = {"do": "together", "outcomes": {"booked": 2}, "steps": [CHOOSE, {**CHOOSE, "link": "other"}]}
    result = play(steps=(INVITE, OPEN, *BOB, race))
    assert result.lines[-1].verdict == "fail"
    assert "1 B1, 1 booked" in result.lines[-1].detail


def test_who_wins_a_race_depends_on_the_seed_alone(play: Play) -> None:
    race = {"do": "together", "outcomes": {"booked": 1, "B1": 1}, "steps": [CHOOSE, {**CHOOSE, "link": "other"}]}

    def winner(seed: int) -> str:
        result = play(steps=(INVITE, OPEN, *BOB, race), seed=seed)
        return next(sight.who for sight in result.sights if sight.what == "screen: booked")

    winners = [winner(seed) for seed in range(12)]
    assert winners == [winner(seed) for seed in range(12)]
    assert set(winners) == {"alice", "bob"}


def test_a_wrong_birth_date_ten_times_locks_the_link(play: Play) -> None:
    wrong = {**OPEN, "born": "2000-01-01", "expect": "B3"}
    steps = (INVITE, *[wrong] * 9, {**wrong, "expect": "B2"}, {**OPEN, "expect": "B2"})
    assert play(steps=steps).verdict == "pass"


def test_a_link_expires_after_a_week_to_the_minute(play: Play) -> None:
    week = 7 * 24 * 3600 - 3600  # the clocks go forward in that week
    late = ({"do": "wait", "seconds": week}, {**OPEN, "expect": "B2"})
    early = ({"do": "wait", "seconds": week - 120}, OPEN)
    assert play(steps=(INVITE, *late)).verdict == "pass"
    assert play(steps=(INVITE, *early)).verdict == "pass"


def test_a_used_link_does_not_book_again(play: Play) -> None:
    result = play(
        {"check": "appointments", "at": "riverside", "count": 1}, steps=(*BOOKING, {**CHOOSE, "expect": "B2"})
    )
    assert result.verdict == "pass"


def test_two_taps_on_confirm_book_once(play: Play) -> None:
    taps = {"do": "together", "outcomes": {"booked": 1, "B7": 1}, "steps": [CHOOSE, CHOOSE]}
    result = play({"check": "appointments", "at": "riverside", "count": 1}, steps=(INVITE, OPEN, taps))
    assert result.verdict == "pass"


def test_faults_that_are_switched_on_and_off_again_strike_only_between(play: Play) -> None:
    dark = {"name": "dark", "at": "ssp", "kind": "refuse"}
    switch = {"do": "set_faults", "faults": [dark]}
    result = play(steps=(switch, {**INVITE, "expect": "S3"}, {"do": "set_faults", "faults": []}, INVITE))
    assert result.verdict == "pass"
    assert {one.struck for one in result.exchanges} == {(), (("refuse", "request"),)}


def test_a_fault_that_is_switched_on_and_never_strikes_fails(play: Play) -> None:
    idle = {"name": "idle", "at": "ssp", "on": "cancel_appointment", "kind": "cut"}
    result = play(steps=({"do": "set_faults", "faults": [idle]}, INVITE))
    assert [(line.where, line.verdict) for line in result.lines][-1] == ("steps.0.faults.0", "fail")


def test_a_fault_may_be_switched_on_again_by_the_same_name(play: Play) -> None:
    once = {"do": "set_faults", "faults": [{"name": "once", "at": "ssp", "kind": "refuse"}]}
    right = {"do": "set_faults", "faults": []}
    down = {**INVITE, "expect": "S3"}
    assert play(steps=(once, down, right, once, down, right, INVITE)).verdict == "pass"
