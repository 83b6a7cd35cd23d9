"""The store of the token service: applications, assertions already seen, and tokens in force."""

import random
import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from mock_pds.assertion import CHECKS_AFTER_JTI, CHECKS_BEFORE_JTI, Assertion, decode, enforce, verify
from mock_pds.clients import APP_SCOPE, Client, User
from mock_pds.given import NewId, Now, Seconds, loop_seconds
from mock_pds.key_sets import KeySets
from mock_pds.log_ins import NO_KEYS, LogIns
from mock_pds.rate_limit import Limits, RateLimit
from mock_pds.refusals import Refused
from mock_pds.watched import Watched

TOKEN_LIFE_S = 600
TOKEN_LENGTH = 28
JTI_MEMORY = timedelta(days=30)
EXPIRED_MEMORY = timedelta(hours=1)
"""How long a token is still told from one that never was."""

_LETTERS = string.ascii_letters + string.digits
_STATUSES = {
    "revoked": "client_revoked",
    "developer_inactive": "developer_inactive",
    "company_inactive": "company_inactive",
}


@dataclass(frozen=True, slots=True)
class Grant:
    """What a token stands for."""

    client: Client
    scopes: frozenset[str]
    expires_at: datetime
    user: User | None = None


@dataclass(frozen=True, slots=True)
class Issued:
    """A fresh token and how long it lasts."""

    token: str
    life: timedelta
    at: datetime


class Tokens:
    """Applications, their keys and users, the assertions they used up and the tokens they hold."""

    def __init__(
        self,
        clients: Iterable[Client],
        *,
        token_url: str,
        now: Now,
        rng: random.Random,
        new_id: NewId,
        users: Iterable[User] = (),
        identity_keys: Mapping[str, Any] = NO_KEYS,
        limits: Limits | None = None,
        seconds: Seconds = loop_seconds,
    ) -> None:
        self.clients: Mapping[str, Client] = {client.api_key: client for client in clients}
        self.users: Mapping[str, User] = {user.user_id: user for user in users}
        self.token_url, self.now, self.new_id = token_url, now, new_id
        self.key_sets = KeySets(now)
        self.log_ins = LogIns(self.users, identity_keys, now=now, new_id=new_id)
        self._rng, self._limit = rng, RateLimit(limits, seconds)
        self.jtis: Watched[tuple[str, str], datetime] = Watched()
        self.grants: Watched[str, Grant] = Watched()
        for client in self.clients.values():
            if client.jwks is not None and client.keys_at:
                self.key_sets.publish(client.keys_at, client.jwks)

    def exchange(self, jws: str, life: timedelta = timedelta(seconds=TOKEN_LIFE_S)) -> Issued:
        """A token for a signed assertion, or the first reason why not."""
        client = self.prove(jws)
        scopes = frozenset(scope for scope in client.scopes if scope.startswith(APP_SCOPE))
        if not scopes:
            raise Refused("no_scope")
        return self.issue(client, scopes, life=life)

    def prove(self, jws: str) -> Client:
        """The application that a signed assertion proves.

        The `jti` is used up before the client, the signature and the audience are looked at.
        """
        assertion = decode(jws, self.now())
        enforce(CHECKS_BEFORE_JTI, assertion)
        used = assertion.claims["sub"], assertion.claims["jti"]
        if self.jtis.get(used, self.now()) > self.now():
            raise Refused("jti_seen")
        enforce(CHECKS_AFTER_JTI, assertion)
        self._remember(used)
        return self._client(assertion)

    def log_in(self, api_key: str, user_id: str) -> Issued:
        """A token for a user of the world, who logs in through an application without a form."""
        user = self.users[user_id]
        return self.issue(self.clients[api_key], user.scopes, user=user)

    def issue(
        self,
        client: Client,
        scopes: frozenset[str],
        *,
        user: User | None = None,
        life: timedelta = timedelta(seconds=TOKEN_LIFE_S),
    ) -> Issued:
        """A fresh token for `client`, acting for `user` if one is named."""
        now = self.now()
        self._forget_expired(now)
        token = "".join(self._rng.choices(_LETTERS, k=TOKEN_LENGTH))
        self.grants[token] = Grant(client, scopes, now + life, user)
        return Issued(token, life, now)

    def grant(self, token: str) -> Grant | None:
        """What `token` stands for, also when it has expired; None if it was never issued or is long gone."""
        return self.grants.get(token)

    def _client(self, assertion: Assertion) -> Client:
        client = self.clients.get(assertion.claims["iss"])
        if client is None:
            raise Refused("client_unknown")
        if why := _STATUSES.get(client.status):
            raise Refused(why)
        if not client.may_ask_for_tokens:
            raise Refused("product_missing")
        self._throttle(client)
        if client.keys_at is None:
            raise Refused("no_public_key")
        verify(assertion, self.key_sets.at(client.keys_at), self.token_url)
        return client

    def _throttle(self, client: Client) -> None:
        """This service has one answer for every limit."""
        try:
            self._limit.admit(client)
        except Refused as limit:
            raise Refused("token_throttled") from limit

    def _remember(self, used: tuple[str, str]) -> None:
        now = self.now()
        while self.jtis and next(iter(self.jtis.values())) <= now:
            del self.jtis[next(iter(self.jtis))]
        self.jtis[used] = now + JTI_MEMORY

    def _forget_expired(self, now: datetime) -> None:
        while self.grants:
            oldest = next(iter(self.grants))
            if self.grants[oldest].expires_at + EXPIRED_MEMORY > now:
                return
            del self.grants[oldest]
