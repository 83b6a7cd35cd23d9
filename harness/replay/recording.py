"""What a served world remembers of a run, as one document that a scenario can be made from."""

import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

from pydantic import AwareDatetime

from booking_core.spec.interactions import Service
from booking_core.wire.calls import Reply
from harness.credentials import CORE_API_KEY
from harness.faults.kinds import Fault
from harness.faults.rules import FaultRule
from harness.journal import Exchange
from harness.live import LiveWorlds
from harness.rows import LimitsRow, Row
from harness.scenario.callers import CONSUMER, callers
from harness.scenario.probe import LAYERS, OK, row_of_reply
from harness.world import World

WIRE = {"cut": "CUT", "refused": "REFUSED", "gave up": "TIMEOUT", "nothing": "TIMEOUT"}
LAYERS_OF = {"ssp": LAYERS[Service.GP_CONNECT]} | {str(service): layers for service, layers in LAYERS.items()}


class Asked(Row):
    """One exchange that a consumer began. Texts of the wire are latin-1, so that every byte survives.

    `caller` is whose access token it bore, empty where it bore none that is in force; `answered` is
    `ok` or the code of an error row.
    """

    number: int
    service: str
    on: str
    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: str
    body_cut: bool
    started: AwareDatetime
    caller: str
    answered: str


class Switched(Row):
    """Other faults came into force after an exchange."""

    after: int
    faults: tuple[Fault, ...]


class Recording(Row):
    """A world, when it began, and all that it was asked since; `forgotten` exchanges are no longer kept."""

    world: str
    base: str
    seed: int
    limits: LimitsRow
    began: AwareDatetime
    forgotten: int
    asked: tuple[Asked, ...]
    switched: tuple[Switched, ...]


def recording_of(live: LiveWorlds, prefix: str) -> Recording | None:
    """Everything so far; None where it is not known what the world was built from."""
    world = live.world(prefix)
    if world is None or live.origin is None:
        return None
    journal = world.journal
    return Recording(
        world=str(live.origin.path.resolve()),
        base=world.addresses.ssp.removesuffix("/ssp"),
        seed=live.origin.seed,
        limits=live.origin.limits,
        began=live.began[prefix],
        forgotten=journal.count - len(journal.exchanges),
        asked=tuple(_asked(world)),
        switched=tuple(
            Switched.model_validate({"after": after, "faults": tuple(_struck(world, rules))})
            for after, rules in world.faults.switches
        ),
    )


def _struck(world: World, rules: Iterable[FaultRule]) -> Iterator[dict[str, Any]]:
    """A fault that never struck did nothing, and would fail a scenario."""
    return (rule.model_dump() for rule in rules if world.faults.strikes.get(rule.name))


def _asked(world: World) -> Iterator[Asked]:
    """What came from outside: the proxy and the providers ask too, and will do so again by themselves.

    A desk has no layer of errors: what its staff did there is no part of what a consumer asked.
    """
    exchanges = world.journal.exchanges
    asking = callers(exchanges, world.rows.organisations)
    for one in exchanges:
        if asking[one.number] == CONSUMER and one.service in LAYERS_OF:
            yield Asked(
                number=one.number,
                service=one.service,
                on=one.on,
                method=one.method,
                url=one.url,
                headers=one.request_headers,
                body=one.request_body.decode("latin-1"),
                body_cut=one.request_body_cut,
                started=one.started,
                caller=_caller(world, one),
                answered=_answered(one),
            )


def _caller(world: World, one: Exchange) -> str:
    """Whose token it is: an application's or a user's, as a probe's `as` names them."""
    grant = world.tokens.grant(one.header("authorization").removeprefix("Bearer "))
    if grant is None or grant.expires_at <= one.started:
        return ""
    if grant.user:
        return grant.user.user_id
    return "app" if grant.client.api_key == CORE_API_KEY else grant.client.api_key


def _answered(one: Exchange) -> str:
    """What a probe would have made of what the caller saw."""
    answer = one.received or one.answered
    if one.seen != "reply" or answer is None:
        return WIRE.get(one.seen, "TIMEOUT")
    if answer.body_cut and answer.status < 400:
        return OK
    headers = dict(answer.headers)
    reply = Reply(answer.status, headers, _unpacked(answer.body, headers.get("content-encoding", "")))
    row, _ = row_of_reply(reply, LAYERS_OF[one.service])
    return row.code if row else OK


def _unpacked(body: bytes, encoding: str) -> bytes:
    """The body as its caller read it; what cannot be unpacked stays as it came."""
    if encoding == "gzip":
        with suppress(zlib.error):
            return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(body)
    return body
