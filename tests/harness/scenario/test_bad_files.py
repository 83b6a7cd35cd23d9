"""A tester's mistake is told with file, line and the nearest right word, ends with exit code 2, and runs nothing."""

import subprocess
import sys
from pathlib import Path

import pytest

from harness.explaining import ANSWERS, BETWEEN, BEYOND, FILTERED, SAME_DAY
from harness.files import BadFile
from harness.scenario.find import scenario_files
from harness.scenario.load import load_scenario
from harness.worlds import CATALOGUE, load_world

WORLD = (CATALOGUE / "worlds/two-practices.yaml").read_text()
PILOT = (CATALOGUE / "pilots/c1-hub-and-spoke.yaml").read_text()
SCENARIO = (CATALOGUE / "booking/lost-reply.yaml").read_text()
SUPPLIER = (
    'name = "acme"\nextends = "strict"\n[search]\nhides_begun = true\n[basis]\n"search.hides_begun" = "documented"\n'
)


def told(path: Path) -> list[str]:
    """Every problem of a scenario or world file; none when it is good."""
    load = load_scenario if path.name == "s.yaml" else load_world
    try:
        load(path)
    except BadFile as bad:
        return [str(problem).removeprefix(f"{path.parent}/") for problem in bad.problems]
    return []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A scenario, a world, a pilot and a supplier that are good."""
    (tmp_path / "s.yaml").write_text(SCENARIO.replace("worlds/two-practices.yaml", "w.yaml"))
    (tmp_path / "w.yaml").write_text(WORLD)
    (tmp_path / "p.yaml").write_text(PILOT)
    (tmp_path / "acme.toml").write_text(SUPPLIER)
    return tmp_path


MISTAKES = [
    ("s.yaml", "patient: alice, to", "patiant: alice, to", "s.yaml:12:43: steps.0.patiant: unknown key; did you mean 'patient'?"),
    ("s.yaml", "seed: 7", "seed: seven", "s.yaml:6:1: seed: expected a whole number, got 'seven'"),
    ("s.yaml", "seed: 7", "seed: 7\nseed: 8", "s.yaml:7:1: seed: "),
    ("s.yaml", "do: choose", "do: chose", "s.yaml:14:6: steps.2.do: unknown word 'chose'; did you mean 'choose'?"),
    ("s.yaml", "kind: cut", "kind: cat", "faults.0.kind: unknown word 'cat'; did you mean 'cut'?"),
    ("s.yaml", "check: ledger", "check: leger", "checks.3.check: unknown word 'leger'; did you mean 'ledger'?"),
    ("s.yaml", "by: millbrook.reception", "by: millbrook.receptoin", "steps.0.by: there is no user 'millbrook.receptoin'; did you mean 'millbrook.reception'?"),
    ("s.yaml", "patient: alice, to", "patient: alise, to", "steps.0.patient: there is no patient 'alise'; did you mean 'alice'?"),
    ("s.yaml", "to: riverside, save", "to: riverseid, save", "steps.0.to: there is no organisation 'riverseid'; did you mean 'riverside'?"),
    ("s.yaml", "{do: choose, link: link", "{do: choose, link: lnik", "steps.2.link: there is no link 'lnik'; did you mean 'link'?"),
    ("s.yaml", "born: alice", "born: 1974-13-19", "steps.1.born: there is no birth date '1974-13-19'"),
    ("s.yaml", "expect: booked", "expect: boked", "steps.2.expect: unknown word 'boked'; did you mean 'booked'? (allowed: "),
    ("s.yaml", "{do: choose", "{do: explain, at: riverside, for: T99999, expect: visible}\n  - {do: choose", "s.yaml:14:34: steps.2.for: there is no organisation 'T99999'"),
    ("s.yaml", "{do: choose", "{do: explain, at: riverside, for: millbrook, expect: notbookable}\n  - {do: choose", "s.yaml:14:50: steps.2.expect: there is no reason 'notbookable'; did you mean 'not_bookable'?"),
    ("s.yaml", "{do: choose", "{do: together, outcomes: {chose: 2}, steps: [{do: open_link, link: link, born: alice}, {do: open_link, link: link, born: alice}]}\n  - {do: choose", "steps.2.outcomes.chose: unknown word 'chose'; did you mean 'choose'?"),
    ("s.yaml", "{do: choose", "{do: together, outcomes: {choose: 1, provider/NO_RECORD: 1}, steps: [{do: open_link, link: link, born: alice}, {do: open_link, link: link, born: alice}]}\n  - {do: choose", "unknown word 'provider/NO_RECORD'; did you mean 'provider/NO_RECORD_FOUND'?"),
    ("s.yaml", "{do: choose", "{do: together, outcomes: {choose: 3}, steps: [{do: open_link, link: link, born: alice}, {do: open_link, link: link, born: alice}]}\n  - {do: choose", "steps.2: the outcomes of 3 steps are told, and there are 2"),
    ("s.yaml", "id: booking/lost-reply", "id: Mine First!", "id: expected small letters, digits and dashes, such as mine/first, got 'Mine First!'"),
    ("s.yaml", "link: link, slot: first", "link: link, slot: frist", "steps.2.slot: expected first, last or a place in the list from 0, such as 3, got 'frist'"),
    ("s.yaml", "kind: cut", "kind: status", "faults.0.status: missing key; such as 'status: 503'"),
    ("s.yaml", "kind: cut", "kind: latency", "faults.0.median_ms: missing key; such as 'median_ms: 800'"),
    ("s.yaml", "kind: cut", "kind: refuse", "faults.0.phase: unknown word 'reply'; allowed: request (`refuse` lets no request come"),
    ("w.yaml", "alias: bob", "alias: 2bob", "patients.1.alias: expected a letter, then letters"),
    ("s.yaml", "on: create_appointment, phase", "on: create_apointment, phase", "faults.0.on: there is no interaction 'create_apointment'; did you mean 'create_appointment'?"),
    ("s.yaml", "at: riverside, on: create_appointment, count", "at: riversid, on: create_appointment, count", "checks.1.at: there is no service or organisation 'riversid'; did you mean 'riverside'?"),
    ("s.yaml", "[strict, emis, systmone, vision, hostile]", "[strict, emiss]", "suppliers.1: there is no supplier 'emiss'; did you mean 'emis'?"),
    ("s.yaml", "[B5, J2, ", "[B55, J2, ", "shows.0: there is no row 'B55'; did you mean 'B5'?"),
    ("s.yaml", "R-ACT-09", "R-ACTS-09", "shows.2: there is no row 'R-ACTS-09'; did you mean 'R-ACT-09'?"),
    ("s.yaml", "world: w.yaml", "world: worlds/two-practises.yaml", "world: there is no world file 'worlds/two-practises.yaml'; did you mean 'worlds/two-practices.yaml'?"),
    ("s.yaml", "clock: 2026-03-27T08:55:00+00:00", "clock: 2026-03-27T08:55:00", "clock: must end with its offset from UTC"),
    ("w.yaml", "supplier: systmone", "supplier: systemone", "w.yaml:18:5: organisations.1.supplier: there is no supplier 'systemone'; did you mean 'systmone'?"),
    ("w.yaml", "supplier: systmone", "supplier: acmee.toml", "acmee.toml: no such file in the folder"),
    ("w.yaml", "alias: bob", "alias: alice", "patients.1.alias: alias 'alice' is taken by patients.0"),
    ("w.yaml", '"9990010021"', '"9990010022"', "patients.1.nhs_number: expected ten digits with a right check digit, got '9990010022'"),
    ("w.yaml", '"9990010021"', '"9434765919"', "expected a number of the test range"),
    ("w.yaml", "days: Mon-Fri", "days: Monday", "sessions.0.days: expected days such as 'Mon-Fri' or 'Mon, Wed', got 'Monday'"),
    ("w.yaml", "holder: llewellyn", "holder: lewellyn", "sessions.0.holder: there is no practitioner 'lewellyn'; did you mean 'llewellyn'?"),
    ("w.yaml", 'to: "11:00"', 'to: "08:00"', "sessions.0.to: the session ends at 08:00, before it begins"),
    ("w.yaml", 'to: "11:00"', 'to: "08:00"', "say `overnight: true` if it ends on the next day"),
    ("w.yaml", 'to: "11:00"', 'overnight: true, to: "11:00"', "sessions.0.to: an overnight session that begins at 09:00"),
    ("w.yaml", "{from: millbrook, to: riverside}", "{from: millbrook, to: riversied}", "links.0.to: there is no organisation 'riversied'; did you mean 'riverside'?"),
    ("w.yaml", "world: two-practices", "wrold: two-practices", "w.yaml:2:1: wrold: the first key must be 'world' or 'pilot'; did you mean 'world'?"),
    ("p.yaml", "launch_date: 2026-04-01", "launch_date: 1 April", "pilot.launch_date: "),
    ("p.yaml", "Y90001: receiver,", "Y90001: reciever,", "expect.Y90001: unknown word 'reciever'; did you mean 'receiver'?"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "right", "wrong", "message"), MISTAKES, ids=[row[3][:60] for row in MISTAKES])
def test_a_mistake_is_told_with_its_place_and_the_nearest_right_word(
    folder: Path, name: str, right: str, wrong: str, message: str
) -> None:
    path = folder / name
    assert told(path) == []
    text = path.read_text()
    assert right in text
    path.write_text(text.replace(right, wrong, 1))
    problems = told(path)
    assert [problem for problem in problems if message in problem], problems
    assert len(problems) <= 2, problems  # a misspelt key is also a missing one


SUPPLIER_MISTAKES = [
    ("hides_begun = true", "hides_begunn = true", "acme.toml:4:1: search.hides_begunn: unknown key; did you mean 'hides_begun'?"),
    ("hides_begun = true", 'hides_begun = "perhaps"', "acme.toml:4:1: search.hides_begun: "),
    ('"documented"', '"guess"', "acme.toml:6:1: basis.search.hides_begun: unknown word 'guess'; allowed: assumed, documented, spec"),
    ("[search]", "[search", "acme.toml:3:"),
    ('"search.hides_begun" = "documented"', "", "say what that rests on"),
    ('extends = "strict"', 'extends = "strickt"', "no supplier profile 'strickt'"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("right", "wrong", "message"), SUPPLIER_MISTAKES, ids=[row[2][:50] for row in SUPPLIER_MISTAKES]
)
def test_a_mistake_in_a_suppliers_file_is_told_with_its_own_place(
    folder: Path, right: str, wrong: str, message: str
) -> None:
    world = folder / "w.yaml"
    world.write_text(WORLD.replace("supplier: systmone", "supplier: acme.toml"))
    assert told(world) == []
    (folder / "acme.toml").write_text(SUPPLIER.replace(right, wrong, 1))
    assert [problem for problem in told(world) if message in problem], told(world)


@pytest.mark.parametrize(
    "arguments",
    [["nowhere.yaml"], ["errors/e99*"], ["--supplier", "emiss"], ["--seed", "x"], ["--nonsense"], ["w.yaml"], [""]],
    ids=" ".join,
)
def test_a_wrong_command_line_ends_with_2_and_no_traceback(folder: Path, arguments: list[str]) -> None:
    command = [sys.executable, "-m", "harness.cli", "run", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr + done.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", ""], "'': an empty pattern names nothing; name a file"),
        (["run", "--seed", "x"], "'--seed': expected a whole number, got 'x'"),
        (["up", "--port", "99999"], "'--port': must be 65535 or less, got '99999'"),
        (["run", "--jobs", "-1"], "'--jobs': must be 0 or more, got '-1'"),
        (["run", "--report", ""], "'--report': no value given: name a file or a folder"),
        (["run", "--consumer", ""], "'--consumer': no value given: name a module:factory"),
        (["run", "--supplier", "first.yaml"], "there is no supplier 'first.yaml'; allowed: emis, hostile, medicus, "),
        (["run", "--supplier", "first.yaml"], "or a .toml file of yours"),
        (["run", "s.yaml", "--supplier", "medicus"], "no scenario has medicus in its matrix; there are emis, hostile"),
        (["check", ""], "no value given: name a file or a folder"),
        (["show", "world", ""], "'': there is no such world file or name"),
        (["export", "nonsense"], "BASE: expected the address of a served world, such as http://127.0.0.1:8181"),
    ],
    ids=lambda part: " ".join(part) if isinstance(part, list) else "",
)
def test_a_wrong_option_is_told_with_its_name_and_its_value(folder: Path, arguments: list[str], message: str) -> None:
    command = [sys.executable, "-m", "harness.cli", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert (done.returncode, message in done.stderr) == (2, True), done.stderr


def test_a_folder_called_like_a_scenario_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "adir.yaml").mkdir()
    (tmp_path / "adir.yaml" / "s.yaml").write_text(SCENARIO)
    assert scenario_files(tmp_path) == [tmp_path / "adir.yaml" / "s.yaml"]


def test_every_reason_of_a_scenario_has_words() -> None:
    assert {"visible", "no slots", "begun_but_shown", BETWEEN, BEYOND, FILTERED, SAME_DAY} <= {*ANSWERS}


def test_a_users_own_supplier_plays_in_a_scenario(folder: Path) -> None:
    (folder / "w.yaml").write_text(WORLD.replace("supplier: systmone", "supplier: acme.toml"))
    text = (folder / "s.yaml").read_text().replace("suppliers: [strict, emis, systmone, vision, hostile]\n", "")
    (folder / "s.yaml").write_text(text)
    done = subprocess.run(
        [sys.executable, "-m", "harness.cli", "run", "s.yaml"], cwd=folder, capture_output=True, text=True
    )
    assert (done.returncode, "1 passed" in done.stdout) == (0, True)
