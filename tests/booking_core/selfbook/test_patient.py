"""A link in several hands at once, and a link in doubt: what each tap leads to."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from booking_core.selfbook.cancelling import cancel_appointment
from booking_core.selfbook.invitations import Invitation, key_of
from booking_core.selfbook.inviting import Draft, invite
from booking_core.selfbook.messages import NotSent
from booking_core.selfbook.office import Office, Screen
from booking_core.selfbook.patient import confirm, open_link, rebook
from booking_core.selfbook.settling import settle_all
from booking_core.wire.transport import HttpTransport
from harness.addresses import own_hosts
from harness.faults.kinds import FAULT
from harness.people import own_record
from harness.product import Product, build_product
from harness.virtual_time import clock, run_virtual
from harness.world import World, build_world
from harness.worlds import CATALOGUE, load_world

ROWS, _ = load_world(CATALOGUE / "worlds/cancelling.yaml")
START = datetime(2026, 3, 27, 8, 30, tzinfo=UTC)
WRONG = date(1999, 9, 9)


@dataclass(slots=True)
class Alice:
    """With the link in her hand."""

    world: World
    product: Product
    token: str = field(default="", repr=False)

    @property
    def office(self) -> Office:
        return self.product.office

    @property
    def born(self) -> date:
        return self.world.names.patients["alice"].born

    def draft(self) -> Draft:
        return Draft("T90101", "reception", "T90102", own_record(self.world.names.patients["alice"]))

    async def opens(self, born: date | None = None) -> Screen:
        return await open_link(self.office, self.token, born or self.born)

    async def takes(self, screen: Screen, which: int = 50) -> Screen:
        return await confirm(self.office, self.token, (screen.slots[which].slot_id,))

    async def books(self, which: int = 50) -> Screen:
        return await self.takes(await self.opens(), which)

    async def link(self) -> Invitation:
        found = await self.office.invitations.get(key_of(self.token))
        assert found is not None
        return found

    def breaks(self, on: str, **how: object) -> None:
        self.world.faults.arm(FAULT.validate_python({"name": on, "at": "riverside", "on": on, "times": 1} | how))

    def asked(self, on: str) -> int:
        return len([one for one in self.world.journal.exchanges if (one.at, one.on) == ("riverside", on)])


@asynccontextmanager
async def alice(*, invited: bool = True) -> AsyncIterator[Alice]:
    world = build_world(ROWS, folder=Path(), addresses=own_hosts(), now=clock(START), seed=1, hop=True)
    async with HttpTransport.over(world.network) as transport:
        she = Alice(world, build_product(world, transport))
        if invited:
            she.token = (await invite(she.office, she.draft())).token
        yield she


def with_alice(play: Callable[[Alice], Awaitable[list[str]]]) -> list[str]:
    async def main() -> list[str]:
        async with alice() as she:
            return await play(she)

    return run_virtual(main)


def test_a_second_tap_while_the_first_is_under_way_waits() -> None:
    async def play(she: Alice) -> list[str]:
        screen = await she.opens()
        return [one.outcome for one in await asyncio.gather(she.takes(screen, 50), she.takes(screen, 51))]

    assert sorted(with_alice(play)) == ["B7", "booked"]


def test_a_tab_with_an_older_list_gets_a_fresh_one_and_nothing_is_booked() -> None:
    async def play(she: Alice) -> list[str]:
        old = await she.opens()
        await she.world.practice("riverside").book.block((old.slots[50].slot_id,))
        await she.opens()
        told = await she.takes(old)
        return [told.outcome, str(len(old.slots) - len(told.slots)), str(she.asked("create_appointment"))]

    assert with_alice(play) == ["B1", "1", "0"]


def test_a_wrong_date_in_one_tab_does_not_take_the_list_from_another() -> None:
    async def play(she: Alice) -> list[str]:
        screen = await she.opens()
        return [(await she.opens(WRONG)).outcome, (await she.takes(screen)).outcome]

    assert with_alice(play) == ["B3", "booked"]


def test_wrong_dates_that_come_at_once_are_all_counted() -> None:
    async def play(she: Alice) -> list[str]:
        guesses = await asyncio.gather(*(she.opens(WRONG) for _ in range(12)))
        return [*sorted({one.outcome for one in guesses}), (await she.link()).state, (await she.opens()).outcome]

    assert with_alice(play) == ["B2", "B3", "locked", "B2"]


def test_in_doubt_a_stale_tab_books_nothing() -> None:
    async def play(she: Alice) -> list[str]:
        screen = await she.opens()
        she.breaks("create_appointment", kind="hang")
        return [
            (await she.takes(screen)).outcome,
            (await she.takes(screen, 51)).outcome,
            str(she.asked("create_appointment")),
        ]

    assert with_alice(play) == ["B5", "B5", "1"]


def test_in_doubt_the_date_of_birth_is_asked_for_as_well() -> None:
    async def play(she: Alice) -> list[str]:
        she.breaks("create_appointment", kind="hang")
        told = [await she.books(), await she.opens(WRONG), await she.opens()]
        return [*(one.outcome for one in told), str((await she.link()).wrong_dates)]

    assert with_alice(play) == ["B5", "B3", "B5", "1"]


def test_in_doubt_many_wrong_dates_close_the_door_and_the_booking_is_still_found() -> None:
    async def play(she: Alice) -> list[str]:
        she.breaks("create_appointment", kind="hang", phase="reply")
        she.world.faults.arm(
            FAULT.validate_python({"name": "deaf", "at": "riverside", "on": "list_appointments", "kind": "cut"})
        )
        await she.books()
        told = [(await she.opens(WRONG)).outcome for _ in range(10)] + [(await she.opens()).outcome]
        she.world.faults.switch((), she.world.journal.count)
        await settle_all(she.office)
        return [*told[8:], (await she.link()).state, (await she.opens()).outcome]

    assert with_alice(play) == ["B3", "B2", "B5", "booked", "B2"]


def test_a_list_that_came_late_does_not_lose_what_is_being_booked() -> None:
    """The other tab's search ends while this one's booking is in doubt; the slot is in no newer list."""

    async def play(she: Alice) -> list[str]:
        screen = await she.opens()
        she.breaks("create_appointment", kind="hang", phase="reply")
        await she.takes(screen)
        await she.office.invitations.show((await she.link()).key, {})
        return [(await she.opens()).outcome]

    assert with_alice(play) == ["booked"]


def test_who_looked_at_other_times_may_look_again_or_cancel() -> None:
    async def play(she: Alice) -> list[str]:
        await she.books()
        looked = [await rebook(she.office, she.token), await rebook(she.office, she.token), await she.opens()]
        return [one.outcome for one in [*looked, await cancel_appointment(she.office, she.token, "better")]]

    assert with_alice(play) == ["choose", "choose", "booked", "cancelled"]


def test_what_cannot_be_cancelled_any_more_cannot_be_moved() -> None:
    """Else the new appointment would stand beside the old one."""

    async def play(she: Alice) -> list[str]:
        await she.books(6)  # at 10 o'clock
        screen = await rebook(she.office, she.token)
        await asyncio.sleep(45 * 60)
        told = [await she.takes(screen), await rebook(she.office, she.token), await she.opens()]
        return [*(one.outcome for one in told), str(she.asked("create_appointment"))]

    assert with_alice(play) == ["B6", "B6", "booked", "1"]


def test_a_cancellation_in_doubt_is_told_as_one() -> None:
    async def play(she: Alice) -> list[str]:
        await she.books()
        she.breaks("cancel_appointment", kind="hang")
        told = await cancel_appointment(she.office, she.token, "better")
        return [
            told.outcome,
            (await cancel_appointment(she.office, she.token, "better")).outcome,
            str(she.asked("cancel_appointment")),
        ]

    assert with_alice(play) == ["B9", "B9", "1"]


def test_a_cancellation_that_never_arrived_leaves_the_appointment_and_may_be_tried_again() -> None:
    async def play(she: Alice) -> list[str]:
        await she.books()
        she.breaks("cancel_appointment", kind="hang")
        await cancel_appointment(she.office, she.token, "better")
        await asyncio.sleep(120)
        told = [await she.opens(), await she.opens(), await cancel_appointment(she.office, she.token, "better")]
        return [*(one.outcome for one in told), *(one.outcome for one in she.product.ledger.all())]

    assert with_alice(play) == ["S3", "booked", "cancelled", "booked", "unavailable", "cancelled"]


def test_an_old_appointment_that_would_not_go_is_cancelled_by_a_restart() -> None:
    async def play(she: Alice) -> list[str]:
        await she.books()
        she.breaks("cancel_appointment", kind="hang")
        moved = await she.takes(await rebook(she.office, she.token), 80)
        await asyncio.sleep(120)
        await settle_all(she.office)
        last_text, last_entry = she.product.phones.texts[-1].text, she.product.records.entries[-1].text
        return [moved.outcome, *(one.outcome for one in she.product.ledger.all()), last_text[-13:], last_entry[-19:]]

    assert with_alice(play) == ["B8", "booked", "booked", "cancelled", "is cancelled.", "cancelled after all"]


@dataclass(slots=True)
class Quick:
    """A phone whose owner opens the link before the gateway has told us that it took the text."""

    she: Alice
    opened: list[Screen] = field(default_factory=list)

    async def send(self, mobile: str, text: str) -> None:
        self.she.token = text.split("/l/")[1].split()[0]
        self.opened.append(await self.she.opens())


@dataclass(slots=True)
class Broken:
    """A gateway that takes nothing."""

    async def send(self, mobile: str, text: str) -> None:
        raise NotSent("no such number")


def test_a_patient_may_be_quicker_than_the_sender() -> None:
    async def main() -> list[str]:
        async with alice(invited=False) as she:
            phone = Quick(she)
            sent = await invite(replace(she.office, sms=phone), she.draft())
            return [sent.outcome, phone.opened[0].outcome, (await she.link()).state]

    assert run_virtual(main) == ["sent", "choose", "verified"]


def test_a_link_whose_text_was_not_taken_leads_nowhere() -> None:
    async def main() -> list[str]:
        async with alice(invited=False) as she:
            office = replace(she.office, sms=Broken(), new_token=lambda: "secret")
            she.token = "secret"
            return [(await invite(office, she.draft())).outcome, (await she.link()).state, (await she.opens()).outcome]

    assert run_virtual(main) == ["S7", "failed_send", "B2"]


@pytest.mark.parametrize("slot_ids", [(), ("no-such-slot",)])
def test_what_was_not_shown_is_not_booked(slot_ids: tuple[str, ...]) -> None:
    async def play(she: Alice) -> list[str]:
        await she.opens()
        await confirm(she.office, she.token, slot_ids)
        return [str(she.asked("create_appointment")), (await she.link()).state]

    assert with_alice(play) == ["0", "verified"]


def test_a_reminder_that_is_noted_meanwhile_is_no_obstacle_to_a_confirmation() -> None:
    async def play(she: Alice) -> list[str]:
        screen, office = await she.opens(), she.office
        get, noted = office.invitations.get, list[str]()

        async def get_before_a_reminder(key: str) -> Invitation | None:
            found = await get(key)
            if found and not noted:
                noted.append("noted")
                await office.invitations.move(found, found.state, remind_at=None)
            return found

        office.invitations.get = get_before_a_reminder  # type: ignore[method-assign]  # another process, between two queries
        return [*noted, (await she.takes(screen)).outcome, *noted, str(she.asked("create_appointment"))]

    assert with_alice(play) == ["booked", "noted", "1"]


class Killed(BaseException):
    """No handler of ours may catch it."""


def test_that_the_old_one_is_gone_is_told_after_a_restart_where_the_first_telling_was_cut_off() -> None:
    class Dying:
        async def send(self, mobile: str, text: str) -> None:
            raise Killed

    async def play(she: Alice) -> list[str]:
        await she.books()
        she.breaks("cancel_appointment", kind="hang")
        await she.takes(await rebook(she.office, she.token), 80)
        await asyncio.sleep(120)
        with pytest.raises(Killed):
            await settle_all(replace(she.office, sms=Dying()))
        before = len(she.product.phones.texts)
        await settle_all(she.office)
        await settle_all(she.office)
        return [one.text[-13:] for one in she.product.phones.texts[before:]]

    assert with_alice(play) == ["is cancelled."]


def test_who_may_have_been_told_half_a_day_is_not_told_a_minute_when_it_is_cancelled_after_all() -> None:
    async def play(she: Alice) -> list[str]:
        await she.books()
        she.breaks("cancel_appointment", kind="hang")
        await she.takes(await rebook(she.office, she.token), 80)
        await asyncio.sleep(120)
        pilot = she.office.pilot
        windows = replace(pilot, settings=replace(pilot.settings, telephone_windows=True))
        await settle_all(replace(she.office, pilot=windows))
        return [she.product.phones.texts[-1].text]

    assert with_alice(play) == ["Your appointment with Riverside Practice on Thursday 2 April is cancelled."]
