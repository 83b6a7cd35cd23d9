"""What the README says is so: its commands run, and print what it shows."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text()
COMMAND = [sys.executable, "-m", "harness.cli"]
CLOCK = "2026-03-27T08:55:00+00:00"
E1 = ROOT / "scenarios/errors/e1-user-without-role.yaml"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


def crossbook(*arguments: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments], cwd=folder, capture_output=True, text=True, env=os.environ | {"COLUMNS": "200"}
    )


def shown_lines(block: str) -> list[str]:
    """The lines of a block, without those that say `...` and with wall-clock seconds left open."""
    lines = [line for line in block.splitlines() if line.strip() and line != "..."]
    return [normal(line) for line in lines]


def normal(line: str) -> str:
    """Blanks count as one; how many scenarios there are and how long they take is nobody's promise."""
    counted = re.sub(r"^\d+ passed in \d+\.\d s \(\d+ simulated", "* passed in * s (* simulated", line)
    return " ".join(counted.split())


def test_the_readme_is_short() -> None:
    assert len(README.splitlines()) <= 200


@pytest.mark.parametrize("target", ["demo", "test", "lint"])
def test_the_makes_that_are_named_exist(target: str) -> None:
    assert f"make {target}" in README
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE)


def test_the_demo_prints_what_is_shown(tmp_path: Path) -> None:
    done = crossbook("run", "--report", str(tmp_path / "crossbook-report"), folder=ROOT)
    printed = [normal(line.replace(f"{tmp_path}/", "")) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert [line for line in shown_lines(blocks("text")[0]) if line not in printed] == []


def test_a_failure_looks_as_shown(tmp_path: Path) -> None:
    text = E1.read_text().replace("expect: E1", "expect: sent")
    (tmp_path / E1.name).write_text(text)
    done = crossbook("run", E1.name, folder=tmp_path)
    assert done.returncode == 1
    assert [line for line in shown_lines(blocks("text")[1]) if line not in map(normal, done.stdout.splitlines())] == []


def test_the_first_scenario_runs_with_every_supplier(tmp_path: Path) -> None:
    (tmp_path / "first.yaml").write_text(blocks("yaml")[0])
    done = crossbook("run", "first.yaml", folder=tmp_path)
    assert done.returncode == 0
    assert "3 passed" in done.stdout
    assert len(blocks("yaml")[0].splitlines()) <= 13


def test_a_wrong_word_is_told_as_shown(tmp_path: Path) -> None:
    wrong = blocks("yaml")[0].replace("patient: alice, to", "patiant: alice, to")
    (tmp_path / "first.yaml").write_text(wrong)
    done = crossbook("run", "first.yaml", folder=tmp_path)
    assert done.returncode == 2
    assert shown_lines(blocks("text")[2])[0] in done.stderr


def test_the_fault_that_is_shown_can_be_added(tmp_path: Path) -> None:
    first, fault = blocks("yaml")[:2]
    (tmp_path / "first.yaml").write_text(first.replace("steps:", f"{fault}steps:"))
    assert crossbook("run", "first.yaml", folder=tmp_path).returncode == 0


@pytest.mark.parametrize(
    "words",
    [*re.findall(r"`crossbook (show [a-z]+)`", README), "show schema world", "show schema pilot"],
)
def test_what_can_be_shown_is_shown(words: str) -> None:
    done = crossbook(*words.split())
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) > 10


def test_the_published_schema_is_that_of_the_code() -> None:
    assert json.loads((ROOT / "scenarios/schema.json").read_text()) == json.loads(crossbook("show", "schema").stdout)


@pytest.fixture
def served(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The base URL of `crossbook up`, as somebody runs it in a terminal, with further options where a test has some."""
    file = tmp_path / "endpoints.json"
    arguments = ["up", "--port", "0", "--clock", CLOCK, "--endpoints", str(file), *getattr(request, "param", ())]
    with subprocess.Popen([*COMMAND, *arguments], cwd=ROOT, stdout=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 30
        while not file.exists() and time.monotonic() < deadline:
            time.sleep(0.05)  # noqa: TID251 - a process of its own, on the real clock
        yield json.loads(file.read_text())["services"]["ssp"].removesuffix("/ssp")
        process.terminate()
        assert process.wait(10) == 0


@pytest.mark.skipif(shutil.which("curl") is None or shutil.which("bash") is None, reason="needs curl and bash")
def test_the_curl_lines_retrieve_look_up_and_search(served: str, tmp_path: Path) -> None:
    script = re.sub(r"^BASE=.*$", f"BASE={served}", blocks("bash")[0], flags=re.MULTILINE)
    done = subprocess.run(["bash", "-eu"], input=script, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert '"resourceType":"Patient","id":"9990010013"' in done.stdout
    assert f'"address": "{served}/T90102/STU3/1/gpconnect"' in done.stdout
    assert (
        done.stdout.count('"resourceType":"Slot"') == 56
    )  # four mornings of twelve (Good Friday has none), two clinics of four


@pytest.mark.skipif(shutil.which("curl") is None or shutil.which("bash") is None, reason="needs curl and bash")
@pytest.mark.parametrize(("served", "modelled"), [((), True), (("--no-latency",), False)], indirect=["served"])
def test_suppliers_take_their_time_unless_told_otherwise(served: str, tmp_path: Path, modelled: bool) -> None:
    script = re.sub(r"^BASE=.*$", f"BASE={served}", blocks("bash")[0], flags=re.MULTILINE)
    script = script.replace("-H @slots.headers", "-D reply.headers -H @slots.headers")
    subprocess.run(["bash", "-eu"], input=script, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert ("modelled;dur=" in (tmp_path / "reply.headers").read_text()) == modelled


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
def test_an_unknown_path_is_refused_with_what_there_is(served: str) -> None:
    asked = ["curl", "-s", "-w", "%{http_code}", f"{served}/nowhere"]
    told = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    assert told.endswith("404")
    assert f"{served}/personal-demographics/FHIR/R4" in told
