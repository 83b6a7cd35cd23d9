"""Every question that is asked of a clinical system: the switch that answers it changes what somebody gets to see."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from harness.commands.suppliers import switches
from harness.pilot_check.words import writes_back
from mock_gpconnect.suppliers.aspects import ASPECTS
from mock_gpconnect.suppliers.profile import Profile, load_profile
from tests.mock_gpconnect.suppliers import observations as seen
from tests.mock_gpconnect.suppliers.observations import Observe

EMIS_GATE = "the session holder: add one with an eligible job category"
TPP_GATE = "the member of staff: GP Connect role"
RULE = "the booking rule of the rota or slot type: its days or hours"
DENIED = "Recipient organisation is not enabled for interaction ID"
CASES: Mapping[str, tuple[Observe, Mapping[str, Any]]] = {
    "Q1": (
        seen.where_told("not_bookable", bookable=False),
        {
            "emis": "the session or slot: 'GP Connect bookable'; the session template for sessions to come",
            "systmone": "the slot type: Bookable, with the tick for remote booking; the rota: selected for GP Connect",
        },
    ),
    "Q2": (
        seen.who_may_book,
        {
            "emis": (
                0,
                "organisations of the Organisation Group",
                "the Organisation Group at the hub; the other practice must subscribe to it",
            ),
            "systmone": (6, "organisations", "the organisation booking rules of the rota and of the slot type"),
        },
    ),
    "Q3": (seen.role_gate, {"emis": [EMIS_GATE] * 2, "systmone": [TPP_GATE] * 2}),
    "Q4": (seen.begun_slots, {"strict": 18, "emis": 18, "vision": 18, "systmone": 2}),
    "Q5": (
        seen.screens("/set-up", "gp_connect_off", "foundations_off", "appointments_off"),
        {
            "strict": [],
            "emis": [
                f"organisation configuration: tick {each}" for each in ("GP Connect", "Foundation", "Appointments")
            ],
            "systmone": [
                f"organisation preferences: GP Connect{each}"
                for each in ("", ", foundations", ", appointment management")
            ],
        },
    ),
    "Q6": (
        seen.switched_off,
        {
            "emis": [
                ("ACCESS DENIED", "GP Connect not enabled"),
                ("ACCESS DENIED", "Service type disabled"),
                ("ACCESS DENIED", "Service type disabled"),
            ],
            "systmone": [("ACCESS_DENIED", DENIED)] * 3,
        },
    ),
    "Q7": (seen.reason_kept, {"strict": 400, "emis": 150, "systmone": 255, "hostile": 20}),
    "Q8": (seen.long_texts, {"emis": [422, 422], "systmone": [422, 422], "hostile": [201, 201]}),
    "Q9": (seen.two_texts, {"emis": "Ear pain", "systmone": "Ear pain", "hostile": "Ear pain / Ring first"}),
    "Q10": (seen.days_registered, {"strict": 90, "emis": 15, "systmone": 15, "hostile": 1}),
    "Q11": (seen.lapsed, dict.fromkeys(("strict", "emis", "systmone", "vision", "hostile"), (0, 200, 1))),
    "Q12": (seen.never_traced, {"emis": 1, "systmone": 1, "scenarios/worlds/before-1-2-7.toml": 0}),
    "Q13": (
        seen.hub_not_found,
        {
            "emis": "a clinical-services hub has a Y code of its own: ask the supplier to activate its Spine endpoint",
            "systmone": "a hub is a SystmOne unit with an ODS code of its own: ask the supplier for its Spine endpoint",
        },
    ),
    "Q14": (
        seen.printed("Q14"),
        {
            "emis": [
                "Cross-Organisation Appointments, between EMIS practices that share data and have real-time permissions "
                "(documented)"
            ],
            "systmone": ["remote booking between SystmOne units ([yellow]assumed[/])"],
        },
    ),
    "Q15": (seen.printed("Q15"), {"emis": ["emis (documented)"], "systmone": ["- (documented)"]}),
    "Q16": (
        seen.screens("/set-up/session?name=Morning+surgery", "new_slot"),
        {
            "strict": [],
            "emis": ["a new slot type is 'bookable' by itself, which is not the GP Connect flag"],
            "systmone": ["a slot that is left 'blocked' hides its activity too"],
        },
    ),
    "Q17": (
        seen.session_words,
        {
            "emis": (None, None, "Morning surgery of the doctors"),
            "systmone": ("rota", "rotas", "Morning surgery of the doctors"),
            "vision": (None, None, "Morning surgery of t"),
        },
    ),
    "Q18": (seen.of_the_slots("serviceCategory"), {"emis": True, "systmone": True, "hostile": False}),
    "Q19": (seen.of_the_slots("address"), {"emis": True, "systmone": True, "hostile": False}),
    "Q20": (seen.of_the_slots("Practitioner"), {"emis": True, "systmone": True, "hostile": False}),
    "Q21": (
        seen.metadata,
        {"emis": ("EMIS Health", "Emis Health Open Platform", "0.1.0"), "systmone": ("TPP", "SystmOne", "0.1.0")},
    ),
    "Q22": (
        seen.xml,
        {
            "emis": (["application/fhir+json", "application/fhir+xml"], 200),
            "systmone": (["application/fhir+json"], 415),
        },
    ),
    "Q23": (seen.a_later_role, {"emis": 0, "systmone": 0}),
    "Q24": (seen.used_up, {"emis": (17, 422), "systmone": (0, 422)}),
    "Q25": (
        seen.units_of_time,
        {
            "emis": ("2026-03-24T09:30:00+00:00", "2026-03-24T11:50:00+00:00", "the session or slot: its release time"),
            "systmone": ("2026-03-24T10:00:00+00:00", "2026-03-25T11:50:00+00:00", RULE),
        },
    ),
    "Q26": (seen.amended_when_cancelled, {"emis": 422, "systmone": 422, "hostile": 200}),
    "Q27": (seen.an_id, {"emis": ["guid"], "systmone": ["numeric"], "hostile": ["longest"]}),
    "Q28": (seen.hundred_slots, {"emis": (600, 600, 1000), "systmone": (900, 900, 2000)}),
    "Q29": (seen.one_slot_more, {"emis": 1.0, "systmone": 1.6}),
    "Q30": (seen.at_once, {"emis": 8, "systmone": 4}),
    "Q31": (seen.listed_twice, {"emis": 1, "systmone": 1, "hostile": 2}),
    "Q32": (seen.an_unknown_consumer, dict.fromkeys(("strict", "emis", "systmone", "vision", "hostile"), (200, []))),
    "Q33": (
        seen.screens("/set-up", "reminders"),
        {
            "emis": ["nothing to set: a product of its own sends them"],
            "systmone": ["the slot type: tick 'enable SMS reminders'"],
        },
    ),
    "Q34": (
        seen.screens("/users", "user_role"),
        {
            "emis": ["Configuration > Organisation Configuration > Users > Role"],
            "systmone": ["Setup > Staff & Organisation setup > Amend Staff > Local Settings > Employment role"],
        },
    ),
}
"""Question -> what is looked at, and what is seen by supplier."""

OTHERWISE: Mapping[str, Any] = {
    "limits.subscription": True, "search.hides_begun": True, "search.duplicate_slots": True, "spec_version": "1.2.9",
    "texts.description_length": 200, "texts.comment_length": 600, "texts.reason_length": 7, "texts.joined_by": "; ",
    "patients.temporary_days": 3, "patients.verifies_untraced": False,
    "diary.session_name": False, "diary.session_name_length": 4, "diary.location_address": False,
    "diary.practitioner": False, "diary.id_style": "numeric",
    "publisher.publisher": "X", "publisher.software_name": "X", "publisher.software_version": "9", "publisher.formats": ["json"],
    "limits.slot_limit": "at_search", "limits.embargo_unit": "hours", "limits.window_unit": "days",
    "appointments.amend_cancelled": True,
    "latency.base_ms": 700, "latency.p99_over_p50": 9, "latency.per_scanned_ms": 3, "latency.per_returned_ms": 3,
    "latency.at_once": 2, "beside.writes_back_to": ["emis"],
}  # fmt: skip
"""Switch -> another value than the specification's; those that are words take any."""


def cases() -> list[Any]:
    return [
        pytest.param(observe, supplier, expected, id=f"{number}-{supplier.rpartition('/')[2]}")
        for number, (observe, by_supplier) in CASES.items()
        for supplier, expected in by_supplier.items()
    ]


@pytest.mark.parametrize(("observe", "supplier", "expected"), cases())
async def test_a_supplier_answers_a_question_in_its_own_way(observe: Observe, supplier: str, expected: Any) -> None:
    assert await observe(load_profile(supplier)) == expected


def turned(switch: str, value: Any) -> Profile:
    """The specification with one switch turned. A latency is seen where a search takes time at all."""
    part, _, name = switch.partition(".")
    takes = {"latency": {"base_ms": 100}} if part == "latency" else {}
    own = {part: {**takes.get(part, {}), name: value}} if name else {part: value}
    return Profile.model_validate({"name": "emis", **takes, **(own if value is not None else {})})


def another_value(switch: str) -> Any:
    return OTHERWISE.get(switch, "ACCESS DENIED" if switch.startswith("refusals.") else "X")


@pytest.mark.parametrize(
    ("number", "switch"), [(aspect.number, switch) for aspect in ASPECTS for switch in aspect.switches]
)
async def test_every_switch_of_a_question_changes_what_is_seen(number: str, switch: str) -> None:
    observe, _ = CASES[number]
    assert await observe(turned(switch, another_value(switch))) != await observe(turned(switch, None))


@pytest.mark.parametrize(
    ("booker", "receiver", "seen_there"),
    [("emis", "emis", True), ("emis", "systmone", False), ("systmone", "systmone", False)],
)
def test_a_booking_is_written_back_only_where_a_profile_says_so(booker: str, receiver: str, seen_there: bool) -> None:
    assert writes_back(booker, receiver) == seen_there


def test_every_question_is_asked_once_and_has_a_switch_or_a_reason_why_not() -> None:
    assert [each.number for each in ASPECTS] == list(CASES) == [f"Q{number}" for number in range(1, 35)]
    assert all(bool(each.switches) != bool(each.alike) for each in ASPECTS)


def test_a_question_asks_for_switches_that_there_are() -> None:
    known = {name for profile in map(load_profile, ("strict", "emis", "systmone")) for name, _ in switches(profile)}
    assert {switch for aspect in ASPECTS for switch in aspect.switches} <= known


@pytest.mark.parametrize("supplier", ["emis", "systmone"])
def test_a_supplier_says_of_every_question_what_its_answer_rests_on(supplier: str) -> None:
    basis = load_profile(supplier).basis
    silent = {"words.session", "words.sessions", "diary.session_name_length", "publisher.software_version"}
    asked = {switch for aspect in ASPECTS for switch in aspect.switches}
    assert asked - basis.keys() <= silent
