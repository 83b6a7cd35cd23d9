"""Whole runs of `crossbook load`, with Locust as a child: short, and judged only by what must always hold."""

from __future__ import annotations

import csv
import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from os import kill
from pathlib import Path

import pytest

pytestmark = pytest.mark.timeout(110)
ROOT = Path(__file__).resolve().parents[2]


def command(folder: Path, *more: str) -> list[str]:
    return [sys.executable, "-m", "harness.cli", "load", "--report", str(folder), "--warm-up", "0.5", *more]


def run(folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(folder, *more), cwd=ROOT, capture_output=True, text=True, timeout=100, check=False)


def targets(folder: Path) -> list[dict[str, str]]:
    with (folder / "profile.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_a_run_profiles_every_target_and_leaves_a_report_that_needs_nothing_else(tmp_path: Path) -> None:
    more = ("--tiers", "T0,T1,T3", "--suppliers", "strict,emis", "--restricted", "0.5", "--seconds", "4")
    done = run(tmp_path, *more)
    rows, page = targets(tmp_path), (tmp_path / "index.html").read_text(encoding="utf-8")
    assert done.returncode in (0, 1), done.stdout + done.stderr
    assert [(row["tier"], row["supplier"]) for row in rows] == [
        ("T0", "strict"), ("T0", "emis"), ("T1", "strict"), ("T1", "emis"), ("T3", "strict"), ("T3", "emis"),
    ]  # fmt: skip
    assert {(row["failed"], row["lost"]) for row in rows} == {("0", "0")}
    assert [int(row["bytes"]) > int(row["gzip_bytes"]) for row in rows if row["tier"] == "T3"] == [True, True]
    assert [float(row["modelled_ms"]) > 400 for row in rows] == [False, True] * 3
    assert [row["assumed"] for row in rows] == ["False", "True"] * 3
    assert "Assumed." in page
    assert "<script" not in page
    assert re.findall(r"(?:src|href)=\"(?!#)[^\"]+\"", page) == []
    assert set(json.loads((tmp_path / "profile.json").read_bytes())["models"]) == {"strict", "emis"}


def test_a_run_is_compared_with_an_earlier_one(tmp_path: Path) -> None:
    more = ("--tiers", "T1", "--suppliers", "strict", "--restricted", "0", "--seconds", "2")
    first = run(tmp_path, *more)
    done = run(tmp_path, *more, "--against", str(tmp_path / "result.json"))
    assert (first.returncode, done.returncode) == (0, 0), first.stdout + done.stdout
    assert "Of 1 targets in both runs" in done.stdout
    assert (tmp_path / "before.json").is_file()


def children(pid: int) -> list[int]:
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False).stdout.split()
    return [int(each) for each in found]


def wait_for_workers(pid: int) -> Sequence[int]:
    for _ in range(300):
        workers = [worker for master in children(pid) for worker in children(master)]
        if len(workers) == 2:
            return workers
        time.sleep(0.1)  # noqa: TID251 - a real process needs real time
    raise AssertionError("there are no two workers")


def test_a_worker_that_is_killed_ends_the_run_with_what_was_lost(tmp_path: Path) -> None:
    more = ("--tiers", "T0,T1", "--suppliers", "strict", "--restricted", "0", "--seconds", "10", "--processes", "2")
    with subprocess.Popen(command(tmp_path, *more), cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        workers = wait_for_workers(process.pid)
        time.sleep(6)  # noqa: TID251 - until it is in the middle of its run
        kill(workers[0], signal.SIGKILL)
        told, _ = process.communicate(timeout=90)
    assert process.returncode == 3
    assert re.search(r"invalid: \d+ of \d+ planned requests are lost: their worker went away", told)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (("--tiers", "T99"), "--tiers: there is no 'T99'"),
        (("--suppliers", "stric"), "did you mean 'strict'"),
        (("--restricted", "half"), "expected numbers such as 0,0.5"),
        (("--restricted", "1"), "expected shares from 0 to 0.95"),
        (("--against", "nowhere.json"), "there is no file nowhere.json"),
    ],
)
def test_a_wrong_option_is_told_before_anything_is_measured(tmp_path: Path, more: tuple[str, ...], told: str) -> None:
    done = run(tmp_path, *more)
    assert done.returncode == 2
    assert told in done.stderr
