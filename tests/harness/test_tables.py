from datetime import time
from pathlib import Path

import pytest

from harness.files import BadFile
from harness.rows import PilotFile, week_days
from harness.worlds import load_pilot, load_world

ORGANISATIONS = "ODS,Name,Alias,Supplier,PCN,List size,serves\nT90201,Larch Surgery,larch,emis,U90200,8200,\nT90202,Rowan Practice,rowan,systmone,U90200,9600,U90201;U90202\n"
USERS = "organisation,alias,family,given,role\nlarch,reception,Okafor,Ruth;Anne,R1730\n"
SESSIONS = "organisation,name,days,from,to,every,slot_type,channel,only_for,bookable\nT90202,Morning,Mon-Fri,09:00,11:00,15,Routine,Telephone,larch,yes\n"
PILOT = "pilot: {id: small, launch_date: 2026-04-01}\ntables: {organisations: o.csv, users: u.csv, sessions: s.csv}\nlinks:\n  - {from: larch, to: rowan}\n"


def pilot(folder: Path, *, o: str = ORGANISATIONS, u: str = USERS, s: str = SESSIONS, text: str = PILOT) -> Path:
    for name, content in (("o.csv", o), ("u.csv", u), ("s.csv", s), ("pilot.yaml", text)):
        (folder / name).write_bytes(content.encode())
    return folder / "pilot.yaml"


def read(path: Path) -> PilotFile:
    return load_pilot(path)[0]


def complaints(path: Path) -> list[str]:
    with pytest.raises(BadFile) as bad:
        load_pilot(path)
    return [str(problem).removeprefix(str(path.parent) + "/") for problem in bad.value.problems]


def test_tables_make_a_pilot(tmp_path: Path) -> None:
    larch, rowan = read(pilot(tmp_path)).organisations
    assert (larch.ods, larch.list_size, rowan.serves) == ("T90201", 8200, ("U90201", "U90202"))
    assert (larch.users[0].given, larch.users[0].role) == (("Ruth", "Anne"), "R1730")
    (session,) = rowan.sessions
    assert (session.from_, session.channel, session.only_for, session.bookable) == (
        time(9),
        "Telephone",
        ("larch",),
        True,
    )


def test_a_pilot_with_tables_is_a_world_as_well(tmp_path: Path) -> None:
    rows, _ = load_world(pilot(tmp_path))
    assert len(rows.organisations) == 2


def test_tables_add_to_what_the_file_holds(tmp_path: Path) -> None:
    text = PILOT.replace("links:", "organisations:\n  - {ods: T90203, alias: hazel, name: Hazel House}\nlinks:")
    path = pilot(tmp_path, text=text, u=USERS + "hazel,desk,Byrne,Aoife,R1730\n")
    assert [(row.ods, len(row.users)) for row in read(path).organisations] == [
        ("T90203", 1),
        ("T90201", 1),
        ("T90202", 0),
    ]


@pytest.mark.parametrize("change", [("\n", "\r\n"), ("", ""), ("\n", "\n\n"), ("\n", "\n ,, \n")])
def test_a_table_may_have_other_line_ends_a_mark_at_its_start_and_blank_rows(
    tmp_path: Path, change: tuple[str, str]
) -> None:
    users = "\ufeff" + (USERS.replace(*change) if change[0] else USERS)
    assert read(pilot(tmp_path, u=users)).organisations[0].users[0].family == "Okafor"


WRONG = [
    ({"o": ORGANISATIONS.replace("8200", "many")}, "o.csv:2:6: list_size: "),
    ({"o": ORGANISATIONS.replace("T90202", "t9")}, "o.csv:3:1: ods: "),
    ({"o": ORGANISATIONS.replace("Rowan Practice", "")}, "o.csv:3:2: name: "),
    ({"o": ORGANISATIONS.replace("List size", "Patients")}, "o.csv:1:6: patients: unknown column"),
    ({"o": ORGANISATIONS.replace("PCN", "name")}, "o.csv:1:5: name: this column is given twice"),
    (
        {"u": USERS.replace("larch", "lrach")},
        "u.csv:2:1: organisation: there is no organisation 'lrach'; did you mean 'larch'?",
    ),
    ({"u": USERS.replace("larch,", "")}, "u.csv:2:1: organisation: there is no organisation 'reception'"),
    ({"u": USERS.replace("R1730", "R1730,more")}, "u.csv:2:6: the row has a cell 'more' in a column without a name"),
    ({"u": ""}, "u.csv:1:1: the file is empty"),
    ({"u": 'organisation,alias\nlarch,"x\n'}, "u.csv:"),
    ({"s": SESSIONS.replace("09:00", "nine")}, "s.csv:2:4: from: "),
    ({"s": SESSIONS.replace("Mon-Fri", "Weekdays")}, "s.csv:2:3: days: "),
    ({"s": SESSIONS.replace("Telephone", "Phone")}, "s.csv:2:8: channel: "),
    ({"s": SESSIONS.replace("15", "0")}, "s.csv:2:6: every: "),
    ({"s": SESSIONS.replace("channel", "location")}, "s.csv:2:8: location: there is no location 'Telephone' at T90202"),
    ({"text": PILOT.replace("u.csv", "none.csv")}, "none.csv: no such file"),
    (
        {"text": PILOT.replace("tables: {organisations: o.csv, users: u.csv, sessions: s.csv}", "tables: {}")},
        "pilot.yaml:1:1: organisations: a pilot has at least one organisation",
    ),
]


@pytest.mark.parametrize(("files", "told"), WRONG)
def test_what_is_wrong_in_a_table_is_told_with_row_and_column(tmp_path: Path, files: dict[str, str], told: str) -> None:
    (complaint,) = complaints(pilot(tmp_path, **files))
    assert complaint.startswith(told)


SPREADSHEETS = [
    USERS.replace(";", " ").replace(",", ";"),
    USERS.replace(",", "\t"),
    "sep=;\r\n" + USERS.replace(";", " ").replace(",", ";"),
    USERS.replace("\n", ",,\n"),
    USERS.replace("organisation,alias", "Organisation , ALIAS"),
]


@pytest.mark.parametrize("users", SPREADSHEETS)
def test_a_table_may_be_written_as_spreadsheets_write_it(tmp_path: Path, users: str) -> None:
    (user,) = read(pilot(tmp_path, u=users)).organisations[0].users
    assert (user.family, user.role) == ("Okafor", "R1730")


@pytest.mark.parametrize("written", ["9:00", "09:00:00"])
def test_a_time_may_be_written_as_spreadsheets_write_it(tmp_path: Path, written: str) -> None:
    rows = read(pilot(tmp_path, s=SESSIONS.replace("09:00", written)))
    assert rows.organisations[1].sessions[0].from_ == time(9)


TWICE = [
    ({"o": ORGANISATIONS + "T90202,Again,,,,,\n"}, "o.csv:4:1: ods: 'T90202' is given twice; first in line 3"),
    (
        {"u": USERS + "larch,reception,B,C,\n"},
        "u.csv:3:2: alias: 'reception' of T90201 is given twice; first in line 2",
    ),
    (
        {"s": SESSIONS + SESSIONS.splitlines()[1]},
        "s.csv:3:2: name: 'Morning' of T90202 is given twice; first in line 2",
    ),
    ({"u": USERS.replace("\n", "\n\n") + "larch,reception,B,C,\n"}, "u.csv:5:2: alias: "),
    (
        {"text": PILOT.replace("links:", "organisations:\n  - {ods: T90201, name: Hazel House}\nlinks:")},
        "o.csv:2:1: ods: 'T90201' is given twice; first in the pilot file",
    ),
    (
        {
            "text": PILOT.replace(
                "links:",
                "organisations:\n  - {ods: T90203, name: H, alias: hazel, users: [{alias: reception}]}\nlinks:",
            ),
            "u": USERS + "hazel,reception,B,C,\n",
        },
        "u.csv:3:2: alias: alias 'reception' is taken by users.0",
    ),
]


@pytest.mark.parametrize(("files", "told"), TWICE)
def test_what_is_given_twice_is_told_where_it_stands_again(tmp_path: Path, files: dict[str, str], told: str) -> None:
    (complaint,) = complaints(pilot(tmp_path, **files))
    assert complaint.startswith(told)


NO_TABLE = [
    (ORGANISATIONS.replace("ODS", "Code"), "o.csv:1:1: ods: this column is missing"),
    (ORGANISATIONS.split("\n", 1)[1], "o.csv:1:1: the first row names no column of this table"),
    (ORGANISATIONS.split("\n", 1)[0] + "\n", "o.csv:2:1: no organisation stands below the first row"),
    (ORGANISATIONS.replace("Larch", '"Larch'), "o.csv:2:1: a quote that is opened here is never closed"),
    (ORGANISATIONS.replace("Larch", '"Larch" and'), "o.csv:2:1: text goes on after a closing quote"),
    (ORGANISATIONS.replace("Rowan", "Ro\rwan"), "o.csv:3:1: a carriage return (CR) without a line feed stands in"),
    (ORGANISATIONS.replace("Rowan", "Rowan, the"), "o.csv:3:8: the row has a cell"),
]


@pytest.mark.parametrize(("organisations", "told"), NO_TABLE)
def test_what_is_no_table_is_told(tmp_path: Path, organisations: str, told: str) -> None:
    assert [one for one in complaints(pilot(tmp_path, o=organisations)) if one.startswith(told)]


def test_a_table_in_another_encoding_is_told_how_a_spreadsheet_saves_it(tmp_path: Path) -> None:
    path = pilot(tmp_path)
    (tmp_path / "u.csv").write_bytes(USERS.replace("Okafor", "Müller").encode("cp1252"))
    (complaint,) = complaints(path)
    assert complaint.startswith("u.csv:2:18: byte 0xfc is not UTF-8 text; save it as UTF-8: in Excel")


def test_what_other_checks_find_in_a_table_stands_in_that_table(tmp_path: Path) -> None:
    (complaint,) = complaints(pilot(tmp_path, s=SESSIONS.replace("11:00", "08:00")))
    assert complaint.startswith("s.csv:2:5: to: the session ends at 08:00")


def test_a_wrong_supplier_or_neighbour_is_told_by_its_own_cell(tmp_path: Path) -> None:
    path = pilot(tmp_path, o=ORGANISATIONS.replace("emis", "emiss"), s=SESSIONS.replace("larch", "larch; oak"))
    supplier, neighbour = sorted(complaints(path))
    assert supplier.startswith("o.csv:2:4: supplier: there is no supplier 'emiss'; did you mean 'emis'?")
    assert neighbour.startswith("s.csv:2:9: only_for: there is no organisation 'oak'")


@pytest.mark.parametrize("days", ["Mon;Wed", "Mon; Wed", '"Mon, Wed"'])
def test_days_in_a_cell_stand_apart_like_all_values(tmp_path: Path, days: str) -> None:
    rows = read(pilot(tmp_path, s=SESSIONS.replace("Mon-Fri", days)))
    assert week_days(rows.organisations[1].sessions[0].days) == {0, 2}


def test_every_wrong_row_is_told_at_once(tmp_path: Path) -> None:
    users = USERS + "nobody,a,B,C,\nlarch,1bad,B,C,\n"
    assert [one[:9] for one in complaints(pilot(tmp_path, u=users))] == ["u.csv:3:1", "u.csv:4:2"]
