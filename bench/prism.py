"""Prism, a mock server that people use: it answers with the example of an OpenAPI file, here the very bytes of ours."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import orjson

from bench.peers import free_port, running

PACKAGE = "@stoplight/prism-cli@5"
HOME = Path("bench-results/prism")
"""It is installed here once; npm fetches some 200 packages for it."""

_INSTALL_S = 180


def prism_command() -> tuple[list[str], str]:
    """How to start it, or nothing and the reason."""
    found = shutil.which("prism", path=str(HOME.absolute() / "node_modules/.bin"))
    if found is None:
        npm = shutil.which("npm")
        if npm is None:
            return [], "no npm on this machine"
        if why := _install(npm):
            return [], why
        found = shutil.which("prism", path=str(HOME.absolute() / "node_modules/.bin"))
    return ([found], "") if found else ([], f"npm installed {PACKAGE} without its command")


def _install(npm: str) -> str:
    """What went wrong, if anything."""
    HOME.mkdir(parents=True, exist_ok=True)
    command = [npm, "install", "--prefix", str(HOME.absolute()), "--ignore-scripts", "--no-audit", "--no-fund", PACKAGE]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_INSTALL_S, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        return f"npm could not install {PACKAGE} in {_INSTALL_S} s"
    last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
    return "" if done.returncode == 0 else f"npm could not install {PACKAGE}: {last}"


@contextmanager
def prism(command: list[str], bodies: Mapping[str, bytes], root: Path) -> Iterator[tuple[int, int]]:
    """Serves each body under its name; gives port and process id."""
    file = root / "prism.json"
    file.write_bytes(orjson.dumps(_description(bodies)))
    port = free_port()
    with running(
        [*command, "mock", str(file), "--port", str(port), "--verboseLevel", "silent"], port, silent=True
    ) as pid:
        yield port, pid  # silent, because it stumbles over its own watchers when it is stopped


def _description(bodies: Mapping[str, bytes]) -> dict[str, object]:
    paths = {
        f"/{name}": {
            "get": {
                "responses": {
                    "200": {
                        "description": "as ours",
                        "content": {"application/fhir+json": {"example": orjson.loads(body)}},
                    }
                }
            }
        }
        for name, body in bodies.items()
    }
    return {"openapi": "3.0.3", "info": {"title": "canned", "version": "1"}, "paths": paths}
