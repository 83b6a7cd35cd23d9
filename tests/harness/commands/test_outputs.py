"""Where a report cannot be put is told before the work is done; one that was asked for is written, whoever hangs up."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from harness.cli import main
from harness.files import BadFile, check_outputs
from harness.worlds import CATALOGUE

FOLDERS = [
    ("run", "--report"),
    ("check", "pilot.yaml", "--report"),
    ("load", "--quick", "--report"),
    ("national", "--report"),
    ("up", "--tls"),
]
FILES = [
    ("run", "--json"),
    ("run", "--junit"),
    ("check", "pilot.yaml", "--json"),
    ("up", "--endpoints"),
    ("load", "--plan-only"),
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "first.yaml").write_text("a file")
    (tmp_path / "reports").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refused(monkeypatch: pytest.MonkeyPatch, *words: str) -> int | str | None:
    monkeypatch.setattr(sys, "argv", ["crossbook", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code


@pytest.mark.parametrize("words", FOLDERS, ids=" ".join)
@pytest.mark.parametrize("path", ["first.yaml", "first.yaml/below"])
def test_a_file_where_a_folder_is_wanted(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], path: str
) -> None:
    assert refused(monkeypatch, *words, path) == 2
    assert capsys.readouterr().err == f"{words[-1]}: first.yaml is a file; a folder is wanted; name another\n"


@pytest.mark.parametrize("words", FILES, ids=" ".join)
def test_a_folder_where_a_file_is_wanted(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    assert refused(monkeypatch, *words, "reports") == 2
    assert capsys.readouterr().err == f"{words[-1]}: reports is a folder; a file is wanted; name another\n"


def test_what_is_there_already_may_be_written_again(folder: Path) -> None:
    check_outputs(
        folders={"--report": Path("reports"), "--tls": Path("new/deep")},
        files={"--json": Path("first.yaml"), "--junit": Path("new/junit.xml"), "--endpoints": None},
    )


def test_every_option_is_told_at_once(folder: Path) -> None:
    with pytest.raises(BadFile) as bad:
        check_outputs(folders={"--report": Path("first.yaml")}, files={"--json": Path("reports")})
    assert len(bad.value.problems) == 2


@pytest.mark.parametrize(
    ("words", "report"),
    [
        (("run", "booking/lost-reply"), "report.html"),
        (("check", str(CATALOGUE / "pilots/c1-hub-and-spoke.yaml")), "check.html"),
        (("national", "--share", "0.0008", "--demand", "0"), "national.html"),
    ],
    ids=["run", "check", "national"],
)
def test_reports_are_written_although_nobody_reads_what_is_shown(
    tmp_path: Path, words: tuple[str, ...], report: str
) -> None:
    """As with `| head`: after its lines the pipe is closed."""
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "harness.cli", *words, "--report", str(tmp_path / "out")]
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, text=True, timeout=120, check=False)
    os.close(write)
    assert (tmp_path / "out" / report).is_file(), done.stderr
    assert "Traceback" not in done.stderr
