"""A patient who wants something, and goes on wanting it after the process has died."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from booking_core.selfbook.cancelling import cancel_appointment
from booking_core.selfbook.inviting import Draft, invite
from booking_core.selfbook.office import Office, Screen
from booking_core.selfbook.patient import confirm, open_link, rebook
from harness.people import own_record
from harness.rows import PatientRow

from .lives import Surroundings

DOUBTS = frozenset({"B5", "B7", "B9"})
"""Screens that ask for a moment's patience."""

MINUTES_3 = 180.0
SOME_DAYS_ON = 50


@dataclass(slots=True)
class Patient:
    """Somebody with a phone. `token` is of the link in the last invitation that came to it.

    Patients of another `taste` take other slots: two tabs that took the same one would be kept apart by the receiver.
    """

    around: Surroundings
    alias: str = "alice"
    taste: int = 0
    screens: list[Screen] = field(default_factory=list)
    told: list[tuple[datetime, str]] = field(default_factory=list)

    @property
    def row(self) -> PatientRow:
        return self.around.world.names.patients[self.alias]

    @property
    def born(self) -> date:
        return self.row.born

    @property
    def texts(self) -> list[str]:
        return [one.text for one in self.around.phones.texts if one.mobile == self.row.mobile]

    @property
    def token(self) -> str:
        links = [found[1] for text in self.texts if (found := re.search(r"/l/(\S+)", text))]
        return links[-1] if links else ""

    def draft(self) -> Draft:
        return Draft("T90101", "reception", "T90102", own_record(self.row))

    def see(self, screen: Screen) -> Screen:
        self.screens.append(screen)
        self.told.append((self.around.world.now(), screen.text))
        return screen

    async def invited(self, office: Office) -> None:
        if not self.token:
            await invite(office, self.draft())

    async def opens(self, office: Office) -> Screen:
        """Opens the link, and again while the screen asks for patience or says to try later."""
        for _ in range(5):
            screen = self.see(await open_link(office, self.token, self.born))
            if screen.outcome not in DOUBTS | {"S3"}:
                break
            await asyncio.sleep(MINUTES_3)
        return screen


async def books(patient: Patient, office: Office) -> None:
    """Invited, opens the link, takes a slot that can still be cancelled for days."""
    await patient.invited(office)
    screen = await patient.opens(office)
    if screen.outcome == "choose":
        patient.see(await confirm(office, patient.token, (screen.slots[SOME_DAYS_ON + patient.taste].slot_id,)))


async def cancels(patient: Patient, office: Office) -> None:
    """Opens the link and cancels what it shows."""
    screen = await patient.opens(office)
    if screen.outcome == "booked":
        patient.see(await cancel_appointment(office, patient.token, "I feel better"))


async def moves(patient: Patient, office: Office) -> None:
    """Opens the link and takes the last slot instead of the first, unless that is what it shows by now."""
    screen = await patient.opens(office)
    if screen.outcome == "booked" and not holds_last(patient):
        screen = patient.see(await rebook(office, patient.token))
        if screen.outcome == "choose":
            patient.see(await confirm(office, patient.token, (screen.slots[-1 - patient.taste].slot_id,)))


def holds_last(patient: Patient) -> bool:
    """Whether the appointment that the link shows is one of the last day that can be booked."""
    return LAST_DAY in patient.screens[-1].text


LAST_DAY = "Thursday 7 May"


async def nothing(patient: Patient, office: Office) -> None:
    """No history."""


async def is_invited(patient: Patient, office: Office) -> None:
    """Has the link."""
    await patient.invited(office)


@dataclass(frozen=True, slots=True)
class Journey:
    """`before` has happened without a crash; `wish` is tried again until it is fulfilled."""

    before: Callable[[Patient, Office], Awaitable[None]]
    wish: Callable[[Patient, Office], Awaitable[None]]
    appointments: int


JOURNEYS: Mapping[str, Journey] = {
    "invitation and booking": Journey(nothing, books, 1),
    "booking": Journey(is_invited, books, 1),
    "cancellation": Journey(books, cancels, 0),
    "move": Journey(books, moves, 1),
}
