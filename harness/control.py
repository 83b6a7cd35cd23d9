"""What a tester asks of a served world beside the NHS services: ready headers, who is who, a reset."""

import inspect
from collections.abc import Mapping
from functools import partial

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from booking_core.spec.headers import API_KEY, REQUEST_ID
from booking_core.spec.interactions import BY_NAME, Service
from harness.control_faults import in_force, recorded, switch
from harness.credentials import CORE_API_KEY, own_application
from harness.files import did_you_mean
from harness.lines import line_between
from harness.live import LiveWorlds
from harness.who import who_is_who
from harness.world import World
from mock_gpconnect.latency import BUSIEST
from mock_pds.clients import PDS_SCOPE


def control_app(live: LiveWorlds, prefix: str) -> ASGIApp:
    """The control API of a served world. It asks for no client certificate, over TLS neither.

    GET    /clock                                        the world's time
    GET    /world                                        who is who: aliases, identifiers, service roots
    GET    /credentials                                  API key, key id and private key of an application of yours
    GET    /headers/{interaction}?by=ORG.USER&to=ORG     right request headers, one a line, for curl -H @file
    POST   /busyness?at=ORG&share=0.5                    the share of its system that its own staff take
    GET    /faults                                       the faults in force
    PUT    /faults                                       these from now on and no others: a JSON list, as in scenarios
    GET    /recording                                    all that was asked, for `crossbook export`
    POST   /reset                                        everything as it began
    DELETE /world                                        forget this copy (below /n/NAME)
    """

    async def headers(request: Request) -> Response:
        world = live.world(prefix)
        name = request.path_params["interaction"]
        if world is None or (interaction := BY_NAME.get(name)) is None:
            return _refused(f"there is no interaction {name!r}; {did_you_mean(name, BY_NAME)}")
        return _HEADERS[interaction.service](world, name, request)

    async def world(_request: Request) -> Response:
        found = live.world(prefix)
        return Response(orjson.dumps(who_is_who(found) if found else {}), media_type="application/json")

    async def index(_request: Request) -> Response:
        return PlainTextResponse(inspect.getdoc(control_app) or "")

    async def clock(_request: Request) -> Response:
        found = live.world(prefix)
        return PlainTextResponse(f"{found.now().isoformat(timespec='seconds')}\n" if found else "")

    async def credentials(_request: Request) -> Response:
        return Response(orjson.dumps(own_application()), media_type="application/json")

    async def busyness(request: Request) -> Response:
        found, at = live.world(prefix), request.query_params.get("at", "")
        if found is None or at not in found.names.organisations:
            return _refused(f"at={at!r} is no organisation of this world")
        try:
            found.practice(at).busyness = _share(request.query_params.get("share", ""))
        except ValueError as wrong:
            return _refused(str(wrong))
        return Response(status_code=204)

    async def reset(_request: Request) -> Response:
        await live.reset(prefix)
        return Response(status_code=204)

    async def drop(_request: Request) -> Response:
        await live.drop(prefix)
        return Response(status_code=204)

    return Starlette(
        routes=[
            Route("/", index),
            Route("/clock", clock),
            Route("/credentials", credentials),
            Route("/headers/{interaction}", headers),
            Route("/world", world, methods=["GET"]),
            Route("/world", drop, methods=["DELETE"]),
            Route("/busyness", busyness, methods=["POST"]),
            Route("/faults", partial(in_force, live, prefix), methods=["GET"]),
            Route("/faults", partial(switch, live, prefix), methods=["PUT"]),
            Route("/recording", partial(recorded, live, prefix)),
            Route("/reset", reset, methods=["POST"]),
        ]
    )


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= BUSIEST:
        raise ValueError(f"share={text!r}: expected a number from 0 to {BUSIEST}")
    return share


def _gp_connect(world: World, name: str, request: Request) -> Response:
    by, to = request.query_params.get("by", ""), request.query_params.get("to", "")
    users, organisations = world.names.users(), world.names.organisations
    if by not in users:
        return _refused(f"by={by!r} is no user of this world; {did_you_mean(by, users)}")
    if to not in organisations:
        return _refused(f"to={to!r} is no organisation of this world; {did_you_mean(to, organisations)}")
    line = line_between(world, by, to)
    return _lines(line.call(name, now=world.now(), trace_id=world.new_id()).headers)


def _pds(world: World, _name: str, _request: Request) -> Response:
    token = world.tokens.issue(world.tokens.clients[CORE_API_KEY], frozenset({PDS_SCOPE})).token
    return _lines({"Authorization": f"Bearer {token}", REQUEST_ID: world.new_id()})


def _sds(_world: World, _name: str, _request: Request) -> Response:
    return _lines({API_KEY: CORE_API_KEY})


def _token(_world: World, _name: str, _request: Request) -> Response:
    return _refused("a token request carries a signed assertion and no headers of its own")


_HEADERS = {Service.GP_CONNECT: _gp_connect, Service.PDS: _pds, Service.SDS: _sds, Service.TOKEN: _token}


def _lines(headers: Mapping[str, str]) -> Response:
    return PlainTextResponse("".join(f"{name}: {value}\n" for name, value in headers.items()))


def _refused(why: str) -> Response:
    return PlainTextResponse(f"{why}\n", 400)
