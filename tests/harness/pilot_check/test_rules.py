import re
from pathlib import Path

import pytest

from harness.pilot_check.findings import Finding
from harness.pilot_check.rules import RULES, findings
from harness.pilot_check.subject import read_subject
from harness.worlds import CATALOGUE
from tests.harness.pilot_check.conftest import TODAY, Pilot, network

SOUND = sorted((CATALOGUE / "pilots").glob("c*.yaml"))
BROKEN = sorted((CATALOGUE / "pilots" / "c10").glob("*.yaml"))


def made_for(path: Path) -> str:
    found = re.match(r"v(\d+)-", path.name)
    assert found
    return f"V{found[1]}"


def found_in(path: Path) -> tuple[Finding, ...]:
    return findings(read_subject(path, None, TODAY))


def rules_of(found: tuple[Finding, ...]) -> list[str]:
    return [one.rule for one in found]


def test_the_rules_are_v1_to_v16_in_order() -> None:
    assert [rule.id for rule in RULES] == [f"V{number}" for number in range(1, 17)]


@pytest.mark.parametrize("number", range(1, 10))
def test_each_configuration_that_works_is_in_the_catalogue(number: int) -> None:
    assert [path.name for path in SOUND if path.name.startswith(f"c{number}-")]


@pytest.mark.parametrize("path", SOUND, ids=lambda path: path.stem)
def test_a_configuration_that_works_has_no_error(path: Path) -> None:
    assert [one for one in found_in(path) if one.severity == "error"] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_has_a_file_that_breaks_it(rule) -> None:  # type: ignore[no-untyped-def]
    assert rule.id in map(made_for, BROKEN)


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_a_broken_file_gives_the_finding_it_is_made_for_and_no_other_error(path: Path) -> None:
    found = found_in(path)
    assert made_for(path) in rules_of(found)
    assert {one.rule for one in found if one.severity == "error"} <= {made_for(path)}


NOT_AT_LAUNCH = {"E3-l": "nobody has booked yet, and a limit is one slot at least"}
"""Causes of an empty search that no configuration can bring about by itself."""


def test_each_cause_of_an_empty_search_has_a_file_that_brings_it_about() -> None:
    causes = {one.cause for path in BROKEN for one in found_in(path) if one.cause}
    assert causes == {f"E3-{letter}" for letter in "abcdefghijkl"} - set(NOT_AT_LAUNCH)


def test_each_error_of_the_set_up_has_a_file_that_brings_it_about() -> None:
    assert {one.error for path in BROKEN for one in found_in(path)} >= {"E1", "E2", "E3", "S1", "S2", "S5"}


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_every_finding_says_where_what_and_who_puts_it_right(path: Path) -> None:
    for one in found_in(path):
        assert one.text and one.line > 1 and one.organisation and ": " in one.fix
        assert "{" not in one.text + one.fix + one.user_sees


CHANGES = [
    ("V1", ("to: rowan}", "to: T90299}")),
    ("V2", ("name: Rowan Practice\n    pcn: U90200", "name: Rowan Practice\n    pcn: U90299")),
    ("V4", ("name: Rowan Practice", "name: Rowan Practice\n    gp_connect: {enabled: false}")),
    ("V4", ("name: Rowan Practice", "name: Rowan Practice\n    gp_connect: {foundations: false}")),
    ("V4", ("name: Rowan Practice", "name: Rowan Practice\n    not_registered_for: [register_patient]")),
    ("V5", ("slot_type: Routine}", "slot_type: Routine, only_for: rowan}")),
    ("V6", ("role: R1730", 'role: ""')),
    ("V6", ("    users: [{alias: reception, family: Okafor, given: Ruth, role: R1730}]\n", "")),
    ("V9", ("to: rowan}", "to: rowan, locations: Nowhere}")),
    ("V11", ("name: Rowan Practice", "name: Rowan Practice\n    embargo_hours: 1200")),
    ("V13", ("to: rowan}", "to: rowan, write_back: true}")),
]


@pytest.mark.parametrize(("rule", "change"), CHANGES)
def test_one_change_breaks_one_rule(pilot: Pilot, rule: str, change: tuple[str, str]) -> None:
    assert rules_of(findings(pilot(*change))) == [rule]


UNBROKEN = [
    ("name: Rowan Practice\n    pcn: U90200", "name: Rowan Practice\n    pcn: U90299\n    serves: U90200"),
    ("slot_type: Routine}", "slot_type: Routine, only_for: larch}"),
    ("slot_type: Routine}", "slot_type: Routine, only_types: [gp-practice]}"),
    ("name: Rowan Practice", "name: Rowan Practice\n    not_registered_for: [amend_appointment]"),
    ("to: rowan}", "to: rowan, locations: Rowan Practice}"),
    ("to: rowan}", "to: nobody, active: true}\n  - {from: larch, to: rowan}"),
]


@pytest.mark.parametrize("change", UNBROKEN[:-1])
def test_a_change_that_breaks_nothing_finds_nothing(pilot: Pilot, change: tuple[str, str]) -> None:
    assert findings(pilot(*change)) == ()


def test_a_link_that_leads_nowhere_leaves_the_others_judged(pilot: Pilot) -> None:
    subject = pilot(*UNBROKEN[-1])
    assert rules_of(findings(subject)) == ["V1"]
    assert [edge.ends for edge in subject.edges] == ["T90201 -> T90202"]


def test_write_back_between_two_of_the_one_system_that_does_it_is_fine(pilot: Pilot) -> None:
    change = ("to: rowan}", "to: rowan, write_back: true}", "pcn: U90200", "pcn: U90200\n    supplier: emis")
    assert findings(pilot(*change)) == ()


def test_a_later_release_lists_more_roles(pilot: Pilot) -> None:
    physio = (
        "slot_type: Routine}",
        "slot_type: Routine}\n      - {name: P, from: '14:00', to: '15:00', every: 15, slot_type: P, role: R1080}",
    )
    assert rules_of(findings(pilot(*physio))) == ["V10"]
    assert findings(pilot(*physio, "name: Rowan Practice", "name: Rowan Practice\n    spec_version: 1.2.9")) == ()


def test_an_inactive_link_is_not_judged_and_gives_no_role(pilot: Pilot) -> None:
    subject = pilot("to: rowan}", "to: rowan, active: false, locations: Nowhere}")
    assert findings(subject) == ()
    assert subject.role("T90201") == "none"


def test_the_launch_email_may_name_an_organisation_by_its_alias(pilot: Pilot) -> None:
    assert findings(pilot(more="expect: {larch: booker, T90202: receiver}\n")) == ()
    assert rules_of(findings(pilot(more="expect: {larch: both, rowan: receiver}\n"))) == ["V7"]


def test_an_organisation_that_the_launch_email_forgets_is_told(pilot: Pilot) -> None:
    found = findings(pilot(more="expect: {T90201: booker}\n"))
    assert [(one.rule, one.organisation) for one in found] == [("V7", "T90202")]


@pytest.mark.parametrize(
    ("supplier", "words"), [("emis", "job category"), ("systmone", "GP Connect role"), ("hostile", "value set")]
)
def test_a_fix_is_told_in_the_words_of_the_receivers_system(pilot: Pilot, supplier: str, words: str) -> None:
    change = (
        "name: Rowan Practice",
        f"name: Rowan Practice\n    supplier: {supplier}",
        "slot_type: Routine}",
        "slot_type: Routine, role: R1080}",
    )
    assert words in next(one.fix for one in findings(pilot(*change)) if one.rule == "V10")


def test_causes_of_no_slots_name_the_support_row(pilot: Pilot) -> None:
    (finding,) = findings(pilot("slot_type: Routine}", "slot_type: Routine, only_types: [urgent-care]}"))
    assert (finding.error, finding.cause) == ("E3", "E3-d")


def test_twenty_five_practices_are_judged_pair_by_pair(tmp_path: Path) -> None:
    (tmp_path / "network.yaml").write_text(network(25, 20))
    subject = read_subject(tmp_path / "network.yaml", None, TODAY)
    assert len(subject.edges) == 600
    assert findings(subject) == ()


def test_a_finding_about_a_row_of_a_table_stands_in_that_table(tmp_path: Path) -> None:
    (tmp_path / "o.csv").write_text("ods,name,pcn\nT90201,Larch Surgery,U90200\nT90202,Rowan Practice,U90200\n")
    (tmp_path / "s.csv").write_text(
        "organisation,name,from,to,every,slot_type,role\nT90202,Morning,9:00,11:00,15,Routine,R1080\n"
    )
    (tmp_path / "pilot.yaml").write_text(
        "pilot: {id: p, launch_date: 2026-04-01}\ntables: {organisations: o.csv, sessions: s.csv}\n"
        "links: [{from: T90201, to: T90202}]\n"
    )
    places = {one.rule: (Path(one.file).name, one.line) for one in found_in(tmp_path / "pilot.yaml")}
    assert places == {"V5": ("pilot.yaml", 3), "V6": ("o.csv", 2), "V10": ("s.csv", 2)}
