"""Queries are asked again by their reaction and within patience; commands never are."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime

import orjson
import pytest

from booking_core.reactions import Stop
from booking_core.spec.errors import BY_KEY
from booking_core.spec.interactions import BY_NAME
from booking_core.wire.ask import Unreadable, Wire
from booking_core.wire.calls import Call, Reply, Unanswered
from harness.virtual_time import run_virtual

SEARCH, CREATE = BY_NAME["search_slots"], BY_NAME["create_appointment"]
OK = Reply(200, {}, b"{}")
Said = Reply | Unanswered


def refusal(code: str, **headers: str) -> Reply:
    row = BY_KEY["provider", code]
    body = {"issue": [{"details": {"coding": [{"code": row.wire_code}]}, "diagnostics": code}]}
    return Reply(row.status or 0, headers, orjson.dumps(body))


class Scripted:
    """Gives its replies in turn and remembers what was sent."""

    def __init__(self, *said: Said) -> None:
        self.said: Iterator[Said] = iter(said)
        self.sent: list[Call] = []

    async def send(self, call: Call, *, deadline_s: float) -> Reply:
        self.sent.append(call)
        said = next(self.said)
        if isinstance(said, Unanswered):
            raise said
        return said


def ask(transport: Scripted, interaction: str = "search_slots") -> tuple[object, float]:
    """What came of it, and the simulated seconds that it took."""
    row = BY_NAME[interaction]
    numbers = iter(range(100))

    async def main() -> tuple[object, float]:
        import asyncio

        wire = Wire(transport, lambda: datetime(2026, 1, 1, tzinfo=UTC), lambda: str(next(numbers)), random.Random(1))
        try:
            came: object = await wire.ask(
                row, lambda: Call(row, row.method, "", {}, trace_id=wire.new_id()), lambda reply: reply
            )
        except Stop as stop:
            came = stop
        return came, asyncio.get_running_loop().time()

    return run_virtual(main)


CUT, LATE = Unanswered(BY_KEY["wire", "CUT"]), Unanswered(BY_KEY["wire", "TIMEOUT"])


def test_a_query_is_tried_again_after_a_passing_fault_with_a_new_trace_id() -> None:
    transport = Scripted(CUT, refusal("INTERNAL_SERVER_ERROR"), OK)
    assert ask(transport)[0] == OK
    assert [call.trace_id for call in transport.sent] == ["0", "1", "2"]


def test_a_query_is_given_up_after_three_retries() -> None:
    transport = Scripted(CUT, CUT, CUT, CUT, OK)
    came, _ = ask(transport)
    assert isinstance(came, Stop)
    assert came.reaction.user_error == "S3"
    assert len(transport.sent) == 4


@pytest.mark.parametrize("code", ["INVALID_PARAMETER", "BAD_REQUEST", "ACCESS_DENIED", "PATIENT_NOT_FOUND"])
def test_a_query_that_was_refused_is_not_repeated(code: str) -> None:
    transport = Scripted(refusal(code), OK)
    came, _ = ask(transport)
    assert isinstance(came, Stop)
    assert came.row == BY_KEY["provider", code]
    assert len(transport.sent) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 410, 422])
def test_a_query_that_was_refused_in_words_nobody_knows_is_not_repeated_either(status: int) -> None:
    transport = Scripted(Reply(status, {}, b"<html>no</html>"), OK)
    came, _ = ask(transport)
    assert isinstance(came, Stop)
    assert (came.reaction.user_error, came.reaction.outcome, len(transport.sent)) == ("S2", "refused", 1)


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_an_unknown_refusal_that_may_pass_is_repeated(status: int) -> None:
    assert ask(Scripted(Reply(status, {}, b"<html>wait</html>"), OK))[0] == OK


def test_an_unknown_refusal_of_a_national_service_blames_no_receiver() -> None:
    came, _ = ask(Scripted(Reply(403, {}, b""), OK), "sds_endpoint")
    assert isinstance(came, Stop)
    assert came.reaction.user_error == "S3"


@pytest.mark.parametrize("status", [400, 403, 404, 500])
def test_a_command_that_met_an_unknown_refusal_is_in_doubt(status: int) -> None:
    came, _ = ask(Scripted(Reply(status, {}, b"<html>no</html>")), "create_appointment")
    assert isinstance(came, Stop)
    assert came.reaction.outcome == "in_doubt"


@pytest.mark.parametrize("said", [CUT, LATE, refusal("INTERNAL_SERVER_ERROR"), refusal("DUPLICATE_REJECTED")])
def test_a_command_is_sent_once_whatever_comes_back(said: Said) -> None:
    transport = Scripted(said, OK)
    came, _ = ask(transport, "create_appointment")
    assert isinstance(came, Stop)
    assert len(transport.sent) == 1


def test_the_wait_that_was_asked_for_is_kept() -> None:
    throttled = Reply(
        429, {"x-rate-limit-reset": "7"}, orjson.dumps({"issue": [{"details": {"coding": [{"code": "429"}]}}]})
    )
    came, seconds = ask(Scripted(throttled, OK))
    assert came == OK
    assert seconds == 7


def test_nobody_waits_longer_than_a_person_would() -> None:
    throttled = Reply(
        429, {"x-rate-limit-reset": "50"}, orjson.dumps({"issue": [{"details": {"coding": [{"code": "429"}]}}]})
    )
    came, seconds = ask(Scripted(throttled, throttled, OK))
    assert isinstance(came, Stop)
    assert seconds == 60


def test_a_reply_that_cannot_be_read_is_an_s4_and_never_no_appointments() -> None:
    async def main() -> Stop:
        wire = Wire(Scripted(OK, OK, OK, OK), lambda: datetime(2026, 1, 1, tzinfo=UTC), lambda: "1", random.Random(1))

        def unreadable(reply: Reply) -> None:
            raise Unreadable("a web page")

        with pytest.raises(Stop) as stopped:
            await wire.ask(SEARCH, lambda: Call(SEARCH, "GET", "", {}), unreadable)
        return stopped.value

    stop = run_virtual(main)
    assert (stop.reaction.user_error, stop.detail) == ("S4", "a web page")
