"""The core over the real network: the one place that takes clock, identity and chance from the machine."""

import random
import secrets
import uuid
from collections.abc import Callable
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from booking_core.access_token import AccessToken
from booking_core.consumer import Consumer, NationalServices, Product
from booking_core.wire.ask import Wire
from booking_core.wire.calls import Transport


def connect(
    transport: Transport, services: NationalServices, *, token_url: str, api_key: str, kid: str, private_key: str,
    product: Product | None = None, now: Callable[[], datetime] | None = None,
) -> Consumer:  # fmt: skip
    """A consumer for the services at the given URLs.

    `private_key` is a PEM text, whose public half is registered under `kid`; raises ValueError for
    a key that is not RSA. `now` is the machine's clock unless another is given.
    """
    key = load_pem_private_key(private_key.encode(), None)
    if not isinstance(key, RSAPrivateKey):
        raise ValueError("PDS takes assertions signed with an RSA key")
    wire = Wire(transport, now or _now, lambda: str(uuid.uuid4()), random.SystemRandom())  # noqa: TID251 - see above
    return Consumer(wire, services, AccessToken(token_url, api_key, key, kid), product or Product())


def link_token() -> str:
    """What makes a link unguessable: 256 bits of the machine's own chance."""
    return secrets.token_urlsafe(32)


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - see above
