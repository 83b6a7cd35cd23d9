"""What the sources leave open about PDS, and how this mock decides it unless it is told otherwise."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """Each default is our ruling; times are in seconds of the event loop.

    `sandbox` opens the service: no token is needed (one that is sent is still looked at) and nothing is limited.
    `read_s` and `update_s` are how long the record takes behind the gateway; `longest_read_s` is when a read is
    given up (408); an update that takes longer than the caller waits is answered 503 and done all the same,
    and its outcome is kept for `remember_update_s`.
    """

    sandbox: bool = False
    read_s: float = 0.0
    longest_read_s: float = 30.0
    update_s: float = 0.0
    remember_update_s: float = 86_400.0
    poll_every_s: float = 0.25
    shortest_wait_s: float = 0.25
    longest_wait_s: float = 29.0
    default_wait_s: float = 10.0
    very_restricted_keeps: frozenset[str] = frozenset({"resourceType", "id", "identifier", "meta"})
    very_restricted_are_found: bool = True
    days_of_temporary_address: int = 90
    days_of_billing_address: int = 366
