"""The catalogue tells a careless consumer from a careful one: it fails exactly where it is careless, for that reason."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from harness.driver import load_factory
from harness.files import BadFile
from harness.scenario.find import find_scenarios
from harness.scenario.run import Case, Choices, cases_of, run_case
from harness.verdicts import Result

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
NAIVE = Choices(suppliers=("strict",), consumer="naive_consumer:naive")
FOLDERS = ("journeys", "booking", "errors", "faults", "patients", "clock", "settings")
CASES = {case.loaded.scenario.id: case for one in find_scenarios(FOLDERS) for case in cases_of(one, NAIVE)}


@dataclass(frozen=True, slots=True)
class Mistake:
    """What the naive consumer does wrong, what the first broken expectation then says, and where that shows."""

    what: str
    says: str
    shown_by: tuple[str, ...]


MISTAKES = (
    Mistake(
        "traces nobody and compares nothing",
        r"expected E4, got (sent|booked)",
        (
            "errors/e4-a-mistyped-number",
            "errors/e4-b-not-on-pds",
            "errors/e4-c-not-verified",
            "errors/e4-c-one-digit",
            "errors/e4-d-receivers-copy-differs",
            "errors/e4-e-deceased",
            "errors/e4-f-restricted",
            "errors/e4-f-very-restricted",
            "errors/e4-g-invalidated",
            "errors/e4-g-superseded",
            "errors/e4-i-two-records",
        ),
    ),
    Mistake(
        "asks nobody before it sends",
        r"expected (S\d|E1), got sent|it never met an exchange to strike",
        (
            "errors/e1-user-without-role",
            "errors/s3-pds-down",
            "errors/s7-landline",
            "faults/pds",
            "faults/proxy-find-patient",
            "faults/receiver-find-patient",
            "faults/stale-directory-and-pds",
            "faults/stale-token",
            "faults/token-service",
            "journeys/j6-batch",
            "settings/not-entitled",
        ),
    ),
    Mistake(
        "filters nothing that the sender asked for",
        r"expected E3, got sent",
        (
            "errors/e3-f-embargo-of-one-day",
            "errors/e3-g-begun-but-shown",
            "errors/e3-h-beyond-the-horizon",
            "errors/e3-i-filter-matches-nothing",
            "errors/e3-i-nobody-named",
            "errors/e3-j-another-session",
            "errors/e3-j-between-two-searches",
            "errors/e3-l-slot-limit",
            "journeys/c8-last-hour",
            "journeys/c8-released-as-time-passes",
            "journeys/c9-hub-slots-only",
        ),
    ),
    Mistake(
        "takes every failure for no appointments",
        r"expected (S\d|E2), got E3",
        (
            "errors/e2-user-without-full-name",
            "errors/s1-not-in-the-directory",
            "errors/s2-no-sharing-agreement",
            "errors/s2-switched-off",
            "errors/s3-directory-cut",
            "errors/s3-provider-unreachable",
            "errors/s3-proxy-silent",
            "errors/s4-garbled-slots",
            "errors/s4-web-page",
            "errors/s5-no-link",
            "faults/clocks-differ",
            "faults/directory",
            "faults/proxy-search-slots",
            "faults/receiver-search-slots",
            "journeys/c3-receiver-sends-nothing",
            "journeys/c4-named-practices",
        ),
    ),
    Mistake(
        "sends a booking again when it hears nothing",
        r"expected (booked|B5), got (B1|B5|booked)",
        (
            "booking/lost-registration",
            "booking/lost-reply",
            "booking/silent-provider",
            "faults/proxy-loses-the-answer",
            "faults/proxy-loses-the-booking",
            "faults/receiver-loses-the-answer",
            "faults/receiver-loses-the-booking",
        ),
    ),
    Mistake(
        "takes a patient who is registered meanwhile for one who cannot be",
        r"expected 2 booked, got 1 E4, 1 booked",
        ("booking/two-journeys-one-registration",),
    ),
    Mistake(
        "offers the old slots again when one is gone",
        r"expected booked, got B1",
        (
            "booking/registered-then-failed",
            "booking/slot-booked-at-the-desk",
            "booking/slot-taken",
        ),
    ),
    Mistake(
        "keeps no account of its links",
        r"expected (B2|B3|booked), got (choose|E3|booked)",
        (
            "clock/expires-while-choosing",
            "clock/link-over-the-clock-change",
            "journeys/j2-expired-link",
            "journeys/j2-revoked-link",
            "journeys/j2-wrong-birth-date",
            "journeys/j3-cancel",
            "journeys/j3-cancel-is-off",
            "settings/short-links",
        ),
    ),
    Mistake(
        "can neither cancel nor move",
        r"expected \w+, got B2",
        (
            "booking/lost-cancellation",
            "journeys/j3-changed-meanwhile",
            "journeys/j3-move",
            "journeys/j3-move-to-a-taken-slot",
            "journeys/j3-too-late-to-cancel",
            "journeys/j4-reminder",
            "settings/cancel-only",
        ),
    ),
    Mistake(
        "does not say where the appointment is",
        r"expected '.*(Practice|Hub|Surgery|Centre)",
        (
            "clock/after-midnight-in-summer",
            "clock/before-midnight",
            "clock/fall-back",
            "clock/spring-forward",
            "journeys/c1-invite-and-book",
            "journeys/c6-emis-into-systmone",
            "journeys/c6-systmone-into-emis",
            "journeys/c7-both-surgeries",
            "journeys/c7-branch-only",
            "journeys/c8-clock-change",
            "journeys/c8-saturday",
            "journeys/c9-leak",
            "settings/telephone-window",
        ),
    ),
    Mistake(
        "reminds nobody", r"expected 1 read_appointment at riverside, got 0", ("journeys/j4-cancelled-at-the-receiver",)
    ),
    Mistake(
        "knows no settings of the pilot",
        r"expected bob registered as temporary, got none",
        ("settings/register-at-send",),
    ),
    Mistake(
        "asks for more windows than it needs",
        r"expected \d search_slots at \w+, got [56]",
        (
            "booking/search-cut-once",
            "errors/e3-a-fully-booked",
            "journeys/c2-fan-out",
        ),
    ),
)
GOOD_ENOUGH = {
    "booking/two-patients-one-slot": "the provider's claim is atomic, whoever asks",
    "errors/e3-b-not-bookable": "no slots are no slots",
    "errors/e3-c-restricted-to-others": "it sends the filters, since our request builder does",
    "errors/e3-d-other-organisation-type": "the same",
    "errors/e3-e-holder-without-role": "no slots are no slots",
    "errors/e3-f-outside-booking-window": "no slots are no slots",
    "errors/e3-f-under-embargo": "no slots are no slots",
    "errors/e3-k-home-visits": "no slots are no slots",
    "errors/e4-h-never-traced": "the provider refuses to register",
    "faults/stale-patient-search": "the provider refuses to register",
    "faults/stale-slots": "the provider refuses to book",
    "journeys/c1-several-practices": "nothing goes wrong",
    "journeys/c2-both-ways": "nothing goes wrong",
    "journeys/c3-booker-only": "nothing goes wrong",
    "journeys/c4-not-in-the-list": "no slots are no slots",
    "journeys/c5-both-ways": "it sends the filters, since our request builder does",
    "journeys/c5-other-type": "the same",
    "journeys/c8-friday-five": "the provider's claim is atomic, whoever asks",
    "journeys/j5-receiver-cancels": "what the receiver does needs no consumer",
    "journeys/j5-receivers-view": "our request builder says who books",
    "journeys/known-patient": "nothing goes wrong",
    "journeys/lapsed-patient": "nothing goes wrong",
    "patients/dissenting": "nothing goes wrong",
    "patients/regular": "it looks before it registers",
    "patients/sensitive-at-the-receiver": "the provider refuses to register",
    "patients/twins": "it looks by NHS number, as everybody must",
}
"""What the naive consumer passes, and why that is no wonder."""

MISTAKE_OF = {name: mistake for mistake in MISTAKES for name in mistake.shown_by}


@pytest.fixture(autouse=True)
def _examples_can_be_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(EXAMPLES))


def first_broken(result: Result) -> str:
    return next((line.detail for line in result.lines if line.verdict in ("fail", "error")), "")


def test_of_every_scenario_it_is_known_what_a_careless_consumer_makes_of_it() -> None:
    assert sorted((*MISTAKE_OF, *GOOD_ENOUGH)) == sorted(CASES)


@pytest.mark.parametrize("name", sorted(MISTAKE_OF))
def test_a_careless_consumer_fails_where_it_is_careless_for_that_reason(name: str) -> None:
    result = run_case(CASES[name])
    assert result.verdict == "fail"
    assert re.match(MISTAKE_OF[name].says, first_broken(result))


@pytest.mark.parametrize("name", sorted(GOOD_ENOUGH))
def test_and_nowhere_else(name: str) -> None:
    assert first_broken(run_case(CASES[name])) == ""


@pytest.mark.parametrize("name", ["booking/lost-reply", "errors/e4-d-receivers-copy-differs", "patients/twins"])
def test_it_is_the_same_over_real_sockets(name: str) -> None:
    one = CASES[name]
    served = Case(one.loaded, one.supplier, one.seed, served=True, consumer=one.consumer)
    assert run_case(served).verdict == ("pass" if name in GOOD_ENOUGH else "fail")


@pytest.mark.parametrize(
    "named", ["nowhere:naive", "naive_consumer:nobody", "naive_consumer", "naive_consumer:NO_SLOTS"]
)
def test_a_factory_that_is_none_is_told(named: str) -> None:
    with pytest.raises(BadFile, match="module:factory|no factory"):
        load_factory(named)
