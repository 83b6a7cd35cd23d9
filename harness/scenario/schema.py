"""What a scenario file may say."""

from typing import Annotated

from pydantic import Field

from harness.faults.kinds import Fault
from harness.files import Moment, Spelt
from harness.rows import NO_LIMITS, LimitsRow, Row
from harness.scenario.check_rows import Check
from harness.scenario.step_rows import Step

SCENARIO_ID = r"^[a-z0-9-]+(/[a-z0-9-]+)*$"
LONGEST_TITLE = 120


class Scenario(Row):
    """One idea, told as steps and checks, on a fixed clock and seed."""

    id: Annotated[str, Spelt(SCENARIO_ID, "small letters, digits and dashes, such as mine/first")]
    title: str = Field(min_length=1, max_length=LONGEST_TITLE)
    shows: tuple[str, ...] = ()
    clock: Moment
    seed: int = 1
    world: str
    suppliers: tuple[str, ...] = ()
    limits: LimitsRow = NO_LIMITS
    faults: tuple[Fault, ...] = ()
    steps: tuple[Step, ...] = Field(min_length=1)
    checks: tuple[Check, ...] = ()
