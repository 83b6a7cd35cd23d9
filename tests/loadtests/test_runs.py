"""Whole runs of `crossbook load`, with Locust as a child: short, and judged only by what must always hold."""

from __future__ import annotations

import csv
import json
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from os import kill
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import psutil
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
    assert "ASSUMED." in page
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
    wait_until(lambda: len(grandchildren(pid)) == 2)
    return grandchildren(pid)


def grandchildren(pid: int) -> Sequence[int]:
    return [worker for master in children(pid) for worker in children(master)]


def test_a_worker_that_is_killed_ends_the_run_with_what_was_lost(tmp_path: Path) -> None:
    more = ("--tiers", "T0,T1", "--suppliers", "strict", "--restricted", "0", "--seconds", "10", "--processes", "2")
    with subprocess.Popen(command(tmp_path, *more), cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        workers = wait_for_workers(process.pid)
        wait_until(lambda: all(is_sending(worker, tmp_path) for worker in workers))
        kill(workers[0], signal.SIGKILL)
        told, _ = process.communicate(timeout=90)
    assert process.returncode == 3
    assert re.search(r"invalid: \d+ of \d+ planned requests are lost: their worker went away", told)


def test_invited_patients_walk_their_whole_journey_and_none_is_lost(tmp_path: Path) -> None:
    mix = tmp_path / "mix.toml"
    mix.write_text("opens = 1\nconfirms = 1\ntaken = 0.5\nthink_s = 0.05\nsearches_again = 1\n", encoding="utf-8")
    more = ("--tiers", "T1,T3", "--suppliers", "strict", "--restricted", "0", "--seconds", "5", "--rate", "3")
    done = run(tmp_path, *more, "--shape", "load", "--mix", str(mix), "--no-limits")
    told = json.loads((tmp_path / "profile.json").read_bytes())
    counts = [came["counts"] for came in told["journeys"]]
    assert done.returncode in (0, 1), done.stdout + done.stderr
    assert [came["invited"] for came in told["journeys"]] == [each["ended"] for each in counts]
    assert all(each["booked"] == each["cancelled"] > 0 and each["B1"] > 0 for each in counts)
    assert {row["interaction"] for row in targets(tmp_path)} == {
        "issue_token", "pds_retrieve", "sds_endpoint", "sds_device", "find_patient", "register_patient", "search_slots",
        "create_appointment", "read_appointment", "cancel_appointment",
    }  # fmt: skip
    assert "PRIVATE KEY" not in (tmp_path / "result.json").read_text(encoding="utf-8")


def test_what_the_national_services_refuse_is_not_asked_for(tmp_path: Path) -> None:
    mix = tmp_path / "mix.toml"
    mix.write_text("think_s = 0\n", encoding="utf-8")
    more = ("--tiers", "T1", "--suppliers", "strict", "--restricted", "0", "--seconds", "2", "--shape", "ramp")
    told = run(tmp_path, *more, "--rate", "50", "--mix", str(mix)).stdout
    assert "Invitations are held to 0.59 a second in all" in told


def test_workers_of_other_machines_send_for_a_master_and_one_that_is_killed_is_missed(tmp_path: Path) -> None:
    port = str(free_port())
    more = ("--tiers", "T1", "--suppliers", "strict", "--restricted", "0", "--seconds", "12", "--processes", "2")
    master = command(tmp_path, "--master", "--master-port", port, *more)
    workers = [command(tmp_path / name, "--worker", f"127.0.0.1:{port}") for name in ("a", "b")]
    with ExitStack() as running:
        serving, first, second = (
            running.enter_context(subprocess.Popen(each, cwd=ROOT, stdout=subprocess.PIPE, text=True))
            for each in (master, *workers)
        )
        wait_until(lambda: children(first.pid) and children(second.pid))
        wait_until(lambda: all(is_sending(children(each.pid)[0], tmp_path) for each in (first, second)))
        kill(children(first.pid)[0], signal.SIGKILL)
        told, _ = serving.communicate(timeout=90)
        codes = first.wait(30), second.wait(30)
    assert (serving.returncode, codes) == (3, (3, 0)), told
    assert "1 of 2 generating processes never reported" in told or "are lost: their worker went away" in told


def test_locusts_own_page_starts_the_run_and_ctrl_c_brings_the_report(tmp_path: Path) -> None:
    more = ("--tiers", "T1", "--suppliers", "strict", "--restricted", "0", "--seconds", "2", "--web")
    with subprocess.Popen(command(tmp_path, *more), cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        page = next(found[1] for line in process.stdout if (found := re.search(r"start there: (http://\S+);", line)))
        try:
            wait_until(lambda: b"Locust" in fetched(page))
            assert b"Swarming started" in fetched(f"{page}/swarm", b"user_count=1&spawn_rate=1")
            wait_until(lambda: (tmp_path / "result.json").is_file())
        finally:
            process.send_signal(signal.SIGINT)
        told, _ = process.communicate(timeout=60)
    assert process.returncode == 0, told
    assert "report:" in told


def is_sending(pid: int, folder: Path) -> bool:
    """Whether a process has connections to the world that is served."""
    plan = folder / "plan.json"
    port = urlsplit(json.loads(plan.read_bytes())["ssp"]).port if plan.is_file() else 0
    return any(line.raddr and line.raddr.port == port for line in psutil.Process(pid).net_connections())


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def fetched(url: str, form: bytes | None = None) -> bytes:
    try:
        with urlopen(url, form, timeout=10) as answer:
            return bytes(answer.read())
    except OSError:
        return b""


def wait_until(happened: Callable[[], object]) -> None:
    for _ in range(600):
        if happened():
            return
        time.sleep(0.1)  # noqa: TID251 - a real process needs real time
    raise AssertionError("it did not happen in time")


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (("--tiers", "T99"), "--tiers: there is no 'T99'"),
        (("--suppliers", "stric"), "did you mean 'strict'"),
        (("--restricted", "half"), "expected numbers such as 0,0.5"),
        (("--restricted", "1"), "expected shares from 0 to 0.95"),
        (("--sessions", "1,0"), "--sessions: expected whole numbers from 1 to 100 such as 1,10, got '1,0'"),
        (("--against", "nowhere.json"), "there is no file nowhere.json"),
        (("--mix", __file__), "--mix is for journeys: give a --shape such as load"),
        (("--master", "--worker", "somewhere"), "either --master or --worker"),
        (("--worker", ":x"), "expected HOST or HOST:PORT of the master, got ':x'"),
        (("--host", "203.0.113.9"), "--host: 203.0.113.9"),
    ],
)
def test_a_wrong_option_is_told_before_anything_is_measured(tmp_path: Path, more: tuple[str, ...], told: str) -> None:
    done = run(tmp_path, *more)
    assert done.returncode == 2
    assert told in done.stderr
