"""What we are measured against: nginx with the same bytes, and a plain FastAPI application with models."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from bench.generator import to_servers_core

_CONFIG = """
daemon off; master_process off; worker_processes 1; pid {root}/nginx.pid; error_log {root}/error.log;
events {{ worker_connections 256; }}
http {{
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000; default_type application/fhir+json;
  client_body_temp_path {root}/a; proxy_temp_path {root}/b; fastcgi_temp_path {root}/c; uwsgi_temp_path {root}/d;
  scgi_temp_path {root}/e; open_file_cache max=100;
  server {{ listen 127.0.0.1:{port}; root {root}/bodies; }}
}}
"""


def nginx_path() -> str | None:
    """nginx of this system, if it has one."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


@contextmanager
def nginx(bodies: Mapping[str, bytes], root: Path) -> Iterator[tuple[int, int]]:
    """Serves each body under its name; gives port and process id."""
    (root / "bodies").mkdir()
    for name, body in bodies.items():
        (root / "bodies" / name).write_bytes(body)
    port = free_port()
    (root / "nginx.conf").write_text(_CONFIG.format(root=root, port=port))
    with running([nginx_path() or "nginx", "-c", str(root / "nginx.conf"), "-p", str(root)], port) as pid:
        yield port, pid


@contextmanager
def plain_fastapi(slots: int) -> Iterator[tuple[int, int]]:
    """The baseline under `loadtests/baselines`, with so many slots; gives port and process id."""
    port = free_port()
    with running([sys.executable, "-m", "loadtests.baselines.plain", str(port), str(slots)], port) as pid:
        yield port, pid


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(command: list[str], port: int, *, silent: bool = False) -> Iterator[int]:
    """A server that was started by a command, once it listens; gives its process id."""
    process = subprocess.Popen(  # noqa: S603 - our own command line
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL if silent else None
    )
    try:
        _wait_for(port, process)
        to_servers_core(process.pid)
        yield process.pid
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
            return
        if process.poll() is not None:
            break
        time.sleep(0.05)  # noqa: TID251 - a real process needs real time
    raise RuntimeError(f"{process.args!r} does not listen on port {port}")
