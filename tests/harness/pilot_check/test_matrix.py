import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from booking_core.encounter import Encounter
from booking_core.reactions import Stop
from booking_core.uk_time import local_date
from harness.pilot_check.cells import Act, Cell, Pair
from harness.pilot_check.matrix import matrix, tasks_of
from harness.pilot_check.rules import findings
from harness.pilot_check.subject import Subject, read_subject
from harness.pilot_check.verdict import Checked
from harness.worlds import CATALOGUE
from tests.harness.pilot_check.conftest import TODAY, Pilot, network

CATALOGUED = sorted((CATALOGUE / "pilots").rglob("*.yaml"))


def walked(subject: Subject, jobs: int = 1) -> tuple[Pair, ...]:
    return matrix(subject, jobs, lambda done: None)


def only(subject: Subject) -> Pair:
    (pair,) = walked(subject)
    return pair


def test_a_sound_link_books_for_known_and_new_patients_and_refuses_one_whose_records_disagree(pilot: Pilot) -> None:
    pair = only(pilot())
    assert dict(pair.invited) == {"registered": "sent", "unregistered": "sent", "mismatching": "E4"}
    assert [(cell.slot_type, cell.state, cell.why) for cell in pair.cells] == [("Routine", "books", "")]
    assert pair.alarm == ""


def test_each_booking_leaves_a_trace_that_was_on_the_wire(pilot: Pilot) -> None:
    pair = only(pilot())
    assert len(pair.cells[0].trace) == 36
    assert {"pds_retrieve", "sds_endpoint", "find_patient", "register_patient", "search_slots"} <= {
        said.on for said in pair.said()
    }


def test_a_cell_books_as_a_known_and_as_a_new_patient(pilot: Pilot) -> None:
    (cell,) = only(pilot()).cells
    assert [(act.what, act.ended) for act in cell.acts] == [
        ("book as registered", "booked"),
        ("book as unregistered", "booked"),
    ]


def test_both_patients_cancel_in_the_first_cell_and_take_turns_in_the_others(tmp_path: Path) -> None:
    (tmp_path / "network.yaml").write_text(network(2, 3))
    pair, _ = walked(read_subject(tmp_path / "network.yaml", None, TODAY))
    cancelled = [[act.what for act in cell.acts if act.ended == "cancelled"] for cell in pair.cells]
    assert cancelled == [
        ["cancel as registered", "cancel as unregistered"],
        ["cancel as unregistered"],
        ["cancel as registered"],
    ]


@pytest.mark.parametrize("enabled", [True, False])
def test_what_was_booked_is_cancelled_where_the_pilot_allows_it(pilot: Pilot, enabled: bool) -> None:
    pair = only(pilot(more=f"settings: {{cancel: {{enabled: {str(enabled).lower()}}}}}\n"))
    assert [cell.cancelled for cell in pair.cells] == [enabled]


CLOSED = [
    ("name: Rowan Practice", "name: Rowan Practice\n    gp_connect: {enabled: false}", "refused", "S2"),
    ("name: Rowan Practice", "name: Rowan Practice\n    not_registered_for: [create_appointment]", "refused", "S1"),
    ("role: R1730", "role: ''", "refused", "E1"),
    ("family: Okafor, ", "", "refused", "E2"),
    ("slot_type: Routine}", "slot_type: Routine, bookable: false}", "no_slots", "not_bookable"),
    ("slot_type: Routine}", "slot_type: Routine, only_for: rowan}", "no_slots", "other_organisations_only"),
    ("slot_type: Routine}", "slot_type: Routine, channel: Visit}", "no_slots", "home_visit"),
    ("slot_type: Routine}", "slot_type: Routine, role: R1080}", "no_slots", "role_not_listed"),
    ("name: Rowan Practice", "name: Rowan Practice\n    embargo_hours: 1200", "no_slots", "under_embargo"),
    ("to: rowan}", "to: rowan, slot_types: Other}", "no_slots", "filtered_by_the_link"),
]


@pytest.mark.parametrize(("old", "new", "state", "why"), CLOSED)
def test_a_cell_that_does_not_book_says_why(pilot: Pilot, old: str, new: str, state: str, why: str) -> None:
    assert [(cell.state, cell.why) for cell in only(pilot(old, new)).cells] == [(state, why)]


def test_a_receiver_without_sessions_has_one_cell_all_the_same(pilot: Pilot) -> None:
    bare = 'sessions:\n      - {name: Morning surgery, days: Mon-Fri, from: "09:00", to: "11:00", every: 15, slot_type: Routine}'
    assert [(cell.state, cell.why) for cell in only(pilot(bare, "kind: practice")).cells] == [
        ("no_slots", "no_sessions")
    ]


def test_a_booker_without_any_user_is_refused_and_nothing_breaks(pilot: Pilot) -> None:
    users = "    users: [{alias: reception, family: Okafor, given: Ruth, role: R1730}]\n"
    assert [(cell.state, cell.why) for cell in only(pilot(users, "")).cells] == [("refused", "E1")]


@pytest.mark.parametrize("path", CATALOGUED, ids=lambda path: path.stem)
def test_what_the_search_shows_is_what_the_gates_say(path) -> None:  # type: ignore[no-untyped-def]
    subject = read_subject(path, None, TODAY)
    sights = {edge.ends: subject.sight(edge).days for edge in subject.edges}
    for pair in walked(subject):
        if not pair.count("refused"):
            assert Counter(pair.days) == sights[f"{pair.booker} -> {pair.receiver}"]


def test_the_walk_begins_on_the_launch_day_in_the_morning(pilot: Pilot) -> None:
    subject = pilot()
    assert subject.now.isoformat() == "2026-04-01T07:00:00+00:00"
    assert min(only(subject).days) == local_date(subject.now)


def test_one_process_or_two_give_the_same_pairs_in_the_same_order() -> None:
    subject = read_subject(CATALOGUE / "pilots" / "c2-network-mesh.yaml", None, TODAY)
    assert walked(subject, jobs=2) == walked(subject, jobs=1)


def test_a_link_to_oneself_is_not_walked() -> None:
    subject = read_subject(CATALOGUE / "pilots" / "c10" / "v8-link-to-self.yaml", None, TODAY)
    assert [(task.receiver, task.bookers) for task in tasks_of(subject)] == [("T90202", ("T90201",))]


def test_what_goes_wrong_without_a_rule_that_explains_it_is_told(pilot: Pilot) -> None:
    subject = pilot()
    pair = only(subject)
    closed = replace(pair, cells=(Cell("Routine", "refused", "S2"),))
    let_through = replace(pair, invited={**pair.invited, "mismatching": "sent"})
    for wrong in (closed, let_through, replace(pair, cells=())):
        checked = Checked("p", "p", subject.now, (), {}, {}, pairs=(wrong,))
        assert checked.unexplained == (wrong,)
        assert not checked.clean
    assert Checked("p", "p", subject.now, (), {}, {}, pairs=(pair,)).clean


def test_a_network_is_walked_cell_by_cell(tmp_path: Path) -> None:
    (tmp_path / "network.yaml").write_text(network(3, 7))
    pairs = walked(read_subject(tmp_path / "network.yaml", None, TODAY))
    assert len(pairs) == 6
    assert {(cell.state, cell.cancelled) for pair in pairs for cell in pair.cells} == {("books", True)}
    assert [len(pair.cells) for pair in pairs] == [7] * 6


def test_a_fault_of_the_receiver_while_cancelling_is_told_as_such(
    pilot: Pilot, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refused(*_: object) -> None:
        raise Stop.because("B6", "no")

    monkeypatch.setattr(Encounter, "cancel_appointment", refused)
    pair = only(pilot(more="settings: {cancel: {enabled: true}}\n"))
    assert [(cell.state, cell.why) for cell in pair.cells] == [("refused", "cancelling: B6")]


def test_a_trace_id_names_one_exchange_of_the_whole_report(tmp_path: Path) -> None:
    (tmp_path / "network.yaml").write_text(network(3, 2))
    pairs = walked(read_subject(tmp_path / "network.yaml", None, TODAY))
    traces = [said.trace for pair in pairs for said in pair.said() if said.trace]
    assert len(traces) == len(set(traces)) > 100


def test_a_cells_trace_is_among_its_exchanges(tmp_path: Path) -> None:
    (tmp_path / "network.yaml").write_text(network(2, 2))
    for pair in walked(read_subject(tmp_path / "network.yaml", None, TODAY)):
        for cell in pair.cells:
            assert cell.trace in {said.trace for act in cell.acts for said in act.said}


def wholes(acts: tuple[Act, ...]) -> list[str]:
    return [said.on for act in acts for said in act.said if said.request]


def test_few_pairs_are_kept_from_the_first_exchange_to_the_booking(tmp_path: Path) -> None:
    (tmp_path / "network.yaml").write_text(network(2, 2))
    pair, _ = walked(read_subject(tmp_path / "network.yaml", None, TODAY))
    assert wholes(pair.story) == [said.on for act in pair.story for said in act.said]
    assert wholes(pair.cells[0].acts) == ["create_appointment", "read_appointment", "cancel_appointment"] * 2
    assert wholes(pair.cells[1].acts) == []


def test_of_many_pairs_one_booking_of_each_is_kept_and_what_stopped_the_others(
    pilot: Pilot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("harness.pilot_check.matrix.FEW", 0)
    clean, closed = (
        only(pilot()),
        only(pilot("name: Rowan Practice", "name: Rowan Practice\n    gp_connect: {enabled: false}")),
    )
    assert (wholes(clean.story), wholes(clean.cells[0].acts)) == ([], ["create_appointment"])
    assert wholes(closed.story) == [said.on for said in closed.story[0].said]
    refusal = closed.story[0].said[-1]
    assert (refusal.status, refusal.trace) == (403, closed.cells[0].trace)
    assert "ACCESS_DENIED" in refusal.why and refusal.reply.startswith("HTTP 403\n")


def test_messages_are_masked(pilot: Pilot) -> None:
    text = "".join(said.request + said.reply for said in only(pilot()).said())
    assert "***" in text
    assert "Checkwell" not in text and "Othername" not in text and not re.search(r"\b999\d{7}\b", text)
    assert "Bearer eyJ" not in text


@pytest.mark.parametrize("jobs", [1, 2])
def test_progress_counts_pairs(jobs: int) -> None:
    subject = read_subject(CATALOGUE / "pilots" / "c2-network-mesh.yaml", None, TODAY)
    heard: list[int] = []
    pairs = matrix(subject, jobs, heard.append)
    assert sum(heard) == len(pairs) == 12
    assert jobs == 2 or heard == [1] * 12


@pytest.mark.parametrize("path", CATALOGUED, ids=lambda path: path.stem)
def test_a_walk_finds_nothing_that_the_rules_do_not_explain(path: Path) -> None:
    subject = read_subject(path, None, TODAY)
    found = findings(subject)
    judged = Checked("p", "p", subject.now, found, {}, {}, pairs=walked(subject))
    assert judged.unexplained == ()
    assert judged.clean == (not any(one.severity == "error" for one in found))
