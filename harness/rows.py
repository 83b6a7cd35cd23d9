"""What a world or a pilot file may hold. Every key is here: any other is an error with its place."""

from typing import Annotated, Literal

from nhs_number.validate import is_valid
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from booking_core.selfbook.pilot import PREFLIGHT
from booking_core.spec.interactions import BY_ID
from booking_core.spec.valuesets import DELIVERY_CHANNELS, NEVER_BOOKABLE_CHANNEL, ORGANISATION_TYPES
from harness.files import Day, Spelt, TimeOfDay, one_of

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_TEST_RANGE = range(9990000000, 9999999999)


class Row(BaseModel):
    """A frozen row whose keys are all known."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def days_of_the_week(text: str) -> str:
    """Checks `Mon-Fri` or `Mon, Wed, Sat`."""
    week_days(text)
    return text


def week_days(text: str) -> frozenset[int]:
    """`Mon-Fri` or `Mon, Wed` as numbers, Monday is 0; raises ValueError with what was expected."""
    found: set[int] = set()
    for part in text.split(","):
        ends = [_day(word.strip()) for word in part.split("-")]
        if len(ends) > 2 or ends[0] > ends[-1]:
            raise ValueError(f"expected days such as 'Mon-Fri' or 'Mon, Wed', got {part.strip()!r}")
        found.update(range(ends[0], ends[-1] + 1))
    return frozenset(found)


def _day(word: str) -> int:
    if word not in _DAYS:
        raise ValueError(f"expected days such as 'Mon-Fri' or 'Mon, Wed', got {word!r}")
    return _DAYS.index(word)


def synthetic_number(text: str) -> str:
    """An NHS number of the test range 999 000 0000 - 999 999 9998 with a right check digit."""
    if not (text.isascii() and text.isdigit() and len(text) == 10 and is_valid(text)):
        raise ValueError(f"expected ten digits with a right check digit, got {text!r}")
    if int(text) not in _TEST_RANGE:
        raise ValueError(f"expected a number of the test range 999 000 0000 to 999 999 9998, got {text!r}")
    return text


def _words(value: object) -> object:
    """`Nadia` or `[Nadia, Jane]`: one word is a list of one."""
    return [value] if isinstance(value, str) and value else value or []


GP_CONNECT_NAMES = tuple(row.name for row in BY_ID.values())
Words = Annotated[tuple[str, ...], BeforeValidator(_words)]
Ods = Annotated[str, Spelt(r"^[0-9A-Z]{3,10}$", "three to ten capital letters and digits, such as T90101")]
Asid = Annotated[str, Spelt(r"^[0-9]{12}$", "twelve digits, such as 200000000101")]
Alias = Annotated[
    str, Spelt(r"^[A-Za-z][A-Za-z0-9_-]*$", "a letter, then letters, digits, - and _, such as riverside-2")
]
Channel = Literal["In-person", "Telephone", "Video", "Visit"]
OrganisationType = Literal["gp-practice", "urgent-care"]
GpConnectName = Annotated[str, one_of(GP_CONNECT_NAMES)]
assert (*DELIVERY_CHANNELS, NEVER_BOOKABLE_CHANNEL) == Channel.__args__  # type: ignore[attr-defined]  # noqa: S101 - one list, two spellings
assert tuple(ORGANISATION_TYPES) == OrganisationType.__args__  # type: ignore[attr-defined]  # noqa: S101


class UserRow(Row):
    """A member of staff. What is left out is not recorded in the clinical system."""

    alias: Alias
    family: str = ""
    given: Words = ()
    prefix: str = ""
    role: str = ""
    sds_user_id: str = ""
    sds_role_profile_id: str = ""


class LocationRow(Row):
    """A surgery of an organisation; the first one listed is the main one."""

    alias: Alias
    name: str
    address: Words = ()
    postcode: str = ""
    site_code: str = ""


class PractitionerRow(Row):
    """A session holder."""

    alias: Alias
    family: str
    given: Words = ()
    prefix: str = ""
    gender: Literal["male", "female", "other", "unknown"] = "unknown"
    sds_user_id: str = ""
    sds_role_profile_ids: Words = ()


class SessionRow(Row):
    """A session as a practice sets it up: `Mon-Fri` `from` 09:00 `to` 12:00 `every` 10 minutes.

    `role` is the session holder's job role code; `only_for` names organisations (alias or ODS code)
    that may see the slots, nothing means everybody.
    """

    name: str
    days: Annotated[str, AfterValidator(days_of_the_week)] = "Mon-Fri"
    from_: TimeOfDay = Field(alias="from")
    to: TimeOfDay
    every: int = Field(ge=1, le=480)
    slot_type: str
    channel: Channel = "In-person"
    role: str = "R0260"
    holder: str = ""
    location: str = ""
    bookable: bool = True
    only_for: Words = ()
    only_types: tuple[OrganisationType, ...] = ()
    limit: int | None = Field(default=None, ge=1, description="slots of one day that others may book")
    bank_holidays: bool = Field(default=False, description="held on the bank holidays of England too")
    overnight: bool = Field(default=False, description="`to` is on the next day")


class SwitchesRow(Row):
    """GP Connect as the practice has switched it; `foundations` follows `appointments` when left out."""

    enabled: bool = True
    appointments: bool = True
    foundations: bool | None = None


class GroupRow(Row):
    """Organisations that an organisation's own system lets sessions be restricted to by one name.

    Where that system wants them to subscribe, `unsubscribed` have not done so yet.
    """

    name: str
    organisations: Words
    unsubscribed: Words = ()


class OrganisationRow(Row):
    """A practice, hub or federation with its clinical system.

    `serves` names further PCNs for which it is a hub; `embargo_hours` is how near, `booking_window_days`
    how far ahead others may book (0 is no limit). `reminders` is who reminds the patients in its book:
    nobody, the product, or its own clinical system, which texts nobody here.
    """

    ods: Ods
    name: str
    alias: Alias | None = None
    kind: Literal["practice", "hub", "federation"] = "practice"
    type: OrganisationType = "gp-practice"
    supplier: str = "strict"
    spec_version: Literal["1.2.7", "1.2.9"] | None = Field(default=None, description="the supplier's own")
    asid: Asid | None = None
    pcn: str = ""
    serves: Words = ()
    list_size: int = 0
    phone: str = "01632 960000"
    entitled: bool = True
    gp_connect: SwitchesRow = SwitchesRow()
    embargo_hours: float = Field(default=0, ge=0, le=8784)
    booking_window_days: int = Field(default=0, ge=0, le=366)
    groups: tuple[GroupRow, ...] = ()
    not_registered_for: tuple[GpConnectName, ...] = Field(default=(), description="interactions, on the Spine")
    locations: tuple[LocationRow, ...] = ()
    practitioners: tuple[PractitionerRow, ...] = ()
    sessions: tuple[SessionRow, ...] = ()
    users: tuple[UserRow, ...] = ()
    busyness: float = Field(default=0, ge=0, le=0.95, description="share of the system that its own staff take")
    reminders: Literal["none", "product", "clinical_system"] = "none"


class PersonDetails(Row):
    """Details in which one system's copy of a person differs from the others'."""

    family: str | None = None
    given: Words | None = None
    gender: Literal["male", "female", "other", "unknown"] | None = None
    born: Day | None = None


class RecordRow(Row):
    """How an organisation holds the person in its own index."""

    registration: Literal["regular", "temporary"] = "regular"
    status: Literal["active", "left", "deceased"] = "active"
    traced: bool = True
    sensitive: bool = False
    dissents: bool = False
    preferred_location: str = ""


class CopyRow(RecordRow):
    """A record of the person at another organisation."""

    at: str
    differs: PersonDetails = PersonDetails()


class PdsRow(Row):
    """How PDS holds the person."""

    state: Literal["ordinary", "absent", "restricted", "very_restricted", "deceased", "invalidated", "superseded"] = (
        "ordinary"
    )
    differs: PersonDetails = PersonDetails()


class PatientRow(Row):
    """A synthetic person; `practice` is where they are registered, and whose record invites."""

    alias: Alias
    nhs_number: Annotated[str, AfterValidator(synthetic_number)]
    family: str
    given: Words
    prefix: str = ""
    gender: Literal["male", "female", "other", "unknown"]
    born: Day
    mobile: str = "07700 900123"
    address: Words = ()
    postcode: str = "ZZ99 3VZ"
    practice: str
    mistyped_number: str = Field(default="", description="the NHS number as the booker's record has it")
    record: RecordRow = RecordRow()
    known_at: tuple[CopyRow, ...] = ()
    pds: PdsRow = PdsRow()


class PoolRow(Row):
    """People made up from the pool's alias, which is theirs too with a number behind it, from 1."""

    alias: Alias
    count: int = Field(ge=1, le=10_000)
    practice: str


class LinkRow(Row):
    """One may book into the other; both by alias or ODS code.

    `locations` are names as patients read them; `write_back` says that the booking is expected to
    appear in the patient's record at the booker by itself.
    """

    from_: str = Field(alias="from")
    to: str
    locations: Words = ()
    slot_types: Words = ()
    active: bool = True
    write_back: bool = False


class AgreementRow(Row):
    """A data-sharing agreement, enforced by the Spine Secure Proxy."""

    consumer_ods: str
    provider_ods: str
    interactions: Literal["appointments"] = "appointments"


class CancelRow(Row):
    """Whether patients may cancel over a link, until how long before, and whether they may move."""

    enabled: bool = False
    cutoff_minutes: int = Field(default=60, ge=0)
    rule: Literal["cancel_only", "cancel_or_rebook"] = "cancel_only"


class SettingsRow(Row):
    """Choices of the pilot; what the product does not document is assumed."""

    link_expiry_days: int = Field(default=7, ge=1, le=90)
    horizon_days: int = Field(default=42, ge=1, le=84)
    preflight_order: tuple[Literal["entitlement", "name", "role", "endpoint", "patient", "slots"], ...] = PREFLIGHT  # type: ignore[assignment]  # the same words
    wrong_dates_lock: int = Field(default=10, ge=1)
    register_at: Literal["confirm", "send"] = "confirm"
    telephone_windows: bool = False
    reminder_hours: float = Field(default=24, gt=0, le=336, description="before it begins")
    cancel: CancelRow = CancelRow()


class LimitsRow(Row):
    """How much the services take, per minute and application, and how slow PDS is; 0 is no limit and no time."""

    pds: int = Field(default=0, ge=0)
    pds_spike: int = Field(default=0, ge=0, description="evenly spaced: 60 is one a second")
    pds_together: int = Field(default=0, ge=0, description="of all applications")
    pds_read_s: float = Field(default=0, ge=0, description="PDS gives a read up after 30 seconds")
    pds_update_s: float = Field(default=0, ge=0, description="the caller waits for 10 seconds, or X-Sync-Wait")
    token: int = Field(default=0, ge=0)
    sds: int = Field(default=0, ge=0)
    ssp: int = Field(default=0, ge=0)
    ssp_at_once: int = Field(default=0, ge=0)


NO_LIMITS = LimitsRow()
REAL_LIMITS = LimitsRow(pds=300, pds_spike=900, sds=300)
"""What the real services publish: five requests a second to PDS, 300 a minute to SDS."""


class ClientCertificatesRow(Row):
    """Whether the proxy and the providers ask their callers for a client certificate, and the names in them."""

    required: bool = False
    proxy_name: str = Field(
        default="msg.dev.spine2.ncrs.nhs.uk", min_length=1, max_length=64, description="the proxy's, to providers"
    )
    issuer: str = Field(default="Crossbook test authority", min_length=1, max_length=64)


class WorldRows(Row):
    """What worlds and pilots share. Without `sharing_agreements` every link is covered by one."""

    organisations: tuple[OrganisationRow, ...] = Field(min_length=1)
    patients: tuple[PatientRow, ...] = ()
    pools: tuple[PoolRow, ...] = ()
    population: int = Field(default=0, ge=0, le=500_000, description="synthetic people besides, at least 160")
    latency: bool = Field(default=False, description="suppliers take the time that their profiles say")
    links: tuple[LinkRow, ...] = ()
    sharing_agreements: tuple[AgreementRow, ...] | None = None
    client_certificates: ClientCertificatesRow = ClientCertificatesRow()
    settings: SettingsRow = SettingsRow()
    absent: dict[str, str] = Field(default_factory=dict, description="identifiers that must not exist, by alias")


class WorldFile(WorldRows):
    """A file whose first key is `world`: its name."""

    world: str


class LeadRow(Row):
    """The pilot lead, named in the launch email."""

    name: str
    email: str = ""
    organisation_ods: str = ""


class PilotRow(Row):
    """A pilot's identity; its reports are filed under it."""

    id: Annotated[
        str,
        Spelt(r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$", "up to 64 letters, digits, - and _, such as north-hub"),
    ]
    lead: LeadRow | None = None
    launch_date: Day | None = None


class TablesRow(Row):
    """CSV files beside the pilot, whose rows are added to what the file itself holds."""

    organisations: str = ""
    users: str = ""
    sessions: str = ""


class PilotFile(WorldRows):
    """A file whose first key is `pilot`: a configuration, itself a world, with the roles it expects."""

    pilot: PilotRow
    schema_version: Literal["1"] = "1"
    organisations: tuple[OrganisationRow, ...] = ()
    tables: TablesRow = TablesRow()
    expect: dict[str, Literal["booker", "receiver", "both", "none"]] = Field(
        default={}, description="the role that each organisation's launch email says, by ODS code"
    )
    requests_per_1000_per_week: float = Field(default=0, ge=0, le=1000, description="expected demand; 0 is not known")
