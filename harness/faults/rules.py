"""When a fault strikes: where, on what, in which phase, how often."""

import random
from abc import abstractmethod
from dataclasses import dataclass, field
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from harness.faults.line import Held, Line

Phase = Literal["request", "reply"]


class FaultRule(BaseModel):
    """A fault's occasion; what it then does is the business of its kind.

    The first `after` matching exchanges pass; then it strikes each with `chance`, at most `times`.
    In phase `reply` the mock has done its work before the fault strikes.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1)
    at: str | None = Field(default=None, description="name of a mount, such as a practice's; all when left out")
    on: str | None = Field(default=None, description="name of an interaction; all when left out")
    phase: Phase = "request"
    times: int | None = Field(default=None, ge=1)
    after: int = Field(default=0, ge=0)
    chance: float = Field(default=1, gt=0, le=1)

    @abstractmethod
    async def strike(self, line: Line, rng: random.Random) -> None:
        """Do what this kind of fault does to one exchange."""

    def ends(self) -> bool:
        """Whether no other fault can strike after this one."""
        return False

    def meets(self, at: str, on: str) -> bool:
        """Whether an exchange at this mount, on this interaction, is of those that the rule is about."""
        return self.at in (None, at) and self.on in (None, on)


@dataclass(slots=True)
class Armed:
    """A rule in force, with its own chance and counts, and the answers that it has seen."""

    rule: FaultRule
    rng: random.Random
    met: int = 0
    struck: int = 0
    answers: dict[str, Held] = field(default_factory=dict)

    def strikes(self) -> bool:
        """Count one exchange that meets the rule and decide; no await, so no two share a count."""
        self.met += 1
        if self.met <= self.rule.after or self.struck == self.rule.times:
            return False
        if self.rule.chance < 1 and self.rng.random() >= self.rule.chance:
            return False
        self.struck += 1
        return True
