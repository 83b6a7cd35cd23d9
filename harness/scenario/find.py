"""Which scenario files a pattern means: a file, a folder, or a glob over ids."""

import os
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatch
from pathlib import Path

from harness.files import BadFile, Problem, did_you_mean
from harness.scenario.load import Loaded, load_scenario
from harness.worlds import CATALOGUE


def find_scenarios(patterns: Iterable[str]) -> list[Loaded]:
    """The scenarios of all patterns in order of id, each once; without a pattern the whole catalogue.

    Raises BadFile with the problems of every file that cannot be used.
    """
    loaded: list[Loaded] = []
    problems: list[Problem] = []
    for path in paths_of(patterns):
        try:
            loaded.append(load_scenario(path))
        except BadFile as bad:
            problems += bad.problems
    problems += _same_ids(loaded)
    if problems:
        raise BadFile(problems)
    return sorted(loaded, key=lambda one: one.scenario.id)


def paths_of(patterns: Iterable[str]) -> list[Path]:
    """The files of all patterns, each once, not yet read. Raises BadFile for a pattern that means nothing."""
    wanted = tuple(patterns)
    paths = [path for pattern in wanted for path in _paths(pattern)] if wanted else scenario_files(CATALOGUE)
    return [*dict.fromkeys(path.resolve() for path in paths)]


def _same_ids(loaded: Sequence[Loaded]) -> Iterator[Problem]:
    first: dict[str, Path] = {}
    for one in loaded:
        if (other := first.setdefault(one.scenario.id, one.path)) != one.path:
            yield Problem(one.path, 1, 1, "id", f"{one.scenario.id!r} is the id of {other} as well")


def scenario_files(folder: Path) -> list[Path]:
    """The YAML files of a folder whose first key is `id`; worlds and pilots are told apart by theirs."""
    return sorted(
        path
        for ending in ("yaml", "yml")
        for path in folder.rglob(f"*.{ending}")
        if not path.is_dir() and _first_key(path) not in ("world", "pilot")
    )


def scenario_ids() -> list[str]:
    """The ids of the catalogue, as its files are called."""
    return [path.relative_to(CATALOGUE).with_suffix("").as_posix() for path in scenario_files(CATALOGUE)]


def _paths(pattern: str) -> list[Path]:
    if not pattern.strip():
        message, hint = "an empty pattern names nothing", "name a file, a folder or an id, or leave it out to run all"
        raise BadFile([Problem(Path(repr(pattern)), 0, 0, "", message, hint)])
    path = Path(pattern)
    if path.is_dir():
        if not (found_here := scenario_files(path)):
            raise BadFile([Problem(path, 0, 0, "", "no scenario in this folder or below it (*.yaml, *.yml)")])
        return found_here
    if path.is_file() or path.suffix in (".yaml", ".yml"):
        return [path]
    if found := [
        name for name in scenario_ids() if fnmatch(name, pattern) or name.startswith(f"{pattern.rstrip('/')}/")
    ]:
        return [CATALOGUE / f"{name}.yaml" for name in found]
    message = "no scenario file, folder or id matches"
    raise BadFile([Problem(path, 0, 0, "", message, did_you_mean(pattern, scenario_ids()))])


def _first_key(path: Path) -> str:
    """Cheap: comments and blank lines are passed over, the rest is read properly later, and told what is no file."""
    if not path.is_file() or not os.access(path, os.R_OK):
        return ""
    with path.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            if line.strip() and not line.startswith(("#", "---")):
                return line.partition(":")[0].strip()
    return ""
