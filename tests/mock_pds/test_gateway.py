import logging
from collections.abc import Callable

import pytest

from mock_pds.backend import Backend
from mock_pds.people import Person
from mock_pds.settings import Settings
from tests.mock_pds.world import ALICE, World, coding, diagnostics

Build = Callable[..., World]
ALICES = "/Patient/9991234500"


@pytest.mark.parametrize("path", [ALICES, "/Patient/9991234594", "/HelloWorld", "/Patient"])
async def test_ids_come_back_with_any_answer(world: World, path: str) -> None:
    ids = {"X-Request-ID": "60e0b220-8136-4ca5-ae46-1d97ef59d068", "X-Correlation-ID": "11C46F5F:A"}

    answer = await world.pds(path, headers=ids)

    assert answer.headers["x-request-id"] == ids["X-Request-ID"]
    assert answer.headers["x-correlation-id"] == ids["X-Correlation-ID"]


async def test_ids_come_back_to_a_caller_without_a_token(world: World) -> None:
    answer = await world.pds(ALICES, headers={"Authorization": None, "X-Request-ID": "1234"})

    assert answer.headers["x-request-id"] == "1234"


@pytest.mark.parametrize("sent", [None, ""])
async def test_an_id_that_was_not_sent_or_is_empty_does_not_come_back(world: World, sent: str | None) -> None:
    answer = await world.pds(ALICES, headers={"X-Correlation-ID": sent})

    assert "x-correlation-id" not in answer.headers


async def test_ping_answers_without_a_token(world: World) -> None:
    answer = await world.pds("/_ping", headers={"Authorization": None, "X-Request-ID": None})

    assert answer.status_code == 200
    assert answer.json().keys() == {"version", "revision", "releaseId", "commitId"}


@pytest.mark.parametrize(("key", "status"), [("app-1", 200), ("nobody", 401), (None, 401)])
async def test_status_answers_to_an_api_key(world: World, key: str | None, status: int) -> None:
    answer = await world.pds("/_status", headers={"Authorization": None, "apikey": key})

    assert answer.status_code == status


@pytest.mark.parametrize(
    "path",
    ["", "/", "/HelloWorld", "/metadata", "/Patients", "/patient/9991234500", "/_poll", "/Patient%0a", "/Coverage/1"],
)
async def test_only_a_few_paths_exist(world: World, path: str) -> None:
    answer = await world.pds(path)

    assert answer.status_code == 400
    assert coding(answer)["code"] == "UNSUPPORTED_REQUEST"
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", ALICES),
        ("DELETE", ALICES),
        ("POST", "/Patient"),
        ("BREW", ALICES),
        ("GET", "/Patient/"),
        ("GET", ALICES + "/"),
        ("GET", ALICES + "/Observation"),
        ("PATCH", "/Patient"),
        ("GET", "/Patient/9991234500%2FRelatedPerson%2F1"),
    ],
)
async def test_what_pds_does_not_do_is_an_unsupported_service(world: World, method: str, path: str) -> None:
    answer = await world.pds(path, method)

    assert answer.status_code == 400
    assert coding(answer)["code"] == "UNSUPPORTED_SERVICE"
    assert answer.headers["content-type"] == "application/fhir+json"


async def test_a_browsers_question_before_it_asks_is_answered(world: World) -> None:
    preflight = {"Origin": "https://app.test", "Access-Control-Request-Method": "GET", "Authorization": None}

    answer = await world.pds(ALICES, "OPTIONS", headers=preflight)

    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "https://app.test"


async def test_a_defect_of_ours_is_the_general_apology_and_a_line_in_the_log(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> Person:
        raise RuntimeError("a defect")

    monkeypatch.setattr("mock_pds.backend.answering", broken)

    with caplog.at_level(logging.ERROR, logger="mock_pds.gateway"):
        answer = await world.pds(ALICES)

    assert answer.status_code == 500
    assert coding(answer)["code"] == "UNKNOWN_ERROR"
    assert "(Message ID: " in str(diagnostics(answer))
    assert "a defect" not in answer.text
    assert "a defect" in caplog.text


async def test_a_sandbox_asks_for_no_token_but_looks_at_one_that_is_sent(build: Build) -> None:
    world = build(ALICE, settings=Settings(sandbox=True))

    assert (await world.pds(ALICES, headers={"Authorization": None})).status_code == 200
    assert (await world.pds(ALICES, headers={"Authorization": "Bearer wrong"})).status_code == 401


async def test_a_sandbox_takes_a_patch_as_plain_json(build: Build) -> None:
    world = build(ALICE, settings=Settings(sandbox=True))
    gender = {"op": "replace", "path": "/gender", "value": "male"}

    answer = await world.patch("9991234500", gender, headers={"Content-Type": "application/json; charset=utf-8"})

    assert answer.status_code == 200


async def test_a_read_that_is_only_slow_is_answered(build: Build) -> None:
    world = build(ALICE, settings=Settings(read_s=0.01))

    assert (await world.pds(ALICES)).status_code == 200


def test_every_operation_of_the_backend_says_what_it_does() -> None:
    operations = [name for name in vars(Backend) if not name.startswith("_")]

    assert all(getattr(Backend, name).__doc__ for name in operations)


@pytest.mark.parametrize("path", [ALICES, "/Patient/9991234594", "/HelloWorld", "/Patient", "/_ping"])
async def test_nothing_runs_in_a_thread(world: World, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def no_threads(*_: object, **__: object) -> None:
        raise AssertionError("a simulated clock would stop at a thread")

    monkeypatch.setattr("anyio.to_thread.run_sync", no_threads)

    assert (await world.pds(path)).status_code < 500
    assert (await world.ask_token()).status_code == 200
    assert (await world.oauth("/nowhere")).status_code == 404
