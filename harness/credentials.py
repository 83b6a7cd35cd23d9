"""Keys of the applications in a world. One RSA key a process: making one takes longer than a scenario."""

from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from jwt.algorithms import RSAAlgorithm

CORE_API_KEY = "crossbook-core"
"""The booking core as the token service and SDS know it."""

KEY_ID = "crossbook-1"


@cache
def private_key() -> RSAPrivateKey:
    """The key that signs assertions; its bytes differ from run to run and never reach a report."""
    return generate_private_key(public_exponent=65537, key_size=2048)


@cache
def key_set() -> dict[str, Any]:
    """The JWKS that the applications of a world have registered."""
    jwk = RSAAlgorithm.to_jwk(private_key().public_key(), as_dict=True)
    return {"keys": [jwk | {"kid": KEY_ID, "use": "sig", "alg": "RS512"}]}


def provider_api_key(ods: str) -> str:
    """A provider's own application, with which it traces on PDS."""
    return f"provider-{ods.lower()}"


def own_application() -> dict[str, str]:
    """What a tester's software needs to sign its own assertions; good in the worlds of this process only."""
    pem = private_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return {"api_key": CORE_API_KEY, "kid": KEY_ID, "private_key": pem.decode()}
