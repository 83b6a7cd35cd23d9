"""Walking every link into one receiver of a simulated world: invite, search, then book and cancel by slot type."""

import gc
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from booking_core import booking
from booking_core.encounter import Encounter, meet
from booking_core.gpconnect.values import Booked, Offer
from booking_core.reactions import Stop
from booking_core.search import Wanted, search
from booking_core.selfbook import inviting
from booking_core.selfbook.inviting import Draft
from booking_core.selfbook.pilot import sender_of
from booking_core.uk_time import local_date
from booking_core.wire.transport import HttpTransport
from harness.addresses import own_hosts
from harness.people import own_record
from harness.pilot_check.cells import Cell, Pair, Said
from harness.pilot_check.people import KINDS, alias_of, with_patients
from harness.pilot_check.shelves import Shelf, Sight, shelves_of
from harness.product import Product, build_product
from harness.rows import LinkRow, OrganisationRow, PilotFile
from harness.virtual_time import clock, run_virtual
from harness.world import World, build_world
from mock_gpconnect.provider.visibility import Asker

KEPT = 600
"""Exchanges that the journal of a walk remembers: more than one pair makes before it books."""

DESCRIPTION = REASON = "Pilot check"
NO_TYPE = ("",)
"""A receiver without sessions has one cell all the same."""

OPEN_BUT_EMPTY = "open_by_its_settings_and_not_shown"
"""The gates let the booker in and the search shows nothing: the check and the mock disagree."""


@dataclass(frozen=True, slots=True)
class Task:
    """One receiver and who books into it, by ODS code."""

    rows: PilotFile
    folder: Path
    now: datetime
    receiver: str
    bookers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Walk:
    """A task's world, ready to be walked in."""

    task: Task
    world: World
    product: Product
    shelf: Shelf


def walk(task: Task) -> list[Pair]:
    """Every pair of the task, in order; runs its own loop, so that a process can do nothing else."""

    async def main() -> list[Pair]:
        rows = _only(task)
        world = build_world(
            rows, folder=task.folder, addresses=own_hosts(), now=clock(task.now), seed=1, keep=KEPT
        )  # fmt: skip
        horizon = task.rows.settings.horizon_days
        shelves = await shelves_of({task.receiver: world.practices[task.receiver]}, task.now, horizon)
        async with HttpTransport.over(world.network) as transport:
            here = Walk(task, world, build_product(world, transport), shelves[task.receiver])
            gc.freeze()  # a world's many slots need not be looked through again and again
            pairs = [await _pair(here, booker) for booker in task.bookers]
            gc.unfreeze()
        await world.network.quiet()
        return pairs

    return run_virtual(main)


def _only(task: Task) -> PilotFile:
    """The pilot around one receiver: nobody else needs an appointment book."""
    organisations = tuple(
        row if row.ods == task.receiver else row.model_copy(update={"sessions": ()}) for row in task.rows.organisations
    )
    rows = task.rows.model_copy(update={"organisations": organisations})
    return with_patients(rows, list(task.bookers), task.receiver)


@dataclass(frozen=True, slots=True)
class Shown:
    """What the search showed, the trace of its last window, and what the receiver's gates say of the rest."""

    offers: tuple[Offer, ...]
    trace: str
    sight: Sight


async def _pair(here: Walk, booker: str) -> Pair:
    """Invites each kind of patient, then books every slot type that the search shows."""
    row = here.world.names.organisations[booker]
    link = _link(here, booker)
    since = _count(here)
    invited = {kind: await _invite(here, row, kind) for kind in KINDS}
    try:
        if invited["registered"] not in ("sent", "E3"):
            raise _Turned(invited["registered"])
        encounter = await _meet(here, row)
        wanted = Wanted(link.slot_types, (), link.locations)
        offers = await search(encounter, wanted, here.task.rows.settings.horizon_days)
        sight = here.shelf.seen_by(_asker(row), link.locations, link.slot_types)
        shown = Shown(offers, _last_trace(here, "search_slots"), sight)
        patients = [await _patient_id(here, encounter, kind, booker) for kind in ("registered", "unregistered")]
    except _Turned as turned:
        return _all_refused(here, booker, invited, turned.error, _story(here, since))
    except Stop as stop:
        return _all_refused(here, booker, invited, stop.reaction.user_error, _story(here, since), stop.detail)
    story = _story(here, since)
    names = here.shelf.slot_types or NO_TYPE
    cells = [await _cell(here, encounter, name, _turn(patients, number), shown) for number, name in enumerate(names)]
    days = Counter(local_date(offer.start) for offer in offers)
    return Pair(booker, here.task.receiver, invited, tuple(cells), dict(days), story)


class _Turned(Exception):
    """The invitation was not sent."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


async def _invite(here: Walk, row: OrganisationRow, kind: str) -> str:
    """What the sender's screen says; a booker without users has nobody to see one."""
    if not row.users:
        return "E1"
    sender = next((one for one in row.users if one.role and one.family and one.given), row.users[0])
    patient = here.world.names.patients[alias_of(kind, row.ods)]
    draft = Draft(row.ods, sender.alias, here.task.receiver, own_record(patient))
    return (await inviting.invite(here.product.office, draft)).outcome


async def _meet(here: Walk, row: OrganisationRow) -> Encounter:
    office = here.product.office
    sender = next((one for one in row.users if one.role and one.family and one.given), row.users[0])
    user = await office.staff.user(row.ods, sender.alias)
    return await meet(office.consumer, sender_of(office.pilot.organisations[row.ods], user), here.task.receiver)


async def _patient_id(here: Walk, encounter: Encounter, kind: str, booker: str) -> str:
    """Traced, found or registered at the receiver: once for a pair."""
    record = own_record(here.world.names.patients[alias_of(kind, booker)])
    person = await booking.trace(encounter.consumer, record)
    return await booking.find_or_register(encounter, record, person)


def _turn(patients: list[str], number: int) -> list[str]:
    """Both patients book in a pair's first cell, and take turns in the others: a booking is the same for both."""
    return patients if number == 0 else [patients[number % 2]]


async def _cell(here: Walk, encounter: Encounter, name: str, patients: list[str], shown: Shown) -> Cell:
    """Books the first slot of the type for each of the patients in turn, and gives it back."""
    ours = [offer for offer in shown.offers if offer.slot_type == name]
    if not ours:
        cause = OPEN_BUT_EMPTY if shown.sight.types[name] else shown.sight.cause(name)
        return Cell(name, "no_slots", cause, trace=shown.trace)
    cancelled = True
    for patient_id in patients:
        doing = ""
        try:
            booked = await encounter.create_appointment(ours[:1], patient_id, DESCRIPTION)
            trace, doing = _last_trace(here, "create_appointment"), "cancelling: "
            cancelled &= await _give_back(here, encounter, booked)
        except Stop as stop:
            return Cell(name, "refused", doing + stop.reaction.user_error, len(ours), trace=_last_trace(here))
    return Cell(name, "books", "", len(ours), cancelled, trace)


async def _give_back(here: Walk, encounter: Encounter, booked: Booked) -> bool:
    """Cancelled over the link where the pilot allows it; else the receiver's desk takes it out of the book."""
    if here.task.rows.settings.cancel.enabled:
        held = await encounter.read_appointment(booked.appointment_id)
        return (await encounter.cancel_appointment(held, REASON)).status == "cancelled"
    book = here.world.practices[here.task.receiver].book
    if held_there := await book.appointment(booked.appointment_id):
        gone = replace(held_there, status="cancelled", version=held_there.version + 1)
        await book.change(gone, was=held_there.version)
    return False


def _all_refused(
    here: Walk, booker: str, invited: dict[str, str], error: str, story: tuple[Said, ...], note: str = ""
) -> Pair:
    trace = story[-1].trace if story else ""
    names = here.shelf.slot_types or NO_TYPE
    cells = tuple(Cell(name, "refused", error, trace=trace) for name in names)
    return Pair(booker, here.task.receiver, invited, cells, story=story, note=note)


def _link(here: Walk, booker: str) -> LinkRow:
    ends = (booker, here.task.receiver)
    names = here.world.names
    return next(link for link in here.task.rows.links if (names.ods(link.from_), names.ods(link.to)) == ends)


def _asker(row: OrganisationRow) -> Asker:
    return Asker(frozenset({row.ods}), frozenset({row.type}))


def _count(here: Walk) -> int:
    exchanges = here.world.journal.exchanges
    return exchanges[-1].number if exchanges else 0


def _story(here: Walk, since: int) -> tuple[Said, ...]:
    """What was said after an exchange, on the wire's outer side only: the proxy's, not the provider's again."""
    return tuple(_said(here, since))


def _said(here: Walk, since: int) -> Iterator[Said]:
    for one in here.world.journal.exchanges:
        if one.number > since and one.service != "gpconnect":
            yield Said(one.on, one.at, one.seen_status or 0, one.trace_id)


def _last_trace(here: Walk, on: str = "") -> str:
    """The trace id of the latest exchange, or of the latest of one kind."""
    exchanges = reversed(here.world.journal.exchanges)
    return next((one.trace_id for one in exchanges if one.trace_id and on in ("", one.on)), "")
