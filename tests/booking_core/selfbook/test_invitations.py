"""The invitation's state machine has no illegal move, whatever is tried."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking_core.booking import PatientRecord
from booking_core.consumer import Sender
from booking_core.pds import Demographics
from booking_core.search import Wanted
from booking_core.selfbook.invitations import MOVES, OPEN, IllegalMove, Invitation, MemoryInvitations, key_of

FINAL = {"booked", "expired", "locked", "revoked", "failed_send"}


def invitation() -> Invitation:
    sender = Sender("u1", "Okafor", ("Ruth",), "", "R1730", "", "", "T90101", "Millbrook", "gp-practice", "0", "1")
    person = Demographics("9990010013", "Begum", ("Nadia",), "female", date(1974, 2, 19))
    expires = datetime(2026, 4, 3, tzinfo=UTC)
    return Invitation(key_of("t"), "i1", sender, "T90102", PatientRecord(person, ""), Wanted(), expires)


@given(st.lists(st.sampled_from(sorted(MOVES)), max_size=20))
def test_only_moves_of_the_table_are_ever_made(tries: list[str]) -> None:
    store, current = MemoryInvitations(), invitation()
    store.add(current)
    state = "created"
    for to in tries:
        try:
            current = store.move(current, to)
        except IllegalMove:
            assert to not in MOVES[state]
        else:
            assert to in MOVES[state]
            state = to
    found = store.get("t")
    assert found is not None
    assert found.state == state


def test_a_stale_copy_does_not_move_twice() -> None:
    store, current = MemoryInvitations(), invitation()
    store.add(replace(current, state="verified"))
    seen = store.get("t")
    assert seen is not None
    store.move(seen, "confirming")
    with pytest.raises(IllegalMove):
        store.move(seen, "confirming")


def test_final_states_lead_nowhere_and_are_closed() -> None:
    assert {state for state, following in MOVES.items() if not following} == FINAL
    assert not FINAL & OPEN


def test_every_state_can_be_reached() -> None:
    assert set().union(*MOVES.values()) | {"created"} == set(MOVES)


def test_a_stored_invitation_does_not_hold_its_token() -> None:
    store = MemoryInvitations()
    store.add(invitation())
    assert store.get("t").key != "t"  # type: ignore[union-attr]  # it was just added
    assert store.get("T") is None
