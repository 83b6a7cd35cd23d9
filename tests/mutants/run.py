"""Applies each mutant to a copy of the project and runs the catalogue over it: every run must go red.

    python tests/mutants/run.py [part of a name]

Exit 0: all were noticed. 1: some were not; they are named. 2: the list no longer fits the code.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("src", "mock_pds", "mock_gpconnect", "harness", "scenarios")
RUN = [sys.executable, "-m", "harness.cli", "run"]
REST = ("--supplier", "strict")
"""The whole catalogue, for a mutant that is not noticed where it should be."""

RED = {1, 3}


def mutants() -> list[dict[str, Any]]:
    """The list as it stands in the file beside this one."""
    with (ROOT / "tests/mutants/mutants.toml").open("rb") as file:
        found: list[dict[str, Any]] = tomllib.load(file)["mutant"]
    return found


def edits(mutant: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(file, line, becomes) of all that one mutant changes."""
    return [(one["file"], one["line"], one["becomes"]) for one in (mutant, *mutant.get("also", ()))]


def misfits(mutant: dict[str, Any]) -> list[str]:
    """Lines that do not stand exactly once in their file."""
    counts = [(file, line, (ROOT / file).read_text().splitlines().count(line)) for file, line, _ in edits(mutant)]
    return [f"{file}: stands {count} times: {line.strip()}" for file, line, count in counts if count != 1]


def noticed(mutant: dict[str, Any], folder: Path) -> str:
    """What went red over a copy with this mutant: what should, or the rest of the catalogue; empty if nothing."""
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for file, line, becomes in edits(mutant):
        path = folder / file
        path.write_text("\n".join(becomes if one == line else one for one in path.read_text().splitlines()) + "\n")
    paths = os.pathsep.join((str(folder / "src"), str(folder)))
    environment = os.environ | {"PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"}
    parts = {mutant["shown_by"]: (mutant["shown_by"],), "another scenario": REST}
    return next((told for told, part in parts.items() if _goes_red(part, folder, environment)), "")


def _goes_red(part: tuple[str, ...], folder: Path, environment: dict[str, str]) -> bool:
    done = subprocess.run([*RUN, *part], cwd=folder, env=environment, capture_output=True, text=True, timeout=600)
    return done.returncode in RED


def main() -> int:
    """The command line."""
    chosen = [one for one in mutants() if not sys.argv[1:] or sys.argv[1] in one["name"]]
    if wrong := [line for one in chosen for line in misfits(one)]:
        print("the list does not fit the code:", *wrong, sep="\n  ")
        return 2
    survived = []
    for number, mutant in enumerate(chosen, start=1):
        with tempfile.TemporaryDirectory() as folder:
            by = noticed(mutant, Path(folder))
        told = f"noticed by {by}" if by else "SURVIVED"
        print(f"{number} of {len(chosen)}: {told}: {mutant['name']}", flush=True)
        survived += [] if by else [mutant["name"]]
    print(f"{len(chosen) - len(survived)} of {len(chosen)} noticed")
    return int(bool(survived))


if __name__ == "__main__":
    raise SystemExit(main())
