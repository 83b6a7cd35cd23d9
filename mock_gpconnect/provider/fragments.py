"""Ready JSON of what searches repeat: schedules, their holders and places, the organisation."""

from __future__ import annotations

from collections.abc import Iterable

from mock_gpconnect.book.fragments import entry
from mock_gpconnect.book.protocol import Schedule
from mock_gpconnect.provider.practice import Practice
from mock_gpconnect.provider.resources import (
    location_resource,
    organisation_resource,
    practitioner_resource,
    schedule_resource,
)

_MOST = 100_000
"""Fragments kept of one kind; when there are more, all are made anew."""


class Fragments:
    """Bundle entries of one practice. A changed schedule is another key, a changed setting clears them all."""

    def __init__(self, practice: Practice) -> None:
        self._practice = practice
        self._begin()

    def _begin(self) -> None:
        self._version = self._practice.version
        self._schedules: dict[Schedule, bytes] = {}
        self._practitioners: dict[str, bytes] = {}
        self._locations: dict[str, bytes] = {}
        self._organisation = b""

    def schedules(self, schedules: Iterable[Schedule]) -> list[bytes]:
        """Their entries."""
        made = self._schedules
        return [made.get(each) or self._schedule(each) for each in schedules]

    def practitioners(self, schedules: Iterable[Schedule]) -> list[bytes]:
        """Those who hold these sessions, each once."""
        ids = dict.fromkeys([each.practitioner_id for each in schedules])
        made = self._practitioners
        return [found for each in ids if each and (found := made.get(each) or self._practitioner(each))]

    def locations(self, schedules: Iterable[Schedule]) -> list[bytes]:
        """Where these sessions are, each once."""
        made = self._locations
        ids = dict.fromkeys([each.location_id for each in schedules])
        return [found for each in ids if (found := made.get(each) or self._location(each))]

    def organisation(self) -> bytes:
        """The practice itself."""
        if not self._organisation:
            self._organisation = entry(organisation_resource(self._practice.organisation))
        return self._organisation

    def _schedule(self, schedule: Schedule) -> bytes:
        if len(self._schedules) >= _MOST:
            self._schedules.clear()
        made = self._schedules[schedule] = entry(schedule_resource(schedule, diary=self._practice.profile.diary))
        return made

    def _practitioner(self, practitioner_id: str) -> bytes:
        if found := self._practice.practitioner(practitioner_id):
            self._practitioners[practitioner_id] = entry(practitioner_resource(found))
        return self._practitioners.get(practitioner_id, b"")

    def _location(self, location_id: str) -> bytes:
        if found := self._practice.location(location_id):
            self._locations[location_id] = entry(location_resource(found, self._practice.organisation_id))
        return self._locations.get(location_id, b"")

    def current(self) -> Fragments:
        """Itself, without what is older than the practice's settings."""
        if self._version != self._practice.version:
            self._begin()
        return self
