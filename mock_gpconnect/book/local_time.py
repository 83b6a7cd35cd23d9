"""British local time: what the wire and the practice's wall clock show; everything else is UTC."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")

_FIRST_YEAR, _LAST_YEAR = 1900, 2200


@lru_cache(maxsize=8192)
def wire_time(moment: datetime) -> str:
    """`moment` as the wire writes it: local time, whole seconds, explicit offset."""
    return moment.astimezone(LONDON).isoformat(timespec="seconds")


def local_date(moment: datetime) -> date:
    """The day on which `moment` falls in Britain."""
    return moment.astimezone(LONDON).date()


def local_moment(day: date, at: time = time.min) -> datetime:
    """The instant at which a British clock shows `at` on `day`; the first one where it shows it twice."""
    return datetime.combine(day, at, LONDON).astimezone(UTC)


def day_after(day: date) -> date:
    """The next day."""
    return day + timedelta(days=1)


def in_reach(moment: date) -> bool:
    """Whether arithmetic on this date is safe: dates at the ends of the calendar overflow."""
    return _FIRST_YEAR <= moment.year <= _LAST_YEAR
