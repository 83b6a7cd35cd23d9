"""What a responder works with: the practice's server, and one request that passed the common checks."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from booking_core.spec.interactions import Interaction
from mock_gpconnect.latency import SlowSystem
from mock_gpconnect.provider.fragments import Fragments
from mock_gpconnect.provider.kept_answers import KeptAnswers
from mock_gpconnect.provider.new_ids import NewIds
from mock_gpconnect.provider.practice import Practice
from mock_gpconnect.provider.requests import Request
from mock_gpconnect.provider.traced import TracePds

Now = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Server:
    """The practice's GP Connect server. `only_from` is whom its callers' certificates must name, if they need one."""

    practice: Practice
    trace: TracePds
    now: Now
    ids: NewIds
    fragments: Fragments
    answers: KeptAnswers
    slow: SlowSystem | None = None
    only_from: str = ""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request that passed the common checks, with the moment at which it is judged."""

    server: Server
    request: Request
    interaction: Interaction
    claims: Mapping[str, Any]
    now: datetime

    @property
    def practice(self) -> Practice:
        """The practice that is asked."""
        return self.server.practice

    @property
    def id(self) -> str:
        """The logical id in the path."""
        return self.request.segments[1]


def server_of(
    practice: Practice,
    trace: TracePds,
    now: Now,
    rng: random.Random,
    slow: SlowSystem | None = None,
    only_from: str = "",
    answers: KeptAnswers | None = None,
) -> Server:
    """A server with nothing remembered yet."""
    ids = NewIds(practice.profile.diary.id_style, rng)
    return Server(practice, trace, now, ids, Fragments(practice), answers or KeptAnswers(0), slow, only_from)
