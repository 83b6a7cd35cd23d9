"""How often one application, and all together, may ask."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mock_pds.clients import Client
from mock_pds.given import Seconds
from mock_pds.refusals import Refused

_SECONDS = {"second": 1, "minute": 60, "hour": 3600}
_WHOLE_API = ""


@dataclass(frozen=True, slots=True)
class Quota:
    """So many requests in a fixed window, which begins with the first of them."""

    allowed: int
    every: int = 1
    unit: str = "minute"

    @property
    def window_s(self) -> int:
        """How long the window stays open."""
        return self.every * _SECONDS[self.unit]


@dataclass(frozen=True, slots=True)
class Limit:
    """A quota, and a spike arrest that spaces requests out evenly; None switches one off."""

    quota: Quota | None = None
    spike_per_minute: int | None = None


PER_APPLICATION = Limit(Quota(300), spike_per_minute=900)
"""Five requests a second by the minute, as the integration environment has it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one service; `exceptions` are for some applications, by API key."""

    application: Limit = PER_APPLICATION
    whole_api: Limit = Limit()
    exceptions: Mapping[str, Limit] = field(default_factory=dict)

    def of(self, api_key: str) -> Limit:
        """The limit for one application."""
        return self.exceptions.get(api_key, self.application)


class RateLimit:
    """Counts what was asked, and refuses what is too much."""

    def __init__(self, limits: Limits | None, seconds: Seconds) -> None:
        self._limits, self._seconds = limits, seconds
        self._windows: dict[str, tuple[float, int]] = {}
        self._next: dict[str, float] = {}

    def admit(self, client: Client) -> None:
        """Let one request of an application in, or refuse it for the first limit that it meets."""
        if self._limits is None:
            return
        own, api = self._limits.of(client.api_key), self._limits.whole_api
        if own.quota and self._over_quota(client.api_key, own.quota):
            raise Refused(
                "quota_exceeded",
                application=client.name,
                quota=own.quota.allowed,
                interval=own.quota.every,
                unit=own.quota.unit,
            )
        if own.spike_per_minute and self._too_soon(client.api_key, own.spike_per_minute):
            raise Refused("traffic_spike", application=client.name)
        if api.quota and self._over_quota(_WHOLE_API, api.quota):
            raise Refused("api_busy")
        if api.spike_per_minute and self._too_soon(_WHOLE_API, api.spike_per_minute):
            raise Refused("api_busy")

    def _over_quota(self, key: str, quota: Quota) -> bool:
        now = self._seconds()
        opened, count = self._windows.get(key, (now, 0))
        if now - opened >= quota.window_s:
            opened, count = now, 0
        self._windows[key] = opened, min(count + 1, quota.allowed)
        return count >= quota.allowed

    def _too_soon(self, key: str, per_minute: int) -> bool:
        now = self._seconds()
        if now < self._next.get(key, now):
            return True
        self._next[key] = now + 60 / per_minute
        return False
