"""Users who have logged in through an application: codes that it redeems, and refresh tokens that it keeps."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from mock_pds.assertion import ALGORITHM, Assertion, decode, is_signed
from mock_pds.clients import Client, User
from mock_pds.given import NewId, Now
from mock_pds.refusals import Refused
from mock_pds.watched import Watched

CODE_LIFE = timedelta(seconds=60)
WORKER_REFRESH_LIFE = timedelta(hours=12)
PATIENT_REFRESH_LIFE = timedelta(hours=1)
NO_KEYS: Mapping[str, Any] = {"keys": []}


@dataclass(frozen=True, slots=True)
class LogIn:
    """One user, logged in through one application, until `ends`."""

    client: Client
    user: User
    ends: datetime
    redirect_uri: str = ""
    refreshed: int = 0


class LogIns:
    """The users of the world and what they have open."""

    def __init__(self, users: Mapping[str, User], identity_keys: Mapping[str, Any], *, now: Now, new_id: NewId) -> None:
        self._users, self._identity_keys = users, identity_keys
        self._now, self._new_id = now, new_id
        self.codes: Watched[str, LogIn] = Watched()
        self.refreshes: Watched[str, LogIn] = Watched()

    def code_for(self, client: Client, user: User, redirect_uri: str) -> str:
        """A code that the application can redeem once, within a minute."""
        code = self._new_id()
        self.codes[code] = LogIn(client, user, self._now() + CODE_LIFE, redirect_uri)
        return code

    def redeem(self, client: Client, code: str, redirect_uri: str) -> User:
        """The user behind a code, which is spent by it."""
        log_in: LogIn | None = self.codes.pop(code, None)
        if log_in is None or log_in.client is not client or log_in.ends <= self._now():
            raise Refused("code_invalid")
        if log_in.redirect_uri != redirect_uri:
            raise Refused("redirect_invalid")
        return log_in.user

    def open(self, client: Client, user: User) -> tuple[str, LogIn]:
        """A refresh token for a user who has just logged in."""
        life = WORKER_REFRESH_LIFE if user.nhs_number is None else PATIENT_REFRESH_LIFE
        return self._keep(LogIn(client, user, self._now() + life))

    def refresh(self, client: Client, token: str) -> tuple[str, LogIn]:
        """The next refresh token of a log-in; its period does not begin anew."""
        log_in = self.refreshes.get(token)
        if log_in is None or log_in.client is not client:
            raise Refused("refresh_invalid")
        if log_in.ends <= self._now():
            raise Refused("refresh_expired")
        self.refreshes.pop(token)
        return self._keep(replace(log_in, refreshed=log_in.refreshed + 1))

    def _keep(self, log_in: LogIn) -> tuple[str, LogIn]:
        token = self._new_id()
        self.refreshes[token] = log_in
        return token, log_in

    def identified(self, subject_token: str) -> Assertion:
        """An id token as far as it can be read."""
        try:
            return decode(subject_token, self._now())
        except Refused as unreadable:
            raise Refused("subject_malformed") from unreadable

    def user_of(self, identity: Assertion) -> User:
        """The user of the world whom an id token names, if an identity provider of the world signed it."""
        user = self._users.get(str(identity.claims.get("sub")))
        signed = identity.header.get("alg") == ALGORITHM and is_signed(identity, self._identity_keys)
        if user is None or not signed or (identity.expires or 0) <= identity.at:
            raise Refused("subject_invalid")
        return user
