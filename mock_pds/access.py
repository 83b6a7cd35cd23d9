"""The four ways in: which scope opens which, and what each may do."""

from collections.abc import Mapping
from dataclasses import dataclass

from mock_pds.clients import PDS_SCOPE, PRIVILEGED_PDS_SCOPE
from mock_pds.tokens import Grant

_PRODUCT = "personal-demographics-service"
WORKER_SCOPES = (
    f"urn:nhsd:apim:user-nhs-id:aal3:{_PRODUCT}",
    f"urn:nhsd:apim:user-nhs-cis2:aal2:{_PRODUCT}",
    f"urn:nhsd:apim:user-nhs-cis2:aal3:{_PRODUCT}",
)
PATIENT_SCOPE = f"urn:nhsd:apim:user-nhs-login:P9:{_PRODUCT}"
UNPROVEN_PATIENT_SCOPES = frozenset(f"urn:nhsd:apim:user-nhs-login:{level}:{_PRODUCT}" for level in ("P5", "P0"))
"""Log-ins of too little proof: known, only to be refused."""

VECTORS_OF_TRUST = frozenset({"P9.Cp.Cd", "P9.Cp.Ck", "P9.Cm"})


@dataclass(frozen=True, slots=True)
class Mode:
    """One way in, by the gateway's name for it."""

    name: str
    finds_one: bool = True
    updates: bool = False
    has_roles: bool = False
    own_record_only: bool = False
    sees_restricted: bool = False


APPLICATION = Mode("application-restricted")
PRIVILEGED = Mode("privileged-application-restricted", sees_restricted=True)
PATIENT = Mode("patient-access", updates=True, own_record_only=True)
WORKER = Mode("user-restricted", finds_one=False, updates=True, has_roles=True)
PROMOTED = Mode("user-restricted", finds_one=False, updates=True)
"""An application registered to act like a worker, without one."""

BY_SCOPE: Mapping[str, Mode] = (
    {PDS_SCOPE: APPLICATION, PRIVILEGED_PDS_SCOPE: PRIVILEGED, PATIENT_SCOPE: PATIENT}
    | dict.fromkeys(UNPROVEN_PATIENT_SCOPES, PATIENT)
    | dict.fromkeys(WORKER_SCOPES, WORKER)
)
"""From least privilege upward: the last scope that a token has decides."""


def mode_of(grant: Grant) -> Mode | None:
    """The mode that a token opens; None if it is for other services."""
    opened = [mode for scope, mode in BY_SCOPE.items() if scope in grant.scopes]
    if not opened:
        return None
    if opened[-1] is APPLICATION and grant.client.app_restricted_update:
        return PROMOTED
    return opened[-1]
