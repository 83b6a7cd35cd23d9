"""The ways to a token: what each takes from the form and what it gives, every member of it a string."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from hmac import compare_digest

from mock_pds.clients import Client, User
from mock_pds.log_ins import LogIn
from mock_pds.refusals import Refused
from mock_pds.tokens import TOKEN_LIFE_S, Issued, Tokens

Form = Mapping[str, str]
Answer = dict[str, str]

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token"  # noqa: S105 - a type's name
ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"  # noqa: S105 - a type's name
LONGEST_NUMBER = len("600000")


def client_credentials(form: Form, tokens: Tokens) -> Answer:
    """An application for itself, by a signed assertion."""
    return _answer(tokens.exchange(_assertion(form), _life(form)))


def token_exchange(form: Form, tokens: Tokens) -> Answer:
    """An application for a user, by a signed assertion and the user's id token."""
    assertion = _assertion(form)
    if form.get("subject_token_type") != ID_TOKEN:
        raise Refused("subject_type_wrong")
    identity = tokens.log_ins.identified(_field(form, "subject_token", "subject_missing"))
    client = tokens.prove(assertion)
    user = tokens.log_ins.user_of(identity)
    return _user_answer(tokens, user, tokens.log_ins.open(client, user)) | {"issued_token_type": ACCESS_TOKEN}


def authorization_code(form: Form, tokens: Tokens) -> Answer:
    """An application for a user, by the code that the log-in brought back."""
    client = _client(form, tokens)
    redirect_uri = _field(form, "redirect_uri", "redirect_missing")
    if redirect_uri not in client.redirect_uris:
        raise Refused("redirect_invalid")
    user = tokens.log_ins.redeem(client, _field(form, "code", "code_missing"), redirect_uri)
    return _user_answer(tokens, user, tokens.log_ins.open(client, user))


def refresh_token(form: Form, tokens: Tokens) -> Answer:
    """An application for a user who logged in before."""
    client = _client(form, tokens)
    kept = tokens.log_ins.refresh(client, _field(form, "refresh_token", "refresh_missing"))
    return _user_answer(tokens, kept[1].user, kept)


GRANTS: Mapping[str, Callable[[Form, Tokens], Answer]] = {
    "client_credentials": client_credentials,
    "urn:ietf:params:oauth:grant-type:token-exchange": token_exchange,
    "authorization_code": authorization_code,
    "refresh_token": refresh_token,
}


def grant(form: Form, tokens: Tokens) -> Answer:
    """The token that a form asks for."""
    give = GRANTS.get(_field(form, "grant_type", "grant_type_missing"))
    if give is None:
        raise Refused("grant_type_unknown")
    return give(form, tokens)


def _field(form: Form, name: str, missing: str) -> str:
    value = form.get(name)
    if not value:
        raise Refused(missing)
    return value


def _assertion(form: Form) -> str:
    if form.get("client_assertion_type") != ASSERTION_TYPE:
        raise Refused("assertion_type_wrong")
    return _field(form, "client_assertion", "assertion_missing")


def _client(form: Form, tokens: Tokens) -> Client:
    api_key = _field(form, "client_id", "client_id_missing")
    secret = _field(form, "client_secret", "client_secret_missing")
    client = tokens.clients.get(api_key)
    if client is None or not client.secret or not compare_digest(client.secret.encode(), secret.encode()):
        raise Refused("client_secret_wrong")
    return client


def _life(form: Form) -> timedelta:
    """A shorter life if one is asked for; anything else is ignored without a word."""
    asked_ms = form.get("_access_token_expiry_ms", "")
    default = timedelta(seconds=TOKEN_LIFE_S)
    if not asked_ms.isascii() or not asked_ms.isdigit() or len(asked_ms) > LONGEST_NUMBER:
        return default
    return min(default, timedelta(milliseconds=int(asked_ms)))


def _answer(issued: Issued) -> Answer:
    return {
        "access_token": issued.token,
        "expires_in": _seconds(issued.life),
        "token_type": "Bearer",
        "issued_at": str(int(issued.at.timestamp() * 1000)),
    }


def _user_answer(tokens: Tokens, user: User, kept: tuple[str, LogIn]) -> Answer:
    token, log_in = kept
    issued = tokens.issue(log_in.client, user.scopes, user=user)
    return _answer(issued) | {
        "refresh_token": token,
        "refresh_token_expires_in": _seconds(log_in.ends - issued.at),
        "refresh_count": str(log_in.refreshed),
    }


def _seconds(life: timedelta) -> str:
    """As the service counts: one less than it is."""
    return str(max(0, int(life.total_seconds()) - 1))
