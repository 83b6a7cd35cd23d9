"""What a tester asks of a served world beside the NHS services: ready headers, so that curl can ask them."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from booking_core.consumer import Product
from booking_core.gpconnect.requests import Line
from booking_core.sds import Route as ProviderRoute
from booking_core.selfbook.pilot import sender_of
from booking_core.spec.headers import API_KEY, REQUEST_ID
from booking_core.spec.interactions import BY_NAME, Service
from harness.credentials import CORE_API_KEY
from harness.files import did_you_mean
from harness.product import pilot_of
from harness.world import World
from mock_pds.clients import PDS_SCOPE


def control_app(world: World) -> ASGIApp:
    """`GET /headers/{interaction}?by=ORG.USER&to=ORG`: request headers, one a line, for `curl -H @file`."""
    new_id = world.chance.ids("control")

    async def headers(request: Request) -> PlainTextResponse:
        name = request.path_params["interaction"]
        interaction = BY_NAME.get(name)
        if interaction is None:
            return _refused(f"there is no interaction {name!r}; {did_you_mean(name, BY_NAME)}")
        if interaction.service is Service.PDS:
            return _lines({"Authorization": f"Bearer {_token(world)}", REQUEST_ID: new_id()})
        if interaction.service is Service.SDS:
            return _lines({API_KEY: CORE_API_KEY})
        if interaction.service is Service.TOKEN:
            return _refused("a token request carries a signed assertion and no headers of its own")
        return _gp_connect(world, name, request, new_id())

    return Starlette(routes=[Route("/headers/{interaction}", headers)])


def _gp_connect(world: World, name: str, request: Request, trace_id: str) -> PlainTextResponse:
    by, to = request.query_params.get("by", ""), request.query_params.get("to", "")
    users, organisations = world.names.users(), world.names.organisations
    if by not in users:
        return _refused(f"by={by!r} is no user of this world; {did_you_mean(by, users)}")
    if to not in organisations:
        return _refused(f"to={to!r} is no organisation of this world; {did_you_mean(to, organisations)}")
    home, _, user = by.partition(".")
    booker = pilot_of(world.rows, world.names).organisations[world.names.ods(home)]
    practice = world.practice(to)
    route = ProviderRoute(practice.ods, practice.service_root, practice.asid)
    line = Line(world.addresses.ssp, route, sender_of(booker, booker.users[user]), Product())
    return _lines(dict(line.call(name, now=world.now(), trace_id=trace_id).headers))


def _token(world: World) -> str:
    return world.tokens.issue(world.tokens.clients[CORE_API_KEY], frozenset({PDS_SCOPE})).token


def _lines(headers: dict[str, str]) -> PlainTextResponse:
    return PlainTextResponse("".join(f"{name}: {value}\n" for name, value in headers.items()))


def _refused(why: str) -> PlainTextResponse:
    return PlainTextResponse(f"{why}\n", 400)
