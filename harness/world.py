"""A world that runs: every mock built from its rows, on one network, with faults and a journal around each."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from starlette.types import ASGIApp

from booking_core.uk_time import local_date
from harness.addresses import Addresses
from harness.applications import applications, workers
from harness.certificate_headers import ShowingProxy
from harness.chance import Chance, NewId
from harness.credentials import CORE_API_KEY, KEY_ID, key_set, private_key, provider_api_key
from harness.faults.layer import Faults
from harness.faults.rules import FaultRule
from harness.journal import BODY_CAP, Journal
from harness.network import Mount, Network
from harness.people import pds_people
from harness.population.nhs_numbers import nhs_numbers
from harness.population.people import Population, population
from harness.practices import MakeBook, build_practice, in_memory
from harness.registrations import asid_of, directory_of
from harness.rows import NO_LIMITS, LimitsRow, OrganisationRow, WorldRows
from harness.worlds import Names, names_of
from mock_gpconnect.desk.app import desk_app
from mock_gpconnect.desk.staff import Staff, StaffUser
from mock_gpconnect.latency import SlowSystem
from mock_gpconnect.outgoing import Forward, PdsTrace
from mock_gpconnect.provider.app import provider_app
from mock_gpconnect.provider.kept_answers import MOST_BYTES, KeptAnswers
from mock_gpconnect.provider.practice import Practice
from mock_gpconnect.spine.directory import Directory
from mock_gpconnect.spine.rate_limit import Quota as SpineQuota
from mock_gpconnect.spine.sds import sds_app
from mock_gpconnect.spine.ssp import ssp_app
from mock_pds.app import pds_app
from mock_pds.people import People, Person
from mock_pds.rate_limit import Limit, Limits, Quota
from mock_pds.settings import Settings
from mock_pds.token_service import Client, Tokens, token_app

Now = Callable[[], datetime]

KEPT_BODY = 16 * 1024
"""So much of a body is remembered where the journal is bounded."""

PROXY_S = 0.015
"""What the proxy adds on average, whatever the size of the answer (Spine Core)."""

HOP_S = (0.004, 0.030)
"""Bounds of the time that one way over the simulated network takes, in seconds: assumed."""


@dataclass(frozen=True, slots=True)
class World:
    """Everything that answers, and what watches it. `practices` are found by ODS code."""

    rows: WorldRows
    names: Names
    now: Now
    chance: Chance
    addresses: Addresses
    network: Network
    journal: Journal
    faults: Faults
    directory: Directory
    people: People
    tokens: Tokens
    practices: Mapping[str, Practice]
    staff: Mapping[str, Staff]
    new_id: NewId
    answers: KeptAnswers

    def practice(self, name: str) -> Practice:
        """An organisation by alias or ODS code."""
        return self.practices[self.names.ods(name)]


def _as_it_is(_service: str, app: ASGIApp) -> ASGIApp:
    return app


@dataclass(frozen=True, slots=True)
class Worker:
    """One process that serves a world which began at `began`; `number` tells it from others that serve it too.

    `book` makes the appointment books, `around` is laid around each mock, by the name of its service.
    """

    began: datetime
    number: int | None = None
    book: MakeBook = in_memory
    around: Callable[[str, ASGIApp], ASGIApp] = _as_it_is


def hop_times(rng: random.Random) -> Callable[[], float]:
    """Small seeded times: with none at all, every seed would give a race the same winner."""
    return lambda: rng.uniform(*HOP_S)


def build_world(
    rows: WorldRows, *, folder: Path, addresses: Addresses, now: Now, seed: int,
    faults: tuple[FaultRule, ...] = (), supplier: str | None = None, hop: bool = False, keep: int | None = None,
    limits: LimitsRow = NO_LIMITS, latency: bool | None = None, worker: Worker | None = None,
    kept_bytes: int = MOST_BYTES,
) -> World:  # fmt: skip
    """Builds and connects all mocks. `supplier` replaces that of every organisation that receives.

    `latency` lets suppliers take the time that their profiles say; None leaves it to the rows.
    `keep` bounds the journal to the latest exchanges: a served world may run for weeks.
    `worker` is this process among several that serve the world. `kept_bytes` of search results are
    remembered whole.
    """
    names, worker = names_of(rows), worker or Worker(began=now())
    common, chance = Chance(seed), Chance(seed, worker=worker.number)
    journal = Journal(now, keep=keep, body_cap=KEPT_BODY if keep else BODY_CAP)
    layer = Faults(faults, rng=lambda name: chance.stream("fault", name))
    network = Network(hop=hop_times(chance.stream("network")) if hop else None)
    listed = [*pds_people(rows.patients, names, _survivors(rows, common.stream("numbers")))]
    crowd = _crowd(rows, listed, worker.began, common.stream("population"))
    people = People([*listed, *crowd.people])
    tokens = Tokens(
        _applications(rows),
        token_url=f"{addresses.token}/token",
        now=now,
        rng=chance.stream("tokens"),
        new_id=chance.ids("tokens"),
        users=workers(),
        limits=_per_minute(limits.token),
    )
    plan = _Plan(rows, names, crowd, folder, addresses, common, supplier, worker)
    practices = {row.ods: plan.practice(row) for row in rows.organisations}
    directory = directory_of(rows, names, root=addresses.provider, now=now)
    world = World(
        rows, names, now, chance, addresses, network, journal, layer, directory, people, tokens, practices,
        {row.ods: _staff(row) for row in rows.organisations}, chance.ids("world"),
        KeptAnswers(kept_bytes),
    )  # fmt: skip
    slow = rows.latency if latency is None else latency
    for mount in _mounts(world, limits, slow=slow, around=worker.around):
        network.add(mount)
    return world


def _survivors(rows: WorldRows, rng: random.Random) -> Callable[[], str]:
    """Numbers for those who took over a superseded one."""
    numbers = nhs_numbers(rng, taken={row.nhs_number for row in rows.patients})
    return lambda: next(numbers)


def _crowd(rows: WorldRows, listed: Sequence[Person], now: datetime, rng: random.Random) -> Population:
    """Synthetic people besides those whom the file lists; nobody where it asks for none."""
    if not rows.population:
        return Population()
    practices = [row.ods for row in rows.organisations]
    taken = {person.nhs_number for person in listed} | {row.nhs_number for row in rows.patients}
    return population(rows.population, rng=rng, today=local_date(now), practices=practices, taken=taken)


def _applications(rows: WorldRows) -> list[Client]:
    keys = [CORE_API_KEY, *(provider_api_key(row.ods) for row in rows.organisations)]
    return [Client(key, key, jwks=key_set()) for key in keys] + applications()


@dataclass(frozen=True, slots=True)
class _Plan:
    """What every practice of a world is built from."""

    rows: WorldRows
    names: Names
    crowd: Population
    folder: Path
    addresses: Addresses
    chance: Chance
    supplier: str | None
    worker: Worker

    def practice(self, row: OrganisationRow) -> Practice:
        """One organisation; where a supplier is given, those that receive have it."""
        receives = any(self.names.ods(link.to) == row.ods for link in self.rows.links)
        named = (self.supplier if receives else None) or row.supplier
        practice = build_practice(
            row,
            self.rows.patients,
            self.names,
            crowd=self.crowd.records_at(row.ods),
            supplier=self.folder / named if named.endswith(".toml") else named,
            asid=asid_of(row),
            service_root=self.addresses.provider(row.ods),
            now=self.worker.began,
            days=self.rows.settings.horizon_days,
            new_id=self.chance.ids("practice", row.ods),
            rng=self.chance.stream("practice", row.ods, "staff"),
            book=self.worker.book,
        )
        if self.worker.number is not None:  # from here on, what two workers make up must differ
            practice.patients.new_id = Chance(self.chance.seed, worker=self.worker.number).ids("practice", row.ods)
        return practice


def _per_minute(quota: int, spike: int = 0, together: int = 0) -> Limits | None:
    if not (quota or spike or together):
        return None
    own = Limit(Quota(quota) if quota else None, spike_per_minute=spike or None)
    return Limits(own, Limit(Quota(together) if together else None))


def _mounts(world: World, limits: LimitsRow, *, slow: bool, around: Callable[[str, ASGIApp], ASGIApp]) -> list[Mount]:
    at, now, new_id = world.addresses, world.now, world.chance.ids
    pds = pds_app(
        world.people, world.tokens, base_url=at.pds, now=now, new_id=new_id("pds"),
        limits=_per_minute(limits.pds, limits.pds_spike, limits.pds_together),
        settings=Settings(read_s=limits.pds_read_s, update_s=limits.pds_update_s),
    )  # fmt: skip
    sds = sds_app(
        world.directory, api_keys={CORE_API_KEY}, base_url=at.sds, now=now, new_id=new_id("sds"),
        per_minute=limits.sds,
    )  # fmt: skip
    certificates = world.rows.client_certificates
    onward = ShowingProxy(world.network, certificates.proxy_name) if certificates.required else world.network
    ssp = ssp_app(
        world.directory, Forward(onward), new_id=new_id("ssp"),
        quota=SpineQuota(limits.ssp, now), capacity=limits.ssp_at_once or None,
        delay_s=PROXY_S if slow else 0.0, client_certificates=certificates.required,
    )  # fmt: skip
    services: list[tuple[str, str, str, ASGIApp]] = [
        ("token", "token", at.token, token_app(world.tokens)),
        ("pds", "pds", at.pds, pds),
        ("sds", "sds", at.sds, sds),
        ("ssp", "ssp", at.ssp, ssp),
    ]
    services += [
        (row.alias or row.ods, "gpconnect", world.practices[row.ods].service_root, _provider(world, row.ods, slow=slow))
        for row in world.rows.organisations
    ]
    services += [
        (f"{row.alias or row.ods}-desk", "desk", at.desk(row.ods), _desk(world, row.ods))
        for row in world.rows.organisations
    ]
    return [
        Mount(
            name, service, url,
            world.journal.wrap(name, service, around(service, app), inner=world.faults.around(name, service)),
        )
        for name, service, url, app in services
    ]  # fmt: skip


def _staff(row: OrganisationRow) -> Staff:
    return Staff(
        StaffUser(
            user.alias, user.family, user.given, user.prefix, user.role, user.sds_user_id, user.sds_role_profile_id
        )
        for user in row.users
    )


def _desk(world: World, ods: str) -> ASGIApp:
    practice = world.practices[ods]
    return desk_app(
        practice,
        world.staff[ods],
        now=world.now,
        new_id=world.chance.ids("desk", ods),
        directory_names={row.ods: row.name for row in world.rows.organisations},
        base_url=world.addresses.desk(ods),
        where=practice.profile.where,
        words=practice.profile.words,
    )


def _provider(world: World, ods: str, *, slow: bool) -> ASGIApp:
    trace = PdsTrace(
        world.network,
        pds_base=world.addresses.pds,
        token_url=f"{world.addresses.token}/token",
        api_key=provider_api_key(ods),
        private_key=private_key(),
        kid=KEY_ID,
        now=world.now,
        new_id=world.chance.ids("trace", ods),
    )
    practice, chance, certificates = world.practices[ods], world.chance, world.rows.client_certificates
    return provider_app(
        practice,
        trace=trace,
        now=world.now,
        rng=chance.stream("practice", ods, "provider"),
        slow=SlowSystem(practice.profile.latency, chance.stream("practice", ods, "latency")) if slow else None,
        only_from=certificates.proxy_name if certificates.required else "",
        answers=world.answers,
    )
