"""The look-up service behind the SDS gateway: from a request to records of the directory."""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Any
from urllib.parse import unquote

import orjson
from starlette.requests import Request
from starlette.responses import Response

from booking_core.spec.headers import CORRELATION_ID, FHIR_JSON
from mock_gpconnect.outcome import operation_outcome
from mock_gpconnect.refusals import Refused, row_for
from mock_gpconnect.spine.asgi import path_below_root
from mock_gpconnect.spine.directory import Directory, Registration
from mock_gpconnect.spine.directory_server import DirectoryServer
from mock_gpconnect.spine.sds_query import Lookup, read_lookup
from mock_gpconnect.spine.sds_resources import MhsRecord, device, endpoints, searchset

NewId = Callable[[], str]
Resources = list[dict[str, Any]]

JSON = "application/json"

_UUID = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$"
_CORRELATION_ID_TEXT = f"Invalid X-Correlation-ID header. Should be an UUIDv4 matching regex '{_UUID}'"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LookupService:
    """Says no in the order path, method, correlation ID, parameters, Accept; then asks the directory."""

    directory: Directory
    server: DirectoryServer
    base_url: str
    new_id: NewId

    async def answer(self, request: Request, correlation_id: str) -> Response:
        """The searchset for a request, or Refused."""
        path = path_below_root(request.scope)
        find = _FINDERS.get(path)
        if find is None:
            raise Refused("sds_path_unknown")
        if request.method != "GET":
            raise Refused("sds_method_refused")
        if request.headers.get(CORRELATION_ID, "") not in ("", correlation_id):
            raise Refused("sds_correlation_id_invalid", detail=_CORRELATION_ID_TEXT)
        lookup = read_lookup(path.removeprefix("/"), request.scope["query_string"])
        media_type = _acceptable(request)
        _note_wildcards(lookup)
        resources = await find(self, lookup)
        body = self._bundle(request, path, resources)
        if path == "/Device" and self.server.passes_outcome:
            body = operation_outcome(row_for("sds_source_refused"), {}, outcome_id=correlation_id)
        return fhir_response(200, body, media_type, correlation_id)

    def _bundle(self, request: Request, path: str, resources: Resources) -> dict[str, Any]:
        base = self.base_url + path
        query = unquote(request.scope["query_string"].decode("utf-8", "replace"))
        return searchset(resources, base=base, self_url=f"{base}?{query}", bundle_id=self.new_id().upper())

    async def _devices(self, lookup: Lookup) -> Resources:
        found = await self.server.ask(lambda: as_records(self.directory, lookup))
        return [device(registration, self.new_id().upper()) for registration in found]

    async def _endpoints(self, lookup: Lookup) -> Resources:
        found = await self.server.ask(lambda: mhs_records(self.directory, lookup))
        return [endpoint for record in found for endpoint in endpoints(record, self.new_id)]


_FINDERS: Mapping[str, Callable[[LookupService, Lookup], Awaitable[Resources]]] = {
    "/Device": LookupService._devices,
    "/Endpoint": LookupService._endpoints,
}


def as_records(directory: Directory, lookup: Lookup) -> Sequence[Registration]:
    """The accredited systems that a /Device question finds, in the order they were registered."""
    return [
        found
        for found in _candidates(directory, lookup)
        if found.accredited
        and lookup.interaction in found.interactions
        and _asked(lookup.manufacturer, found.manufacturer)
    ]


def mhs_records(directory: Directory, lookup: Lookup) -> Sequence[MhsRecord]:
    """The message handling records that an /Endpoint question finds: one for each interaction."""
    return [
        MhsRecord(found, interaction)
        for found in _candidates(directory, lookup)
        if found.has_mhs_record
        for interaction in sorted(found.interactions)
        if lookup.interaction in ("", interaction)
    ]


def _candidates(directory: Directory, lookup: Lookup) -> Sequence[Registration]:
    if not lookup.organisation:
        return list(directory.with_party_key(lookup.party_key))
    found = directory.in_organisation(lookup.organisation)
    return [registration for registration in found if _asked(lookup.party_key, registration.party_key)]


def _asked(wanted: str, value: str) -> bool:
    """Whether a value is the one asked for, ignoring case, or none was asked for."""
    return not wanted or wanted.upper() == value.upper()


def correlation_id_of(request: Request, new_id: NewId) -> str:
    """The caller's correlation ID, or a new one where there is none that can be echoed."""
    given = request.headers.get(CORRELATION_ID, "")
    return given if re.fullmatch(_UUID, given) else new_id().upper()


def fhir_response(
    status: int, body: Mapping[str, Any], media_type: str, correlation_id: str, headers: Mapping[str, str] = {}
) -> Response:
    """A body as the service prints it: indented, and with no charset."""
    return Response(
        orjson.dumps(body, option=orjson.OPT_INDENT_2),
        status,
        {"content-type": media_type, CORRELATION_ID: correlation_id, **headers},
    )


def _acceptable(request: Request) -> str:
    """The media type to answer in; parameters and q-values are not understood."""
    asked = [part.strip().lower() for part in ",".join(request.headers.getlist("accept")).split(",")]
    if any(part in ("", "*/*", FHIR_JSON) for part in asked):
        return FHIR_JSON
    if JSON in asked:
        return JSON
    raise Refused("sds_accept_refused")


def _note_wildcards(lookup: Lookup) -> None:
    # The real filter is not escaped, so an asterisk would match anything; here it only matches itself.
    if any("*" in value for value in astuple(lookup)):
        _log.warning("An asterisk in a look-up is taken literally: %s", lookup)
