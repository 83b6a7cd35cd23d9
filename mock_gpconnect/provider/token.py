"""Reading the bearer token, an unsecured JWT, without judging it."""

from __future__ import annotations

from binascii import a2b_base64
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import orjson

from mock_gpconnect.refusals import Refused

_JOSE = {"alg": "none", "typ": "JWT"}


def read_claims(authorization: str) -> Mapping[str, Any]:
    """The payload of the token in an Authorization header."""
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Refused("token_missing", diagnostics="header Authorization: expected Bearer and a token")
    parts = token.strip().split(".")
    if len(parts) != 3 or parts[2]:
        raise Refused("token_unreadable", diagnostics="token: expected header.payload. with an empty signature")
    if not _is_unsecured(parts[0]):
        raise Refused("token_header", diagnostics='token header: expected exactly {"alg":"none","typ":"JWT"}')
    return _decoded(parts[1], "payload")


@lru_cache(maxsize=256)
def _is_unsecured(jose: str) -> bool:
    """Consumers send the same few headers over and over; only the payload is new in every token."""
    return _decoded(jose, "header") == _JOSE


def _decoded(part: str, name: str) -> Mapping[str, Any]:
    try:
        text = _from_base64url(part)
    except ValueError:
        raise Refused("token_unreadable", diagnostics=f"token {name}: expected base64url without padding") from None
    try:
        value = orjson.loads(text)
    except ValueError:
        raise Refused("token_unreadable", diagnostics=f"token {name}: expected JSON in base64url") from None
    if not isinstance(value, dict):
        raise Refused("token_unreadable", diagnostics=f"token {name}: expected a JSON object")
    return value


def _from_base64url(text: str) -> bytes:
    """Strictly: quicker than a regular expression before a lenient decoder."""
    if not text or "+" in text or "/" in text or "=" in text:
        raise ValueError("not base64url")
    standard = text.replace("-", "+").replace("_", "/")
    return a2b_base64(standard + "=" * (-len(text) % 4), strict_mode=True)
