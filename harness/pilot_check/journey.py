"""The journey from one booker to one receiver: invite, search, then book and give back, slot type by slot type."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from booking_core import booking
from booking_core.encounter import Encounter, meet
from booking_core.gpconnect.values import Booked, Offer
from booking_core.reactions import Stop
from booking_core.search import ANYTHING, search
from booking_core.selfbook import inviting
from booking_core.selfbook.inviting import Draft
from booking_core.selfbook.office import Screen
from booking_core.selfbook.pilot import sender_of
from booking_core.uk_time import local_date
from harness.people import own_record
from harness.pilot_check.cells import Cell, Pair
from harness.pilot_check.minutes import Keep, Minutes, Notes
from harness.pilot_check.people import BOOKING, KINDS, alias_of
from harness.pilot_check.shelves import Shelf, Sight
from harness.product import Product
from harness.rows import LinkRow, OrganisationRow, UserRow
from harness.world import World
from mock_gpconnect.provider.visibility import Asker

DESCRIPTION = REASON = "Pilot check"
NO_TYPE = ("",)
"""A receiver without sessions has one cell all the same."""

OPEN_BUT_EMPTY = "open_by_its_settings_and_not_shown"
"""The gates let the booker in and the search shows nothing: the check and the mock disagree."""


@dataclass(frozen=True, slots=True)
class Walk:
    """A world to walk in, with one receiver. `few` pairs: every way is kept in full, not only its telling part."""

    receiver: str
    world: World
    product: Product
    shelf: Shelf
    minutes: Minutes
    few: bool

    @property
    def keep(self) -> Keep:
        """What is kept of a way that is worth it."""
        return "all" if self.few else "telling"


@dataclass(frozen=True, slots=True)
class Arrived:
    """What all cells of a pair begin from: the way there, the patients' ids there, and what the search showed.

    `sight` is what the receiver's gates say of the rest, `trace` that of the last search.
    """

    encounter: Encounter
    patients: Mapping[str, str]
    offers: Mapping[str, tuple[Offer, ...]]
    sight: Sight
    trace: str


async def walk_pair(here: Walk, booker: str) -> Pair:
    """Invites each kind of patient, then books every slot type that the search shows."""
    row, notes = here.world.names.organisations[booker], Notes(here.minutes)
    screens = {kind: await _invite(here, row, kind, notes) for kind in KINDS}
    invited = {kind: screen.outcome for kind, screen in screens.items()}
    try:
        if invited["registered"] not in ("sent", "E3"):
            raise Stop.because(invited["registered"], screens["registered"].cause)
        arrived = await _arrive(here, row, notes)
    except Stop as stop:
        cells = tuple(_refused(here, stop.reaction.user_error, notes.trace))
        pair = Pair(booker, here.receiver, invited, cells, note=stop.detail)
    else:
        days = Counter(local_date(offer.start) for offers in arrived.offers.values() for offer in offers)
        pair = Pair(booker, here.receiver, invited, await _cells(here, arrived), dict(days))
    return replace(pair, story=notes.told(here.keep if here.few or pair.went_wrong else "nothing"))


async def _invite(here: Walk, row: OrganisationRow, kind: str, notes: Notes) -> Screen:
    """What the sender sees; a booker without users has nobody to see anything."""
    patient = own_record(here.world.names.patients[alias_of(kind, row.ods)])
    with notes.act(f"invite as {kind}") as act:
        if sender := _sender(row):
            screen = await inviting.invite(here.product.office, Draft(row.ods, sender.alias, here.receiver, patient))
        else:
            screen = Screen("E1", "", "", cause=f"{row.ods} has no user who could send")
        act.ended, act.well = screen.outcome, (screen.outcome == "sent") == (kind in BOOKING)
    return screen


def _sender(row: OrganisationRow) -> UserRow | None:
    """Somebody who can send, else the first user."""
    able = (one for one in row.users if one.role and one.family and one.given)
    return next(able, row.users[0] if row.users else None)


async def _arrive(here: Walk, row: OrganisationRow, notes: Notes) -> Arrived:
    """All that is done once for a pair: a slot type is a filter on our side, a patient's identity the same for each."""
    office, sender, settings = here.product.office, _sender(row), here.world.rows.settings
    link = next(one for one in here.world.rows.links if _ends(here, one) == (row.ods, here.receiver))
    with notes.act("look up the receiver") as act:
        user = await office.staff.user(row.ods, sender.alias if sender else "")
        encounter = await meet(office.consumer, sender_of(office.pilot.organisations[row.ods], user), here.receiver)
        act.ended = "found"
    with notes.act("search") as act:
        offers = await search(encounter, office.pilot.narrowed(row.ods, here.receiver, ANYTHING), settings.horizon_days)
        act.ended = f"{len(offers)} slots"
    trace = act.heard[-1].trace_id
    patients = {kind: await _patient_id(here, encounter, kind, row.ods, notes) for kind in BOOKING}
    asker = Asker(frozenset({row.ods}), frozenset({row.type}))
    sight = here.shelf.seen_by(asker, link.locations, link.slot_types)
    return Arrived(encounter, patients, _by_type(offers), sight, trace)


def _by_type(offers: Iterable[Offer]) -> Mapping[str, tuple[Offer, ...]]:
    found: dict[str, list[Offer]] = {}
    for offer in offers:
        found.setdefault(offer.slot_type, []).append(offer)
    return {name: tuple(ours) for name, ours in found.items()}


def _ends(here: Walk, link: LinkRow) -> tuple[str, str]:
    return here.world.names.ods(link.from_), here.world.names.ods(link.to)


async def _patient_id(here: Walk, encounter: Encounter, kind: str, booker: str, notes: Notes) -> str:
    """Traced, found or registered at the receiver."""
    record = own_record(here.world.names.patients[alias_of(kind, booker)])
    with notes.act(f"identify as {kind}") as act:
        person = await booking.trace(encounter.consumer, record)
        patient_id = await booking.find_or_register(encounter, record, person)
    act.ended = "registered" if any(one.on == "register_patient" for one in act.heard) else "found"
    return patient_id


async def _cells(here: Walk, arrived: Arrived) -> tuple[Cell, ...]:
    """A cell for each slot type of the receiver; whole messages of the first that ends in each way."""
    cells: list[Cell] = []
    seen: set[tuple[str, str]] = set()
    for number, name in enumerate(here.shelf.slot_types or NO_TYPE):
        notes = Notes(here.minutes)
        cell = await _cell(here, arrived, name, number, notes)
        ending = (cell.state, cell.why)
        cells.append(replace(cell, acts=notes.told("nothing" if ending in seen else here.keep)))
        seen.add(ending)
    return tuple(cells)


async def _cell(here: Walk, arrived: Arrived, name: str, number: int, notes: Notes) -> Cell:
    """Books the first slot of the type for each patient in turn, and gives it back."""
    if not (ours := arrived.offers.get(name)):
        cause = OPEN_BUT_EMPTY if arrived.sight.types[name] else arrived.sight.cause(name)
        return Cell(name, "no_slots", cause, trace=arrived.trace)
    trace = ""
    try:
        for place, (kind, patient_id) in enumerate(arrived.patients.items()):
            with notes.act(f"book as {kind}") as act:
                booked = await arrived.encounter.create_appointment(ours[:1], patient_id, DESCRIPTION)
                act.ended = "booked"
            trace = trace or act.heard[-1].trace_id
            await _give_back(here, arrived.encounter, booked, kind, notes, turn=number == 0 or number % 2 == place)
    except Stop as stop:
        doing = "cancelling: " if notes.entries[-1].what.startswith("cancel") else ""
        return Cell(name, "refused", doing + stop.reaction.user_error, len(ours), trace=notes.trace)
    return Cell(name, "books", "", len(ours), any(one.ended == "cancelled" for one in notes.entries), trace)


async def _give_back(here: Walk, encounter: Encounter, booked: Booked, kind: str, notes: Notes, *, turn: bool) -> None:
    """Cancelled over the link where the pilot allows it; else the receiver's desk takes it out of the book.

    Both patients cancel in a pair's first cell and take turns in the others: for a receiver an
    appointment is cancelled in the same way, whoever has it.
    """
    if turn and here.world.rows.settings.cancel.enabled:
        with notes.act(f"cancel as {kind}") as act:
            held = await encounter.read_appointment(booked.appointment_id)
            act.ended = (await encounter.cancel_appointment(held, REASON)).status
        return
    book = here.world.practices[here.receiver].book
    if held_there := await book.appointment(booked.appointment_id):
        gone = replace(held_there, status="cancelled", version=held_there.version + 1)
        await book.change(gone, was=held_there.version)


def _refused(here: Walk, error: str, trace: str) -> Iterator[Cell]:
    for name in here.shelf.slot_types or NO_TYPE:
        yield Cell(name, "refused", error, trace=trace)
