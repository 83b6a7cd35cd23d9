import pytest

from mock_pds.key_sets import KeySets
from mock_pds.refusals import Refused
from tests.mock_pds.world import Clock

URL, OLD, NEW = "https://keys.test/app-1", {"keys": [{"kid": "old"}]}, {"keys": [{"kid": "new"}]}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def key_sets(clock: Clock) -> KeySets:
    key_sets = KeySets(clock)
    key_sets.publish(URL, OLD)
    return key_sets


def test_a_key_set_is_seen_as_it_was_for_an_hour(key_sets: KeySets, clock: Clock) -> None:
    key_sets.at(URL)
    key_sets.publish(URL, NEW)

    clock.forward(seconds=3599)
    assert key_sets.at(URL) == OLD
    clock.forward(seconds=1)
    assert key_sets.at(URL) == NEW


def test_a_key_set_that_was_never_fetched_is_seen_as_it_is(key_sets: KeySets) -> None:
    key_sets.publish(URL, NEW)

    assert key_sets.at(URL) == NEW


def test_another_url_is_another_key_set(key_sets: KeySets) -> None:
    key_sets.at(URL)
    key_sets.publish(URL + "/2", NEW)

    assert key_sets.at(URL + "/2") == NEW


def test_a_key_set_that_was_withdrawn_is_missed_only_when_the_hour_is_over(key_sets: KeySets, clock: Clock) -> None:
    key_sets.at(URL)
    key_sets.withdraw(URL)
    assert key_sets.at(URL) == OLD

    clock.forward(hours=1)
    with pytest.raises(Refused, match="jwks_unreachable"):
        key_sets.at(URL)


def test_a_url_needs_a_path_after_the_host(key_sets: KeySets) -> None:
    key_sets.publish("https://keys.test", OLD)

    with pytest.raises(Refused, match="jwks_unreachable"):
        key_sets.at("https://keys.test")
