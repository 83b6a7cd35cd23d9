"""The bearer token: an unsecured JWT that tells who asks. Rows in the order in which they are checked."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from booking_core.spec.budgets import JWT_LIFE_S
from booking_core.spec.interactions import Interaction
from booking_core.spec.valuesets import PAYLOAD_SCOPES
from mock_gpconnect.checks import Check
from mock_gpconnect.provider.claim_checks import CLAIM_CHECKS
from mock_gpconnect.refusals import Refused
from mock_gpconnect.suppliers.profile import Profile

_HEADER = {"alg": "none", "typ": "JWT"}
_REASON = "directcare"
_BASE64URL = re.compile("[A-Za-z0-9_-]+")
_REQUIRED_TEXTS = ("iss", "sub", "aud")
_REQUIRED_TIMES = ("iat", "exp")


@dataclass(frozen=True, slots=True)
class Token:
    """A readable token and what it is judged by."""

    claims: Mapping[str, Any]
    interaction: Interaction
    profile: Profile
    now: datetime


def read_claims(authorization: str) -> Mapping[str, Any]:
    """The payload of the token in an Authorization header."""
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Refused("token_missing", diagnostics="header Authorization: expected Bearer and a token")
    parts = token.strip().split(".")
    if len(parts) != 3 or parts[2]:
        raise Refused("token_unreadable", diagnostics="token: expected header.payload. with an empty signature")
    if _decoded(parts[0], "header") != _HEADER:
        raise Refused("token_header", diagnostics='token header: expected exactly {"alg":"none","typ":"JWT"}')
    return _decoded(parts[1], "payload")


def _decoded(part: str, name: str) -> Mapping[str, Any]:
    if not _BASE64URL.fullmatch(part):
        raise Refused("token_unreadable", diagnostics=f"token {name}: expected base64url without padding")
    try:
        value = orjson.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except ValueError:
        raise Refused("token_unreadable", diagnostics=f"token {name}: expected JSON in base64url") from None
    if not isinstance(value, dict):
        raise Refused("token_unreadable", diagnostics=f"token {name}: expected a JSON object")
    return value


def _text_missing(token: Token) -> str | None:
    bad = next((name for name in _REQUIRED_TEXTS if not _is_text(token.claims.get(name))), None)
    return f"claim {bad}: required, a string that is not empty" if bad else None


def _time_missing(token: Token) -> str | None:
    bad = next((name for name in _REQUIRED_TIMES if not _is_integer(token.claims.get(name))), None)
    return f"claim {bad}: required, an integer of seconds since 1970" if bad else None


def _wrong_life(token: Token) -> str | None:
    life = token.claims["exp"] - token.claims["iat"]
    return None if life == JWT_LIFE_S else f"claim exp: expected iat + {JWT_LIFE_S}, found iat {life:+d}"


def _expired(token: Token) -> str | None:
    return "claim exp: the token has expired" if token.claims["exp"] < token.now.timestamp() else None


def _from_future(token: Token) -> str | None:
    ahead = token.claims["iat"] - token.now.timestamp()
    return f"claim iat: {ahead:.0f} s in the future" if ahead > token.profile.token.leeway_s else None


def _wrong_reason(token: Token) -> str | None:
    return (
        None if token.claims.get("reason_for_request") == _REASON else f"claim reason_for_request: expected {_REASON}"
    )


def _scope_unknown(token: Token) -> str | None:
    known = token.claims.get("requested_scope") in PAYLOAD_SCOPES
    return None if known else f"claim requested_scope: expected one of {', '.join(PAYLOAD_SCOPES)}"


def _record_present(token: Token) -> str | None:
    return "claim requested_record: not part of this version" if "requested_record" in token.claims else None


def _scope_mismatch(token: Token) -> str | None:
    wanted = token.interaction.scope
    return None if token.claims["requested_scope"] == wanted else f"claim requested_scope: expected {wanted}"


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_integer(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


TOKEN_CHECKS: tuple[Check[Token], ...] = (
    Check("claim_missing", _text_missing),
    Check("claim_missing", _time_missing),
    Check("token_life", _wrong_life),
    Check("token_expired", _expired),
    Check("token_from_future", _from_future),
    Check("claim_invalid", _wrong_reason),
    Check("claim_invalid", _scope_unknown),
    Check("claim_invalid", _record_present),
    *CLAIM_CHECKS,
    Check("scope_mismatch", _scope_mismatch),
)
"""The token's own rules, then those of its three resources, then whether its scope is the interaction's."""
