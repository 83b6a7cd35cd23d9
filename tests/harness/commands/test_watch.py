"""`crossbook run --watch` as a tester has it: a terminal that runs what was saved."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Any

import pytest

from harness.commands.run import RunOptions
from harness.commands.watch import Stamps, _Watch
from harness.scenario.load import load_scenario
from harness.scenario.run import Case, Choices
from harness.scenario.sources import BUILT_IN, sources
from harness.worlds import CATALOGUE

WORLD = (CATALOGUE / "worlds/two-practices.yaml").read_text()
SCENARIO = """id: {name}
title: {name} is run
clock: 2026-03-27T08:55:00+00:00
world: world.yaml
steps:
  - {{do: invite, by: millbrook.reception, patient: alice, to: riverside, expect: {expect}}}
"""


class Watching:
    """A watching command, whose lines are read one by one."""

    def __init__(self, folder: Path, *options: str) -> None:
        command = [sys.executable, "-m", "harness.cli", "run", "--watch", *options, str(folder)]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=os.environ | {"COLUMNS": "200"}
        )
        self.lines: Queue[str] = Queue()
        self.reader = Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        for line in self.process.stdout or ():
            self.lines.put(line.strip())

    def close(self) -> None:
        """Whatever it does."""
        self.process.kill()
        self.process.wait()
        self.reader.join()
        assert self.process.stdout
        self.process.stdout.close()

    def until(self, word: str) -> list[str]:
        """The lines up to and with the next one that has this word."""
        found = [self.lines.get(timeout=25)]
        while word not in found[-1]:
            found.append(self.lines.get(timeout=25))
        return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "world.yaml").write_text(WORLD)
    for name in ("one", "two"):
        (tmp_path / f"{name}.yaml").write_text(SCENARIO.format(name=name, expect="sent"))
    return tmp_path


@pytest.fixture
def watching(folder: Path) -> Iterator[Watching]:
    started = Watching(folder, "--report", str(folder / "out"))
    yield started
    started.close()


def stopped(watching: Watching) -> int:
    watching.process.send_signal(signal.SIGINT)
    return watching.process.wait(timeout=25)


def test_a_saved_scenario_runs_again_alone_and_ctrl_c_ends_with_0(watching: Watching, folder: Path) -> None:
    assert "2 passed" in " ".join(watching.until("watching"))
    (folder / "two.yaml").write_text(SCENARIO.format(name="two", expect="E3"))
    told = " ".join(watching.until("watching"))
    assert "1 failed" in told
    assert "expected E3, got sent" in told
    assert stopped(watching) == 0


def test_reports_keep_what_was_not_run_again(watching: Watching, folder: Path) -> None:
    watching.until("watching")
    (folder / "two.yaml").write_text(SCENARIO.format(name="two", expect="E3"))
    watching.until("watching")
    assert 'tests="2" failures="1"' in (folder / "out/junit.xml").read_text()


def test_a_saved_world_runs_every_scenario_in_it(watching: Watching, folder: Path) -> None:
    watching.until("watching")
    (folder / "world.yaml").write_text(WORLD + "\n# changed\n")
    assert "2 passed" in " ".join(watching.until("watching"))


def test_a_bad_file_is_told_and_runs_when_it_is_mended(watching: Watching, folder: Path) -> None:
    watching.until("watching")
    (folder / "two.yaml").write_text(SCENARIO.format(name="two", expect="snet"))
    assert "two.yaml:6:" in " ".join(watching.until("watching"))
    (folder / "two.yaml").write_text(SCENARIO.format(name="two", expect="sent"))
    assert "1 passed" in " ".join(watching.until("watching"))


def test_suppliers_that_no_matrix_has_are_told(folder: Path) -> None:
    for name in ("one", "two"):
        (folder / f"{name}.yaml").write_text(SCENARIO.format(name=name, expect="sent") + "suppliers: [emis]\n")
    watching = Watching(folder, "--supplier", "vision")
    try:
        told = " ".join(watching.until("watching"))
        assert "no scenario has vision in its matrix" in told
        assert "there are emis" in told
    finally:
        watching.close()


def test_a_new_file_runs_when_it_comes(watching: Watching, folder: Path) -> None:
    watching.until("watching")
    (folder / "three.yaml").write_text(SCENARIO.format(name="three", expect="sent"))
    told = watching.until("watching")
    assert any(line.startswith("three ") for line in told)
    assert not any(line.startswith("one ") for line in told)


def test_a_file_that_comes_while_others_run_is_run_next(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[list[str]] = []

    def run(cases: list[Case], *_: Any) -> list[Case]:
        ran.append([case.loaded.scenario.id for case in cases])
        (folder / "three.yaml").write_text(SCENARIO.format(name="three", expect="sent"))
        return cases if len(ran) == 1 else []  # as if Ctrl-C had ended it

    def next_save(watch: _Watch, before: Stamps) -> tuple[Stamps, frozenset[Path]]:
        now = watch._stamps()
        assert now.keys() > before.keys(), "what was saved during the run is not noticed"
        return now, frozenset(now.keys() - before.keys())

    monkeypatch.setattr("harness.commands.watch.run_and_show", run)
    monkeypatch.setattr(_Watch, "_next_save", next_save)
    _Watch(RunOptions((str(folder),), Choices(("strict",)), None, None, None)).run()
    assert ran == [["one", "two"], ["three"]]


def test_a_pattern_that_means_nothing_ends_with_2(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "harness.cli", "run", "--watch", "nothing/here"], capture_output=True, text=True
    )
    assert done.returncode == 2
    assert "no scenario file, folder or id matches" in done.stderr


def test_a_scenario_is_made_of_its_world_and_the_profiles_that_it_names() -> None:
    loaded = load_scenario(CATALOGUE / "errors/e4-h-never-traced.yaml")
    found = sources(loaded, Choices())
    assert {loaded.path, loaded.world_path, BUILT_IN / "strict.toml"} <= found
    assert CATALOGUE / "worlds/before-1-2-7.toml" in found
    assert BUILT_IN / "vision.toml" not in found
