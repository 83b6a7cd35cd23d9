"""Locust as a child of `crossbook load`: it patches the process that imports it."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from harness.commands.load_options import MASTER_PORT, LoadOptions
from harness.files import BadFile, Problem
from harness.reports.terminal import console

LOADTESTS = Path(__file__).resolve().parents[2] / "loadtests"
LOCUSTFILE = LOADTESTS / "locustfile.py"
_PATIENCE_S = 120
"""How long workers on other machines may take to come."""


def command_of(options: LoadOptions) -> list[str]:
    """Locust's command line: alone, with processes of its own, for workers elsewhere, or as such workers."""
    words = [sys.executable, "-m", "locust", "-f", str(LOCUSTFILE), "--loglevel", "WARNING"]
    if options.worker:
        host, port = worker_address(options.worker)
        many = ["--processes", str(options.processes)] if options.processes > 1 else []
        return [*words, "--worker", "--master-host", host, "--master-port", str(port), *many]
    words += ["--only-summary", "--exit-code-on-error", "0", "-u", str(options.processes), "-r", str(options.processes)]
    words += ["--web-host", options.host, "--web-port", str(free_port())] if options.web else ["--headless"]
    if options.master:
        waits = ["--expect-workers", str(options.processes), "--expect-workers-max-wait", str(_PATIENCE_S)]
        words += [
            "--master",
            "--master-bind-host",
            options.host,
            "--master-bind-port",
            str(options.master_port),
            *waits,
        ]
    elif options.processes > 1:
        own = str(free_port())
        words += ["--processes", str(options.processes), "--master-bind-port", own, "--master-port", own]
    return [*words, "ProfileUser"]


def free_port() -> int:
    """A port of loopback that nobody has just now: two runs on one machine do not meet."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


async def run_locust(options: LoadOptions, plan: Path | None = None) -> int:
    """Runs it to its end; Ctrl-C ends it early, and what was seen until then is reported."""
    command = command_of(options)
    if options.web:
        port = command[command.index("--web-port") + 1]
        console().print(f"Locust's page, start there: http://{options.host}:{port}; Ctrl-C: report", soft_wrap=True)
    log = options.report / "locust.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "CROSSBOOK_PLAN": str(plan)} if plan else None
    with log.open("wb") as written:
        process = await asyncio.create_subprocess_exec(
            *command, stdout=written, stderr=written, env=environment, start_new_session=True
        )
        for name in (signal.SIGINT, signal.SIGTERM):
            with suppress(NotImplementedError):  # not on Windows
                asyncio.get_running_loop().add_signal_handler(name, _end, process)
        code = await process.wait()
    if code:
        console().print(f"locust ended with {code}; its words are in {log}", soft_wrap=True)
    return code


def _end(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        process.send_signal(signal.SIGTERM)


async def report(options: LoadOptions) -> int:
    """The report, made by a child too; the judgement's exit code."""
    result = options.report / "result.json"
    if not result.exists():
        console().print("no result: nothing was measured")
        return 3
    command = [sys.executable, "-m", "loadtests.report", str(result), "--out", str(options.report)]
    for option, path in (("--against", options.against), ("--thresholds", options.thresholds)):
        command += [option, str(path)] if path else []
    process = await asyncio.create_subprocess_exec(*command)
    return await process.wait()


def worker_address(text: str) -> tuple[str, int]:
    """HOST or HOST:PORT; raises BadFile."""
    host, _, port = text.partition(":")
    if not host or (port and not port.isdigit()):
        raise BadFile([Problem(Path("--worker"), 0, 0, "", f"expected HOST or HOST:PORT of the master, got {text!r}")])
    return host, int(port or MASTER_PORT)


def lines_for_workers(options: LoadOptions) -> Sequence[str]:
    """What to say on the other machines."""
    at = options.host if options.master_port == MASTER_PORT else f"{options.host}:{options.master_port}"
    return (
        f"waiting {_PATIENCE_S} s for {options.processes} workers; on the machines that are to send:",
        f"  crossbook load --worker {at}      (--processes N for N of them on one machine)",
    )
