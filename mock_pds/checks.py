"""The gateway's checks before PDS itself is asked, in the order that it makes them."""

import re
from collections.abc import Callable

from booking_core.spec.headers import REQUEST_ID, SESSION_URID
from mock_pds.access import PROMOTED, UNPROVEN_PATIENT_SCOPES, VECTORS_OF_TRUST, mode_of
from mock_pds.clients import Client
from mock_pds.rate_limit import RateLimit
from mock_pds.refusals import Refused
from mock_pds.tokens import Grant, Tokens
from mock_pds.visit import Visit

Check = Callable[[Visit], None]

REQUEST_ID_FORM = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")
KNOWN_PATHS = re.compile(r"/(Patient(/.*)?|Coverage|_poll/.*|_status|_ping)", re.DOTALL)
PATIENT_PATH = re.compile(r"/Patient/([^/]*)(/.*)?", re.DOTALL)
CREATE, UPDATE = "POST", "PATCH"
PROMISED_RESULTS = "1"
SANDBOX_CLIENT = Client("sandbox", "Sandbox")


def bearer(authorisation: str | None) -> str:
    """The token in an Authorization header, or the particular way in which there is none."""
    if authorisation is None:
        raise Refused("authorisation_missing")
    scheme, blank, token = authorisation.strip().partition(" ")
    if not scheme:
        raise Refused("authorisation_empty")
    if not blank:
        raise Refused("authorisation_one_word")
    if scheme != "Bearer":
        raise Refused("authorisation_not_bearer", scheme=scheme)
    return token.strip()


def token_is_good(tokens: Tokens, *, open_to_all: bool = False) -> Check:
    """A token that was issued, still lives and is for this service; in the sandbox none is as good."""

    def check(visit: Visit) -> None:
        authorisation = visit.headers.get("authorization")
        if authorisation is None and open_to_all:
            visit.admit(Grant(SANDBOX_CLIENT, frozenset(), tokens.now()), PROMOTED)
            return
        grant = tokens.grant(bearer(authorisation))
        if grant is None:
            raise Refused("token_unknown")
        if grant.expires_at <= tokens.now():
            raise Refused("token_expired")
        mode = mode_of(grant)
        if mode is None:
            raise Refused("not_subscribed")
        visit.admit(grant, mode)

    return check


def within_limits(limit: RateLimit) -> Check:
    """Not too often; nothing else about the request has been looked at yet."""
    return lambda visit: limit.admit(visit.grant.client)


def log_in_is_proven(visit: Visit) -> None:
    """A patient's log-in of too little proof is known, and refused."""
    if visit.grant.scopes & UNPROVEN_PATIENT_SCOPES:
        raise Refused("patient_log_in_unproven")


def path_is_known(visit: Visit) -> None:
    """Only a few paths reach PDS at all."""
    if not KNOWN_PATHS.fullmatch(visit.path):
        raise Refused("path_unknown", path=visit.path)


def request_id_is_well_formed(visit: Visit) -> None:
    """A header that is there is looked at, also when it is empty; one that is absent is left to PDS."""
    value = visit.headers.get(REQUEST_ID)
    if value is not None and not REQUEST_ID_FORM.fullmatch(value):
        raise Refused("request_id_malformed", value=value, header=REQUEST_ID)


def role_is_the_users(visit: Visit) -> None:
    """A worker acts in one of their roles; a single role goes without saying."""
    if not visit.mode.has_roles:
        return
    roles = [role.role_id for role in visit.grant.user.roles] if visit.grant.user else []
    urid = visit.headers.get(SESSION_URID)
    if urid is None and len(roles) == 1:
        return
    if urid not in roles:
        raise Refused("urid_invalid", value=urid or "")


def client_has_asid(visit: Visit) -> None:
    """Without an ASID an application cannot be let through to the Spine."""
    if not visit.grant.client.has_asid:
        raise Refused("asid_missing")


def method_is_for_mode(visit: Visit) -> None:
    """Applications and patients do not create; applications do not update."""
    mode = visit.mode
    if visit.method == UPDATE and not mode.updates:
        raise Refused("method_not_for_mode", verb="update", mode=mode.name)
    if visit.method == CREATE and (not mode.updates or mode.own_record_only):
        raise Refused("method_not_for_mode", verb="create", mode=mode.name)


def coverage_is_for_patients(visit: Visit) -> None:
    """Only patients ask for their insurance card."""
    if visit.path == "/Coverage" and not visit.mode.own_record_only:
        raise Refused("coverage_not_for_mode", mode=visit.mode.name)


def one_result_is_enough(visit: Visit) -> None:
    """An application finds one person or nobody, and may not ask for more; the value is compared as text."""
    asked = [value for name, value in visit.query if name == "_max-results"]
    if visit.path == "/Patient" and visit.mode.finds_one and asked and asked[0] != PROMISED_RESULTS:
        raise Refused("too_many_asked")


def patient_sees_own_record(visit: Visit) -> None:
    """A patient with enough trust, at their own number, and never by searching."""
    if not visit.mode.own_record_only:
        return
    user = visit.grant.user
    if user is None or user.vot not in VECTORS_OF_TRUST:
        raise Refused("patient_may_not")
    asked = [value for name, value in visit.query if name == "subscriber:identifier"]
    at_patient = PATIENT_PATH.fullmatch(visit.path)
    if at_patient:
        asked = [at_patient[1]]
    if visit.path == "/Patient" or any(number != user.nhs_number for number in asked):
        raise Refused("patient_may_not")


REQUEST_CHECKS: tuple[Check, ...] = (
    log_in_is_proven,
    path_is_known,
    request_id_is_well_formed,
    role_is_the_users,
    client_has_asid,
    method_is_for_mode,
    coverage_is_for_patients,
    one_result_is_enough,
    patient_sees_own_record,
)


def gateway_checks(tokens: Tokens, limit: RateLimit, *, sandbox: bool = False) -> tuple[Check, ...]:
    """All checks in order; a sandbox asks for no token and counts nothing."""
    if sandbox:
        return token_is_good(tokens, open_to_all=True), *REQUEST_CHECKS
    return token_is_good(tokens), within_limits(limit), *REQUEST_CHECKS
