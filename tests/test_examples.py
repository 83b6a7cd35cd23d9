"""The examples run, are short, and do what they say."""

import subprocess
import sys
from pathlib import Path

import pytest

from .test_readme import served

__all__ = ["served"]
EXAMPLES = Path(__file__).resolve().parents[1] / "examples"


@pytest.mark.parametrize(
    ("name", "said"),
    [("search", "372 slots at Riverside Practice"), ("book", "booked: Routine on Fri 27 Mar at 09:00, Riverside Practice"),
     ("settle", "unavailable: the booking was not carried out")],
)  # fmt: skip
def test_an_example_runs_against_a_served_world(served: str, name: str, said: str) -> None:
    command = [sys.executable, f"{name}.py", served]
    done = subprocess.run(command, cwd=EXAMPLES, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert said in done.stdout


@pytest.mark.parametrize(
    "path", [EXAMPLES / f"{name}.py" for name in ("search", "book", "settle")], ids=lambda path: path.stem
)
def test_an_example_is_short(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 40


@pytest.mark.parametrize("name", ["search", "book", "settle"])
def test_an_example_without_a_served_world_says_so_in_one_line(name: str) -> None:
    command = [sys.executable, f"{name}.py", "http://127.0.0.1:1"]
    done = subprocess.run(command, cwd=EXAMPLES, capture_output=True, text=True, timeout=60)
    told = "nothing is served at http://127.0.0.1:1; start `crossbook up` first, or name another address\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", told)
