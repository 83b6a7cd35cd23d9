"""PDS as one ASGI app: the gateway around the backend."""

from starlette.types import ASGIApp

from mock_pds.backend import Backend, backend_app
from mock_pds.checks import gateway_checks
from mock_pds.gateway import Gateway
from mock_pds.given import NewId, Now, Seconds, loop_seconds
from mock_pds.people import People
from mock_pds.rate_limit import Limits, RateLimit
from mock_pds.settings import Settings
from mock_pds.tokens import Tokens


def pds_app(
    people: People,
    tokens: Tokens,
    *,
    base_url: str,
    now: Now,
    new_id: NewId,
    seconds: Seconds = loop_seconds,
    limits: Limits | None = None,
    settings: Settings | None = None,
) -> ASGIApp:
    """The PDS FHIR API over `people`, open to those who hold a token of `tokens`.

    `base_url` is the address under which callers reach it; it stands in what it answers.
    `seconds` measures durations: of updates, waits and rate limits. Without `limits` nothing is limited.
    """
    settings = settings or Settings()
    backend = Backend(people, settings, base_url=base_url, now=now, seconds=seconds, new_id=new_id)
    return Gateway(
        backend_app(backend, new_id=new_id),
        gateway_checks(tokens, RateLimit(limits, seconds), sandbox=settings.sandbox),
        settings,
        known_key=tokens.clients.__contains__,
        seconds=seconds,
        new_id=new_id,
    )
