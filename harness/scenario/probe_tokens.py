"""The two tokens that a probe may change: the unsigned one that names the user, and the signed assertion."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import jwt
import orjson
from jwt.algorithms import RSAAlgorithm
from jwt.utils import base64url_encode

from harness.credentials import private_key
from harness.scenario.edits import edited
from harness.scenario.stage import Unmet

Part = Mapping[str, Any]


def resigned(bearer: str, jose: Mapping[str, str], claims: Mapping[str, str], now: datetime) -> str:
    """An Authorization header whose audit token has another header or other claims."""
    try:
        said = jwt.decode_complete(bearer.removeprefix("Bearer "), options={"verify_signature": False})
    except jwt.DecodeError:
        raise Unmet("a token with claims to change", "an opaque one") from None
    return f"Bearer {_joined(edited(said['header'], jose, now), edited(said['payload'], claims, now))}."


def signed(jose: Part, claims: Part) -> str:
    """An assertion, signed with RS512 whatever its header says: any other header is there to be refused."""
    message = _joined(jose, claims)
    signature = RSAAlgorithm(RSAAlgorithm.SHA512).sign(message.encode(), private_key())
    return f"{message}.{base64url_encode(signature).decode()}"


def _joined(*parts: Part) -> str:
    return ".".join(base64url_encode(orjson.dumps(part)).decode() for part in parts)
