"""Keys of the applications in a world. One RSA key a process: making one takes longer than a scenario."""

from functools import cache
from pathlib import Path
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from jwt.algorithms import RSAAlgorithm

from harness.files import BadFile, Problem

CORE_API_KEY = "crossbook-core"
"""The booking core as the token service and SDS know it."""

KEY_ID = "crossbook-1"


_common_key: list[RSAPrivateKey] = []
"""The key that the processes agreed on which serve a world together, if there are several."""


@cache
def private_key() -> RSAPrivateKey:
    """The key that signs assertions; its bytes differ from run to run and never reach a report."""
    return _common_key[0] if _common_key else generate_private_key(public_exponent=65537, key_size=2048)


def key_of(base: str) -> str:
    """The private key of a world that is served elsewhere; raises BadFile where there is none."""
    try:
        answer = httpx.get(f"{base}/control/credentials", timeout=10).raise_for_status()
    except httpx.HTTPError as wrong:
        hint = "expected the base URL that `crossbook up` prints"
        message = f"no world is served there: {str(wrong).splitlines()[0]}"
        raise BadFile([Problem(Path("--at"), 0, 0, base, message, hint)]) from None
    return str(answer.json()["private_key"])


def use_key(pem: str) -> None:
    """From here on the key is this one: before a world is built with another."""
    key = load_pem_private_key(pem.encode(), None)
    if not isinstance(key, RSAPrivateKey):
        raise TypeError("assertions are signed with RSA keys")
    _common_key[:] = [key]
    private_key.cache_clear()
    key_set.cache_clear()


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
