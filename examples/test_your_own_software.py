"""How a product team tests its own booking software against a world: `pytest examples/`."""

import httpx
import pytest

from harness.fixtures import Nhs


def free_slots(nhs: Nhs) -> httpx.Response:
    """Stands for your software: a search through the proxy, with headers that your code would make."""
    who = nhs.who
    lines = httpx.get(f"{nhs.url}/control/headers/search_slots?by=millbrook.reception&to=riverside").text.splitlines()
    root = who["organisations"]["riverside"]["service_root"]
    window = {"start": f"ge{who['now'][:10]}", "end": f"le{who['now'][:10]}"}
    params = {**window, "status": "free", "_include": "Slot:schedule"}
    url = f"{who['services']['ssp']}/{root}/Slot"
    return httpx.get(url, params=params, headers=dict(line.split(": ", 1) for line in lines), timeout=5)


def test_a_search_goes_through_the_proxy_to_the_practice(nhs: Nhs) -> None:
    """What your software did is on the journal."""
    assert free_slots(nhs).status_code == 200
    assert [one.seen_status for one in nhs.exchanges(at="riverside", on="search_slots")] == [200]
    assert nhs.appointments(at="riverside", patient="alice") == []


def test_a_provider_that_hangs_up_is_a_444(nhs: Nhs) -> None:
    """Faults are armed while the world runs."""
    nhs.fault(name="cut", at="riverside", on="search_slots", kind="cut", phase="reply")
    assert free_slots(nhs).status_code == 444


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_has_a_world_of_its_own(nhs: Nhs, turn: int) -> None:
    """Nothing is left of the test before."""
    assert nhs.exchanges(at="riverside", on="search_slots") == []
