"""The catalogue tells a careless consumer from a careful one: it fails exactly where it is careless."""

from pathlib import Path

import pytest

from harness.driver import load_factory
from harness.files import BadFile
from harness.scenario.find import find_scenarios
from harness.scenario.run import Case, Choices, cases_of, run_case

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
NAIVE = Choices(suppliers=("strict",), consumer="naive_consumer:naive")
CASES = {
    case.loaded.scenario.id: case
    for one in find_scenarios(("journeys", "booking", "errors"))
    for case in cases_of(one, NAIVE)
}
GOOD_ENOUGH = {
    "booking/two-patients-one-slot": "the provider's claim is atomic, whoever asks",
    "errors/e3-a-fully-booked": "no slots are no slots",
    "errors/e3-b-not-bookable": "no slots are no slots",
    "errors/e3-c-restricted-to-others": "it sends the filters, since our request builder does",
    "errors/e3-d-other-organisation-type": "the same",
    "errors/e3-e-holder-without-role": "no slots are no slots",
    "errors/e3-f-outside-booking-window": "no slots are no slots",
    "errors/e3-f-under-embargo": "no slots are no slots",
    "errors/e3-k-home-visits": "no slots are no slots",
    "errors/e4-h-never-traced": "the provider refuses to register",
    "journeys/known-patient": "nothing goes wrong",
    "journeys/lapsed-patient": "nothing goes wrong",
}
"""What the naive consumer passes, and why that is no wonder."""


@pytest.fixture(autouse=True)
def _examples_can_be_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(EXAMPLES))


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_careless_consumer_fails_where_it_is_careless(case: Case) -> None:
    if not case.loaded.scenario.id.startswith(("journeys/c", "journeys/j4", "journeys/j5")):
        expected = "pass" if case.loaded.scenario.id in GOOD_ENOUGH else "fail"
        assert run_case(case).verdict == expected


@pytest.mark.parametrize(
    "named", ["nowhere:naive", "naive_consumer:nobody", "naive_consumer", "naive_consumer:NO_SLOTS"]
)
def test_a_factory_that_is_none_is_told(named: str) -> None:
    with pytest.raises(BadFile, match="module:factory|no factory"):
        load_factory(named)
