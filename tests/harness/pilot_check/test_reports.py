import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import orjson
import pytest

from harness.commands.check import CheckOptions, check_pilots, compare_pilots
from harness.files import BadFile
from harness.pilot_check.capacity import capacities
from harness.pilot_check.cells import Act, Cell, Pair, Said
from harness.pilot_check.diff import changes
from harness.pilot_check.launch_email import emails
from harness.pilot_check.on_html import html_of
from harness.pilot_check.people import KINDS
from harness.pilot_check.rules import findings
from harness.pilot_check.subject import Subject, read_subject
from harness.pilot_check.verdict import Checked
from harness.worlds import CATALOGUE
from tests.harness.pilot_check.conftest import TODAY, Pilot, pilot_file

PILOTS = CATALOGUE / "pilots"


def checked(subject: Subject) -> Checked:
    roles = {row.ods: subject.role(row.ods) for row in subject.rows.organisations}
    names = {row.ods: row.name for row in subject.rows.organisations}
    links = tuple((edge.booker.ods, edge.receiver.ods) for edge in subject.edges)
    return Checked("p", "p.yaml", subject.now, findings(subject), roles, names, links, (), capacities(subject))


def test_a_clean_pilot_exits_0_and_a_broken_one_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check_pilots(CheckOptions((pilot_file(tmp_path),))) == 0
    assert "clean: no findings; 1 cells walked: 1 book" in capsys.readouterr().out
    assert check_pilots(CheckOptions((pilot_file(tmp_path, "role: R1730", "role: ''"),))) == 1
    said = capsys.readouterr().out
    assert "error V6 T90201 -> T90202" in said
    assert "a user sees E1: Add a user role in your clinical system to continue" in said
    assert "fix: Larch Surgery, in the clinical system: the user's account: add a role" in said


def test_warnings_alone_are_clean(capsys: pytest.CaptureFixture[str]) -> None:
    assert check_pilots(CheckOptions((PILOTS / "c10" / "v14-same-name.yaml",), walk=False)) == 0
    assert "clean: 1 warning" in capsys.readouterr().out


def test_the_reports_are_one_page_json_and_an_email_for_each_organisation(tmp_path: Path) -> None:
    report = tmp_path / "report"
    check_pilots(CheckOptions((PILOTS / "c9-lead-practice-hub.yaml",), report=report, json=tmp_path / "c9.json"))
    page = (report / "check.html").read_text()
    assert not re.search(r"(src|href)=\"(?!#)", page)
    assert "◐ 1/2" in page and 'class="some"' in page
    body = orjson.loads((tmp_path / "c9.json").read_bytes())
    assert body["version"] == 2
    (pilot,) = body["pilots"]
    assert (pilot["clean"], pilot["roles"]["T90071"]) == (True, "receiver")
    assert [cell["state"] for pair in pilot["matrix"] for cell in pair["cells"]] == ["books", "no_slots"] * 2
    assert all(cell["trace"] for pair in pilot["matrix"] for cell in pair["cells"])
    assert sorted(path.name for path in (report / "emails" / "c9-lead-practice-hub").glob("*.txt")) == [
        "T90071.txt",
        "T90072.txt",
        "T90073.txt",
    ]


def test_the_same_check_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        check_pilots(
            CheckOptions((PILOTS / "c2-network-mesh.yaml",), json=tmp_path / name, jobs=2 if name == "two" else 1)
        )
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_markup_in_a_name_stays_text_on_the_page(tmp_path: Path) -> None:
    path = pilot_file(tmp_path, "name: Rowan Practice", "name: '<script>alert(1)</script>'")
    check_pilots(CheckOptions((path,), report=tmp_path / "report"))
    pages = [path.read_text() for path in (tmp_path / "report").rglob("*.html")]
    assert len(pages) == 3 and all("<script" not in page for page in pages)


@pytest.mark.parametrize("id", ["../../etc/x", "a/b", "", ".hidden", "x" * 65])
def test_a_pilots_id_can_never_be_a_path(tmp_path: Path, id: str) -> None:
    with pytest.raises(BadFile):
        read_subject(pilot_file(tmp_path, "id: small", f"id: '{id}'"), None, TODAY)


def test_two_files_of_one_id_are_refused(tmp_path: Path) -> None:
    path = pilot_file(tmp_path)
    with pytest.raises(BadFile, match="is the id of"):
        check_pilots(CheckOptions((path, path)))


def test_a_clock_says_when_to_look(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    check_pilots(CheckOptions((pilot_file(tmp_path),), clock="2026-05-02T09:00:00+01:00", walk=False))
    assert "small on 02 May 2026" in capsys.readouterr().out
    with pytest.raises(BadFile, match="date-time with offset"):
        check_pilots(CheckOptions((pilot_file(tmp_path),), clock="tomorrow"))


def test_an_email_says_role_partners_lead_and_day(pilot: Pilot) -> None:
    booker, receiver = emails(pilot())
    assert "From Wednesday 1 April 2026 your organisation books patients into other organisations." in booker.text
    assert "  - Rowan Practice (T90202)" in booker.text
    assert "full name and a role" in booker.text and "full name and a role" not in receiver.text
    assert "  - Larch Surgery (T90201)" in receiver.text
    assert "Your own users see no choice of organisations" in receiver.text
    assert "Questions go to Network Manager, lead@example.invalid." in receiver.text
    assert receiver.role == "receiver" and "<li>Larch Surgery (T90201)</li>" in receiver.html


def test_an_email_names_a_links_filters_and_says_whether_patients_may_cancel(pilot: Pilot) -> None:
    change = ("to: rowan}", "to: rowan, locations: Rowan Practice, slot_types: Routine}")
    booker, _ = emails(pilot(*change, more="settings: {cancel: {enabled: true}}\n"))
    assert "Rowan Practice (T90202), only at Rowan Practice, only for Routine" in booker.text
    assert "may cancel what they booked" in booker.text


def test_who_takes_no_part_gets_no_email(pilot: Pilot) -> None:
    assert emails(pilot("to: rowan}", "to: rowan, active: false}")) == ()


def test_capacity_tells_the_weeks_that_are_too_thin(pilot: Pilot) -> None:
    (capacity,) = capacities(pilot("days: Mon-Fri", "days: Wed", more="requests_per_1000_per_week: 1\n"))
    assert capacity.days["T90201"][date(2026, 4, 8)] == 8
    assert [week.short for week in capacity.weeks] == [False] * 6
    (capacity,) = capacities(pilot("days: Mon-Fri", "days: Wed", more="requests_per_1000_per_week: 1.1\n"))
    assert [(week.slots, round(week.wanted, 1), week.short) for week in capacity.weeks] == [(8, 8.8, True)] * 6


def test_a_limit_of_a_session_leaves_fewer_slots_than_are_seen(pilot: Pilot) -> None:
    limited = ("slot_type: Routine}", "slot_type: Routine, limit: 2}")
    (capacity,) = capacities(pilot(*limited, more="requests_per_1000_per_week: 2\n"))
    assert [(week.slots, week.bookable, week.short) for week in capacity.weeks[2:4]] == [(40, 10, True)] * 2


def test_weeks_that_are_not_open_yet_are_not_called_thin(pilot: Pilot) -> None:
    (capacity,) = capacities(pilot("name: Rowan Practice", "name: Rowan Practice\n    booking_window_days: 14"))
    assert len(capacity.weeks) == 2 and capacity.short == ()


def test_nothing_changes_between_a_pilot_and_itself(pilot: Pilot) -> None:
    one = checked(pilot())
    assert changes(one, one) == ()


def test_a_change_is_told_to_whom_it_concerns(pilot: Pilot) -> None:
    old = checked(pilot())
    new = checked(pilot('to: "11:00"', 'to: "10:00"', "links:\n", "links:\n  - {from: rowan, to: larch}\n"))
    told = [(one.organisation, one.what) for one in changes(old, new)]
    assert ("T90201", "may now book into T90202") not in told
    assert ("T90202", "may now book into T90201") in told
    assert ("T90201", "now receives patients of T90202") in told
    assert ("T90201", "books and receives, and did so far: books") in told
    assert any(ods == "T90201" and what.startswith("sees 1") and what.endswith("so far") for ods, what in told)
    assert any(ods == "T90202" and what.startswith("new finding V6") for ods, what in told)


def test_an_organisation_that_leaves_is_told(pilot: Pilot) -> None:
    old = checked(pilot())
    new = replace(old, roles={"T90202": "none"}, links=())
    assert ("T90201", "leaves the pilot: it books no more") in [
        (one.organisation, one.what) for one in changes(old, new)
    ]


def test_diff_judges_the_new_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "new").mkdir()
    old, new = (
        pilot_file(tmp_path / "old"),
        pilot_file(tmp_path / "new", "slot_type: Routine}", "slot_type: Routine, bookable: false}"),
    )
    assert compare_pilots(old, new, CheckOptions(())) == 1
    said = capsys.readouterr().out
    assert "T90201 Larch Surgery: Routine at T90202: no slots (not bookable), books so far" in said
    assert compare_pilots(new, old, CheckOptions(())) == 0
    assert "finding V5 is gone" in capsys.readouterr().out


def test_every_link_of_the_page_leads_somewhere(tmp_path: Path) -> None:
    files = (PILOTS / "c9-lead-practice-hub.yaml", PILOTS / "c10" / "v3-no-agreement.yaml")
    check_pilots(CheckOptions(files, report=tmp_path / "report"))
    page = (tmp_path / "report" / "check.html").read_text()
    ids = re.findall(r" id=\"([^\"]+)\"", page)
    assert len(ids) == len(set(ids))
    links = set(re.findall(r"href=\"#([^\"]+)\"", page))
    assert links <= set(ids) and any(link.startswith("t-") for link in links)


def test_json_carries_the_exchanges_too(tmp_path: Path) -> None:
    check_pilots(CheckOptions((PILOTS / "c10" / "v3-no-agreement.yaml",), json=tmp_path / "v3.json"))
    (pilot,) = orjson.loads((tmp_path / "v3.json").read_bytes())["pilots"]
    (pair,) = pilot["matrix"]
    refusal = pair["story"][0]["exchanges"][-1]
    assert (refusal["on"], refusal["status"], refusal["trace"]) == ("find_patient", 403, pair["cells"][0]["trace"])
    assert refusal["request"].startswith("GET https://") and "FOT_CHECK_FAILED" in refusal["reply"]


def test_a_page_of_many_long_messages_can_still_be_sent_by_mail(pilot: Pilot) -> None:
    said = [
        Said("create_appointment", "ssp", 422, f"trace-{number}", "", "x" * 20_000, "<" * 20_000)
        for number in range(900)
    ]
    cells = tuple(
        Cell(f"Type {one.trace}", "refused", "S2", trace=one.trace, acts=(Act("book", "S2", (one,)),)) for one in said
    )
    one = replace(checked(pilot()), pairs=(Pair("T90201", "T90202", dict.fromkeys(KINDS, "sent"), cells),))
    page = html_of([one])
    assert 5_000_000 < len(page) < 10_000_000
    assert b"more characters" in page


def test_what_the_whole_pilot_changes_is_told_to_each_that_gets_a_letter(pilot: Pilot) -> None:
    old = pilot()
    new = pilot("launch_date: 2026-04-01", "launch_date: 2026-04-08", more="settings: {cancel: {enabled: true}}\n")
    told = [
        one
        for one in changes(*(replace(checked(one), emails=emails(one)) for one in (old, new)))
        if "email" in one.what
    ]
    assert [one.organisation for one in told] == ["T90201", "T90202"]
    assert "From Wednesday 8 April 2026" in told[0].what and "Patients may cancel" in told[0].what


def test_a_new_name_is_told(pilot: Pilot) -> None:
    told = changes(checked(pilot()), checked(pilot("name: Rowan Practice", "name: Rowan House")))
    assert ("T90202", "is called Rowan House, and so far Rowan Practice") in [
        (one.organisation, one.what) for one in told
    ]


def test_changes_are_in_the_reports_too(tmp_path: Path) -> None:
    for name, role in (("old", "role: R1730"), ("new", "role: ''")):
        (tmp_path / name).mkdir()
        pilot_file(tmp_path / name, "role: R1730", role)
    files = tmp_path / "old" / "small.yaml", tmp_path / "new" / "small.yaml"
    assert compare_pilots(*files, CheckOptions((), report=tmp_path / "report")) == 1
    (body,) = orjson.loads((tmp_path / "report" / "check.json").read_bytes())["pilots"]
    assert {"organisation": "T90201", "what": "Routine at T90202: refused (E1), books so far"} in body["changes"]
    assert "<li>Routine at T90202: refused (E1), books so far" in (tmp_path / "report" / "check.html").read_text()


def test_a_letter_names_write_back_where_it_is_expected(pilot: Pilot) -> None:
    booker, _ = emails(pilot("to: rowan}", "to: rowan, write_back: true}"))
    assert "Rowan Practice (T90202), with consultation write-back" in booker.text
    assert "except where write-back is named" in booker.text and "write-back" not in emails(pilot())[0].text
