"""What every store of invitations promises, whether it lives in memory or in PostgreSQL."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4  # noqa: TID251 - new rows in a database that all these tests share

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from booking_core.gpconnect.values import Offer
from booking_core.selfbook.invitations import MOVES, UNDER_WAY, IllegalMove, Invitation, Invitations

from .values import AT, INVITATION, INVITATIONS, OFFER, SHOWN

QUICK = settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])


def anew(invitation: Invitation) -> Invitation:
    """The store of one test holds what all its examples put there."""
    return replace(invitation, key=str(uuid4()), invitation_id=str(uuid4()))


async def wins(invitations: Invitations, was: Invitation, state: str) -> bool:
    try:
        await invitations.move(was, state)
    except IllegalMove:
        return False
    return True


async def test_an_invitation_is_found_by_key_and_by_id_and_by_nothing_else(invitations: Invitations) -> None:
    await invitations.add(INVITATION)
    assert await invitations.get("k1") == INVITATION
    assert await invitations.by_id("i1") == INVITATION
    assert await invitations.get("i1") is None
    assert await invitations.by_id("k1") is None


@pytest.mark.parametrize("second", [{"invitation_id": "i2"}, {"key": "k2"}, {}], ids=["key", "id", "both"])
async def test_neither_key_nor_id_is_given_twice(invitations: Invitations, second: dict[str, Any]) -> None:
    await invitations.add(INVITATION)
    with pytest.raises(ValueError, match="already"):
        await invitations.add(replace(INVITATION, receiver_ods="T90199", **second))
    assert await invitations.get("k1") == INVITATION
    assert await invitations.get("k2") is None


async def test_a_move_keeps_what_changes_with_it(invitations: Invitations) -> None:
    await invitations.add(replace(INVITATION, state="confirming"))
    found = await invitations.get("k1")
    assert found is not None
    after = await invitations.move(found, "booked", appointment_id="77", held=(OFFER,))
    assert after == replace(INVITATION, state="booked", appointment_id="77", held=(OFFER,), turn=1)
    assert await invitations.get("k1") == after
    assert await invitations.by_id("i1") == after


@QUICK
@given(tries=st.lists(st.sampled_from(sorted(MOVES)), max_size=12))
async def test_only_moves_of_the_table_are_ever_made(invitations: Invitations, tries: list[str]) -> None:
    now = anew(INVITATION)
    await invitations.add(now)
    for to in tries:
        is_legal = to in MOVES[now.state]
        assert await wins(invitations, now, to) is is_legal
        now = replace(now, state=to, turn=now.turn + 1) if is_legal else now
        assert await invitations.get(now.key) == now


async def test_who_moves_from_an_older_state_is_told_and_changes_nothing(invitations: Invitations) -> None:
    old = replace(INVITATION, state="opened")
    await invitations.add(old)
    now = await invitations.move(old, "opened", wrong_dates=1)
    with pytest.raises(IllegalMove):
        await invitations.move(old, "verified")
    assert await invitations.get("k1") == now


async def test_what_is_not_there_is_neither_moved_nor_shown_anything(invitations: Invitations) -> None:
    with pytest.raises(KeyError):
        await invitations.move(INVITATION, "sent")
    with pytest.raises(KeyError):
        await invitations.show("k1", {})


async def test_of_fifty_movers_at_once_one_wins(both: tuple[Invitations, Invitations]) -> None:
    was = replace(INVITATION, state="verified")
    await both[0].add(was)
    assert sum(await asyncio.gather(*(wins(both[turn % 2], was, "confirming") for turn in range(50)))) == 1


async def test_twenty_wrong_dates_at_once_are_all_counted(both: tuple[Invitations, Invitations]) -> None:
    await both[0].add(replace(INVITATION, state="opened"))

    async def guess(invitations: Invitations) -> None:
        while True:
            found = await invitations.get("k1")
            assert found is not None
            try:
                await invitations.move(found, "opened", wrong_dates=found.wrong_dates + 1)
            except IllegalMove:
                continue
            return

    await asyncio.gather(*(guess(both[turn % 2]) for turn in range(20)))
    found = await both[0].get("k1")
    assert found is not None
    assert found.wrong_dates == 20


async def test_a_list_that_is_shown_and_a_move_leave_each_other_alone(both: tuple[Invitations, Invitations]) -> None:
    was, shown = replace(INVITATION, state="verified"), {"s1": OFFER}
    await both[0].add(was)
    await asyncio.gather(both[0].show("k1", shown), both[1].move(was, "confirming"))
    found = await both[0].get("k1")
    assert found is not None
    assert found == replace(was, state="confirming", shown=shown, turn=1)
    assert (await both[1].move(found, "verified")).shown == shown


async def test_the_last_list_is_the_one_that_counts_and_keeps_its_order(invitations: Invitations) -> None:
    await invitations.add(INVITATION)
    await invitations.show("k1", {"s1": OFFER})
    await invitations.show("k1", dict.fromkeys(("zz", "a", "mmm"), OFFER))
    found = await invitations.get("k1")
    assert found is not None
    assert list(found.shown) == ["zz", "a", "mmm"]


async def test_what_is_under_way_is_found_in_the_order_of_its_ids(invitations: Invitations) -> None:
    for number, state in enumerate(sorted(MOVES)):
        await invitations.add(
            replace(INVITATION, key=f"k{number}", invitation_id=f"{'zAa-'[number % 4]}{number}", state=state)
        )
    found = await invitations.under_way()
    assert {one.state for one in found} == UNDER_WAY
    assert [one.invitation_id for one in found] == sorted(one.invitation_id for one in found)


async def test_the_due_list_holds_what_stands_and_is_due_the_earliest_first(invitations: Invitations) -> None:
    due = {"late": AT, "early": AT - timedelta(days=1), "not yet": AT + timedelta(seconds=1), "never": None}
    for name, at in due.items():
        await invitations.add(replace(INVITATION, key=name, invitation_id=name, state="booked", remind_at=at))
    for state in sorted(MOVES):
        await invitations.add(replace(INVITATION, key=state, invitation_id=f"z {state}", state=state, remind_at=AT))
    found = [one.key for one in await invitations.to_remind(AT)]
    assert found == ["early", "late", "booked", "locked", "moving"]


async def test_what_is_crossed_off_the_due_list_is_not_due_again(invitations: Invitations) -> None:
    held = replace(INVITATION, state="booked", remind_at=AT)
    await invitations.add(held)
    await invitations.move(held, "booked", remind_at=None)
    assert list(await invitations.to_remind(AT)) == []


@QUICK
@given(invitation=INVITATIONS, shown=SHOWN)
async def test_any_invitation_comes_back_as_it_was(
    invitations: Invitations, invitation: Invitation, shown: Mapping[str, Offer]
) -> None:
    invitation = anew(invitation)
    await invitations.add(invitation)
    assert await invitations.get(invitation.key) == invitation
    await invitations.show(invitation.key, shown)
    back = await invitations.by_id(invitation.invitation_id)
    assert back == replace(invitation, shown=shown)
    assert back.expires.isoformat() == invitation.expires.isoformat()
