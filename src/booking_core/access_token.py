"""The access token for PDS: a signed assertion exchanged at the token service, kept for its life."""

import asyncio
from datetime import datetime, timedelta
from urllib.parse import urlencode

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from booking_core.spec.headers import FORM
from booking_core.spec.interactions import BY_NAME
from booking_core.wire.ask import Unreadable, Wire
from booking_core.wire.calls import Call, Reply
from booking_core.wire.json_body import read_json

_ISSUE = BY_NAME["issue_token"]
_MARGIN = timedelta(seconds=60)
_ASSERTION_LIFE = timedelta(minutes=5)


class AccessToken:
    """One application's access token, shared by all who call PDS and renewed once at a time."""

    def __init__(self, token_url: str, api_key: str, key: RSAPrivateKey, kid: str) -> None:
        self._url, self._api_key, self._key, self._kid = token_url, api_key, key, kid
        self._token = ""
        self._until: datetime | None = None
        self._renewal = asyncio.Lock()

    async def current(self, wire: Wire) -> str:
        """A token with at least a minute to live; raises Stop when none is to be had."""
        async with self._renewal:
            if self._until is None or wire.now() >= self._until:
                self._token, life_s = await wire.ask(_ISSUE, lambda: self._call(wire), _read)
                self._until = wire.now() + timedelta(seconds=life_s) - _MARGIN
            return self._token

    def forget(self, refused: str) -> None:
        """After PDS refused it: the next caller asks for a new one. One that was renewed meanwhile stays."""
        if refused == self._token:
            self._until = None

    def _call(self, wire: Wire) -> Call:
        # A refused assertion's jti is spent: every try makes a new one.
        claims = {
            "iss": self._api_key,
            "sub": self._api_key,
            "aud": self._url,
            "jti": wire.new_id(),
            "exp": int((wire.now() + _ASSERTION_LIFE).timestamp()),
        }
        assertion = jwt.encode(claims, self._key, algorithm="RS512", headers={"kid": self._kid})
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": assertion,
        }
        return Call(_ISSUE, "POST", self._url, {"Content-Type": FORM}, body=urlencode(form).encode())


def _read(reply: Reply) -> tuple[str, float]:
    body = read_json(reply)
    try:
        return str(body["access_token"]), float(body["expires_in"])
    except (KeyError, TypeError, ValueError) as missing:
        raise Unreadable(f"not a token answer: {missing}") from missing
