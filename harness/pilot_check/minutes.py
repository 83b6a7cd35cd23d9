"""The minutes of a walk: which exchanges each act set off, and as much of them as a report keeps."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from booking_core.reactions import Stop
from booking_core.spec.headers import CORRELATION_ID
from harness.journal import Answer, Exchange, Journal
from harness.masking import Mask
from harness.pilot_check.cells import Act, Said
from harness.reports.html.messages import CHATTER
from harness.scenario.evidence import said_by
from harness.scenario.messages import Transcript
from harness.verdicts import Message

Keep = Literal["all", "telling", "nothing"]
"""Which messages are kept whole: of every act, of the one that tells most, or none."""


@dataclass(slots=True)
class Entry:
    """One act as it was noted: what was done, how it ended and whether it should, what went over the wire for it."""

    what: str
    ended: str = ""
    well: bool = True
    heard: Sequence[Exchange] = ()


class Minutes:
    """Takes from a journal what is new in it, and tells it masked."""

    def __init__(self, journal: Journal, mask: Mask) -> None:
        self._journal, self._transcript, self._last = journal, Transcript(mask), 0

    def heard(self) -> list[Exchange]:
        """The exchanges since this was last asked, as their senders saw them: the proxy's, not the provider's again."""
        new: list[Exchange] = []
        for one in reversed(self._journal.exchanges):
            if one.number <= self._last:
                break
            new.append(one)
        self._last = max([self._last, *(one.number for one in new)])
        return [one for one in reversed(new) if one.service != "gpconnect"]

    def told(self, one: Exchange, *, whole: bool) -> Said:
        """One exchange as a line, or with its messages."""
        status = one.answered.status if one.answered else 0
        line = Said(one.on, one.at, status, _trace(one), said_by(one, self._transcript))
        if not whole:
            return line
        asked = self._transcript.message(one.request_headers, one.request_body, one.request_body_cut)
        request = _text(self._transcript.line(f"{one.method} {one.url}"), asked)
        return Said(line.on, line.at, line.status, line.trace, line.why, request, self._reply(one.answered))

    def _reply(self, answer: Answer | None) -> str:
        if answer is None:
            return ""
        message = self._transcript.message(answer.headers, answer.body, answer.body_cut)
        return _text(f"HTTP {answer.status}", message)


class Notes:
    """The acts of one cell, or of all that a pair's cells have in common."""

    def __init__(self, minutes: Minutes) -> None:
        self._minutes = minutes
        self.entries: list[Entry] = []
        minutes.heard()

    @contextmanager
    def act(self, what: str) -> Iterator[Entry]:
        """Notes what happens meanwhile; one that is stopped ends with the error that a user sees."""
        entry = Entry(what)
        self.entries.append(entry)
        try:
            yield entry
        except Stop as stop:
            entry.ended, entry.well = stop.reaction.user_error, False
            raise
        finally:
            entry.heard = self._minutes.heard()

    @property
    def trace(self) -> str:
        """Of the exchange at which the way ended: in the first act that did not go well, else in the latest."""
        entries = [*(entry for entry in self.entries if not entry.well), *reversed(self.entries)]
        heard = (one for entry in entries for one in reversed(entry.heard))
        return next(filter(None, map(_trace, heard)), "")

    def told(self, keep: Keep) -> tuple[Act, ...]:
        """For a report. The act that tells most is the first that did not go well, else the first."""
        telling = next((entry for entry in self.entries if not entry.well), self.entries[0] if self.entries else None)
        return tuple(
            self._act(entry, whole=keep == "all" or (keep == "telling" and entry is telling)) for entry in self.entries
        )

    def _act(self, entry: Entry, *, whole: bool) -> Act:
        return Act(entry.what, entry.ended, tuple(self._minutes.told(one, whole=whole) for one in entry.heard))


def _trace(one: Exchange) -> str:
    return one.trace_id or one.header(CORRELATION_ID)


def _text(first: str, message: Message) -> str:
    headers = (f"{name}: {value}" for name, value in message.headers if name not in CHATTER)
    return "\n".join([first, *headers, *(["", message.body] if message.body else [])])
