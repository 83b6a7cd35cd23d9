"""Who may import whom, held by reading the imports."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = {"booking_core": ROOT / "src/booking_core"} | {
    name: ROOT / name for name in ("mock_pds", "mock_gpconnect", "harness", "scenarios", "loadtests")
}
MAY_IMPORT = {
    "booking_core.spec": {"booking_core.spec"},
    "booking_core": {"booking_core"},
    "mock_pds": {"mock_pds", "booking_core.spec"},
    "mock_gpconnect": {"mock_gpconnect", "booking_core.spec"},
    "harness": {"harness", "booking_core", "mock_pds", "mock_gpconnect", "scenarios"},
    "scenarios": set(),
    "loadtests": {"loadtests", "booking_core"},
}
ONE_PLACE = {
    ("booking_core", "httpx"): {"booking_core.wire.transport"},
    ("booking_core", "fastapi"): set(),
    ("mock_gpconnect", "httpx"): {"mock_gpconnect.outgoing"},
    ("mock_pds", "httpx"): set(),
}
SUPPLIERS = ("emis", "systmone", "tpp", "vision", "cegedim", "medicus")


def modules() -> Iterator[tuple[str, Path]]:
    for name, folder in PACKAGES.items():
        for path in sorted(folder.rglob("*.py")):
            parts = path.relative_to(folder).with_suffix("").parts
            yield ".".join((name, *(part for part in parts if part != "__init__"))), path


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def within(module: str, package: str) -> bool:
    return module == package or module.startswith(package + ".")


def layer_of(module: str) -> str:
    return max((layer for layer in MAY_IMPORT if within(module, layer)), key=len)


MODULES = dict(modules())


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_only_what_its_layer_may(module: str) -> None:
    allowed = MAY_IMPORT[layer_of(module)]
    ours = [name for name in imports(MODULES[module]) if name.split(".")[0] in PACKAGES]
    strays = [name for name in ours if name != "booking_core" and not any(within(name, one) for one in allowed)]
    assert strays == []


@pytest.mark.parametrize(("package", "library"), ONE_PLACE)
def test_a_library_that_belongs_in_one_place_is_imported_only_there(package: str, library: str) -> None:
    importers = {
        name
        for name, path in MODULES.items()
        if within(name, package) and any(within(i, library) for i in imports(path))
    }
    assert importers == ONE_PLACE[package, library]


@pytest.mark.parametrize("module", MODULES)
def test_a_database_is_known_only_to_modules_that_bear_its_name(module: str) -> None:
    drivers = [name for name in imports(MODULES[module]) if within(name, "psycopg") or within(name, "psycopg_pool")]
    assert module.endswith("postgres") or drivers == []


NATIONAL_LIST = "booking_core.spec.job_roles"
"""The national list of job roles has a role that bears a supplier's name."""


@pytest.mark.parametrize("module", [name for name in MODULES if name != NATIONAL_LIST])
def test_no_code_names_a_supplier(module: str) -> None:
    words = re.findall(r"[a-z]+", MODULES[module].read_text().lower())
    assert not set(words) & set(SUPPLIERS)
