"""Who asks besides the product: applications and users, each with one thing wrong or special."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from jwt.utils import base64url_encode

from harness.credentials import CORE_API_KEY, KEY_ID, key_set
from mock_pds.access import PATIENT_SCOPE, WORKER_SCOPES
from mock_pds.clients import APP_SCOPE, PRIVILEGED_PDS_SCOPE, Client, Role, User
from mock_pds.tokens import TOKEN_LIFE_S, Tokens

_ANOTHER_KEY = {"kty": "RSA", "kid": KEY_ID, "e": "AQAB", "n": base64url_encode(b"\xff" * 256).decode()}
"""A public key under our key's name: what we sign does not fit it."""

APPLICATIONS: Mapping[str, Mapping[str, Any]] = {
    "revoked-app": {"status": "revoked"},
    "inactive-developer-app": {"status": "developer_inactive"},
    "inactive-company-app": {"status": "company_inactive"},
    "other-product-app": {"may_ask_for_tokens": False},
    "keyless-app": {"jwks": None},
    "lost-key-app": {"jwks": None, "jwks_url": "https://keys.invalid/nothing-here"},
    "other-key-app": {"jwks": {"keys": [_ANOTHER_KEY]}},
    "unscoped-app": {"scopes": frozenset()},
    "other-service-app": {"scopes": frozenset({f"{APP_SCOPE}another-service"})},
    "no-asid-app": {"has_asid": False},
    "retrieve-only-app": {"lacks_interactions": frozenset({"pds_search"})},
    "updating-app": {"app_restricted_update": True},
    "privileged-app": {"scopes": frozenset({PRIVILEGED_PDS_SCOPE})},
    "web-app": {"secret": "open-sesame", "redirect_uris": frozenset({"https://web-app.invalid/back"})},
    "expired-app": {},
}
"""API key -> how the registration differs from the product's; the last one's access tokens are always over."""

WORKERS: Mapping[str, tuple[str, ...]] = {
    "worker": ("555254240100",),
    "locum": ("555254240101", "555254240102"),
}
"""Healthcare workers -> their roles: what NHSD-Session-URID selects."""

PATIENTS: Mapping[str, tuple[str, str]] = {
    "patient": (PATIENT_SCOPE, "P9.Cp.Cd"),
    "hardly-trusted-patient": (PATIENT_SCOPE, "P9.Cp"),
    "unproven-patient": (PATIENT_SCOPE.replace(":P9:", ":P5:"), "P5.Cp.Cd"),
}
"""Ways in which the patient asked about may have logged in -> scope and vector of trust."""

PRODUCT = "app"
CALLERS = (PRODUCT, *APPLICATIONS, *WORKERS, *PATIENTS)


def applications() -> list[Client]:
    """The registrations of all these applications; the product's key signs for each."""
    return [Client(name, name, **{"jwks": key_set(), **differs}) for name, differs in APPLICATIONS.items()]


def workers() -> list[User]:
    """The healthcare workers who can log in."""
    scopes = frozenset(WORKER_SCOPES[:1])
    return [
        User(alias, alias.title(), scopes, tuple(Role(one, "R8010", "Administrator", "T90101") for one in roles))
        for alias, roles in WORKERS.items()
    ]


def api_key_of(caller: str) -> str:
    """The application that a caller uses: its own, or the product's."""
    return caller if caller in APPLICATIONS else CORE_API_KEY


def token_of(tokens: Tokens, caller: str, nhs_number: str) -> str:
    """A fresh access token for a caller; a patient's is that of the patient with this number."""
    client, user = tokens.clients[api_key_of(caller)], _user(tokens, caller, nhs_number)
    life = timedelta(seconds=0 if caller == "expired-app" else TOKEN_LIFE_S)
    return tokens.issue(client, user.scopes if user else client.scopes, user=user, life=life).token


def _user(tokens: Tokens, caller: str, nhs_number: str) -> User | None:
    if caller in PATIENTS:
        scope, vot = PATIENTS[caller]
        return User(f"{caller}-{nhs_number}", caller, frozenset({scope}), nhs_number=nhs_number, vot=vot)
    return tokens.users.get(caller)
