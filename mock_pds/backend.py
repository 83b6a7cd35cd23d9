"""PDS itself, behind the gateway: the record and what may be asked of it."""

import asyncio
import re

import orjson
from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException

from booking_core.spec.headers import FHIR_JSON, JSON_PATCH, REQUEST_ID
from mock_pds.extensions import Json
from mock_pds.given import NewId, Now, Seconds
from mock_pds.people import People, Person
from mock_pds.query import read
from mock_pds.query_checks import MOST_RESULTS
from mock_pds.refusals import Refused, response_to
from mock_pds.related import related_people
from mock_pds.resources import found, patient
from mock_pds.retrieve import answering, is_nhs_number
from mock_pds.search import Match, search
from mock_pds.settings import Settings
from mock_pds.updates import Job, Order, Updates
from mock_pds.visibility import visible, without_location
from mock_pds.visit import Visit

IF_MATCH = re.compile(r'W/"([0-9]+)"', re.ASCII)
SUBSCRIBER = "subscriber:identifier"


class Backend:
    """The operations on the record; each is one route."""

    def __init__(
        self, people: People, settings: Settings, *, base_url: str, now: Now, seconds: Seconds, new_id: NewId
    ) -> None:
        self._people, self._settings, self._base_url, self._now = people, settings, base_url, now
        self._updates = Updates(people, settings, now=now, seconds=seconds, new_id=new_id)

    def _enter(self, request: Request, interaction: str) -> Visit:
        """What every operation begins with; updates that have become due are done before anybody looks."""
        visit: Visit = request.state.visit
        if REQUEST_ID not in visit.headers:
            raise Refused("request_id_missing")
        if interaction in visit.grant.client.lacks_interactions:
            raise Refused("interaction_missing")
        self._updates.settle()
        return visit

    async def _read(self) -> None:
        """The time that reading takes, or as much of it as the gateway waits for."""
        slow, longest = self._settings.read_s, self._settings.longest_read_s
        if slow:
            await asyncio.sleep(min(slow, longest))
        if slow > longest:
            raise Refused("record_too_slow")

    async def retrieve(self, number: str, request: Request) -> Response:
        """One record by its number, or by one that was merged into it."""
        visit = self._enter(request, "pds_retrieve")
        await self._read()
        return self._record(answering(self._people, number), visit)

    async def search(self, request: Request) -> Response:
        """The people who fit what is known of someone."""
        visit = self._enter(request, "pds_search")
        query = read(visit.query, most=1 if visit.mode.finds_one else MOST_RESULTS)
        await self._read()
        matches = search(self._people, query, very_restricted=self._settings.very_restricted_are_found)
        return fhir(self._searchset([self._entry(match, visit) for match in matches]))

    async def related(self, number: str, request: Request) -> Response:
        """The people related to someone."""
        self._enter(request, "pds_related")
        await self._read()
        person = answering(self._people, number)
        base = f"{self._base_url}/Patient/{person.nhs_number}/RelatedPerson"
        return fhir(
            self._searchset([{"fullUrl": f"{base}/{each['id']}", "resource": each} for each in related_people(person)])
        )

    async def update(self, number: str, request: Request) -> Response:
        """Takes an update; its outcome is to be asked for."""
        visit = self._enter(request, "pds_update")
        order = Order(number, self._version(number, visit), await request.body())
        return self._progress(self._updates.take(visit, order), visit)

    def _version(self, number: str, visit: Visit) -> str:
        """The version that an update is meant for, if the request is fit to be one."""
        if not is_nhs_number(number):
            raise Refused("resource_id_invalid")
        match = IF_MATCH.fullmatch(visit.headers.get("if-match", ""))
        if match is None:
            raise Refused("if_match_missing")
        media_type = visit.headers.get("content-type", "")
        lenient = self._settings.sandbox and media_type.startswith("application/json")
        if media_type != JSON_PATCH and not lenient:
            raise Refused("service_unsupported")
        return match[1]

    async def poll(self, job_id: str, request: Request) -> Response:
        """How far an update has come."""
        visit = self._enter(request, "pds_update")
        return self._progress(self._updates.job(job_id, visit), visit)

    def _progress(self, job: Job, visit: Visit) -> Response:
        if job.outcome is None:
            return Response(b"", 202, headers={"Content-Location": f"/_poll/{job.id}"})
        if isinstance(job.outcome, Refused):
            raise job.outcome
        return self._record(job.outcome, visit)

    async def coverage(self, request: Request) -> Response:
        """Nobody in this world holds a European health insurance card: a right question finds none."""
        visit = self._enter(request, "pds_coverage")
        if [name for name, _ in visit.query] != [SUBSCRIBER]:
            raise Refused("coverage_query")
        return fhir(self._searchset([]))

    def _record(self, person: Person, visit: Visit) -> Response:
        resource = patient(person, visit.grant.client.attributes)
        return fhir(self._visible(resource, person, visit), {"ETag": f'W/"{person.version}"'})

    def _visible(self, resource: Json, person: Person, visit: Visit) -> Json:
        return visible(
            resource,
            person.confidentiality,
            sees_restricted=visit.mode.sees_restricted,
            very_restricted_keeps=self._settings.very_restricted_keeps,
        )

    def _entry(self, match: Match, visit: Visit) -> Json:
        """One result; the privileged mode, which sees restricted records whole, is told no place by a search."""
        resource = self._visible(found(match.person), match.person, visit)
        if visit.mode.sees_restricted:
            resource = without_location(resource)
        full_url = f"{self._base_url}/Patient/{match.person.nhs_number}"
        return {"fullUrl": full_url, "search": {"score": match.score}, "resource": resource}

    def _searchset(self, entries: list[Json]) -> Json:
        """A Bundle; with nothing found it has no `entry` at all."""
        now = self._now().isoformat(timespec="seconds")
        bundle: Json = {"resourceType": "Bundle", "type": "searchset", "timestamp": now, "total": len(entries)}
        return bundle | ({"entry": entries} if entries else {})


def fhir(body: Json, headers: dict[str, str] | None = None) -> Response:
    """A FHIR answer as bytes."""
    return Response(orjson.dumps(body), headers=headers, media_type=FHIR_JSON)


def backend_app(backend: Backend, *, new_id: NewId) -> FastAPI:
    """The routes behind the gateway; what has no route is an unsupported service."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)

    async def refused(_: Request, no: Exception) -> Response:
        why = no if isinstance(no, Refused) else Refused("service_unsupported")
        return response_to(why, media_type=FHIR_JSON, message_id=new_id())

    app.add_exception_handler(Refused, refused)
    app.add_exception_handler(HTTPException, refused)
    for method, path, operation in (
        ("GET", "/Patient", backend.search),
        ("GET", "/Patient/{number}", backend.retrieve),
        ("PATCH", "/Patient/{number}", backend.update),
        ("GET", "/Patient/{number}/RelatedPerson", backend.related),
        ("GET", "/Coverage", backend.coverage),
        ("GET", "/_poll/{job_id}", backend.poll),
    ):
        app.add_api_route(path, operation, methods=[method])
    return app
