"""One supplier more is one file: nothing else has to know of it."""

import shutil
from pathlib import Path

import pytest

from harness.commands.suppliers import show_suppliers
from harness.scenario.find import find_scenarios
from harness.scenario.run import Case, run_case
from mock_gpconnect.suppliers import profile
from mock_gpconnect.suppliers.profile import built_in_profiles, load_profile
from tests.mock_gpconnect.provider.riverside import Riverside

ACORN = """
name = "acorn"
extends = "strict"

[publisher]
publisher = "Acorn Health"

[search]
hides_begun = true

[wording]
gp_connect_off = "Ask Acorn"

[basis]
"publisher.publisher" = "assumed"
"search.hides_begun" = "documented"
"wording.gp_connect_off" = "assumed"
"""


@pytest.fixture
def acorn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder of profiles with one file more."""
    folder = tmp_path / "suppliers"
    shutil.copytree(Path(profile.__file__).parent, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    (folder / "acorn.toml").write_text(ACORN, encoding="utf-8")
    monkeypatch.setattr(profile, "_HERE", folder)


@pytest.mark.usefixtures("acorn")
async def test_it_is_known_by_name_and_answers_as_its_file_says() -> None:
    assert "acorn" in built_in_profiles()
    statement = await Riverside(load_profile("acorn")).ask("read_metadata")
    assert statement.json["publisher"] == "Acorn Health"


@pytest.mark.usefixtures("acorn")
def test_it_is_compared_with_the_others(capsys: pytest.CaptureFixture[str]) -> None:
    show_suppliers()
    assert "Ask Acorn (assumed)" in capsys.readouterr().out


@pytest.mark.usefixtures("acorn")
@pytest.mark.parametrize("name", ["journeys/c1-invite-and-book", "errors/e3-g-all-begun", "booking/lost-reply"])
def test_scenarios_run_with_it(name: str) -> None:
    (loaded,) = find_scenarios((name,))
    assert run_case(Case(loaded, "acorn", seed=1)).verdict == "pass"
