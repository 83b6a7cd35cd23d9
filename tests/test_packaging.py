"""What a user installs: every package with its data files, and nothing else."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = {"booking_core", "mock_pds", "mock_gpconnect", "harness", "scenarios", "loadtests"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names of the files in a freshly built wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (made,) = folder.glob("*.whl")
    return set(zipfile.ZipFile(made).namelist())


def test_the_wheel_holds_our_packages_and_nothing_else(wheel: set[str]) -> None:
    assert {name.split("/")[0] for name in wheel} - {"crossbook-0.1.0.dist-info"} == PACKAGES | {"crossbook_pytest.py"}


@pytest.mark.parametrize(
    "pattern",
    [
        "scenarios/**/*.yaml",
        "scenarios/**/*.toml",
        "scenarios/schema.json",
        "mock_gpconnect/suppliers/*.toml",
        "mock_gpconnect/book/*.sql",
        "harness/sharing/*.sql",
        "loadtests/*.toml",
        "loadtests/*.jinja",
        "mock_gpconnect/desk/templates/*.jinja",
        "mock_gpconnect/desk/static/**/*.*",
        "harness/reports/html/templates/*.*",
    ],
)
def test_every_data_file_is_in_the_wheel(wheel: set[str], pattern: str) -> None:
    files = {path.relative_to(ROOT).as_posix() for path in ROOT.glob(pattern)}
    assert files
    assert files <= wheel


def test_the_licence_and_the_command_are_in_the_wheel(wheel: set[str]) -> None:
    assert "crossbook-0.1.0.dist-info/licenses/LICENSE" in wheel
    assert "crossbook-0.1.0.dist-info/entry_points.txt" in wheel


def test_no_file_of_the_project_leads_out_of_it() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True).stdout.split()
    strays = [name for name in listed if (ROOT / name).is_file() and b"../shared" in (ROOT / name).read_bytes()]
    assert [name for name in strays if name != "tests/test_packaging.py"] == []
