"""Updates as PDS does them: taken at once, done a little later, and done only once however often they are sent."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from mock_pds.change import Change
from mock_pds.given import NewId, Now, Seconds
from mock_pds.patch import Patching
from mock_pds.people import People, Person
from mock_pds.reading import updated
from mock_pds.refusals import Refused
from mock_pds.resources import patient
from mock_pds.retrieve import answering
from mock_pds.settings import Settings
from mock_pds.update_rules import enforce, shaped
from mock_pds.visit import Visit

LISTS_WITH_PERIOD = ("name", "address", "telecom", "contact")
LISTS_WITH_EXTENSION = ("address", "telecom")
ID_LENGTH = 8


@dataclass(frozen=True, slots=True)
class Order:
    """What one update asks for: a record in a version, and what to do to it."""

    nhs_number: str
    version: str
    body: bytes


@dataclass(slots=True)
class Job:
    """An order taken: due at some second, and from then on with an outcome."""

    id: str
    visit: Visit
    order: Order
    due: float
    outcome: Person | Refused | None = None


class Updates:
    """All updates taken, by job and by the request that brought them."""

    def __init__(self, people: People, settings: Settings, *, now: Now, seconds: Seconds, new_id: NewId) -> None:
        self._people, self._settings = people, settings
        self._now, self._seconds, self._new_id = now, seconds, new_id
        self._by_request: dict[tuple[str, str], Job] = {}
        self._by_id: dict[str, Job] = {}
        self._pending: deque[Job] = deque()

    def take(self, visit: Visit, order: Order) -> Job:
        """The job for an order: a new one, or the one that the same request id of the same caller began."""
        self._forget()
        request = visit.grant.client.api_key, visit.request_id
        job = self._by_request.get(request)
        if job is None:
            job = Job(self._new_id(), visit, order, self._seconds() + self._settings.update_s)
            self._by_request[request] = self._by_id[job.id] = job
            self._pending.append(job)
        self.settle()
        return job

    def job(self, job_id: str, visit: Visit) -> Job:
        """A job of the same caller's."""
        job = self._by_id.get(job_id)
        if job is None or job.visit.grant.client.api_key != visit.grant.client.api_key:
            raise Refused("poll_unknown")
        return job

    def _forget(self) -> None:
        """Let go of jobs that nobody will ask for any more; they are kept in the order taken."""
        while self._by_request:
            request, job = next(iter(self._by_request.items()))
            if job.outcome is None or job.due + self._settings.remember_update_s > self._seconds():
                return
            del self._by_request[request], self._by_id[job.id]

    def settle(self) -> None:
        """Do all that is due, in the order taken."""
        while self._pending and self._pending[0].due <= self._seconds():
            job = self._pending.popleft()
            try:
                job.outcome = self._carry_out(job)
            except Refused as no:
                job.outcome = no

    def _carry_out(self, job: Job) -> Person:
        person = answering(self._people, job.order.nhs_number)
        patches = _patches(job.order.body)
        if job.order.version != str(person.version):
            raise Refused("version_stale")
        resource = patient(person)
        before = shaped(resource)
        try:
            Patching(resource, self._new_entry).apply(patches)
        except RecursionError as deep:
            raise Refused("update_invalid", field="patches") from deep
        visit = job.visit
        change = Change(
            before,
            shaped(resource),
            today=self._now().date(),
            mode=visit.mode,
            attributes=visit.grant.client.attributes,
            settings=self._settings,
        )
        enforce(change)
        after = updated(person, change.before, change.after)
        _check_understood(resource, after)
        self._people.put(after)
        return after

    def _new_entry(self, name: str, value: Mapping[str, Any]) -> dict[str, Any]:
        """An entry as added: with an id of its own and, unless it says otherwise, from today."""
        if name == "extension":
            return dict(value)
        entry = dict(value) | {"id": self._new_id().replace("-", "")[-ID_LENGTH:].upper()}
        if name in LISTS_WITH_PERIOD:
            entry.setdefault("period", {"start": self._now().date().isoformat()})
        return entry


def _patches(body: bytes) -> list[Any]:
    try:
        patches = orjson.loads(body)["patches"]
    except (ValueError, TypeError, KeyError, IndexError) as unreadable:
        raise Refused("patches_missing") from unreadable
    if not isinstance(patches, list) or not patches:
        raise Refused("patches_missing")
    return patches


def _urls(extensions: list[Mapping[str, Any]]) -> list[tuple[str, list[str]]]:
    return sorted((each["url"], sorted(part["url"] for part in each.get("extension", ()))) for each in extensions)


def _all_urls(resource: Mapping[str, Any]) -> list[list[tuple[str, list[str]]]]:
    """The extensions of a Patient and of those of its entries that may have some."""
    entries = [entry for name in LISTS_WITH_EXTENSION for entry in resource.get(name, ())]
    return [_urls(each.get("extension", [])) for each in (resource, *entries)]


def _check_understood(sent: Mapping[str, Any], after: Person) -> None:
    """No extension may get lost between what was sent and what the record can hold."""
    if _all_urls(sent) != _all_urls(patient(after)):
        raise Refused("update_invalid", field="extension")
