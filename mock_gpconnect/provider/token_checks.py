"""What a bearer token must say. Rows in the order in which they are checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import orjson

from booking_core.spec.budgets import JWT_LIFE_S
from booking_core.spec.interactions import BY_NAME, Interaction
from booking_core.spec.valuesets import PAYLOAD_SCOPES
from mock_gpconnect.checks import Check, enforce, first_broken
from mock_gpconnect.provider.claim_checks import CLAIM_CHECKS
from mock_gpconnect.refusals import Refused
from mock_gpconnect.suppliers.switches import Token as Rules

_REASON = "directcare"
_REQUIRED_TEXTS = ("iss", "sub", "aud")
_REQUIRED_TIMES = ("iat", "exp")


@dataclass(frozen=True, slots=True)
class Token:
    """A readable token and what it is judged by."""

    claims: Mapping[str, Any]
    interaction: Interaction
    rules: Rules
    now: datetime


def judge(token: Token) -> None:
    """Refuse a token by the first rule that it breaks.

    Its times are looked at whenever it comes. All else is the same in token after token of one
    user, so each wording is judged once.
    """
    enforce(TIME_CHECKS, token)
    wording = {name: claim for name, claim in token.claims.items() if name not in _REQUIRED_TIMES}
    if broken := _broken_by(_as_bytes(wording), token.interaction.name, token.rules):
        raise Refused(broken[0], diagnostics=broken[1])


def _as_bytes(wording: Mapping[str, Any]) -> bytes:
    try:
        return orjson.dumps(wording)
    except TypeError:
        raise Refused("token_unreadable", diagnostics="token payload: nested too deep") from None


@lru_cache(maxsize=512)
def _broken_by(wording: bytes, interaction: str, rules: Rules) -> tuple[str, str] | None:
    return first_broken(WORDING_CHECKS, Wording(orjson.loads(wording), BY_NAME[interaction], rules))


@dataclass(frozen=True, slots=True)
class Wording:
    """All of a token but its times."""

    claims: Mapping[str, Any]
    interaction: Interaction
    rules: Rules


def _text_missing(token: Token) -> str | None:
    for name in _REQUIRED_TEXTS:
        if not _is_text(token.claims.get(name)):
            return f"claim {name}: required, a string that is not empty"
    return None


def _time_missing(token: Token) -> str | None:
    for name in _REQUIRED_TIMES:
        if not _is_integer(token.claims.get(name)):
            return f"claim {name}: required, an integer of seconds since 1970"
    return None


def _wrong_life(token: Token) -> str | None:
    life = token.claims["exp"] - token.claims["iat"]
    return None if life == JWT_LIFE_S else f"claim exp: expected iat + {JWT_LIFE_S}, found iat {life:+d}"


def _expired(token: Token) -> str | None:
    return "claim exp: the token has expired" if token.claims["exp"] < token.now.timestamp() else None


def _from_future(token: Token) -> str | None:
    ahead = token.claims["iat"] - token.now.timestamp()
    return f"claim iat: {ahead:.0f} s in the future" if ahead > token.rules.leeway_s else None


def _wrong_reason(token: Wording) -> str | None:
    return (
        None if token.claims.get("reason_for_request") == _REASON else f"claim reason_for_request: expected {_REASON}"
    )


def _scope_unknown(token: Wording) -> str | None:
    known = token.claims.get("requested_scope") in PAYLOAD_SCOPES
    return None if known else f"claim requested_scope: expected one of {', '.join(PAYLOAD_SCOPES)}"


def _record_present(token: Wording) -> str | None:
    return "claim requested_record: not part of this version" if "requested_record" in token.claims else None


def _scope_mismatch(token: Wording) -> str | None:
    wanted = token.interaction.scope
    return None if token.claims["requested_scope"] == wanted else f"claim requested_scope: expected {wanted}"


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_integer(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


TIME_CHECKS: tuple[Check[Token], ...] = (
    Check("claim_missing", _text_missing),
    Check("claim_missing", _time_missing),
    Check("token_life", _wrong_life),
    Check("token_expired", _expired),
    Check("token_from_future", _from_future),
)
"""Its times, and before them the texts that the guide asks for first."""

WORDING_CHECKS: tuple[Check[Wording], ...] = (
    Check("claim_invalid", _wrong_reason),
    Check("claim_invalid", _scope_unknown),
    Check("claim_invalid", _record_present),
    *CLAIM_CHECKS,
    Check("scope_mismatch", _scope_mismatch),
)
"""The token's own rules, then those of its three resources, then whether its scope is the interaction's."""
