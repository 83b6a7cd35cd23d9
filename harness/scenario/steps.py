"""What each step does. A step returns one line for the story, or raises Unmet."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from typing import Any

from booking_core.search import Wanted
from harness.driver import Draft, Screen
from harness.people import own_record
from harness.scenario import probe_row, step_rows
from harness.scenario.desk_steps import DESK_ACTS
from harness.scenario.probe import probe
from harness.scenario.stage import Link, Stage, Unmet


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
    screen = stage.show("staff", await stage.driver.revoke(stage.link(step.link).token))
    return screen.outcome


async def open_link(stage: Stage, step: step_rows.OpenLink) -> str:
    """The patient opens the link and says when they were born."""
    link = stage.link(step.link)
    screen = stage.show(link.patient, await stage.driver.open_link(link.token, _born(stage, step.born)))
    link.screen = screen if screen.slots else link.screen
    return _expect(step.expect, screen)


async def choose(stage: Stage, step: step_rows.Choose) -> str:
    """The patient picks a slot of the last screen and confirms it."""
    link = stage.link(step.link)
    offer = link.offer(step.slot)
    screen = stage.show(link.patient, await stage.driver.choose(link.token, (offer.slot_id,)))
    link.screen = screen if screen.slots else link.screen
    return _expect(step.expect, screen)


async def cancel(stage: Stage, step: step_rows.Cancel) -> str:
    """The patient cancels what the link booked."""
    link = stage.link(step.link)
    screen = await stage.driver.cancel(link.token, step.reason)
    return _expect(step.expect, stage.show(link.patient, screen))


async def rebook(stage: Stage, step: step_rows.Rebook) -> str:
    """The patient asks for another time; the old appointment stays until a new one is confirmed."""
    link = stage.link(step.link)
    screen = stage.show(link.patient, await stage.driver.rebook(link.token))
    link.screen = screen if screen.slots else link.screen
    return _expect(step.expect, screen)


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


async def set_faults(stage: Stage, step: step_rows.SetFaults) -> str:
    """Other faults from the next exchange on."""
    stage.world.faults.switch(step.faults, stage.world.journal.count)
    return ", ".join(rule.name for rule in step.faults) or "none"


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
    **DESK_ACTS,
    step_rows.SetUser: set_user,
    step_rows.CorrectPatient: correct_patient,
    step_rows.SetFaults: set_faults,
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


def _born(stage: Stage, text: str) -> date:
    patient = stage.world.names.patients.get(text)
    return patient.born if patient else date.fromisoformat(text)


def _given(step: Any, *keys: str) -> dict[str, Any]:
    return {key: value for key in keys if (value := getattr(step, key)) is not None}
