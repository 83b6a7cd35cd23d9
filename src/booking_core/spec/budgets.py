"""Limits in time and size that the guide states or that we assume."""

from collections.abc import Mapping
from dataclasses import dataclass

from booking_core.spec.interactions import Kind


@dataclass(frozen=True, slots=True)
class Budget:
    """A provider's own processing time in milliseconds (guide: volume and performance)."""

    shall_ms: int
    should_ms: int


BUDGETS: Mapping[Kind, Budget] = {
    Kind.QUERY: Budget(shall_ms=3000, should_ms=1000),
    Kind.COMMAND: Budget(shall_ms=250, should_ms=100),
}

SEARCH_DAYS = 14
"""A slot search spans two weeks of wall-clock days at most."""

DESCRIPTION_LENGTH = 100
COMMENT_LENGTH = 500

JWT_LIFE_S = 300
"""`exp` is `iat` plus exactly this."""

CONSUMER_DEADLINE_S: Mapping[Kind, float] = {Kind.QUERY: 45, Kind.COMMAND: 45}
"""How long our consumer waits for one exchange: assumed, a little above the proxy's assumed 30 s."""

NATIONAL_DEADLINE_S = 10
"""How long our consumer waits for PDS, SDS or a token: assumed."""

SSP_TIMEOUT_S = 30
"""The Spine Secure Proxy's time-out for a provider: not published, assumed."""

PATIENCE_S = 60
"""How long a person waits for one answer, retries included: assumed."""

QUERY_TRIES = 4
"""One try and three automatic retries, for queries only (Spine Core)."""
