"""One network's day, from midnight to midnight: its people are invited, look, think and book as the model says."""

import asyncio
import gc
import random
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path

from booking_core.booking import PatientRecord
from booking_core.selfbook.inviting import Draft, invite
from booking_core.selfbook.office import Office, Screen
from booking_core.selfbook.patient import confirm, open_link
from booking_core.spec.demand import HOURS, WEEK
from booking_core.uk_time import local_date, local_time, midnight
from booking_core.wire.transport import HttpTransport
from harness.addresses import own_hosts
from harness.chance import Chance
from harness.national.model import DAYS, Model
from harness.national.networks import USER, Member, later, members, rows_of
from harness.national.tally import Tally
from harness.national.watched import Watched
from harness.population.cast import SMALLEST
from harness.population.records import booker_record
from harness.product import build_product
from harness.virtual_time import clock, run_virtual
from harness.world import World, build_world
from mock_gpconnect.provider.patients import LocalPatient

_NEXT_DAY_S = 6 * 3600
"""Those who were invited late end their journeys after midnight."""

_EARLY = 20
"""Patients like early slots: the mean place in the list of the one that they take."""

_TRIES = 3
_SOME_PHONE = "07700 900123"


@dataclass(frozen=True, slots=True)
class Task:
    """One network on one day. Patients invite themselves `demand` times as often as the model says."""

    model: Model
    seed: int
    network: int
    day: date
    demand: float = 1.0


def simulate(task: Task) -> Tally:
    """The network's day; runs a loop of its own and leaves no world behind."""

    async def main() -> Tally:
        return await _Day(task).played()

    gc.disable()  # until the world stands: nothing of it goes
    try:
        return run_virtual(main, ceiling_s=48 * 3600)
    finally:
        gc.unfreeze()
        gc.enable()
        gc.collect()


class _Day:
    def __init__(self, task: Task) -> None:
        self.task, self.model = task, task.model
        self.chance = Chance(task.seed)
        self.members = members(task.model, task.seed, task.network)
        self.rng = self.chance.stream("national", str(task.network), "day")
        self.starts = midnight(task.day)
        self.tally = Tally()
        self.world = self._world()

    async def played(self) -> Tally:
        self._count_sizes()
        await self._fill_books()
        people = await self._invited()
        gc.freeze()  # a world's many slots need not be looked through again and again; what passes by is let go
        gc.enable()
        async with HttpTransport.over(self.world.network) as transport:
            suppliers = {self.world.practices[each.ods].asid: each.supplier for each in self.members}
            watched = Watched(transport, self.tally, suppliers, self._hour)
            office = build_product(self.world, watched).office
            office = replace(
                office, pilot=replace(office.pilot, settings=replace(office.pilot.settings, horizon_days=DAYS))
            )
            busy = asyncio.create_task(self._staff_at_work())
            await asyncio.gather(*(self._journey(office, number, *who) for number, who in enumerate(people)))
            busy.cancel()
        await self.world.network.quiet()
        self._check()
        return self.tally

    def _world(self) -> World:
        self.invitations = [_about(self._expected(each), self.rng) for each in self.members]
        seed = self.chance.stream("national", str(self.task.network), "world").getrandbits(32)
        return build_world(
            rows_of(self.members, sum(self.invitations)),
            folder=Path(), addresses=own_hosts(), now=clock(self.starts), seed=seed, keep=1, latency=True,
        )  # fmt: skip

    def _expected(self, member: Member) -> float:
        of_the_week = WEEK[self.task.day.weekday()] * 7
        return member.patients * self.model.active_share * of_the_week * self.task.demand

    def _count_sizes(self) -> None:
        self.tally.sizes.update(networks=1, practices=len(self.members))
        self.tally.sizes.update(patients=sum(each.patients for each in self.members), invitations=sum(self.invitations))

    async def _fill_books(self) -> None:
        """What was booked before the day begins: most of today, little of the last day."""
        model, rng = self.model, self.rng
        for practice in self.world.practices.values():
            slots = await practice.book.slots_between(self.starts, self.starts + timedelta(days=DAYS))
            shares = [
                _between(model.booked_first, model.booked_last, _day_of(self.starts, each.starts)) for each in slots
            ]
            taken = [each.id for each, share in zip(slots, shares, strict=True) if rng.random() < share]
            await practice.book.block(taken)
            self.tally.sizes.update(slots=len(slots), slots_taken_before=len(taken))

    async def _invited(self) -> list[tuple[Member, Member, LocalPatient]]:
        """Who is invited by whom and where to, in no order of time; some were seen there before."""
        cast = {person.nhs_number for person in islice(self.world.people, SMALLEST)}
        crowd = [
            (ods, each)
            for ods, practice in self.world.practices.items()
            for each in practice.patients
            if each.nhs_number not in cast
        ]
        by_practice = {member.ods: [each for ods, each in crowd if ods == member.ods] for member in self.members}
        found = []
        for member, count in zip(self.members, self.invitations, strict=True):
            others = [each for each in self.members if each is not member]
            for _ in range(count):
                home = by_practice[member.ods] or [each for _, each in crowd]
                to = self.rng.choices(others, [each.slots_a_day + 1 for each in others])[0]
                found.append((member, to, self._met(self.rng.choice(home), to)))
        return found

    def _met(self, patient: LocalPatient, to: Member) -> LocalPatient:
        there = self.world.practices[to.ods].patients
        if self.rng.random() < self.model.known_share and not there.of_number(patient.nhs_number):
            there.add(replace(patient, id="", registration="T"))
        return patient

    async def _staff_at_work(self) -> None:
        """The practices' own work, hour by hour, takes its share of their systems."""
        while True:
            for practice in self.world.practices.values():
                practice.busyness = self.model.busy_peak * HOURS[self._hour()] / max(HOURS)
            await asyncio.sleep(3600)

    async def _journey(self, office: Office, number: int, home: Member, to: Member, patient: LocalPatient) -> None:
        rng = self.chance.stream("national", str(self.task.network), "journey", str(number))
        mix, supplier = self.model.mix, to.supplier
        await asyncio.sleep(later(HOURS, self.task.day, rng))
        sent = await invite(office, Draft(home.ods, USER, to.ods, _record(patient)))
        self._note(supplier, "invited" if sent.outcome == "sent" else sent.outcome)
        if sent.outcome != "sent" or rng.random() >= mix.opens:
            return
        await asyncio.sleep(min(rng.expovariate(1 / (self.model.opens_after_min * 60)), _NEXT_DAY_S))
        screen = await self._look(office, sent.token, patient, supplier, "opened")
        for _ in range(_about(mix.searches_again / mix.opens, rng)):
            await self._think(rng)
            screen = await self._look(office, sent.token, patient, supplier, "searched again")
        if rng.random() >= mix.confirms / mix.opens:
            self._note(supplier, "abandoned")
            return
        await self._confirm(office, sent.token, screen, to, rng)

    async def _look(self, office: Office, token: str, patient: LocalPatient, supplier: str, word: str) -> Screen:
        screen = await open_link(office, token, patient.birth_date)
        self._note(supplier, word if screen.slots else screen.outcome)
        return screen

    async def _confirm(self, office: Office, token: str, screen: Screen, to: Member, rng: random.Random) -> None:
        """Takes an early slot; where somebody was quicker, one of the fresh list."""
        quicker = rng.random() < self.model.mix.taken
        for _ in range(_TRIES):
            if not screen.slots:
                return
            wanted = screen.slots[min(int(rng.expovariate(1 / _EARLY)), len(screen.slots) - 1)]
            await self._think(rng)
            if quicker and await self.world.practices[to.ods].book.is_free(wanted.slot_id):
                await self.world.practices[to.ods].book.block([wanted.slot_id])
            quicker = False
            screen = await confirm(office, token, (wanted.slot_id,))
            self._note(to.supplier, screen.outcome)
            if screen.outcome != "B1":
                return

    async def _think(self, rng: random.Random) -> None:
        await asyncio.sleep(rng.expovariate(1 / self.model.thinks_s))

    def _note(self, supplier: str, word: str) -> None:
        self.tally.events[supplier, self._hour(), word] += 1

    def _hour(self) -> int:
        return local_time(self.world.now()).hour

    def _check(self) -> None:
        """A crash of a mock would be counted as a refusal otherwise."""
        if self.world.network.crashes:
            raise RuntimeError(f"network {self.task.network}: {self.world.network.crashes[0]}")


def _record(patient: LocalPatient) -> PatientRecord:
    return booker_record(replace(patient, mobile=patient.mobile or _SOME_PHONE))


def _about(mean: float, rng: random.Random) -> int:
    """A whole number with this mean: arrivals that know nothing of each other."""
    count, left = 0, rng.expovariate(1)
    while left < mean:
        count, left = count + 1, left + rng.expovariate(1)
    return count


def _between(first: float, last: float, day: int) -> float:
    return first + (last - first) * day / (DAYS - 1)


def _day_of(starts: datetime, moment: datetime) -> int:
    return (local_date(moment) - local_date(starts)).days
