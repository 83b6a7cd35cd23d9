"""Many right and wrong requests against a served world: no 500, no growth beyond its state, the same answers after.

    python tests/soak/soak.py [requests]

Starts `crossbook up --world conformance`, sends a seeded mix through the proxy and to every national
service, and prints statuses, requests a second, resident memory on the way, and whether the answers to
a fixed set of questions are the same at the end as at the start.
"""

import asyncio
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import httpx

AT_ONCE = 16
ROOT = Path(__file__).resolve().parents[2]
SAMPLES = 10


def start(folder: Path) -> tuple[subprocess.Popen[bytes], dict[str, Any]]:
    """The served world as a process of its own, and who is who in it."""
    file = folder / "world.json"
    command = [sys.executable, "-m", "harness.cli", "up", "--world", "conformance", "--port", "0", "--no-limits",
               "--no-latency", "--endpoints", str(file)]  # fmt: skip
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    while not file.exists():
        time.sleep(0.05)  # noqa: TID251 - a real process on the real clock
    return process, json.loads(file.read_text())


def resident_mb(pid: int) -> float:
    """Resident memory of a process."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))) / 1024


class Mix:
    """A seeded stream of requests, about half of them wrong in some way."""

    def __init__(self, world: dict[str, Any], headers: dict[str, dict[str, str]]) -> None:
        self.world, self.headers, self.rng = world, headers, random.Random(1)
        self.root = world["organisations"]["ORG1"]["service_root"]
        self.services = world["services"]

    def draw(self) -> tuple[str, str, dict[str, str], bytes]:
        """Method, URL, headers, body."""
        rng, kind = self.rng, self.rng.choice(("gp", "gp", "gp", "pds", "sds", "token", "stray"))
        if kind == "gp":
            return self.gp_connect()
        if kind == "pds":
            number = rng.choice([row["nhs_number"] for row in self.world["patients"].values()] + ["9990000000", "x"])
            return "GET", f"{self.services['pds']}/Patient/{number}", self.maybe("pds_retrieve"), b""
        if kind == "sds":
            query = rng.choice(
                ("organization=x", "", "organization=https://fhir.nhs.uk/Id/ods-organization-code|T90200")
            )
            return (
                "GET",
                f"{self.services['sds']}/{rng.choice(('Endpoint', 'Device', 'Nothing'))}?{query}",
                self.maybe("sds_endpoint"),
                b"",
            )
        if kind == "token":
            form = {"Content-Type": "application/x-www-form-urlencoded"}
            return "POST", self.services["token"], form, rng.randbytes(rng.randrange(40))
        return rng.choice(("GET", "PUT", "DELETE")), f"{self.services['ssp']}/{rng.randbytes(6).hex()}", {}, b""

    def gp_connect(self) -> tuple[str, str, dict[str, str], bytes]:
        rng = self.rng
        name, method, path = rng.choice(
            (("search_slots", "GET", "/Slot"), ("find_patient", "GET", "/Patient"), ("read_metadata", "GET", "/metadata"),
             ("create_appointment", "POST", "/Appointment"), ("read_patient", "GET", "/Patient/none"),
             ("register_patient", "POST", "/Patient/$gpc.registerpatient"))
        )  # fmt: skip
        headers = self.maybe(name)
        query = {
            "search_slots": self.slot_query(),
            "find_patient": f"?identifier=https://fhir.nhs.uk/Id/nhs-number|{rng.choice(('9990010013', '1', '9999999999'))}",
        }.get(name, "")
        body = (
            b"" if method == "GET" else rng.choice((b"{}", b"[", b'{"resourceType":"Appointment"}', rng.randbytes(30)))
        )
        if body:
            headers = headers | {
                "Content-Type": rng.choice(("application/fhir+json", "application/fhir+xml", "text/plain"))
            }
        method = method if rng.random() < 0.95 else rng.choice(("DELETE", "PATCH", "PUT"))
        return method, f"{self.services['ssp']}/{self.root}{path}{query}", headers, body

    def slot_query(self) -> str:
        start, end = time.gmtime(time.time() + 86400), time.gmtime(time.time() + 86400 * self.rng.choice((2, 3, 16)))  # noqa: TID251
        days = (time.strftime("%Y-%m-%d", start), time.strftime("%Y-%m-%d", end))
        status = self.rng.choice(("free", "busy"))
        return f"?start=ge{days[0]}&end=le{days[1]}&status={status}&_include=Slot:schedule"

    def maybe(self, name: str) -> dict[str, str]:
        """The right headers, or one of them missing or spoilt."""
        headers = dict(self.headers[name])
        if self.rng.random() < 0.3:
            spoilt = self.rng.choice([*headers])
            headers[spoilt] = self.rng.choice(("", "nonsense", "Bearer x.y."))
        return headers


async def right_headers(http: httpx.AsyncClient, control: str) -> dict[str, dict[str, str]]:
    """What the control API gives for each interaction; tokens live five minutes, so they are asked for anew."""
    found = {}
    for name in ("search_slots", "find_patient", "read_metadata", "create_appointment", "read_patient", "register_patient",
                 "pds_retrieve", "sds_endpoint"):  # fmt: skip
        reply = await http.get(f"{control}/headers/{name}", params={"by": "ORG2.clerk", "to": "ORG1"})
        found[name] = dict(line.split(": ", 1) for line in reply.text.splitlines())
    return found


async def questions(http: httpx.AsyncClient, world: dict[str, Any]) -> list[str]:
    """A fixed set of questions; what differs from call to call by nature is left out."""
    headers = await right_headers(http, world["services"]["control"])
    ssp, root = world["services"]["ssp"], world["organisations"]["ORG1"]["service_root"]
    answers = []
    for name, path in (
        ("read_metadata", "/metadata"),
        ("find_patient", "/Patient?identifier=https://fhir.nhs.uk/Id/nhs-number|9990010013"),
        ("search_slots", "/Slot?start=ge2031-01-01&end=le2031-01-09&status=free&_include=Slot:schedule"),
        ("search_slots", "/Slot"),
    ):
        reply = await http.get(f"{ssp}/{root}{path}", headers=headers[name])
        answers.append(f"{reply.status_code} {reply.text}")
    return answers


async def soak(world: dict[str, Any], pid: int, count: int) -> int:
    """Sends, counts and compares; 1 if anything is not as it should be."""
    statuses: Counter[int] = Counter()
    broken: list[str] = []
    async with httpx.AsyncClient(timeout=60) as http:
        before = await questions(http, world)
        mix = Mix(world, await right_headers(http, world["services"]["control"]))
        began, memory = time.perf_counter(), [resident_mb(pid)]
        for part in range(SAMPLES):
            mix.headers = await right_headers(http, world["services"]["control"])

            async def one_after_another() -> None:
                for _ in range(count // SAMPLES // AT_ONCE):
                    method, url, headers, body = mix.draw()
                    reply = await http.request(method, url, headers=headers, content=body)
                    statuses[reply.status_code] += 1
                    if reply.status_code in (500, 501) or "Traceback" in reply.text:
                        broken.append(f"{method} {url}: {reply.status_code} {reply.text[:200]}")

            await asyncio.gather(*(one_after_another() for _ in range(AT_ONCE)))
            memory.append(resident_mb(pid))
            print(f"part {part + 1} of {SAMPLES}: {sum(statuses.values())} requests, {memory[-1]:.0f} MB", flush=True)
        seconds = time.perf_counter() - began
        same = before == await questions(http, world)
        http.headers.clear()
        reset = time.perf_counter()
        await http.post(f"{world['services']['control']}/reset")
        reset = time.perf_counter() - reset
    print(f"{sum(statuses.values())} requests in {seconds:.0f} s ({sum(statuses.values()) / seconds:.0f} a second)")
    print("statuses:", ", ".join(f"{status}: {n}" for status, n in sorted(statuses.items())))
    print(
        f"resident memory: {memory[0]:.0f} MB at the start, {memory[SAMPLES // 2]:.0f} half way, {memory[-1]:.0f} at the end"
    )
    print(f"same answers after as before: {same}; reset in {reset * 1000:.0f} ms; unexpected failures: {len(broken)}")
    for line in broken[:5]:
        print(line)
    return int(bool(broken) or not same)


def main() -> int:
    """The command line."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        process, world = start(Path(folder))
        try:
            return asyncio.run(soak(world, process.pid, count))
        finally:
            process.terminate()
            process.wait(10)


if __name__ == "__main__":
    raise SystemExit(main())
