"""Each fault as its caller sees it, as the mock saw it and as the journal tells it; in process."""

import asyncio

import httpx
import pytest

from tests.harness.faults.booking_world import BOOKED, World, answering, failing, fault, in_world


@pytest.mark.parametrize("phase", ["request", "reply"])
@pytest.mark.parametrize(
    ("settings", "error", "seen"),
    [
        ({"kind": "cut"}, httpx.RemoteProtocolError, "cut"),
        ({"kind": "hang"}, httpx.ReadTimeout, "gave up"),
        ({"kind": "hang", "max_s": 20}, httpx.RemoteProtocolError, "cut"),
        ({"kind": "latency", "median_ms": 50_000}, httpx.ReadTimeout, "gave up"),
    ],
    ids=["cut", "hang", "short hang", "long latency"],
)
def test_a_lost_request_never_arrives_and_a_lost_reply_leaves_the_work_done(
    phase: str, settings: dict[str, object], error: type[Exception], seen: str
) -> None:
    world = in_world(failing(error), fault(**settings, phase=phase))  # type: ignore[arg-type]
    arrives = phase == "reply" or settings["kind"] == "latency"  # a slow request does arrive, later
    assert len(world.mock.asked) == arrives
    assert (world.last.answered.status if world.last.answered else None) == (201 if arrives else None)
    assert (world.last.seen, world.last.seen_status, world.last.faults) == (seen, None, ["lost"])
    assert world.network.crashes == []


def test_a_refused_connection_is_as_if_nothing_listened() -> None:
    world = in_world(failing(httpx.ConnectError), fault("refuse"))
    assert (world.mock.asked, world.last.seen, world.last.answered) == ([], "refused", None)


@pytest.mark.parametrize(("phase", "asked"), [("request", 0), ("reply", 1)])
def test_another_answer_stands_in_for_the_mocks(phase: str, asked: int) -> None:
    replies: list[httpx.Response] = []
    headers = {"Retry-After": "5"}
    rule = fault("status", status=503, body="busy", phase=phase, headers=headers)
    world = in_world(answering(replies), rule)
    assert (replies[0].status_code, replies[0].text, replies[0].headers["retry-after"]) == (503, "busy", "5")
    assert (len(world.mock.asked), world.last.seen, world.last.seen_status) == (asked, "reply", 503)


def test_an_empty_answer_has_no_media_type() -> None:
    replies: list[httpx.Response] = []
    in_world(answering(replies), fault("status", status=502))
    assert replies[0].headers.raw == [(b"content-length", b"0")]


@pytest.mark.parametrize(("phase", "arrives_at"), [("request", 2), ("reply", 0)])
def test_latency_without_spread_is_its_median(phase: str, arrives_at: float) -> None:
    times: list[float] = []

    async def main(world: World) -> None:
        assert (await world.book()).content == BOOKED
        times.append(asyncio.get_running_loop().time())

    world = in_world(main, fault("latency", median_ms=2000, phase=phase))
    assert (world.mock.at, times) == ([arrives_at], [2])


def test_latency_spreads_around_its_median_below_its_cap() -> None:
    waits: list[float] = []

    async def main(world: World) -> None:
        loop = asyncio.get_running_loop()
        for _ in range(300):
            began = loop.time()
            await world.book()
            waits.append(loop.time() - began)

    in_world(main, fault("latency", median_ms=1000, sigma=0.8, cap_ms=4000))
    waits.sort()
    assert 0.8 < waits[150] < 1.25
    assert waits[-1] == pytest.approx(4)
    assert waits[0] < 0.3


def test_a_truncated_request_reaches_the_mock_without_its_end() -> None:
    replies: list[httpx.Response] = []
    world = in_world(answering(replies), fault("truncate", keep=0.25, phase="request"))
    assert world.mock.asked[0][0] == b'{"b'
    assert (replies[0].status_code, world.last.request_body) == (201, b'{"book":"me"}')


def test_a_truncated_reply_breaks_off() -> None:
    world = in_world(failing(httpx.RemoteProtocolError), fault("truncate", phase="reply"))
    assert world.last.answered is not None
    assert (world.last.answered.body, world.last.seen) == (BOOKED, "cut")


def test_a_garbled_message_has_its_length_and_no_meaning() -> None:
    replies: list[httpx.Response] = []
    rules = fault("garble", "there", phase="request"), fault("garble", "back", phase="reply")
    world = in_world(answering(replies), *rules)
    assert len(world.mock.asked[0][0]) == len(b'{"book":"me"}')
    assert len(replies[0].content) == len(BOOKED)
    with pytest.raises(UnicodeDecodeError):
        world.mock.asked[0][0].decode()
    with pytest.raises(UnicodeDecodeError):
        replies[0].content.decode()


def test_garbling_repeats_by_its_seed() -> None:
    replies: list[httpx.Response] = []
    in_world(answering(replies), fault("garble", share=0.5, phase="reply"))
    in_world(answering(replies), fault("garble", share=0.5, phase="reply"))
    assert replies[0].content == replies[1].content


def test_nothing_can_be_garbled_or_cut_short_in_an_empty_body() -> None:
    async def main(world: World) -> None:
        await world.book(b"")

    world = in_world(main, fault("garble", "a", phase="request"), fault("truncate", "b", phase="request"))
    assert world.mock.asked[0][0] == b""


def test_a_wrong_type_changes_the_label_alone() -> None:
    replies: list[httpx.Response] = []
    rules = (
        fault("wrong_type", "there", media_type="text/xml", phase="request"),
        fault("wrong_type", "back", phase="reply"),
    )
    world = in_world(answering(replies), *rules)
    assert world.mock.asked == [(b'{"book":"me"}', "text/xml")]
    assert (replies[0].headers["content-type"], replies[0].content) == ("text/html", BOOKED)
