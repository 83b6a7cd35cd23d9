"""All that a check says of one pilot, as a value that every report is made from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from harness.pilot_check.capacity import Capacity
from harness.pilot_check.cells import Pair
from harness.pilot_check.findings import Finding
from harness.pilot_check.launch_email import Email


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that an organisation will notice."""

    organisation: str
    what: str


@dataclass(frozen=True, slots=True)
class Checked:
    """One pilot, checked. `links` are the active ones; `pairs` is empty where only the rules were asked for.

    `changes` are those from the pilot of the file `before`, where one was given to compare with.
    """

    pilot: str
    file: str
    when: datetime
    findings: tuple[Finding, ...]
    roles: Mapping[str, str]
    names: Mapping[str, str]
    links: tuple[tuple[str, str], ...] = ()
    pairs: tuple[Pair, ...] = ()
    capacities: tuple[Capacity, ...] = ()
    emails: tuple[Email, ...] = ()
    before: str = ""
    changes: tuple[Change, ...] = ()

    @property
    def unexplained(self) -> tuple[Pair, ...]:
        """Pairs that went wrong in the walk although no rule finds an error with either end: ask why."""
        told = {one.organisation for one in self.findings if one.severity == "error"}
        told |= {end for one in self.findings if one.severity == "error" for end in one.edge.split(" -> ")}
        return tuple(pair for pair in self.pairs if pair.went_wrong and told.isdisjoint((pair.booker, pair.receiver)))

    @property
    def clean(self) -> bool:
        """Whether it may go live."""
        wrong = any(one.severity == "error" for one in self.findings) or any(pair.alarm for pair in self.pairs)
        return not (wrong or self.unexplained)
