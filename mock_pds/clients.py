"""Who may ask: registered applications, and the people of the world who log in through them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

APP_SCOPE = "urn:nhsd:apim:app:level3:"
"""What every scope of an application's own token begins with."""

PDS_SCOPE = APP_SCOPE + "personal-demographics-service"
PRIVILEGED_PDS_SCOPE = APP_SCOPE + "privileged-personal-demographics-service"


@dataclass(frozen=True, slots=True)
class Client:
    """One application as registered with the API platform.

    `jwks` is the key set that stands at `jwks_url`; without either the application has no key.
    `secret` and `redirect_uris` are for users who log in through it.
    `attributes` are output switches of the registration, which no caller can set by a header.
    """

    api_key: str
    name: str
    jwks: Mapping[str, Any] | None = None
    scopes: frozenset[str] = frozenset({PDS_SCOPE})
    jwks_url: str = ""
    secret: str = ""
    redirect_uris: frozenset[str] = frozenset()
    status: str = "approved"
    may_ask_for_tokens: bool = True
    has_asid: bool = True
    app_restricted_update: bool = False
    lacks_interactions: frozenset[str] = frozenset()
    attributes: frozenset[str] = frozenset()

    @property
    def keys_at(self) -> str | None:
        """Where the key set is fetched from, if one was registered."""
        hosted = f"https://keys.invalid/{self.api_key}" if self.jwks is not None else None
        return self.jwks_url or hosted


@dataclass(frozen=True, slots=True)
class Role:
    """One job of a healthcare worker: what `NHSD-Session-URID` selects."""

    role_id: str
    code: str
    name: str
    ods: str


@dataclass(frozen=True, slots=True)
class User:
    """A named person who logs in: a worker with roles, or a patient with an NHS number.

    `scopes` is what the log-in proves; `vot` is a patient's vector of trust.
    """

    user_id: str
    name: str
    scopes: frozenset[str]
    roles: tuple[Role, ...] = ()
    nhs_number: str | None = None
    vot: str = "P9.Cp.Cd"
