"""The pytest plug-in: scenario files as tests, and a world for tests of your own.

Thin on purpose: it imports the harness only when one of them is used, so that it costs other
projects nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from harness.fixtures import Nhs


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--nhs-world`, `--nhs-served` and `--nhs-seed`."""
    group = parser.getgroup("crossbook")
    group.addoption("--nhs-world", default="two-practices", help="world of the `nhs` fixture: a name or a file")
    group.addoption("--nhs-served", action="store_true", help="run scenario files over real sockets")
    group.addoption("--nhs-seed", type=int, default=None, help="instead of each scenario's own seed")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A YAML file whose first key is `id` and which has steps is a scenario."""
    if file_path.suffix in (".yaml", ".yml") and _is_scenario(file_path):
        return ScenarioFile.from_parent(parent, path=file_path)
    return None


def _is_scenario(path: Path) -> bool:
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    keys = [line.partition(":")[0] for line in lines if line[:1].isalpha()]
    return bool(keys) and keys[0] == "id" and {"world", "steps"} <= set(keys)


class ScenarioFile(pytest.File):
    """One scenario file: a test for each supplier of its matrix."""

    def collect(self) -> Iterator[pytest.Item]:
        """Reads the file; what is wrong in it is a collection error with file and line."""
        from harness.files import BadFile
        from harness.scenario.load import load_scenario
        from harness.scenario.run import Choices, cases_of

        try:
            loaded = load_scenario(self.path)
        except BadFile as bad:
            raise self.CollectError(str(bad)) from None
        config = self.config
        choices = Choices(seed=config.getoption("--nhs-seed"), served=config.getoption("--nhs-served"))
        for case in cases_of(loaded, choices):
            yield ScenarioItem.from_parent(self, name=case.supplier or "own", case=case)


class NotPassed(Exception):
    """A scenario that did not pass; the text is its story."""


class ScenarioItem(pytest.Item):
    """One scenario with one supplier."""

    def __init__(self, *, case: Any, **rest: Any) -> None:
        super().__init__(**rest)
        self.case = case

    def runtest(self) -> None:
        """Runs it and tells the story of what did not hold."""
        from harness.reports.text import story
        from harness.scenario.run import run_case

        result = run_case(self.case)
        if result.verdict not in ("pass", "omit"):
            raise NotPassed(story(result))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The story alone: no traceback of ours helps a tester."""
        if isinstance(excinfo.value, NotPassed):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """File, line and title."""
        return self.path, 0, f"{self.case.loaded.scenario.title} [{self.name}]"


@pytest.fixture
def nhs(request: pytest.FixtureRequest) -> Iterator[Nhs]:
    """A served world of your own for one test: base URLs, who is who, and what its mocks saw and hold."""
    from harness.fixtures import serve_nhs

    with serve_nhs(request.config.getoption("--nhs-world")) as served:
        yield served
