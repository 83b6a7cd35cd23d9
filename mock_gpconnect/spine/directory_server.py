"""The LDAP server behind the look-up service: its slowness and its failures change what SDS says."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from mock_gpconnect.refusals import Refused

Found = TypeVar("Found")

PATIENCE_S = 3.0
"""How long the service waits for the directory."""


@dataclass(slots=True)
class DirectoryServer:
    """How the directory behaves just now; testers change it while the world runs.

    `passes_outcome` stands for the newer source, whose refusal reaches the caller with status 200.
    """

    delay_s: float = 0.0
    failing: bool = False
    passes_outcome: bool = False

    async def ask(self, look_up: Callable[[], Sequence[Found]]) -> Sequence[Found]:
        """The records found; none when the directory was too slow, which nobody can tell from none registered."""
        if self.delay_s:
            await asyncio.sleep(min(self.delay_s, PATIENCE_S))
        if self.failing:
            raise Refused("sds_backend_failed")
        return look_up() if self.delay_s < PATIENCE_S else ()
