"""A kept answer is the answer that would be made now, whatever happened in between."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from booking_core.spec.identifiers import CodeSystem, Id
from mock_gpconnect.book.local_time import day_after, local_moment
from mock_gpconnect.provider.app import provider_app
from mock_gpconnect.provider.kept_answers import KeptAnswers
from mock_gpconnect.suppliers.profile import load_profile
from mock_gpconnect.suppliers.switches import Limits, Profile, Search
from tests.mock_gpconnect.provider.messages import HUB
from tests.mock_gpconnect.provider.riverside import NOW, SESSIONS, Riverside

ASKERS: Sequence[Sequence[tuple[str, str]]] = (
    (),
    (("searchFilter", f"{Id.ODS}|{HUB}"), ("searchFilter", f"{CodeSystem.ORGANISATION_TYPE}|urgent-care")),
    (("searchFilter", f"{Id.ODS}|T90001"), ("_include:recurse", "Schedule:actor:Practitioner")),
    (("_include:recurse", "Schedule:actor:Location"), ("_include:recurse", "Schedule:actor:Practitioner")),
)
PROFILES: dict[str, Profile] = {
    "strict": load_profile("strict"),
    "hides begun slots": load_profile("strict").model_copy(update={"search": Search(hides_begun=True)}),
    "limits at search": load_profile("strict").model_copy(
        update={"limits": Limits(slot_limit="at_search", slot_limit_counts="organisation", window_unit="days")}
    ),
    "lists twice": load_profile("strict").model_copy(update={"search": Search(duplicate_slots=True)}),
}
SESSION_NAMES = (None, *(session.name for session in SESSIONS))
OPTIONS: Sequence[dict[str, Any]] = (
    {"bookable": True}, {"bookable": False}, {"limit": 1}, {"limit": None}, {"only_ods": {HUB}}, {"only_ods": None},
    {"only_types": {"gp-practice"}}, {"channel": "Video"}, {"practitioner_id": "pr-two"}, {"location_id": "loc-bare"},
)  # fmt: skip


class Twins:
    """One practice behind two servers, of which one keeps its answers."""

    def __init__(self, profile: Profile, **more: Any) -> None:
        self.practice_of = Riverside(profile, days=5, **more)
        self.made = self.practice_of.app
        self.answers = KeptAnswers()
        self.kept = provider_app(
            self.practice_of.practice,
            trace=self.practice_of.trace,
            now=self.practice_of.clock,
            rng=random.Random(7),
            answers=self.answers,
        )

    async def both(self, asker: int, first_day: int, days: int) -> tuple[bytes, bytes]:
        """What each of them answers to one search."""
        begins = self.practice_of.clock.at.date() + timedelta(days=first_day)
        bodies = []
        for app in (self.made, self.kept):
            self.practice_of.app = app
            heard = await self.practice_of.search(f"{begins}", f"{begins + timedelta(days=days)}", extra=ASKERS[asker])
            bodies.append(heard.body)
        return bodies[0], bodies[1]


async def later(twins: Twins, by: timedelta) -> None:
    twins.practice_of.clock.at += by


async def book(twins: Twins, number: int) -> None:
    slots = await twins.practice_of.first_slots(number + 1)
    if slots:
        await twins.practice_of.ask("create_appointment", body=await twins.practice_of.booking(slots[-1]))


async def cancel(twins: Twins, number: int) -> None:
    appointments = await twins.practice_of.book.appointments_of("patient-alice")
    booked = [each for each in appointments if each.status == "booked"]
    if booked:
        old = booked[number % len(booked)]
        new = replace(old, status="cancelled", cancellation_reason="no", version=old.version + 1)
        await twins.practice_of.book.change(new, was=old.version)


async def block(twins: Twins, number: int) -> None:
    slots = await twins.practice_of.first_slots(number + 1)
    await twins.practice_of.book.block([slot.id for slot in slots])


async def unblock(twins: Twins, number: int) -> None:
    slots = await twins.practice_of.book.slots_of("Morning surgery")
    await twins.practice_of.book.unblock([slot.id for slot in slots[number:]])


async def block_another(twins: Twins, number: int) -> None:
    await unblock(twins, 0)
    slots = await twins.practice_of.first_slots(number + 1)
    await twins.practice_of.book.block([slot.id for slot in slots[-1:]])


async def set_up(twins: Twins, session: str | None, options: dict[str, Any]) -> None:
    await twins.practice_of.book.reconfigure(session, **options)


async def set_embargo(twins: Twins, span: timedelta | None) -> None:
    twins.practice_of.practice.embargo = span


async def set_window(twins: Twins, span: timedelta | None) -> None:
    twins.practice_of.practice.booking_window = span


async def set_phone(twins: Twins, number: int) -> None:
    twins.practice_of.practice.phone = f"01632 96005{number}"


NUMBERS = st.integers(0, 5)
SPANS = st.sampled_from([None, timedelta(minutes=30), timedelta(hours=4), timedelta(days=1), timedelta(days=2)])
ACTS = st.one_of(
    st.tuples(st.just(later), st.timedeltas(timedelta(0), timedelta(hours=30))),
    st.tuples(st.sampled_from([book, cancel, block, unblock, block_another, block_another, set_phone]), NUMBERS),
    st.tuples(st.just(set_up), st.sampled_from(SESSION_NAMES), st.sampled_from(OPTIONS)),
    st.tuples(st.sampled_from([set_embargo, set_window]), SPANS),
)
SEARCHES = st.tuples(st.sampled_from(range(len(ASKERS))), st.integers(-1, 1), st.integers(0, 3))


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(sorted(PROFILES)), st.lists(st.tuples(ACTS, SEARCHES), min_size=4, max_size=16))
def test_a_kept_answer_is_what_would_be_made_now(
    profile: str, steps: list[tuple[tuple[Any, ...], tuple[int, int, int]]]
) -> None:
    async def main() -> None:
        twins, asked = Twins(PROFILES[profile]), set[tuple[int, int, int]]()
        for (act, *arguments), search in steps:
            asked.add(search)
            before = [await twins.both(*each) for each in sorted(asked)]
            await act(twins, *arguments)
            after = [await twins.both(*each) for each in sorted(asked)]
            assert [made for made, _ in before + after] == [kept for _, kept in before + after]

    asyncio.run(main())


async def test_a_limit_for_one_organisation_does_not_hide_what_another_may_book() -> None:
    twins = Twins(PROFILES["limits at search"], sessions=[replace(SESSIONS[0], limit=1)])
    await book(twins, 0)
    answers = [await twins.both(asker, 0, 2) for asker in (1, 0)]
    assert [made for made, _ in answers] == [kept for _, kept in answers]
    assert answers[0][0] != answers[1][0]


async def test_a_session_over_midnight_that_moves_house_is_seen_at_its_new_one() -> None:
    night = replace(SESSIONS[0], name="Night", starts=time(22), ends=time(2), days=frozenset({1}))
    twins = Twins(PROFILES["strict"], sessions=[night])
    today, tomorrow = local_moment(NOW.date()), local_moment(day_after(NOW.date()))
    before_midnight = await twins.practice_of.book.slots_between(today, tomorrow)
    await twins.practice_of.book.block([slot.id for slot in before_midnight])
    first, _ = await twins.both(3, 0, 1)
    await twins.practice_of.book.reconfigure("Night", between=(today, tomorrow), location_id="loc-branch")
    made, kept = await twins.both(3, 0, 1)
    assert (made != first, made == kept) == (True, True)


async def test_the_same_search_of_an_unchanged_book_is_answered_from_what_was_kept() -> None:
    twins = Twins(PROFILES["strict"])
    await twins.both(1, 0, 2)
    held = twins.answers.bytes
    await twins.both(1, 0, 2)
    assert (held > 0, twins.answers.bytes) == (True, held)


async def test_what_is_not_known_to_be_included_makes_no_answer_of_its_own() -> None:
    riverside, answers = Riverside(PROFILES["strict"], days=5), KeptAnswers()
    practice, trace = riverside.practice, riverside.trace
    riverside.app = provider_app(practice, trace=trace, now=riverside.clock, rng=random.Random(7), answers=answers)
    held = set()
    for stranger in ("Schedule:actor:Device", "x" * 4_000):
        assert (await riverside.search(extra=(("_include:recurse", stranger),))).status == 200
        held.add(answers.bytes)
    assert len(held) == 1
    assert answers.bytes > 0


def test_only_so_many_bytes_are_kept_and_the_oldest_go_first() -> None:
    answers = KeptAnswers(100)
    for key in range(6):
        answers.keep(key, b"x" * 20)
        answers.get(0)
    assert [key for key in range(6) if answers.get(key)] == [0, 2, 3, 4, 5]
    assert answers.bytes == 100


@pytest.mark.parametrize(("size", "kept"), [(25, True), (26, False)])
def test_an_answer_that_would_push_out_most_others_is_not_kept(size: int, kept: bool) -> None:
    answers = KeptAnswers(100)
    answers.keep("key", b"x" * size)
    assert (answers.get("key") is not None) == kept
