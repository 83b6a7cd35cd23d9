"""What each step does. A step returns one line for the story, or raises Unmet."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from booking_core.gpconnect.values import Offer
from booking_core.search import Wanted
from harness.driver import Draft, Screen
from harness.explaining import reasons
from harness.people import own_record
from harness.scenario import probe_row, step_rows
from harness.scenario.probe import probe
from harness.scenario.stage import Link, Stage, Unmet
from mock_gpconnect.provider.visibility import Asker


async def invite(stage: Stage, step: step_rows.Invite) -> str:
    """Staff compose and send; the link is kept under the step's `save`."""
    screen = stage.show("staff", await stage.driver.invite(_draft(stage, step, step.patient)))
    if screen.token and step.save:
        stage.links[step.save] = Link(screen.token, step.patient)
    return _expect(step.expect, screen)


async def invite_many(stage: Stage, step: step_rows.InviteMany) -> str:
    """Staff select many patients at once."""
    drafts = [_draft(stage, step, patient) for patient in step.patients]
    screens = [stage.show("staff", one) for one in await stage.driver.invite_many(drafts)]
    for screen in screens:
        _expect(step.expect, screen)
    return f"{len(screens)} times {step.expect}"


async def revoke(stage: Stage, step: step_rows.Revoke) -> str:
    """Staff take a link back."""
    screen = stage.show("staff", await stage.driver.revoke(_link(stage, step.link).token))
    return screen.outcome


async def open_link(stage: Stage, step: step_rows.OpenLink) -> str:
    """The patient opens the link and says when they were born."""
    link = _link(stage, step.link)
    screen = stage.show(link.patient, await stage.driver.open_link(link.token, _born(stage, step.born)))
    link.screen = screen if screen.slots else link.screen
    return _expect(step.expect, screen)


async def choose(stage: Stage, step: step_rows.Choose) -> str:
    """The patient picks a slot of the last screen and confirms it."""
    link = _link(stage, step.link)
    offer = _offer(link, step.slot)
    screen = stage.show(link.patient, await stage.driver.choose(link.token, (offer.slot_id,)))
    link.screen = screen if screen.slots else link.screen
    return _expect(step.expect, screen)


async def cancel(stage: Stage, step: step_rows.Cancel) -> str:
    """The patient cancels what the link booked."""
    link = _link(stage, step.link)
    screen = await stage.driver.cancel(link.token, step.reason)
    return _expect(step.expect, stage.show(link.patient, screen))


async def rebook(stage: Stage, step: step_rows.Rebook) -> str:
    """The patient asks for another time; the old appointment stays until a new one is confirmed."""
    link = _link(stage, step.link)
    screen = stage.show(link.patient, await stage.driver.rebook(link.token))
    link.screen = screen if screen.slots else link.screen
    return _expect(step.expect, screen)


async def take_slot(stage: Stage, step: step_rows.TakeSlot) -> str:
    """A receptionist books the slot locally."""
    offer = _offer(_link(stage, step.link), step.slot)
    await stage.world.practice(step.at).book.block((offer.slot_id,))
    return "taken"


async def take_all(stage: Stage, step: step_rows.TakeAll) -> str:
    """The book is full."""
    book = stage.world.practice(step.at).book
    free = [slot.id for slot in await book.slots_of() if await book.is_free(slot.id)]
    await book.block(free)
    return f"{len(free)} slots taken"


async def set_slots(stage: Stage, step: step_rows.SetSlots) -> str:
    """The sessions' set-up changes; the next search sees it."""
    changes = _given(step, "bookable", "role", "channel", "only_types", "limit")
    if step.only_for is not None:
        changes["only_ods"] = [stage.world.names.ods(name) for name in step.only_for] or None
    if "only_types" in changes:
        changes["only_types"] = changes["only_types"] or None
    await stage.world.practice(step.at).book.reconfigure(step.session, **changes)
    return "changed"


async def set_practice(stage: Stage, step: step_rows.SetPractice) -> str:
    """The practice's settings change; the next request sees it. 0 hours is no embargo, 0 days no window."""
    practice = stage.world.practice(step.at)
    if step.embargo_hours is not None:
        practice.embargo = timedelta(hours=step.embargo_hours) or None
    if step.booking_window_days is not None:
        practice.booking_window = timedelta(days=step.booking_window_days) or None
    practice.switches = replace(practice.switches, **_given(step, "enabled", "appointments", "foundations"))
    return "changed"


async def explain(stage: Stage, step: step_rows.Explain) -> str:
    """The provider's own decision about each slot, asked for its reason."""
    consumer = stage.world.names.organisations[step.to]
    found = await reasons(stage.world, step.at, Asker(frozenset({consumer.ods}), frozenset({consumer.type})))
    hidden = {reason: count for reason, count in found.items() if reason}
    commonest = "visible" if None in found else max(hidden, key=lambda reason: hidden[reason], default="no slots")
    if commonest != step.expect:
        raise Unmet(step.expect, commonest, ", ".join(f"{count} {reason}" for reason, count in found.items()))
    return commonest


async def set_user(stage: Stage, step: step_rows.SetUser) -> str:
    """The user's account in the booker's clinical system changes."""
    home, _, user = step.user.partition(".")
    changes = _given(step, "role", "family", "given")
    await stage.driver.change_user(stage.world.names.ods(home), user, changes)
    return "changed"


async def correct_patient(stage: Stage, step: step_rows.CorrectPatient) -> str:
    """The organisation's copy becomes what the patient's own practice holds."""
    row = stage.world.names.patients[step.patient]
    index = stage.world.practice(step.at).patients
    for copy in index.of_number(row.nhs_number):
        index.update(copy, family=row.family, given=row.given, gender=row.gender, birth_date=row.born)
    return "corrected"


async def wait(stage: Stage, step: step_rows.Wait) -> str:
    """Time passes, and everything that was due in it happens."""
    await stage.pass_time(step.seconds)
    return f"until {stage.world.now().isoformat(timespec='seconds')}"


async def together(stage: Stage, step: step_rows.Together) -> str:
    """All at once. With `outcomes`, how many ended how is expected, and not who."""
    if not step.outcomes:
        return ", ".join(await asyncio.gather(*(run_step(stage, one) for one in step.steps)))
    ends = await asyncio.gather(*(_outcome(stage, one) for one in step.steps))
    if (ended := dict(Counter(ends))) != step.outcomes:
        raise Unmet(_counted(step.outcomes), _counted(ended))
    return _counted(ended)


async def _outcome(stage: Stage, step: step_rows.RacingStep) -> str:
    try:
        return await run_step(stage, step)
    except Unmet as other:
        return other.got


def _counted(ended: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {word}" for word, count in sorted(ended.items()))


ACTS: Mapping[type[Any], Callable[[Stage, Any], Awaitable[str]]] = {
    step_rows.Invite: invite,
    step_rows.OpenLink: open_link,
    step_rows.Choose: choose,
    step_rows.InviteMany: invite_many,
    step_rows.Revoke: revoke,
    step_rows.Cancel: cancel,
    step_rows.Rebook: rebook,
    step_rows.TakeSlot: take_slot,
    step_rows.TakeAll: take_all,
    step_rows.SetSlots: set_slots,
    step_rows.SetPractice: set_practice,
    step_rows.Explain: explain,
    step_rows.SetUser: set_user,
    step_rows.CorrectPatient: correct_patient,
    step_rows.Wait: wait,
    step_rows.Together: together,
    probe_row.Probe: probe,
}


async def run_step(stage: Stage, step: step_rows.Step) -> str:
    """Does one step; the line tells how it ended. Raises Unmet."""
    return await ACTS[type(step)](stage, step)


def _draft(stage: Stage, step: step_rows.Invite | step_rows.InviteMany, patient_alias: str) -> Draft:
    home, _, user = step.by.partition(".")
    names = stage.world.names
    wanted = Wanted(step.slot_types, step.clinicians, step.locations)
    record = own_record(names.patients[patient_alias])
    return Draft(names.ods(home), user, names.ods(step.to), record, wanted)


def _expect(expected: str, screen: Screen) -> str:
    if screen.outcome != expected:
        raise Unmet(expected, screen.outcome, screen.cause)
    return screen.outcome


def _link(stage: Stage, name: str) -> Link:
    if (link := stage.links.get(name)) is None:
        raise Unmet(f"the link {name!r}", "no link: its invitation was not sent")
    return link


def _offer(link: Link, slot: probe_row.Slot) -> Offer:
    if link.screen is None:
        raise Unmet("slots on the patient's screen", "none: open the link first")
    offers = link.screen.slots
    place = {"first": 0, "last": len(offers) - 1}.get(slot)
    place = int(slot) if place is None else place
    if place >= len(offers):
        raise Unmet(f"slot {slot} on the screen", f"{len(offers)} slots")
    return offers[place]


def _born(stage: Stage, text: str) -> date:
    patient = stage.world.names.patients.get(text)
    return patient.born if patient else date.fromisoformat(text)


def _given(step: Any, *keys: str) -> dict[str, Any]:
    return {key: value for key in keys if (value := getattr(step, key)) is not None}
