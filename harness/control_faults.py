"""Faults of a served world, and the recording of a run: two more things that a tester asks the control API for."""

from pydantic import TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from booking_core.spec.interactions import BY_NAME
from harness.faults.kinds import Fault
from harness.faults.rules import FaultRule
from harness.files import did_you_mean
from harness.live import LiveWorlds
from harness.replay.recording import recording_of
from harness.scenario.load import SERVICES
from harness.world import World

RULES: TypeAdapter[tuple[Fault, ...]] = TypeAdapter(tuple[Fault, ...])

EXAMPLE = '[{"name": "down", "kind": "status", "status": 503, "at": "riverside", "on": "search_slots", "times": 1}]'
"""What a tester may send; an empty list takes all faults away."""


async def in_force(live: LiveWorlds, prefix: str, _request: Request) -> Response:
    """The rules, and how often each has struck."""
    world = live.world(prefix)
    return _json(world) if world else _refused("there is no such world")


async def switch(live: LiveWorlds, prefix: str, request: Request) -> Response:
    """All of them or none: an exchange never meets half of a change."""
    world = live.world(prefix)
    if world is None:
        return _refused("there is no such world")
    try:
        rules = RULES.validate_json(await request.body())
        _check_names(world, rules)
        world.faults.switch(rules, world.journal.count)
    except ValidationError as wrong:
        first = wrong.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the list"
        return _refused(f"{where}: {first['msg']}; the body is a list such as {EXAMPLE}")
    except ValueError as wrong:
        return _refused(str(wrong))
    return _json(world)


async def recorded(live: LiveWorlds, prefix: str, _request: Request) -> Response:
    """Everything that was asked since the world began."""
    found = recording_of(live, prefix)
    if found is None:
        return _refused("it is not known what this world was built from: serve it with `crossbook up`")
    return Response(found.model_dump_json(), media_type="application/json")


def _check_names(world: World, rules: tuple[FaultRule, ...]) -> None:
    known = (*SERVICES, *(row.alias or row.ods for row in world.rows.organisations))
    for rule in rules:
        if rule.at not in (None, *known):
            hint = did_you_mean(str(rule.at), known)
            raise ValueError(f"{rule.name}: there is no service or organisation {rule.at!r}; {hint}")
        if rule.on not in (None, *BY_NAME):
            hint = did_you_mean(str(rule.on), BY_NAME)
            raise ValueError(f"{rule.name}: there is no interaction {rule.on!r}; {hint}")


def _json(world: World) -> Response:
    rules = [rule.model_dump() | {"struck": world.faults.strikes[rule.name]} for rule in world.faults.rules]
    return Response(TypeAdapter(list).dump_json(rules), media_type="application/json")


def _refused(why: str) -> Response:
    return PlainTextResponse(f"{why}\n", 400)
