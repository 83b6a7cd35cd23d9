"""Which slots are shown to whom: the truth table, every reason, and the fast path against the decision."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from booking_core.spec.identifiers import CodeSystem, Id
from mock_gpconnect.book.memory import MemoryBook
from mock_gpconnect.book.protocol import Access, Slot
from mock_gpconnect.book.sessions import Session, expand
from mock_gpconnect.provider.visibility import Asker, Rules, admits, search_window, why_hidden, why_shut, why_untimely
from mock_gpconnect.suppliers.profile import Profile
from tests.mock_gpconnect.provider.riverside import NOW, Riverside, counted_ids

STRICT = Profile(name="strict")
RULES = Rules(STRICT, NOW)
OPEN = Access(role="R0260", channel="Telephone")
DAY = timedelta(days=1)


def slot_at(starts: datetime, access: Access = OPEN) -> Slot:
    return Slot("s1", "sch1", starts, starts + timedelta(minutes=10), "Routine", access)


@pytest.mark.parametrize("only_types", [None, frozenset({"urgent-care"})], ids=["any type", "urgent care only"])
@pytest.mark.parametrize("only_ods", [None, frozenset({"T90052"})], ids=["any organisation", "T90052 only"])
@pytest.mark.parametrize("types", [frozenset(), frozenset({"urgent-care"})], ids=["no type sent", "type sent"])
@pytest.mark.parametrize("ods", [frozenset(), frozenset({"T90052"})], ids=["no code sent", "code sent"])
def test_a_restriction_passes_only_who_says_that_it_fits(
    only_types: frozenset[str] | None, only_ods: frozenset[str] | None, types: frozenset[str], ods: frozenset[str]
) -> None:
    access = Access(role="R0260", channel="Telephone", only_types=only_types, only_ods=only_ods)
    shown = why_shut(access, Asker(ods, types), RULES) is None
    assert shown == ((only_types is None or bool(types)) and (only_ods is None or bool(ods)))


@pytest.mark.parametrize(
    ("asker", "shown"),
    [
        (Asker(ods=frozenset({"T90001"})), False),
        (Asker(ods=frozenset({"T90001", "T90052"})), True),
        (Asker(types=frozenset({"T90052"})), False),
    ],
    ids=["another code", "one of several codes", "the code under the other system"],
)
def test_a_restriction_to_an_organisation_compares_its_code(asker: Asker, shown: bool) -> None:
    access = Access(role="R0260", channel="Telephone", only_ods=frozenset({"T90052"}))
    assert (why_shut(access, asker, RULES) is None) == shown


@pytest.mark.parametrize(
    ("changes", "rules", "reason"),
    [
        ({"bookable": False}, {}, "not_bookable"),
        ({"role": None}, {}, "no_role"),
        ({"role": ""}, {}, "no_role"),
        ({"role": "R0010"}, {}, "role_not_listed"),
        ({"channel": None}, {}, "no_channel"),
        ({"channel": "Visit"}, {}, "home_visit"),
        ({"channel": "Letter"}, {}, "channel_not_listed"),
        ({"only_types": frozenset({"urgent-care"})}, {}, "other_types_only"),
        ({"only_ods": frozenset({"T90001"})}, {}, "other_organisations_only"),
        ({"only_ods": frozenset({"A1"})}, {"unsubscribed": frozenset({"A1"})}, "not_subscribed"),
        ({"only_ods": frozenset({"A1"})}, {"unsubscribed": frozenset({"B2"})}, None),
        ({}, {"unsubscribed": frozenset({"A1"})}, None),
        ({"embargo_until": NOW + timedelta(minutes=1)}, {}, "not_released"),
        ({"embargo_until": NOW}, {}, None),
        ({}, {"embargo": timedelta(hours=2)}, "under_embargo"),
        ({}, {"embargo": timedelta(hours=1)}, None),
        ({}, {"booking_window": timedelta(hours=1)}, None),
        ({}, {"booking_window": timedelta(minutes=30)}, "beyond_the_booking_window"),
        ({}, {}, None),
    ],
)
def test_every_hidden_slot_has_its_reason(changes: dict[str, Any], rules: dict[str, Any], reason: str | None) -> None:
    access = Access(**{"role": "R0260", "channel": "Telephone"} | changes)
    slot = slot_at(NOW + timedelta(hours=1), access)
    asker = Asker(ods=frozenset({"A1"}))
    found = why_hidden(slot, asker, Rules(STRICT, NOW, **rules), NOW, NOW + DAY, free=True, limit_reached=False)
    assert found == reason


@pytest.mark.parametrize(
    ("starts", "free", "used_up", "profile", "reason"),
    [
        (NOW + timedelta(hours=1), False, False, STRICT, "not_free"),
        (NOW - timedelta(hours=1), True, False, STRICT, "outside_the_range"),
        (NOW + DAY - timedelta(minutes=5), True, False, STRICT, "outside_the_range"),
        (NOW + timedelta(hours=1), True, True, STRICT, None),
        (
            NOW + timedelta(hours=1), True, True,
            Profile.model_validate({"name": "x", "limits": {"slot_limit": "at_search"}}), "limit_reached",
        ),
        (NOW, True, False, STRICT, None),
        (NOW, True, False, Profile.model_validate({"name": "x", "search": {"hides_begun": True}}), "begun"),
    ],
)  # fmt: skip
def test_time_and_use_hide_a_slot_as_well(
    starts: datetime, free: bool, used_up: bool, profile: Profile, reason: str | None
) -> None:
    rules = Rules(profile, NOW)
    found = why_hidden(slot_at(starts), Asker(), rules, NOW, NOW + DAY, free=free, limit_reached=used_up)
    assert found == reason


def test_the_later_release_lists_every_job_role() -> None:
    director = Access(role="R0010", channel="Telephone")
    later = Rules(Profile(name="x", spec_version="1.2.9"), NOW)
    assert why_shut(director, Asker(), later) is None


@pytest.mark.parametrize(("unit", "shown"), [("moments", False), ("days", True)])
def test_a_booking_window_counts_hours_or_whole_days(unit: str, shown: bool) -> None:
    rules = Rules(Profile.model_validate({"name": "x", "limits": {"window_unit": unit}}), NOW, booking_window=DAY)
    late_tomorrow = slot_at(NOW + DAY + timedelta(hours=8))
    hidden = why_hidden(late_tomorrow, Asker(), rules, NOW, NOW + 3 * DAY, free=True, limit_reached=False)
    assert (hidden is None) == shown


@pytest.mark.parametrize(
    ("now", "unit", "first"),
    [
        (NOW + timedelta(minutes=25), "moments", NOW + timedelta(minutes=85)),
        (NOW + timedelta(minutes=25), "hours", NOW + timedelta(hours=2)),
        (NOW, "hours", NOW + timedelta(hours=1)),
    ],
)
def test_an_embargo_counts_from_now_or_from_the_next_full_hour(now: datetime, unit: str, first: datetime) -> None:
    profile = Profile.model_validate({"name": "x", "limits": {"embargo_unit": unit}})
    rules = Rules(profile, now, embargo=timedelta(hours=1))
    found = [why_untimely(each, rules) for each in (first - timedelta(minutes=1), first)]
    assert found == ["under_embargo", None]


ROLES = st.sampled_from([None, "R0260", "R0010"])
CHANNELS = st.sampled_from([None, "Telephone", "Visit"])
TYPES = st.sampled_from([None, frozenset({"urgent-care"}), frozenset({"gp-practice", "urgent-care"})])
CODES = st.sampled_from([None, frozenset({"A1"}), frozenset({"A1", "B2"})])
ASKERS = st.builds(
    Asker,
    ods=st.sampled_from([frozenset(), frozenset({"A1"}), frozenset({"B2"}), frozenset({"C3"})]),
    types=st.sampled_from([frozenset(), frozenset({"urgent-care"}), frozenset({"oncology"})]),
)
SESSIONS = st.lists(
    st.builds(
        Session,
        name=st.sampled_from(["One", "Two"]), days=st.just(frozenset(range(7))),
        starts=st.sampled_from([time(0), time(8, 50), time(23)]), ends=st.sampled_from([time(1), time(9, 50), time(0)]),
        every=st.sampled_from([7, 20, 45]), slot_type=st.just("Routine"), channel=CHANNELS, role=ROLES,
        practitioner_id=st.none(), location_id=st.just("loc"), bookable=st.booleans(), only_ods=CODES, only_types=TYPES,
        gap=st.sampled_from([0, 5]),
    ),
    max_size=4,
)  # fmt: skip
SPANS = st.integers(-3 * 24 * 60, 3 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes))
PROFILES = st.builds(
    lambda begun, window, embargo: Profile.model_validate(
        {"name": "x", "search": {"hides_begun": begun}, "limits": {"window_unit": window, "embargo_unit": embargo}}
    ),
    st.booleans(), st.sampled_from(["moments", "days"]), st.sampled_from(["moments", "hours"]),
)  # fmt: skip
MARGINS = st.one_of(st.none(), st.integers(0, 4 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes)))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    sessions=SESSIONS, asker=ASKERS, profile=PROFILES, embargo=MARGINS, ahead=MARGINS, opens=SPANS,
    taken=st.sets(st.integers(0, 500), max_size=60), held=st.sets(st.integers(0, 500), max_size=60), until=SPANS, lasts=st.sampled_from([DAY, 2 * DAY, timedelta(hours=1)]),
)  # fmt: skip
async def test_the_fast_path_shows_what_the_decision_shows(
    sessions: list[Session], asker: Asker, profile: Profile, embargo: Any, ahead: Any, opens: Any,
    taken: set[int], held: set[int], until: timedelta, lasts: timedelta,
) -> None:  # fmt: skip
    schedules, slots = expand(sessions, date(2026, 3, 28), 3, new_id=counted_ids())
    book = MemoryBook(schedules, slots)
    blocked = [slot.id for number, slot in enumerate(slots) if number in taken]
    await book.block(blocked)
    now = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    kept_back = [slot.id for number, slot in enumerate(slots) if number in held]
    await book.reconfigure(None, slot_ids=kept_back, embargo_until=now + until)
    starts, ends = now + opens, now + opens + lasts
    rules = Rules(profile, now, embargo, ahead, frozenset({"B2"}))
    found = await book.free_slots(search_window(starts, ends, rules), admits(asker, rules))
    shown = [
        slot
        for slot in await book.slots_of()
        if why_hidden(slot, asker, rules, starts, ends, free=slot.id not in blocked, limit_reached=False) is None
    ]
    assert list(found.slots) == shown


@pytest.mark.parametrize(
    ("filters", "sessions"),
    [
        ([], ["Morning surgery"]),
        ([(CodeSystem.ORGANISATION_TYPE, "urgent-care")], ["Morning surgery", "Telephone clinic"]),
        ([(CodeSystem.ORGANISATION_TYPE, "oncology")], ["Morning surgery"]),
        ([(Id.ODS, "T90052")], ["Morning surgery", "Hub evening"]),
        ([(Id.ODS, "T90001")], ["Morning surgery"]),
        ([(Id.ODS, "T90001"), (Id.ODS, "T90052")], ["Morning surgery", "Hub evening"]),
        (
            [(Id.ODS, "T90052"), (CodeSystem.ORGANISATION_TYPE, "urgent-care")],
            ["Morning surgery", "Telephone clinic", "Hub evening"],
        ),
        ([("FilterCategory-7", "OtherConsumerCategory")], ["Morning surgery"]),
    ],
    ids=str,
)
async def test_filters_and_nothing_else_decide_which_sessions_a_search_shows(
    riverside: Riverside, filters: list[tuple[str, str]], sessions: list[str]
) -> None:
    heard = await riverside.search(extra=[("searchFilter", "|".join(each)) for each in filters])
    assert sorted({each["serviceCategory"]["text"] for each in heard.of_type("Schedule")}) == sorted(sessions)
