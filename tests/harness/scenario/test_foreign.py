"""Somebody else's consumer: it fails where it breaks, and the harness stands."""

import subprocess
import sys
from pathlib import Path

import pytest

from harness.scenario.find import find_scenarios
from harness.scenario.run import Choices, cases_of, run_case
from harness.verdicts import Result

CONSUMER = """
from booking_core.selfbook.office import Screen

def logged(act):
    return lambda *arguments: act(*arguments)

class Consumer:
    async def invite(self, draft):
        return Screen("sent", "sent", "", token="link")
    async def open_link(self, token, born):
        raise KeyError("no such link")
    @logged
    async def revoke(self, token):
        raise KeyError("no such link")
    def inbox(self, mobile):
        return 1 / 0

def whole(product, who):
    return Consumer()
"""
ROOT = Path(__file__).resolve().parents[3]


def run(pattern: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Result:
    (folder / "breaking_consumer.py").write_text(CONSUMER)
    monkeypatch.syspath_prepend(str(folder))
    (loaded,) = find_scenarios((pattern,))
    return run_case(next(cases_of(loaded, Choices(("strict",), consumer="breaking_consumer:whole"))))


def failed(result: Result) -> list[str]:
    return [line.detail for line in result.lines if line.verdict == "fail"]


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ("booking/slot-taken", "expected an answer to open_link, got KeyError: 'no such link'"),
        ("journeys/j6-batch", "expected a consumer with the act invite_many, got Consumer"),
        ("journeys/j2-revoked-link", "expected an answer to revoke, got KeyError: 'no such link'"),
        ("errors/e3-b-not-bookable", "expected E3, got sent"),
    ],
)
def test_what_a_consumer_raises_or_lacks_fails_the_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pattern: str, told: str
) -> None:
    result = run(pattern, tmp_path, monkeypatch)
    assert (result.verdict, failed(result)[0].partition(" (")[0]) == ("fail", told)


def test_an_exception_in_a_check_fails_it_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = run("errors/e4-b-not-on-pds", tmp_path, monkeypatch)
    assert result.verdict == "fail"


def command(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """As the console script runs: without the folder that we are in on the path."""
    return subprocess.run(
        [sys.executable, "-P", "-m", "harness.cli", "run", *arguments], cwd=folder, capture_output=True, text=True
    )


def test_a_consumer_of_the_folder_that_we_are_in_is_found() -> None:
    done = command("booking/two-patients-one-slot", "--supplier", "strict", "--consumer", "naive_consumer:naive",
        folder=ROOT / "examples")  # fmt: skip
    assert (done.returncode, "1 passed" in done.stdout) == (0, True)


def test_a_consumer_that_there_is_not_is_told_once(tmp_path: Path) -> None:
    done = command("booking", "--consumer", "nowhere:naive", folder=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("expected module:factory") == 1
