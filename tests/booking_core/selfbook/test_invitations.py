"""The invitation's state machine has no illegal move, whatever is tried."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking_core.booking import PatientRecord
from booking_core.connect import link_token
from booking_core.consumer import Sender
from booking_core.pds import Demographics
from booking_core.search import Wanted
from booking_core.selfbook.invitations import (
    KEPT,
    MOVES,
    OPEN,
    UNDER_WAY,
    IllegalMove,
    Invitation,
    MemoryInvitations,
    key_of,
)
from harness.virtual_time import run_virtual

FINAL = {"cancelled", "expired", "locked", "revoked", "failed_send"}


def invitation() -> Invitation:
    sender = Sender("u1", "Okafor", ("Ruth",), "", "R1730", "", "", "T90101", "Millbrook", "gp-practice", "0", "1")
    person = Demographics("9990010013", "Begum", ("Nadia",), "female", date(1974, 2, 19))
    expires = datetime(2026, 4, 3, tzinfo=UTC)
    return Invitation(key_of("t"), "i1", sender, "T90102", PatientRecord(person, ""), Wanted(), expires)


def stored(state: str = "created") -> MemoryInvitations:
    store = MemoryInvitations()
    run_virtual(lambda: store.add(replace(invitation(), state=state)))
    return store


KEY = key_of("t")


@given(st.lists(st.sampled_from(sorted(MOVES)), max_size=20))
def test_only_moves_of_the_table_are_ever_made(tries: list[str]) -> None:
    store, now = stored(), invitation()
    for to in tries:
        try:
            now_or_later = run_virtual(lambda: store.move(now, to))  # noqa: B023 - run at once
        except IllegalMove:
            assert to not in MOVES[now.state]
        else:
            assert to in MOVES[now.state]
            now = now_or_later
    assert run_virtual(lambda: store.get(KEY)) == now


async def test_of_two_confirmations_one_moves() -> None:
    store, seen_by_both = MemoryInvitations(), replace(invitation(), state="verified")
    await store.add(seen_by_both)
    await store.move(seen_by_both, "confirming")
    with pytest.raises(IllegalMove):
        await store.move(seen_by_both, "confirming")


async def test_a_move_that_the_table_allows_is_refused_to_who_has_seen_an_older_state() -> None:
    store, seen_by_both = MemoryInvitations(), replace(invitation(), state="opened")
    await store.add(seen_by_both)
    await store.move(seen_by_both, "opened", wrong_dates=1)
    with pytest.raises(IllegalMove):
        await store.move(seen_by_both, "opened", wrong_dates=1)


def test_final_states_lead_nowhere_else_and_are_closed() -> None:
    assert {state for state, following in MOVES.items() if following <= {state}} == FINAL
    assert not FINAL & (OPEN | KEPT | UNDER_WAY)


def test_every_state_can_be_reached() -> None:
    assert set().union(*MOVES.values()) | {"created"} == set(MOVES)


async def test_a_stored_invitation_does_not_hold_its_token() -> None:
    store = MemoryInvitations()
    await store.add(invitation())
    found = await store.get(KEY)
    assert found is not None
    assert "t" not in (found.key, found.invitation_id)
    assert await store.get("t") is None


def test_a_links_token_can_neither_be_guessed_nor_counted_up() -> None:
    tokens = {link_token() for _ in range(1000)}
    assert len(tokens) == 1000
    assert {len(token) for token in tokens} == {43}  # 256 bits, six to a letter
