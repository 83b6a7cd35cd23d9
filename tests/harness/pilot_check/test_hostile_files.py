import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from harness import cli
from tests.harness.pilot_check.conftest import PILOT

DEEP = "pilot: " + "[" * 3000 + "]" * 3000
BOMB = 'a: &a ["x","x"]\nb: &b [*a,*a]\nc: &c [*b,*b]\npilot: *c\n'
MANY = '      - {name: All day, days: Mon-Sun, from: "00:00", to: "23:59", every: 1, slot_type: Routine}\n' * 1000
TWICE = PILOT.replace("ods: T90202", "ods: T90201")


def write_text(text: str) -> Callable[[Path], object]:
    return lambda path: path.write_text(text, encoding="utf-8")


def write_huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(50 * 1024 * 1024)


HOSTILE: dict[str, tuple[Callable[[Path], object], str]] = {
    "wrong encoding": (
        lambda path: path.write_bytes(PILOT.replace("Rowan", "Röwan").encode("latin-1")),
        "is not UTF-8 text",
    ),
    "UTF-16": (lambda path: path.write_bytes(PILOT.encode("utf-16")), "saved as UTF-16"),
    "50 MB": (write_huge, "is too large; at most 256 KB are read"),
    "deep nesting": (write_text(DEEP), "nested deeper than 32 levels"),
    "a bomb of anchors": (write_text(BOMB), "the anchor '&a' is not allowed"),
    "a cycle": (write_text("pilot: &a {id: *a}\n"), "the anchor '&a' is not allowed"),
    "empty": (write_text(""), "the file is empty"),
    "a PNG": (
        lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"),
        "not a text file but a binary one",
    ),
    "an ODS code twice": (write_text(TWICE), "ods 'T90201' is taken by organisations.0"),
    "unknown supplier": (
        write_text(PILOT.replace("alias: rowan", "alias: rowan\n    supplier: emiss")),
        "there is no supplier 'emiss'; did you mean 'emis'?",
    ),
    "future schema version": (write_text(PILOT + "schema_version: 2\n"), "schema_version: "),
    "more slots than a machine holds": (
        write_text(PILOT.replace("links:", MANY + "links:") + "settings: {horizon_days: 84}\n"),
        "up to here the sessions make",
    ),
    "a user's alias twice": (
        write_text(PILOT.replace("role: R1730}", "role: R1730}, {alias: reception}")),
        "alias 'reception' is taken by users.0",
    ),
    "a world": (
        write_text(
            PILOT.replace(
                "pilot: {id: small, lead: {name: Network Manager, email: lead@example.invalid}, launch_date: 2026-04-01}",
                "world: small",
            )
        ),
        "this is a world file",
    ),
    "no such file": (lambda path: None, "no such file"),
    "a folder": (lambda path: path.mkdir(), "this is a folder"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_told_in_one_line_before_anything_is_built_and_exits_2(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    make, told = HOSTILE[name]
    make(tmp_path / "pilot.yaml")
    monkeypatch.setattr(sys, "argv", ["crossbook", "check", str(tmp_path / "pilot.yaml")])
    monkeypatch.setattr("harness.pilot_check.subject.build_world", None)
    with pytest.raises(SystemExit) as left:
        cli.main()
    assert left.value.code == 2
    said = capsys.readouterr().err
    assert told in said and "pilot.yaml" in said
    assert "Traceback" not in said


def test_diff_wants_two_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["crossbook", "check", "--diff", str(tmp_path / "pilot.yaml")])
    with pytest.raises(SystemExit) as left:
        cli.main()
    assert left.value.code == 2
    assert "OLD NEW" in capsys.readouterr().err


def test_one_bad_file_stops_the_check_before_anything_is_walked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "good.yaml").write_text(PILOT)
    monkeypatch.setattr(
        sys, "argv", ["crossbook", "check", str(tmp_path / "good.yaml"), str(tmp_path / "missing.yaml")]
    )
    with pytest.raises(SystemExit) as left:
        cli.main()
    assert left.value.code == 2
    assert capsys.readouterr().out == ""
