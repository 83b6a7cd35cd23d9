"""What a scenario file may say."""

from typing import Annotated

from pydantic import Field

from harness.faults.kinds import Fault
from harness.files import Moment
from harness.rows import NO_LIMITS, LimitsRow, Row
from harness.scenario.check_rows import Check
from harness.scenario.step_rows import Step


class Scenario(Row):
    """One idea, told as steps and checks, on a fixed clock and seed."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9-]+(/[a-z0-9-]+)*$")]
    title: str = Field(min_length=1, max_length=120)
    shows: tuple[str, ...] = ()
    clock: Moment
    seed: int = 1
    world: str
    suppliers: tuple[str, ...] = ()
    limits: LimitsRow = NO_LIMITS
    faults: tuple[Fault, ...] = ()
    steps: tuple[Step, ...] = Field(min_length=1)
    checks: tuple[Check, ...] = ()
