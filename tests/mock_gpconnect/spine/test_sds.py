from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from fhir.resources.R4B.operationoutcome import OperationOutcome

from mock_gpconnect.spine.response_cache import GATEWAY_CACHE_S
from mock_gpconnect.spine.sds import RATE_PER_MINUTE


def apology(message_id: str) -> dict[str, Any]:
    return {
        "resourceType": "OperationOutcome",
        "issue": [
            {
                "severity": "error",
                "code": "unknown",
                "details": {
                    "coding": [
                        {
                            "system": "https://fhir.nhs.uk/R4/CodeSystem/Spine-ErrorOrWarningCode",
                            "version": "1",
                            "code": "UNKNOWN_ERROR",
                            "display": "An unknown error occurred processing this request. Contact us for assistance "
                            "diagnosing this issue: https://digital.nhs.uk/developer/help-and-support. "
                            f"(Message ID: {message_id})",
                        }
                    ]
                },
            }
        ],
    }


def message_id(answer: Any) -> str:
    text: str = answer.coding["display"]
    return text.partition("(Message ID: ")[2].rstrip(")")


@pytest.fixture
def question(spine: Any) -> str:
    return spine.question("Device", org="T90051", interaction=spine.slots)


@pytest.mark.parametrize("key", ["", "unknown", "HUB-KEY"])
async def test_a_bad_key_is_an_apology_and_nothing_about_keys(spine: Any, question: str, key: str) -> None:
    answer = await spine.look_up(question, {"apikey": key})

    assert (answer.status, answer.header("content-type")) == (401, "application/json")
    assert answer.json == apology(message_id(answer))
    assert OperationOutcome.model_validate(answer.json, strict=True)


@pytest.mark.parametrize(("method", "target"), [("GET", "/Nowhere"), ("POST", "/Device"), ("GET", "/Device?x=1")])
async def test_the_key_is_looked_at_before_all_else(spine: Any, method: str, target: str) -> None:
    assert (await spine.look_up(target, {"apikey": "unknown"}, method=method)).status == 401


async def test_a_sandbox_takes_any_key_but_wants_one(spine: Any, question: str) -> None:
    app = spine.sds_app(api_keys=None)

    assert (await spine.look_up(question, {"apikey": "anything"}, app=app)).status == 200
    assert (await spine.look_up(question, {"apikey": ""}, app=app)).status == 401


async def test_a_failing_directory_is_the_same_apology(spine: Any, question: str) -> None:
    spine.server.failing = True

    answer = await spine.look_up(question)

    assert (answer.status, answer.header("content-type")) == (500, "application/json")
    assert answer.json == apology(message_id(answer))


async def test_two_requests_within_200_ms_are_a_spike(spine: Any, question: str) -> None:
    app = spine.sds_app(per_minute=RATE_PER_MINUTE)
    assert (await spine.look_up(question, app=app)).status == 200

    answer = await spine.look_up(question, app=app)

    assert (answer.status, answer.header("retry-after")) == (429, None)
    assert answer.json == apology(message_id(answer))
    spine.clock.forward(milliseconds=200)
    assert (await spine.look_up(question, app=app)).status == 200


async def test_evenly_spaced_requests_stay_within_the_quota(spine: Any, question: str) -> None:
    app = spine.sds_app(per_minute=RATE_PER_MINUTE)

    statuses = set()
    for _ in range(400):
        statuses.add((await spine.look_up(question, app=app)).status)
        spine.clock.forward(milliseconds=200)

    assert statuses == {200}


async def test_a_request_that_comes_too_soon_has_used_up_quota_all_the_same(spine: Any, question: str) -> None:
    app = spine.sds_app(per_minute=2, api_keys={"hub-key", "other"})
    statuses = []
    for _ in range(4):
        statuses.append((await spine.look_up(question, app=app)).status)
        spine.clock.forward(seconds=15)

    assert statuses == [200, 429, 429, 429]  # one admitted, one a spike, then the quota of two is gone
    assert (await spine.look_up(question, {"apikey": "other"}, app=app)).status == 200


async def test_nothing_is_limited_by_default(spine: Any, question: str) -> None:
    app = spine.sds_app()

    assert [(await spine.look_up(question, app=app)).status for _ in range(400)] == [200] * 400


async def test_a_cached_answer_is_the_first_callers_to_the_last_byte(spine: Any, question: str) -> None:
    spine.registers(replace(spine.riverside, until=spine.clock() + timedelta(minutes=1)))
    app = spine.sds_app(cache_s=GATEWAY_CACHE_S, api_keys=None)
    first = await spine.look_up(question, app=app)
    spine.clock.forward(seconds=GATEWAY_CACHE_S - 1)

    second = await spine.look_up(question, {"apikey": "someone-else"}, app=app)

    assert (second.body, second.headers) == (first.body, first.headers)
    assert second.json["total"] == 1


async def test_a_cached_answer_is_forgotten_after_half_an_hour(spine: Any, question: str) -> None:
    spine.registers(replace(spine.riverside, until=spine.clock() + timedelta(minutes=1)))
    app = spine.sds_app(cache_s=GATEWAY_CACHE_S)
    assert (await spine.look_up(question, app=app)).json["total"] == 1

    spine.clock.forward(seconds=GATEWAY_CACHE_S)

    assert (await spine.look_up(question, app=app)).json["total"] == 0


async def test_a_slow_directory_makes_a_practice_vanish_for_as_long_as_the_cache_keeps(
    spine: Any, question: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = spine.sds_app(cache_s=GATEWAY_CACHE_S)
    spine.server.delay_s = 0.001
    monkeypatch.setattr("mock_gpconnect.spine.directory_server.PATIENCE_S", 0.001)
    assert (await spine.look_up(question, app=app)).json["total"] == 0
    spine.server.delay_s = 0

    assert (await spine.look_up(question, app=app)).json["total"] == 0
    assert (await spine.look_up(question, {"cache-control": "no-cache"}, app=app)).json["total"] == 1
    assert (await spine.look_up(question, app=app)).json["total"] == 0


async def test_a_cached_answer_uses_up_quota_all_the_same(spine: Any, question: str) -> None:
    app = spine.sds_app(cache_s=GATEWAY_CACHE_S, per_minute=RATE_PER_MINUTE)
    await spine.look_up(question, app=app)

    assert (await spine.look_up(question, app=app)).status == 429


async def test_the_service_answers_afresh_by_default(spine: Any, question: str) -> None:
    app = spine.sds_app()

    assert (await spine.look_up(question, app=app)).body != (await spine.look_up(question, app=app)).body


@pytest.mark.parametrize("path", ["/_ping", "/healthcheck", "/healthcheck/deep"])
async def test_probes_need_no_key(spine: Any, path: str) -> None:
    assert (await spine.look_up(path, {"apikey": ""})).status == 200


async def test_the_deep_probe_tells_of_a_failing_directory_and_the_shallow_one_does_not(spine: Any) -> None:
    spine.server.failing = True

    deep, shallow = await spine.look_up("/healthcheck/deep"), await spine.look_up("/healthcheck")

    assert (deep.status, deep.json["status"]) == (503, "fail")
    assert (shallow.status, shallow.body) == (200, b"")


@pytest.mark.parametrize(("key", "status"), [("status-key", 200), ("hub-key", 401), ("", 401)])
async def test_the_status_page_has_a_key_of_its_own(spine: Any, key: str, status: int) -> None:
    app = spine.sds_app(status_key="status-key")

    assert (await spine.look_up("/_status", {"apikey": key}, app=app)).status == status


async def test_a_status_page_without_a_key_set_lets_nobody_in(spine: Any) -> None:
    assert (await spine.look_up("/_status", {"apikey": ""})).status == 401
