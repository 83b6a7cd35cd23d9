"""How much a pilot asks for: a short file can ask for more slots than any machine holds."""

from datetime import date, datetime

from harness.files import BadFile, Document
from harness.practices import DAYS_BEYOND
from harness.rows import PilotFile, SessionRow, week_days

MOST_SLOTS = 500_000
"""They take about half a gigabyte. 25 practices that share 300 appointments a day have 300,000 in eight weeks."""

MINUTES_A_DAY = 24 * 60


def refuse_too_many_slots(rows: PilotFile, document: Document) -> None:
    """Raises BadFile, with the session that passes the limit, before a single slot is made."""
    days, total = rows.settings.horizon_days + DAYS_BEYOND, 0
    for number, row in enumerate(rows.organisations):
        for place, session in enumerate(row.sessions):
            total += _slots(session, days)
            if total > MOST_SLOTS:
                told = f"up to here the sessions make {total:,} slots in {days} days; a check takes {MOST_SLOTS:,}"
                hint = "make the slots longer, the sessions fewer, or the horizon nearer"
                raise BadFile([document.problem(("organisations", number, "sessions", place), told, hint)])


def _slots(session: SessionRow, days: int) -> int:
    """At most, bank holidays and all."""
    length = (datetime.combine(date.min, session.to) - datetime.combine(date.min, session.from_)).total_seconds() / 60
    return int(length % MINUTES_A_DAY // session.every) * len(week_days(session.days)) * -(-days // 7)
