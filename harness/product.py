"""The booking product over a world: the core with recorders in place of phones and record systems."""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from booking_core.access_token import AccessToken
from booking_core.consumer import Consumer, NationalServices
from booking_core.ledger import MemoryLedger
from booking_core.selfbook.invitations import MemoryInvitations
from booking_core.selfbook.journey import SelfBook
from booking_core.selfbook.pilot import Link, Organisation, Pilot, Settings, User
from booking_core.selfbook.record import Entry
from booking_core.wire.ask import Wire
from booking_core.wire.calls import Transport
from harness.chance import Chance
from harness.credentials import CORE_API_KEY, KEY_ID, private_key
from harness.rows import OrganisationRow, UserRow, WorldRows
from harness.world import World, asid_of
from harness.worlds import Names


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
        """Delivers at once."""
        self.texts.append(Text(self.now(), mobile, text))


@dataclass(slots=True)
class Records:
    """Every booker's record system: keeps the entries."""

    entries: list[Entry] = field(default_factory=list)

    async def write(self, entry: Entry) -> None:
        """Saves at once."""
        self.entries.append(entry)


@dataclass(slots=True)
class Product:
    """Self-Book with what it leaves behind. `selfbook` is replaced when staff change."""

    selfbook: SelfBook
    phones: Phones
    records: Records
    ledger: MemoryLedger

    def set_user(self, ods: str, alias: str, changes: Mapping[str, object]) -> None:
        """The booker's clinical system now holds something else about a user."""
        pilot = self.selfbook.pilot
        home = pilot.organisations[ods]
        users = {**home.users, alias: replace(home.users[alias], **changes)}  # type: ignore[arg-type]  # keys of User, checked by the step
        organisations = {**pilot.organisations, ods: replace(home, users=users)}
        self.selfbook = replace(self.selfbook, pilot=replace(pilot, organisations=organisations))


def build_product(world: World, transport: Transport) -> Product:
    """The booking core against a world's addresses."""
    chance = world.chance
    wire = Wire(transport, world.now, chance.ids("consumer"), chance.stream("consumer", "jitter"))
    services = NationalServices(world.addresses.pds, world.addresses.sds, world.addresses.ssp, CORE_API_KEY)
    token = AccessToken(f"{world.addresses.token}/token", CORE_API_KEY, private_key(), KEY_ID)
    phones, records, ledger = Phones(world.now), Records(), MemoryLedger()
    selfbook = SelfBook(
        pilot_of(world.rows, world.names),
        Consumer(wire, services, token),
        MemoryInvitations(),
        ledger,
        phones,
        records,
        _link_tokens(chance),
    )
    return Product(selfbook, phones, records, ledger)


def pilot_of(rows: WorldRows, names: Names) -> Pilot:
    """What the product is configured with: the booker's side of the rows."""
    links = tuple(
        Link(names.ods(row.from_), names.ods(row.to), row.locations, row.slot_types, row.active) for row in rows.links
    )
    settings = Settings(
        rows.settings.link_expiry_days,
        rows.settings.horizon_days,
        rows.settings.preflight_order,
        rows.settings.wrong_dates_lock,
    )
    return Pilot({row.ods: _organisation(row) for row in rows.organisations}, links, settings)


def _organisation(row: OrganisationRow) -> Organisation:
    users = {user.alias: _user(row, user) for user in row.users}
    return Organisation(row.ods, row.name, row.type, row.phone, asid_of(row), users, row.entitled)


def _user(home: OrganisationRow, row: UserRow) -> User:
    return User(
        row.alias, f"{home.ods.lower()}-{row.alias}", row.family, row.given, row.prefix, row.role,
        row.sds_user_id, row.sds_role_profile_id,
    )  # fmt: skip


def _link_tokens(chance: Chance) -> Callable[[], str]:
    """Seeded, so that two runs are the same run; a real deployment draws them from `secrets`."""
    rng = chance.stream("links")
    return lambda: base64.urlsafe_b64encode(rng.randbytes(24)).decode()
