"""The booking product over a world: the core with recorders in place of phones and record systems."""

import asyncio
import base64
import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from booking_core.access_token import AccessToken
from booking_core.consumer import Consumer, NationalServices
from booking_core.ledger import MemoryLedger
from booking_core.selfbook.invitations import MemoryInvitations
from booking_core.selfbook.messages import NotSent
from booking_core.selfbook.office import Office
from booking_core.selfbook.pilot import Cancelling, Link, Organisation, Pilot, Settings, User
from booking_core.selfbook.record import Entry
from booking_core.selfbook.reminding import remind_for_ever
from booking_core.wire.ask import Wire
from booking_core.wire.calls import Transport
from harness.certificate_headers import ShowingSender
from harness.chance import Chance
from harness.credentials import CORE_API_KEY, KEY_ID, private_key
from harness.registrations import asid_of
from harness.rows import OrganisationRow, SettingsRow, WorldRows
from harness.world import World
from harness.worlds import Names
from mock_gpconnect.desk.staff import Staff

_MOBILE = re.compile(r"(?:0|\+44)7[0-9]{9}")


@dataclass(frozen=True, slots=True)
class Text:
    """One SMS as it was sent."""

    at: datetime
    mobile: str
    text: str


@dataclass(slots=True)
class Phones:
    """Every patient's phone: keeps the texts in the order in which they came."""

    now: Callable[[], datetime]
    texts: list[Text] = field(default_factory=list)

    async def send(self, mobile: str, text: str) -> None:
        """Delivers at once. Raises NotSent where no mobile phone can have such a number."""
        if not _MOBILE.fullmatch(mobile.replace(" ", "")):
            raise NotSent(f"{mobile or 'nothing'} is not a UK mobile number")
        self.texts.append(Text(self.now(), mobile, text))


@dataclass(slots=True)
class Records:
    """Every booker's record system: keeps the entries."""

    entries: list[Entry] = field(default_factory=list)

    async def write(self, entry: Entry) -> None:
        """Saves at once."""
        self.entries.append(entry)


@dataclass(frozen=True, slots=True)
class Accounts:
    """Every booker's user accounts, as their clinical systems hold them now."""

    staff: Mapping[str, Staff]

    async def user(self, ods: str, alias: str) -> User:
        """The account as it is now."""
        return account(self.staff, ods, alias)

    def change(self, ods: str, alias: str, changes: Mapping[str, Any]) -> None:
        """The clinical system now holds something else about a user."""
        self.staff[ods].update(alias, **changes)


def account(staff: Mapping[str, Staff], ods: str, alias: str) -> User:
    """A user of a clinical system as the product reads it; raises KeyError."""
    if (held := staff[ods].get(alias)) is None:
        raise KeyError(alias)
    return User(
        held.alias, f"{ods.lower()}-{alias}", held.family, held.given, held.prefix, held.role,
        held.sds_user_id, held.sds_role_profile_id,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Product:
    """Self-Book with what it leaves behind."""

    office: Office
    accounts: Accounts
    phones: Phones
    records: Records
    ledger: MemoryLedger


def build_product(world: World, transport: Transport) -> Product:
    """The booking core against a world's addresses; where the proxy asks for certificates, it has them."""
    chance = world.chance
    if world.rows.client_certificates.required:
        transport = ShowingSender(transport, lambda asid: _endpoint(world, asid))
    wire = Wire(transport, world.now, chance.ids("consumer"), chance.stream("consumer", "jitter"))
    services = NationalServices(world.addresses.pds, world.addresses.sds, world.addresses.ssp, CORE_API_KEY)
    token = AccessToken(f"{world.addresses.token}/token", CORE_API_KEY, private_key(), KEY_ID)
    phones, records, ledger, accounts = Phones(world.now), Records(), MemoryLedger(), Accounts(world.staff)
    office = Office(
        pilot=pilot_of(world.rows, world.names),
        staff=accounts,
        consumer=Consumer(wire, services, token),
        invitations=MemoryInvitations(),
        ledger=ledger,
        sms=phones,
        record=records,
        new_token=_link_tokens(chance),
    )
    return Product(office, accounts, phones, records, ledger)


def _endpoint(world: World, asid: str) -> str:
    sender = world.directory.by_asid(asid)
    return sender.fqdn if sender else "nobody"


@asynccontextmanager
async def at_work(product: Product) -> AsyncIterator[None]:
    """What a deployed product does by itself meanwhile: it reminds, where a receiver has it do so."""
    if not any(one.reminders == "product" for one in product.office.pilot.organisations.values()):
        yield
        return
    reminding = asyncio.ensure_future(remind_for_ever(product.office))
    try:
        yield
    finally:
        reminding.cancel()
        with suppress(asyncio.CancelledError):
            await reminding


def pilot_of(rows: WorldRows, names: Names) -> Pilot:
    """What the product is configured with: the booker's side of the rows."""
    links = tuple(
        Link(names.ods(row.from_), names.ods(row.to), row.locations, row.slot_types, row.active) for row in rows.links
    )
    return Pilot({row.ods: _organisation(row) for row in rows.organisations}, links, _settings(rows.settings))


def _settings(row: SettingsRow) -> Settings:
    return Settings(
        link_expiry_days=row.link_expiry_days,
        horizon_days=row.horizon_days,
        preflight_order=row.preflight_order,
        wrong_dates_lock=row.wrong_dates_lock,
        register_at_send=row.register_at == "send",
        telephone_windows=row.telephone_windows,
        reminder_hours=row.reminder_hours,
        cancelling=Cancelling(row.cancel.enabled, row.cancel.cutoff_minutes, row.cancel.rule == "cancel_or_rebook"),
    )


def _organisation(row: OrganisationRow) -> Organisation:
    return Organisation(row.ods, row.name, row.type, row.phone, asid_of(row), row.entitled, row.reminders)


def _link_tokens(chance: Chance) -> Callable[[], str]:
    """Seeded, so that two runs are the same run; `booking_core.connect.link_token` makes real ones."""
    rng = chance.stream("links")
    return lambda: base64.urlsafe_b64encode(rng.randbytes(24)).decode()
