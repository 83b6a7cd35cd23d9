"""A recorded run becomes a scenario that passes in the same world and fails in another one."""

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from pydantic import BaseModel

from booking_core.selfbook.inviting import Draft, invite
from booking_core.selfbook.patient import confirm, open_link
from booking_core.wire.transport import HttpTransport
from harness.addresses import one_port
from harness.control import control_app
from harness.control_faults import EXAMPLE, RULES
from harness.credentials import CORE_API_KEY, KEY_ID, private_key
from harness.faults.kinds import FAULT
from harness.files import read_yaml
from harness.live import LiveWorlds, Origin
from harness.network import Mount, Network
from harness.people import own_record
from harness.product import build_product
from harness.replay.as_yaml import entry
from harness.replay.export import scenario_of
from harness.replay.recording import Recording, recording_of
from harness.rows import NO_LIMITS, REAL_LIMITS, LimitsRow
from harness.scenario.load import load_scenario
from harness.scenario.run import Choices, cases_of, run_case
from harness.verdicts import Result
from harness.virtual_time import clock, run_virtual
from harness.world import World, build_world
from harness.worlds import CATALOGUE, load_world

BASE = "http://127.0.0.1:8181"
START = datetime(2026, 3, 27, 8, 55, tzinfo=UTC)
WORLD = CATALOGUE / "worlds/two-practices.yaml"
PROVIDER = f"{BASE}/T90102/STU3/1/gpconnect"
NUMBER = "https://fhir.nhs.uk/Id/nhs-number|"

Foreign = Callable[[httpx.AsyncClient, World], Awaitable[None]]


class AnySteps(BaseModel):
    steps: list[dict[str, Any]]


def exported(foreign: Foreign, *, show_names: bool = False, limits: LimitsRow = NO_LIMITS, world: Path = WORLD) -> str:
    """What is exported after a foreign consumer has had its way with a served world."""
    rows, _ = load_world(world)

    async def main() -> str:
        now = clock(START)

        def build(prefix: str) -> World:
            return build_world(
                rows, folder=Path(), addresses=one_port(BASE + prefix), now=now, seed=1, keep=2000, limits=limits
            )

        live = LiveWorlds(build, control_app, Origin(world, 1, limits))
        served = live.world()
        assert served
        async with httpx.AsyncClient(transport=Network([Mount("live", "live", BASE, live)]), base_url=BASE) as http:
            await foreign(http, served)
            answer = await http.get("/control/recording")
        found = recording_of(live, "")
        assert found
        assert answer.json() == json.loads(found.model_dump_json())
        return found.model_dump_json()

    return scenario_of(Recording.model_validate_json(run_virtual(main)), "test", show_names=show_names)


def run(text: str, folder: Path, world: str = "") -> Result:
    path = folder / "recorded.yaml"
    path.write_text(text)
    if world:
        (folder / "worlds").mkdir(exist_ok=True)
        (folder / "worlds/two-practices.yaml").write_text(world)
    (case,) = cases_of(load_scenario(path), Choices())
    return run_case(case)


def broken(result: Result) -> list[str]:
    return [line.detail for line in result.lines if line.verdict != "pass"]


def steps(text: str) -> list[str]:
    return re.findall(r"on: (\w+)", text)


async def a_booking(http: httpx.AsyncClient, world: World) -> None:
    """Alice books over HTTP: token, PDS, directory, proxy, provider. No consumer of ours would be told from another."""
    office, row = build_product(world, HttpTransport(http)).office, world.names.patients["alice"]
    sent = await invite(office, Draft("T90101", "reception", "T90102", own_record(row)))
    shown = await open_link(office, sent.token, row.born)
    assert (await confirm(office, sent.token, (shown.slots[7].slot_id,))).outcome == "booked"


async def a_patient_is_read(http: httpx.AsyncClient, _world: World) -> None:
    await http.get("/personal-demographics/FHIR/R4/Patient/9990010013")


async def headers_for(http: httpx.AsyncClient, on: str) -> dict[str, str]:
    answer = await http.get(f"/control/headers/{on}?by=millbrook.reception&to=riverside")
    return dict(line.split(": ", 1) for line in answer.text.splitlines())


async def find(http: httpx.AsyncClient, number: str, **changed: str) -> httpx.Response:
    headers = await headers_for(http, "find_patient") | changed
    kept = {name: value for name, value in headers.items() if value}
    return await http.get(f"/ssp/{PROVIDER}/Patient", params={"identifier": NUMBER + number}, headers=kept)


def test_a_booking_is_recorded_exchange_by_exchange_and_passes(tmp_path: Path) -> None:
    text = exported(a_booking)
    assert steps(text)[-3:] == ["find_patient", "register_patient", "create_appointment"]
    assert "slots: [7]" in text
    assert "when it was recorded" not in text
    assert broken(run(text, tmp_path)) == []


def test_a_right_request_is_written_without_any_difference() -> None:
    found = re.findall(r"on: (?:pds|find|register|issue)_.*?(?=\n  - )", exported(a_booking), re.DOTALL)
    assert len(found) == 6
    assert not [one for one in found if re.search("claims|headers|params|change|body", one)]


def test_in_a_world_that_has_changed_it_fails(tmp_path: Path) -> None:
    closed = WORLD.read_text().replace(
        "alias: riverside\n", "alias: riverside\n    gp_connect: {appointments: false}\n"
    )
    assert closed != WORLD.read_text()
    result = run(exported(a_booking), tmp_path, closed)
    assert result.verdict == "fail"
    assert "expected ok, got" in broken(result)[0]


async def mistakes(http: httpx.AsyncClient, _world: World) -> None:
    """Each of another kind; all are refused."""
    await find(http, "9990010013", **{"Ssp-TraceID": ""})
    await find(http, "9990010013", **{"Ssp-InteractionID": "urn:nothing"})
    await find(http, "123")
    await find(http, "9990010013", Accept="text/csv")
    token = (await headers_for(http, "find_patient"))["Authorization"].removeprefix("Bearer ")
    claims = jwt.decode(token, options={"verify_signature": False})
    late = jwt.encode(claims | {"exp": claims["exp"] + 1}, "", algorithm="none")
    await find(http, "9990010013", Authorization=f"Bearer {late}")
    await find(http, "9990010013", Authorization="Bearer nonsense")
    await http.get("/personal-demographics/FHIR/R4/Patient/9990010013")
    await http.put("/personal-demographics/FHIR/R4/Patient/9990010013", content=b"{")
    await http.get("/spine-directory/FHIR/R4/Endpoint")
    await http.post("/oauth2/token", content=b"grant_type=password")
    await http.get(f"/ssp/{PROVIDER}/Appointment/nowhere", headers=await headers_for(http, "read_appointment"))


def test_every_mistake_is_written_as_a_difference_and_is_refused_alike(tmp_path: Path) -> None:
    text = exported(mistakes)
    assert "when it was recorded" not in text
    result = run(text, tmp_path)
    assert broken(result) == []
    assert "expect: ok" not in text


def test_a_token_that_lives_a_second_too_long_is_seen() -> None:
    assert 'claims: {"/iat": now, "/exp": now+301}' in exported(mistakes)


def test_an_assertion_that_is_used_again_is_used_again(tmp_path: Path) -> None:
    async def twice(http: httpx.AsyncClient, world: World) -> None:
        now = int(world.now().timestamp())
        claims = {
            "iss": CORE_API_KEY,
            "sub": CORE_API_KEY,
            "aud": f"{BASE}/oauth2/token",
            "jti": "the-same",
            "exp": now + 200,
        }
        signed = jwt.encode(claims, private_key(), algorithm="RS512", headers={"kid": KEY_ID})
        form = {
            "grant_type": "client_credentials", "client_assertion": signed,
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        }  # fmt: skip
        assert [(await http.post("/oauth2/token", data=form)).status_code for _ in range(2)] == [200, 400]

    text = exported(twice)
    assert re.findall("jti.: the-same|expect: [A-Z_a-z]+", text) == [
        'jti": the-same',
        "expect: ok",
        'jti": the-same',
        "expect: JTI_SEEN",
    ]
    assert "eyJ" not in text
    assert broken(run(text, tmp_path)) == []


def test_time_that_passed_passes_again(tmp_path: Path) -> None:
    async def slowly(http: httpx.AsyncClient, _world: World) -> None:
        old = await headers_for(http, "find_patient")
        await asyncio.sleep(400)
        await find(http, "9990010013", Authorization=old["Authorization"])

    text = exported(slowly)
    assert re.search("do: wait, seconds: (399|400)", text)
    assert "expect: BAD_REQUEST" in text
    assert broken(run(text, tmp_path)) == []


def test_a_rate_limit_that_was_met_is_met_again(tmp_path: Path) -> None:
    async def too_fast(http: httpx.AsyncClient, _world: World) -> None:
        headers = await headers_for(http, "sds_endpoint")
        for pause in (0.02, 0.3, 0.02):
            await http.get("/spine-directory/FHIR/R4/Endpoint", headers=headers)
            await asyncio.sleep(pause)

    text = exported(too_fast, limits=REAL_LIMITS)
    assert "limits: {pds: 300, pds_spike: 900, sds: 300}" in text
    assert re.findall("expect: ([A-Z_a-z]+)", text)[1] == "THROTTLED"
    assert broken(run(text, tmp_path)) == []


def test_faults_that_were_switched_on_are_switched_on_again(tmp_path: Path) -> None:
    async def in_trouble(http: httpx.AsyncClient, _world: World) -> None:
        idle = {"name": "idle", "at": "pds", "kind": "cut"}
        down = {"name": "down", "at": "riverside", "on": "find_patient", "kind": "status", "status": 500}
        assert (await http.put("/control/faults", json=[down, idle])).status_code == 200
        await find(http, "9990010013")
        assert [one["struck"] for one in (await http.get("/control/faults")).json()] == [1, 0]
        await http.put("/control/faults", json=[])
        assert (await find(http, "9990010013")).status_code == 200

    text = exported(in_trouble)
    assert re.findall("do: set_faults|name: down|name: idle|on: find_patient, by", text) == [
        "do: set_faults", "name: down", "on: find_patient, by", "do: set_faults", "on: find_patient, by"
    ]  # fmt: skip
    assert broken(run(text, tmp_path)) == []


async def stranger(http: httpx.AsyncClient, _world: World) -> None:
    await find(http, "9990010145")


def test_people_are_masked_unless_names_are_asked_for() -> None:
    assert "9990010145" not in exported(stranger)
    assert "9990010145" in exported(stranger, show_names=True)


def test_what_masking_changes_is_said() -> None:
    assert "# ok when it was recorded, INVALID_NHS_NUMBER in the simulated world" in exported(stranger)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"{", "Invalid JSON"),
        (b"{}", '; the body is a list such as [{"name": "down", "kind": "status"'),
        (b'[{"name": "x", "kind": "cutt"}]', "0: "),
        (b'[{"name": "x", "kind": "cut", "at": "sdss"}]', "did you mean 'sds'"),
        (b'[{"name": "x", "kind": "cut"}, {"name": "x", "kind": "hang"}]', "same name"),
    ],
)
def test_faults_that_will_not_do_change_nothing(body: bytes, says: str) -> None:
    async def refused(http: httpx.AsyncClient, world: World) -> None:
        world.faults.arm(FAULT.validate_python({"name": "before", "kind": "cut", "at": "sds"}))
        answer = await http.put("/control/faults", content=body)
        assert (answer.status_code, says in answer.text) == (400, True)
        assert [rule.name for rule in world.faults.rules] == ["before"]
        await http.get("/personal-demographics/FHIR/R4/Patient/9990010013")

    exported(refused)


def test_the_example_of_faults_is_one() -> None:
    assert RULES.validate_json(EXAMPLE)


COMMAND = [sys.executable, "-m", "harness.cli"]


@pytest.mark.parametrize("stem", ["plan: b", "practice #2", "x" * 200])
def test_a_world_file_may_be_called_as_its_owner_likes(tmp_path: Path, stem: str) -> None:
    world = tmp_path / f"{stem}.yaml"
    world.write_text(WORLD.read_text())
    text = exported(a_patient_is_read, world=world)
    (tmp_path / "recorded.yaml").write_text(text)
    assert load_scenario(tmp_path / "recorded.yaml").scenario.title == f"Recorded against {stem}"[:120]


@pytest.mark.parametrize(
    "text", ["a\n\N{GRINNING FACE}", "a\N{LINE SEPARATOR}b\x85\x7f", "\N{LANGUAGE TAG}", '\ufeff\\ "quoted"']
)
def test_any_text_is_read_as_it_was_written(tmp_path: Path, text: str) -> None:
    path = tmp_path / "any.yaml"
    path.write_text("\n".join(["steps:", *entry({"headers": {text: text}})]), encoding="utf-8")
    assert read_yaml(path).parse(AnySteps).steps == [{"headers": {text: text}}]


def test_what_was_done_at_a_desk_is_left_out(tmp_path: Path) -> None:
    async def read_and_opened(http: httpx.AsyncClient, world: World) -> None:
        assert (await http.get("/desk/T90102/")).status_code < 500
        await a_patient_is_read(http, world)

    text = exported(read_and_opened)
    assert (text.count("do: probe"), "desk/T90102" in text) == (1, False)
    assert broken(run(text, tmp_path)) == []


def test_the_command_says_which_names_will_do() -> None:
    done = subprocess.run([*COMMAND, "export", BASE, "--name", "My run"], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "--name: expected small letters, digits and hyphens, such as my-run, got 'My run'\n"


def test_the_command_says_what_is_missing() -> None:
    done = subprocess.run([*COMMAND, "export", "http://127.0.0.1:9"], capture_output=True, text=True)
    assert (done.returncode, "is it served?" in done.stderr) == (2, True)


def test_a_world_that_is_really_served_is_exported_and_runs(tmp_path: Path) -> None:
    up = subprocess.Popen(
        [*COMMAND, "up", "--port", "0", "--clock", "2026-03-27T08:55:00+00:00", "--endpoints", str(tmp_path / "who")],
        stdout=subprocess.PIPE, text=True, env=os.environ | {"COLUMNS": "200"},
    )  # fmt: skip
    try:
        assert up.stdout
        printed = iter(up.stdout.readline, "")
        assert any("Ctrl-C" in line for line in printed)
        base = json.loads((tmp_path / "who").read_text())["services"]["control"].removesuffix("/control")
        httpx.get(f"{base}/personal-demographics/FHIR/R4/Patient/9990010013")
        astray = subprocess.run([*COMMAND, "export", f"{base}/desk"], capture_output=True, text=True)
        done = subprocess.run([*COMMAND, "export", base, "--name", "mine"], capture_output=True, text=True)
    finally:
        up.terminate()
        up.communicate()
    assert done.returncode == 0
    assert "id: recorded/mine" in done.stdout
    assert f"no recording from {base}/desk: HTTP 404 from {base}/desk/control/recording" in astray.stderr
    assert broken(run(done.stdout, tmp_path)) == []


def test_a_day_of_waiting_is_one_step(tmp_path: Path) -> None:
    async def tomorrow(http: httpx.AsyncClient, _world: World) -> None:
        await asyncio.sleep(timedelta(days=1).total_seconds())
        await find(http, "9990010013")

    assert broken(run(exported(tomorrow), tmp_path)) == []
