import pytest

from mock_pds.rate_limit import PER_APPLICATION, Limit, Limits, Quota, RateLimit
from mock_pds.refusals import Refused
from mock_pds.token_service import Client

ONE, OTHER = Client("one", "App One"), Client("other", "App Other")


class Stopwatch:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def watch() -> Stopwatch:
    return Stopwatch()


def admitted(limit: RateLimit, times: int, client: Client = ONE) -> int:
    """How many of so many requests at one instant are let in."""
    count = 0
    for _ in range(times):
        try:
            limit.admit(client)
        except Refused:
            continue
        count += 1
    return count


def test_without_limits_everything_is_let_in(watch: Stopwatch) -> None:
    assert admitted(RateLimit(None, watch), 1000) == 1000


def test_a_quota_lets_in_so_many_in_a_window_and_then_begins_anew(watch: Stopwatch) -> None:
    limit = RateLimit(Limits(Limit(Quota(300))), watch)

    assert admitted(limit, 400) == 300
    watch.seconds = 59.9
    assert admitted(limit, 1) == 0
    watch.seconds = 60
    assert admitted(limit, 400) == 300


def test_a_window_begins_with_the_first_request(watch: Stopwatch) -> None:
    limit = RateLimit(Limits(Limit(Quota(1, 1, "second"))), watch)
    watch.seconds = 0.7

    assert admitted(limit, 2) == 1
    watch.seconds = 1.6
    assert admitted(limit, 1) == 0
    watch.seconds = 1.7
    assert admitted(limit, 1) == 1


def test_spike_arrest_refuses_a_burst_although_the_quota_is_untouched(watch: Stopwatch) -> None:
    limit = RateLimit(Limits(PER_APPLICATION), watch)

    assert admitted(limit, 3) == 1
    watch.seconds = 0.07
    assert admitted(limit, 1) == 1


def test_one_application_does_not_use_up_anothers_quota(watch: Stopwatch) -> None:
    limit = RateLimit(Limits(Limit(Quota(1))), watch)

    assert admitted(limit, 2, ONE) == 1
    assert admitted(limit, 2, OTHER) == 1


def test_all_applications_share_the_limit_of_the_whole_api(watch: Stopwatch) -> None:
    limit = RateLimit(Limits(Limit(), whole_api=Limit(Quota(3))), watch)

    assert admitted(limit, 2, ONE) == 2
    assert admitted(limit, 2, OTHER) == 1


def test_the_whole_api_can_have_a_spike_too(watch: Stopwatch) -> None:
    limit = RateLimit(Limits(Limit(), whole_api=Limit(spike_per_minute=60)), watch)

    assert admitted(limit, 1, ONE) == 1
    with pytest.raises(Refused, match="api_busy"):
        limit.admit(OTHER)


def test_an_application_can_have_limits_of_its_own(watch: Stopwatch) -> None:
    limit = RateLimit(Limits(Limit(Quota(1)), exceptions={"other": Limit(Quota(5))}), watch)

    assert admitted(limit, 9, ONE) == 1
    assert admitted(limit, 9, OTHER) == 5


def test_a_refusal_names_the_application_and_its_quota(watch: Stopwatch) -> None:
    limit = RateLimit(Limits(Limit(Quota(0, 1, "minute"))), watch)

    with pytest.raises(Refused) as refused:
        limit.admit(ONE)

    assert refused.value.facts == {"application": "App One", "quota": 0, "interval": 1, "unit": "minute"}
