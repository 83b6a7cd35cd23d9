"""`crossbook up` with client certificates, as somebody runs it in a terminal."""

import json
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from mock_gpconnect.client_certificate import SUBJECT, VERIFIED

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-m", "harness.cli", "up", "--port", "0", "--clock", "2026-03-27T08:55:00+00:00"]


@contextmanager
def up(folder: Path, *options: str) -> Iterator[dict[str, Any]]:
    """Who is who in the world that is served until the block ends."""
    file = folder / "endpoints.json"
    with subprocess.Popen(
        [*COMMAND, "--endpoints", str(file), *options], cwd=ROOT, stdout=subprocess.DEVNULL
    ) as served:
        deadline = time.monotonic() + 30
        while not file.exists() and time.monotonic() < deadline:
            time.sleep(0.05)  # noqa: TID251 - a process of its own, on the real clock
        try:
            yield json.loads(file.read_text())
        finally:
            served.terminate()
        assert served.wait(10) == 0


async def metadata(who: dict[str, Any], client: httpx.AsyncClient, **more: str) -> int:
    """The status of a request from Millbrook for what Riverside can do."""
    control, riverside = who["services"]["control"], who["organisations"]["riverside"]
    ready = await client.get(
        f"{control}/headers/read_metadata", params={"by": "millbrook.reception", "to": "riverside"}
    )
    headers = dict(line.split(": ", 1) for line in ready.text.splitlines())
    url = f"{who['services']['ssp']}/{riverside['service_root']}/metadata"
    return (await client.get(url, headers={**headers, **more})).status_code


async def test_a_served_world_writes_the_certificates_that_it_asks_for(tmp_path: Path) -> None:
    with up(tmp_path, "--tls", str(tmp_path / "tls")) as who:
        said = {}
        for name in ("", "T90101.pem", "T90103.pem"):
            context = ssl.create_default_context(cafile=tmp_path / "tls/ca.pem")
            if name:
                context.load_cert_chain(tmp_path / "tls" / name)
            async with httpx.AsyncClient(verify=context) as client:
                said[name] = await metadata(who, client)
    assert who["services"]["ssp"].startswith("https://127.0.0.1:")
    assert said == {"": 496, "T90101.pem": 200, "T90103.pem": 495}


async def test_behind_a_proxy_of_ones_own_its_word_is_taken(tmp_path: Path) -> None:
    with up(tmp_path, "--behind-proxy") as who:
        async with httpx.AsyncClient() as client:
            assert await metadata(who, client) == 496
            assert await metadata(who, client, **{VERIFIED: "SUCCESS", SUBJECT: "CN=t90101.crossbook.test"}) == 200
            assert await metadata(who, client, **{VERIFIED: "FAILED:certificate has expired"}) == 495


def test_a_folder_that_cannot_be_written_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    done = subprocess.run([*COMMAND, "--tls", str(tmp_path / "taken")], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 2
    assert "taken is a file; a folder is wanted" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("line", ["proxy_name: ''", f"proxy_name: {'x' * 65}", "requierd: true"])
def test_a_wrong_word_about_certificates_is_told_with_its_place(tmp_path: Path, line: str) -> None:
    world = tmp_path / "w.yaml"
    world.write_text(f"world: w\norganisations: [{{ods: T90101, name: A}}]\nclient_certificates:\n  {line}\n")
    done = subprocess.run([*COMMAND, "--world", str(world)], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 2
    assert "w.yaml:4" in done.stderr
