"""`crossbook up`: a world on one port of loopback."""

import asyncio
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
from rich.console import Console
from rich.table import Table

from harness.addresses import one_port
from harness.control import control_app
from harness.files import BadFile, Problem, did_you_mean
from harness.network import Mount
from harness.real_time import run_accelerated
from harness.scenario.load import CATALOGUE
from harness.serve import base_url, bind, serving
from harness.virtual_time import clock
from harness.world import World, build_world
from harness.worlds import load_world


@dataclass(frozen=True, slots=True)
class UpOptions:
    """The command line, read."""

    world: str
    port: int
    clock: str
    seed: int
    endpoints: Path | None


def serve_world(options: UpOptions) -> int:
    """Serves until Ctrl-C; 2 when the world, the clock or the port will not do."""
    path, start = _world_file(options.world), _start(options.clock)
    rows, _ = load_world(path)
    try:
        listener = bind(port=options.port)
    except OSError as taken:
        print(f"{taken.strerror}: choose another with --port", file=sys.stderr)
        return 2

    async def main() -> None:
        addresses = one_port(base_url(listener))
        world = build_world(rows, folder=path.parent, addresses=addresses, now=clock(start), seed=options.seed)
        world.network.add(Mount("control", "control", f"{base_url(listener)}/control", control_app(world)))
        async with serving(world.network.front_door(), sock=listener):
            _tell(world, path, options.endpoints)
            await _until_stopped()

    run_accelerated(main)
    return 0


def _world_file(name: str) -> Path:
    """A file, or the name of one in the catalogue without its ending."""
    if (path := Path(name)).is_file():
        return path
    known = {found.stem: found for folder in ("worlds", "pilots") for found in (CATALOGUE / folder).glob("*.yaml")}
    if name in known:
        return known[name]
    raise BadFile([Problem(path, 0, 0, "", "there is no such world file or name", did_you_mean(name, known))])


def _start(text: str) -> datetime:
    if text == "real":
        return datetime.now(UTC)  # noqa: TID251 - the one place where a served world meets today
    try:
        start = datetime.fromisoformat(text)
    except ValueError:
        start = None
    if start is None or start.tzinfo is None:
        message = f"expected 'real' or a date-time with offset such as 2026-03-27T08:55:00+00:00, got {text!r}"
        raise BadFile([Problem(Path("--clock"), 0, 0, "", message)])
    return start.astimezone(UTC)


def endpoints_of(world: World) -> dict[str, Any]:
    """Everything that somebody else's consumer needs to know of a world."""
    at = world.addresses
    organisations = [
        {
            "alias": row.alias or row.ods,
            "ods": row.ods,
            "name": row.name,
            "supplier": world.practices[row.ods].profile.name,
            "asid": world.practices[row.ods].asid,
            "service_root": world.practices[row.ods].service_root,
            "users": [user.alias for user in row.users],
        }
        for row in world.rows.organisations
    ]
    patients = [{"alias": row.alias, "nhs_number": row.nhs_number} for row in world.rows.patients]
    services = {"token": f"{at.token}/token", "pds": at.pds, "sds": at.sds, "ssp": at.ssp}
    control = f"{at.ssp.removesuffix('/ssp')}/control"
    return {"services": services | {"control": control}, "organisations": organisations, "patients": patients}


def _tell(world: World, path: Path, file: Path | None) -> None:
    found = endpoints_of(world)
    if file:
        file.write_bytes(orjson.dumps(found, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    console = Console()
    console.print(f"world {path.stem}, {world.now():%Y-%m-%d %H:%M} UTC", highlight=False)
    console.print(_table(("service", "base URL"), [*found["services"].items()]))
    columns = ("alias", "ods", "supplier", "asid", "service_root")
    console.print(_table(columns, [[one[key] for key in columns] for one in found["organisations"]]))
    console.print("Ctrl-C stops it.")


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    table = Table(box=None, pad_edge=False)
    for name in columns:
        table.add_column(name, overflow="fold", no_wrap=True)
    for row in rows:
        table.add_row(*row)
    return table


async def _until_stopped() -> None:
    stopped = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # not on Windows, where Ctrl-C ends the loop itself
            asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    await stopped.wait()
