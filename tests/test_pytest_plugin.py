"""The pytest plug-in as a product team uses it, in a process of its own."""

import subprocess
import sys
from pathlib import Path

from harness.worlds import CATALOGUE

ROOT = Path(__file__).resolve().parents[1]
BARE = ["-p", "no:cacheprovider", "-p", "no:locust", "-p", "no:schemathesis", "-c", "/dev/null"]
SCENARIO = (CATALOGUE / "booking/lost-reply.yaml").read_text()


def pytest_in(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", *BARE, *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)


def test_scenario_files_are_tests_with_ids_and_can_be_chosen(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(SCENARIO)
    done = pytest_in(tmp_path, "-v", "-k", "emis")
    assert done.returncode == 0
    assert "mine.yaml::emis PASSED" in done.stdout
    assert "1 passed, 4 deselected" in done.stdout


def test_a_failing_scenario_tells_its_story_and_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(SCENARIO.replace("expect: booked", "expect: B1"))
    done = pytest_in(tmp_path, "-k", "strict")
    assert done.returncode == 1
    assert "expected B1, got booked" in done.stdout
    assert "Traceback" not in done.stdout


def test_a_bad_file_is_a_collection_error_with_line_and_word(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(SCENARIO.replace("patient: alice", "patient: alise", 1))
    done = pytest_in(tmp_path)
    assert done.returncode == 2
    assert "mine.yaml:12" in done.stdout
    assert "did you mean 'alice'?" in done.stdout


def test_other_peoples_yaml_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "docker.yaml").write_text("id: 7\nservices: []\n")
    (tmp_path / "world.yaml").write_text((CATALOGUE / "worlds/two-practices.yaml").read_text())
    assert pytest_in(tmp_path).returncode == 5


def test_the_plug_in_costs_other_projects_no_import(tmp_path: Path) -> None:
    (tmp_path / "test_one.py").write_text("import sys\n\ndef test_one():\n    assert 'harness' not in sys.modules\n")
    assert pytest_in(tmp_path).returncode == 0


def test_the_example_of_a_teams_own_suite_passes() -> None:
    done = pytest_in(ROOT / "examples", "test_your_own_software.py", "-q")
    assert done.returncode == 0, done.stdout
    assert "4 passed" in done.stdout
