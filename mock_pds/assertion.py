"""The signed JWT by which an application proves itself, and the service's checks on it, in its order."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import jwt
import orjson
from jwt.utils import base64url_decode

from mock_pds.refusals import Refused

ALGORITHM = "RS512"
LONGEST_LIFE_S = 310
CLOCK_ALLOWANCE_S = 10


@dataclass(frozen=True, slots=True)
class Assertion:
    """A decoded assertion, judged at the moment `at`; `jws` is what was signed."""

    jws: str
    header: Mapping[str, Any]
    claims: Mapping[str, Any]
    at: float

    @property
    def expires(self) -> float | None:
        """`exp` as a number; the service's expiry check also reads numeric text."""
        return _number(self.claims.get("exp"), also_text=True)


def decode(jws: str, at: datetime) -> Assertion:
    """The parts of a compact JWS, nothing verified yet."""
    try:
        head, body, _ = jws.split(".")
        header, claims = orjson.loads(base64url_decode(head)), orjson.loads(base64url_decode(body))
    except ValueError as broken:
        raise Refused("assertion_malformed") from broken
    if not isinstance(header, dict) or not isinstance(claims, dict):
        raise Refused("assertion_malformed")
    return Assertion(jws, header, claims, at.timestamp())


def _number(value: object, *, also_text: bool = False) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str if also_text else int | float):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _expired(assertion: Assertion) -> bool:
    expires = assertion.expires
    return bool(expires) and expires is not None and expires <= assertion.at


def _issuer_is_not_subject(assertion: Assertion) -> bool:
    issuer, subject = assertion.claims.get("iss"), assertion.claims.get("sub")
    return not issuer or not isinstance(issuer, str) or issuer != subject


def _typ_wrong(assertion: Assertion) -> bool:
    typ = assertion.header.get("typ")
    return not isinstance(typ, str) or typ.upper() != "JWT"


Broken = Callable[[Assertion], bool]

CHECKS_BEFORE_JTI: tuple[tuple[str, Broken], ...] = (
    ("algorithm_wrong", lambda a: a.header.get("alg") != ALGORITHM),
    ("assertion_expired", _expired),
    ("kid_missing", lambda a: not a.header.get("kid")),
    ("typ_wrong", _typ_wrong),
    ("exp_missing", lambda a: not a.claims.get("exp")),
    ("exp_not_a_number", lambda a: _number(a.claims["exp"]) is None),
    ("issuer_is_not_subject", _issuer_is_not_subject),
    ("jti_missing", lambda a: not a.claims.get("jti")),
    ("jti_not_a_string", lambda a: not isinstance(a.claims["jti"], str)),
)
CHECKS_AFTER_JTI: tuple[tuple[str, Broken], ...] = (
    ("exp_too_far", lambda a: (a.expires or 0) > a.at + LONGEST_LIFE_S),
)


def enforce(checks: tuple[tuple[str, Broken], ...], assertion: Assertion) -> None:
    """Refuses for the first check that finds something."""
    for why, broken in checks:
        if broken(assertion):
            raise Refused(why)


def _key(assertion: Assertion, jwks: Mapping[str, Any]) -> Mapping[str, Any] | None:
    kid = assertion.header.get("kid")
    return next((key for key in jwks.get("keys", ()) if key.get("kid") == kid), None)


def is_signed(assertion: Assertion, jwks: Mapping[str, Any]) -> bool:
    """Whether the key that the header names made the signature."""
    key = _key(assertion, jwks)
    try:
        jwt.PyJWS().decode(assertion.jws, jwt.PyJWK(dict(key or {}), ALGORITHM), algorithms=[ALGORITHM])
    except jwt.PyJWTError:
        return False
    return True


def verify(assertion: Assertion, jwks: Mapping[str, Any], audience: str) -> None:
    """Key, signature, times and audience: one step of the service, so their order is ours."""
    if _key(assertion, jwks) is None:
        raise Refused("kid_unknown")
    if not is_signed(assertion, jwks):
        raise Refused("signature_wrong")
    if (_number(assertion.claims.get("nbf")) or 0) > assertion.at + CLOCK_ALLOWANCE_S:
        raise Refused("not_yet_valid")
    if assertion.claims.get("aud") != audience:
        raise Refused("audience_wrong")
