"""What the country is made of."""

import pytest

from harness.national.model import ENGLAND, Model, read_model
from harness.national.networks import chosen, members


def test_the_whole_of_england_has_its_practices_and_slots() -> None:
    model = read_model(ENGLAND)

    everybody = [each for network in range(model.networks) for each in members(model, 1, network)]

    assert len({each.ods for each in everybody}) == model.practices
    assert sum(each.patients for each in everybody) == pytest.approx(model.practices * model.mean_list, rel=0.02)
    assert sum(each.slots_a_day * 10 for each in everybody) == pytest.approx(model.slots, rel=0.02)


def test_a_network_is_the_same_whichever_others_are_simulated(country: Model) -> None:
    assert members(country, 1, 2) == members(country, 1, 2)
    assert members(country, 1, 2) != members(country, 2, 2)


@pytest.mark.parametrize(("share", "count"), [(1.0, 1250), (0.05, 62), (0.0001, 1)])
def test_a_sample_is_a_share_of_all_networks(share: float, count: int) -> None:
    assert len(set(chosen(read_model(ENGLAND), share, 1))) == count
