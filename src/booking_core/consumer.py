"""Who we are on the wire: our product, the inviting user, and where the national services are."""

from dataclasses import dataclass, field

from booking_core.access_token import AccessToken
from booking_core.wire.ask import Wire


@dataclass(frozen=True, slots=True)
class Sender:
    """The logged-on user who stands behind every request, captured when the invitation was sent.

    `organisation_ods`, `asid` and `phone` are the booking organisation's own, never the product's.
    """

    user_id: str
    family: str
    given: tuple[str, ...]
    prefix: str
    role: str
    sds_user_id: str
    sds_role_profile_id: str
    organisation_ods: str
    organisation_name: str
    organisation_type: str
    phone: str
    asid: str


@dataclass(frozen=True, slots=True)
class Product:
    """The booking product as it names itself in each token."""

    issuer: str = "https://booking.example.invalid/"
    device: str = "crossbook-1"
    model: str = "Crossbook booking core"
    version: str = "0.1.0"


@dataclass(frozen=True, slots=True)
class NationalServices:
    """Base URLs, and the key for SDS; PDS is reached with `AccessToken`."""

    pds: str
    sds: str
    ssp: str
    sds_api_key: str


@dataclass(frozen=True, slots=True)
class Consumer:
    """The booking core assembled: a way out, the services, credentials and our own names."""

    wire: Wire
    services: NationalServices
    access_token: AccessToken
    product: Product = field(default_factory=Product)
