"""Whole journeys for `crossbook load`: how people behave, who they are, and how many invitations can be borne."""

from __future__ import annotations

import math
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pydantic import Field, model_validator

from booking_core.spec.budgets import SEARCH_DAYS
from harness.credentials import own_application
from harness.files import read_toml
from harness.people import own_record
from harness.pools import with_pools
from harness.rows import CopyRow, LimitsRow, PoolRow, Row, WorldRows
from harness.world import World
from mock_gpconnect.latency import Work, search_ms
from mock_gpconnect.suppliers.switches import Latency

HORIZON_DAYS = 42
"""How far ahead patients are shown slots: six weeks."""

PEOPLE = 600
_OF_A_QUOTA = 0.4
"""Invitations ask the national services for so much of what these take: that is evenly spaced, as people are not."""


class MixRow(Row):
    """What becomes of invitations: shares of those sent, or counts for each. All of it is assumed."""

    opens: float = Field(default=0.7, gt=0, le=1)
    searches_again: float = Field(default=1.6, ge=0, le=20)
    confirms: float = Field(default=0.55, ge=0, le=1, description="the other openers abandon")
    taken: float = Field(default=0.02, ge=0, le=1, description="of confirmations: somebody else was quicker")
    cancels: float = Field(default=1, ge=0, le=1, description="of bookings; 1 keeps a practice at its tier")
    known: float = Field(default=0.5, ge=0, le=1, description="of patients: the receiver has them already")
    think_s: float = Field(default=3, ge=0, le=600, description="mean pause of a person, shortened to fit a run")

    @model_validator(mode="after")
    def _only_openers_confirm(self) -> MixRow:
        if self.confirms > self.opens:
            raise ValueError(f"expected no more confirms than opens ({self.opens:g}), got {self.confirms:g}")
        return self


def read_mix(path: Path | None) -> MixRow:
    """What a file changes of it; raises BadFile."""
    return read_toml(path).parse(MixRow) if path else MixRow()


def with_people(rows: WorldRows, practice: str, mix: MixRow) -> WorldRows:
    """The rows with patients of a practice, of whom every receiver knows a share."""
    peopled = with_pools(rows.model_copy(update={"pools": (PoolRow(alias="p", count=PEOPLE, practice=practice),)}))
    copies = tuple(CopyRow(at=row.ods) for row in rows.organisations if row.ods != practice)
    known = round(PEOPLE * mix.known)
    # spread evenly, so that every run meets both kinds from its beginning
    patients = tuple(
        row.model_copy(update={"known_at": copies if at * known // PEOPLE != (at + 1) * known // PEOPLE else ()})
        for at, row in enumerate(peopled.patients)
    )
    return peopled.model_copy(update={"patients": patients})


def journeys_of(world: World, mix: MixRow) -> dict[str, Any]:
    """The plan's journeys, in the words of `loadtests/plan.py`."""
    at = world.addresses
    return {
        "national": {"token": at.token, "pds": at.pds, "sds": at.sds, **own_application()},
        "mix": mix.model_dump(exclude={"known"}),
        "patients": [asdict(own_record(row)) for row in world.rows.patients],
        "horizon_days": HORIZON_DAYS,
    }


def busy_s(settings: Latency, work: Work, mix: MixRow) -> float:
    """Seconds of the receiver's system that one invitation takes, in the middle of its spread."""
    searches = 1 + math.ceil(HORIZON_DAYS / SEARCH_DAYS) * (mix.opens + mix.searches_again)
    queries = 1 + mix.confirms * (1 + mix.cancels)
    commands = mix.confirms * (2 - mix.known + mix.cancels)
    return (
        searches * search_ms(settings, work) + queries * settings.query_ms + commands * settings.command_ms
    ) / 1e3  # fmt: skip


def borne_a_second(limits: LimitsRow, mix: MixRow) -> float:
    """Invitations of the whole run that the national services' quotas leave room for; infinite without any."""
    asked = ((limits.sds, 2 * (1 + mix.opens)), (limits.pds, 1 + mix.confirms))
    return min((_OF_A_QUOTA * quota / 60 / each for quota, each in asked if quota), default=math.inf)
