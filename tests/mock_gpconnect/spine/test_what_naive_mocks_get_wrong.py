"""Five more behaviours, of the directory, that a mock written from memory gets wrong: sixteen to twenty."""

from mock_gpconnect.spine.directory import Registration
from mock_gpconnect.spine.sds import RATE_PER_MINUTE
from tests.mock_gpconnect.spine.conftest import Spine

CONSUMER_ONLY = Registration("T90051", "990000000099", "T90051-9000099", "T9Z", Spine.everything)


async def test_16_a_practice_that_nobody_knows_is_an_empty_bundle_and_no_404(spine: Spine) -> None:
    answer = await spine.look_up(spine.question("Endpoint", org="T99999", interaction=spine.slots))

    assert (answer.status, answer.json["total"], answer.json["entry"]) == (200, 0, [])


async def test_17_an_endpoint_does_not_tell_the_asid(spine: Spine) -> None:
    answer = await spine.look_up(spine.question("Endpoint", org="T90051", interaction=spine.slots))

    assert spine.riverside.asid not in answer.body.decode()


async def test_18_two_systems_of_one_practice_are_told_apart_by_the_endpoints_party_key_alone(spine: Spine) -> None:
    spine.directory.register(CONSUMER_ONLY)

    both = await spine.look_up(spine.question("Device", org="T90051", interaction=spine.slots))
    provider = await spine.look_up(
        spine.question("Device", org="T90051", interaction=spine.slots, party_key=spine.riverside.party_key)
    )

    assert (both.json["total"], provider.json["total"]) == (2, 1)


async def test_19_a_slow_directory_looks_like_an_unregistered_practice_and_the_cache_keeps_it(spine: Spine) -> None:
    app = spine.sds_app(cache_s=1800)
    question = spine.question("Endpoint", org="T90051", interaction=spine.slots)
    spine.server.delay_s = 3
    slow = await spine.look_up(question, app=app)
    spine.server.delay_s = 0
    spine.clock.forward(minutes=29)

    kept = await spine.look_up(question, app=app)
    fresh = await spine.look_up(question, {"cache-control": "no-cache"}, app=app)

    assert [answer.json["total"] for answer in (slow, kept, fresh)] == [0, 0, 1]


async def test_20_a_bad_key_is_a_401_that_says_unknown_error_and_no_throttle_says_when_to_return(spine: Spine) -> None:
    app = spine.sds_app(per_minute=RATE_PER_MINUTE)
    question = spine.question("Endpoint", org="T90051", interaction=spine.slots)

    stranger = await spine.look_up(question, {"apikey": "nobody"}, app=app)
    await spine.look_up(question, app=app)
    throttled = await spine.look_up(question, app=app)

    assert (stranger.status, stranger.coding["code"]) == (401, "UNKNOWN_ERROR")
    assert (throttled.status, throttled.header("retry-after")) == (429, None)
