"""Who sent each exchange. A request does not say so: it follows from the wire around it."""

from collections.abc import Iterable, Mapping
from urllib.parse import parse_qs

import jwt
import orjson

from harness.credentials import provider_api_key
from harness.journal import Exchange
from harness.rows import OrganisationRow

CONSUMER = "consumer"


def callers(exchanges: Iterable[Exchange], organisations: Iterable[OrganisationRow]) -> dict[int, str]:
    """Number of each exchange -> `consumer`, `ssp`, or the alias of an organisation that asks PDS itself."""
    keys = {provider_api_key(row.ods): row.alias or row.ods for row in organisations}
    found: dict[int, str] = {}
    tokens: dict[str, str] = {}
    proxied: list[Exchange] = []
    for one in exchanges:
        if one.service == "ssp":
            proxied.append(one)
        if one.service == "gpconnect":
            found[one.number] = "ssp" if any(_carries(proxy, one) for proxy in proxied) else CONSUMER
        elif one.service == "token":
            found[one.number] = keys.get(_issuer(one), CONSUMER)
            tokens[_issued(one)] = found[one.number]
        else:
            found[one.number] = tokens.get(_bearer(one), CONSUMER)
    return found


def _carries(proxy: Exchange, one: Exchange) -> bool:
    """Whether the proxy sent this one on: its URL ends with the provider's, and it was at work."""
    at_work = proxy.ended is None or proxy.ended >= one.started
    return at_work and proxy.url.endswith(one.url)


def _issuer(one: Exchange) -> str:
    """The API key in the assertion of a token request."""
    form = parse_qs(one.request_body.decode("latin-1"))
    try:
        claims: Mapping[str, object] = jwt.decode(form["client_assertion"][0], options={"verify_signature": False})
    except (KeyError, ValueError, jwt.PyJWTError):
        return ""
    return str(claims.get("iss", ""))


def _issued(one: Exchange) -> str:
    try:
        return str(orjson.loads(one.answered.body if one.answered else b"")["access_token"])
    except (ValueError, TypeError, KeyError):
        return ""


def _bearer(one: Exchange) -> str:
    return one.header("authorization").removeprefix("Bearer ") or "none"
