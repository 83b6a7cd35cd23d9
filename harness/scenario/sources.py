"""The files that a scenario is made of: whoever saves one of them wants to see it run again."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

from harness.rows import PilotFile
from harness.scenario.load import Loaded
from harness.scenario.run import Choices, cases_of
from mock_gpconnect.suppliers import profile

BUILT_IN = Path(profile.__file__).parent


def sources(loaded: Loaded, choices: Choices) -> frozenset[Path]:
    """Scenario, world or pilot, the tables beside a pilot, and supplier profiles with what they extend."""
    folder = loaded.world_path.parent
    found = {loaded.path, loaded.world_path}
    if isinstance(loaded.world, PilotFile):
        tables = loaded.world.tables
        found |= {folder / name for name in (tables.organisations, tables.users, tables.sessions) if name}
    suppliers = {case.supplier for case in cases_of(loaded, choices) if case.supplier}
    for supplier in {*suppliers, *(row.supplier for row in loaded.world.organisations)}:
        found |= {*_profile_files(supplier, folder)}
    return frozenset(path.resolve() for path in found)


def _profile_files(supplier: str, folder: Path) -> Iterator[Path]:
    path = folder / supplier if supplier.endswith(".toml") else BUILT_IN / f"{supplier}.toml"
    yield path
    try:
        base = tomllib.loads(path.read_text(encoding="utf-8")).get("extends")
    except (OSError, ValueError):
        return  # told when the world is built
    if isinstance(base, str):
        yield BUILT_IN / f"{base}.toml"
