"""British local time, which the wire demands and a patient expects: the one place that knows it."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def on_the_wire(instant: datetime) -> str:
    """`2026-03-27T09:00:00+00:00`: whole seconds and the offset in force, never `Z`."""
    return instant.astimezone(LONDON).isoformat(timespec="seconds")


def midnight(day: date) -> datetime:
    """The instant at which `day` begins in the United Kingdom."""
    return datetime.combine(day, time(), LONDON).astimezone(UTC)


def hour_begins(day: date, hour: int) -> datetime:
    """When the clocks first show this full hour of `day`; 24 is the midnight that ends it.

    An hour that they leave out begins together with the next one, so that it is over at once.
    """
    return (datetime.combine(day, time(), LONDON) + timedelta(hours=hour)).astimezone(UTC)


def local_date(instant: datetime) -> date:
    """The calendar day in the United Kingdom."""
    return instant.astimezone(LONDON).date()


def days_later(instant: datetime, days: int) -> datetime:
    """The same wall-clock time `days` later, whatever the clocks do in between."""
    return (instant.astimezone(LONDON) + timedelta(days=days)).astimezone(UTC)


def local_time(instant: datetime) -> time:
    """The time on the wall."""
    return instant.astimezone(LONDON).time()


def spoken_day(instant: datetime) -> str:
    """`Friday 27 March`."""
    local = instant.astimezone(LONDON)
    return f"{local:%A} {local.day} {local:%B}"


def spoken(instant: datetime) -> str:
    """`Friday 27 March at 9:05am`, as a patient reads it."""
    local = instant.astimezone(LONDON)
    clock = f"{local.hour % 12 or 12}:{local.minute:02}{'am' if local.hour < 12 else 'pm'}"
    return f"{spoken_day(instant)} at {clock}"
