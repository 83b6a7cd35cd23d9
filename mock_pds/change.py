"""A record before and after an update, for the rules to compare."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from mock_pds.access import Mode
from mock_pds.reading_extensions import by_url
from mock_pds.settings import Settings
from mock_pds.shape import PatientShape, PeriodShape


@dataclass(frozen=True, slots=True)
class Change:
    """A record before and after an update, and who makes it when."""

    before: PatientShape
    after: PatientShape
    today: date
    mode: Mode
    attributes: frozenset[str]
    settings: Settings

    def touched(self, name: str) -> Sequence[Any]:
        """The entries of a list that are new or not what they were."""
        old = getattr(self.before, name)
        return [entry for entry in getattr(self.after, name) if entry not in old]

    def removed(self, field: str) -> bool:
        """Whether a single value is gone."""
        return getattr(self.before, field) is not None and getattr(self.after, field) is None

    def changed(self, field: str) -> bool:
        """Whether a member is not what it was."""
        return bool(getattr(self.before, field) != getattr(self.after, field))

    def extension_changed(self, url: str) -> bool:
        """Whether one extension is new, gone or not what it was."""
        return by_url(self.before.extension).get(url) != by_url(self.after.extension).get(url)


def day_of(text: str | None) -> date | None:
    """The calendar day of a date or date-time; None for a partial one."""
    try:
        return date.fromisoformat((text or "")[: len("yyyy-mm-dd")])
    except ValueError:
        return None


def ends(period: PeriodShape | None) -> tuple[date | None, date | None]:
    """The first and the last day of a period, as far as they are given."""
    return (day_of(period.start), day_of(period.end)) if period else (None, None)
