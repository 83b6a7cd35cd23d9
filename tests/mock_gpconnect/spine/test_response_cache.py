from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response

from mock_gpconnect.spine.response_cache import ResponseCache


def request(method: str = "GET", path: str = "/Device", query: bytes = b"a=1&b=2", **headers: str) -> Request:
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": method, "path": path, "query_string": query, "headers": pairs})


@pytest.mark.parametrize(
    "other",
    [
        request(path="/Endpoint"),
        request(query=b"b=2&a=1"),
        request(query=b"a=1&b=%32"),
        request(method="HEAD"),
        request(accept="application/json"),
        request(cache_control="no-cache"),
    ],
)
def test_another_question_is_not_answered_from_memory(clock: Any, other: Request) -> None:
    cache = ResponseCache(1800, clock)
    cache.keep(request(), Response())

    assert cache.get(other) is None


@pytest.mark.parametrize("headers", [{"apikey": "x"}, {"x_correlation_id": "x"}, {"cache_control": "No-Cache"}])
def test_who_asks_makes_no_difference(clock: Any, headers: dict[str, str]) -> None:
    cache, kept = ResponseCache(1800, clock), Response()
    cache.keep(request(), kept)

    assert cache.get(request(**headers)) is kept


def test_an_answer_to_someone_who_wants_no_cache_is_not_kept(clock: Any) -> None:
    cache = ResponseCache(1800, clock)
    cache.keep(request(cache_control="no-cache"), Response())

    assert cache.get(request()) is None


def test_the_oldest_answer_makes_room_for_the_newest(clock: Any) -> None:
    cache = ResponseCache(1800, clock, places=2)
    for path in ("/1", "/2", "/1", "/3"):
        cache.keep(request(path=path), Response())

    assert cache.get(request(path="/2")) is None
    assert cache.get(request(path="/1"))
    assert cache.get(request(path="/3"))


def test_a_cache_of_nought_seconds_keeps_nothing(clock: Any) -> None:
    cache = ResponseCache(0, clock)
    cache.keep(request(), Response())

    assert cache.get(request()) is None
