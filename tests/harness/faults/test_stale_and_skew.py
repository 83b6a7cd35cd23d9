"""Two faults that bring no bad message: an old answer, and a clock that is fast or slow."""

import asyncio
import random
from typing import Any

import jwt
import pytest

from harness.asgi import header
from harness.faults.kinds import Skew, Stale
from harness.faults.line import Held, Line

RNG = random.Random(1)
CLAIMS = {"iss": "me", "iat": 1000, "exp": 1300}


async def unused(*_: Any) -> Any:
    raise AssertionError


def line(path: str = "/Slot", query: str = "", body: bytes = b"new", token: str = "") -> Line:
    scope = {"type": "http", "method": "GET", "path": path, "query_string": query.encode(), "state": {}}
    headers = [(b"authorization", f"Bearer {token}".encode())] if token else []
    return Line(scope, unused, unused, Held(headers, body, 200))


def answered(*lines: Line) -> list[bytes]:
    """What each caller gets, one after another, behind one stale fault."""
    answers: dict[str, Held] = {}
    for one in lines:
        one.answers = answers
        asyncio.run(Stale(name="old").strike(one, RNG))
    return [one.held.body for one in lines]


def test_the_first_answer_to_a_question_comes_again() -> None:
    assert answered(line(body=b"1"), line(body=b"2"), line(body=b"3")) == [b"1", b"1", b"1"]


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ({"path": "/Patient"}, b"2"),
        ({"query": "end=le2026-04-11"}, b"2"),
        ({"query": "end=le2026-04-10&start=ge2026-03-28"}, b"1"),
    ],
    ids=["another path", "another end", "a later start"],
)
def test_another_question_has_an_answer_of_its_own_and_a_later_start_is_the_same_one(
    other: dict[str, str], expected: bytes
) -> None:
    asked = line(query="start=ge2026-03-27&end=le2026-04-10", body=b"1")
    again = line(**({"query": "start=ge2026-03-27&end=le2026-04-10", "body": b"2"} | other))  # type: ignore[arg-type]
    assert answered(asked, again)[1] == expected


def test_a_remembered_answer_is_not_changed_by_who_gets_it() -> None:
    answers: dict[str, Held] = {}
    for body in (b"1", b"2"):
        one = line(body=body)
        one.answers = answers
        asyncio.run(Stale(name="old").strike(one, RNG))
        if body == b"2":
            one.change(b"garbled")
    assert [held.body for held in answers.values()] == [b"1"]


def skewed(token: str, seconds: int) -> str:
    one = line(token=token)
    asyncio.run(Skew(name="fast", seconds=seconds).strike(one, RNG))
    return (header(one.held.headers, "authorization") or "").removeprefix("Bearer ")


@pytest.mark.parametrize("seconds", [600, -600])
def test_to_a_fast_clock_a_token_is_old_and_to_a_slow_one_new(seconds: int) -> None:
    found = jwt.decode(skewed(jwt.encode(CLAIMS, "", algorithm="none"), seconds), options={"verify_signature": False})
    assert found == CLAIMS | {"iat": 1000 - seconds, "exp": 1300 - seconds}


@pytest.mark.parametrize("token", ["opaque", "a.b.", "a.e30.c", "..", "a.W10."])
def test_a_token_that_is_no_unsigned_one_stays_as_it_is(token: str) -> None:
    assert skewed(token, 600) == token
