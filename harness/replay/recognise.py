"""Which probe a recorded request is: on what, by whom, to whom, about whom."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import jwt
from jwt.utils import base64url_encode

from booking_core.gpconnect.values import Offer
from booking_core.spec.headers import FROM
from booking_core.spec.interactions import BY_NAME, Service
from harness.addresses import Addresses, one_port
from harness.applications import APPLICATIONS, CALLERS, PRODUCT
from harness.replay.recording import Asked
from harness.world import World

FALLBACK = {"ssp": "read_metadata", "gpconnect": "read_metadata", "pds": "pds_retrieve", "sds": "sds_endpoint"}
"""What a request that is nothing known is written as a change of."""

NOTHING = "/nothing"


@dataclass(frozen=True, slots=True)
class Seen:
    """A recorded request in the addresses of a simulated world, with what a probe is told about it."""

    asked: Asked
    headers: Mapping[str, str]
    path: str
    params: tuple[tuple[str, str], ...]
    body: str
    moved: Callable[[str], str]
    to: str = ""
    direct: bool = False

    @property
    def on(self) -> str:
        """The interaction, or the plainest one of its service."""
        if self.asked.service == "token":
            return "issue_token"
        return self.asked.on if self.asked.on in BY_NAME else FALLBACK[self.asked.service]

    @property
    def service(self) -> Service:
        """Whose request it is."""
        return BY_NAME[self.on].service

    @property
    def text(self) -> str:
        """All in which a person may be named."""
        return " ".join((self.path, *(value for _, value in self.params), self.body))

    @property
    def claims(self) -> Mapping[str, Any]:
        """What its token says; nothing where it has none that can be read."""
        try:
            found: Mapping[str, Any] = jwt.decode(
                self.headers.get("authorization", "").removeprefix("Bearer "), options={"verify_signature": False}
            )
        except jwt.PyJWTError:
            return {}
        return found


def seen_in(world: World, base: str, asked: Asked) -> Seen:
    """The request as it would have been sent in this world."""
    moved = _Moved(one_port(base), world)
    body = asked.body.encode("latin-1").decode("utf-8", "replace")
    url = moved(asked.url)
    to, path = _provider(world, url)
    direct = asked.service == "gpconnect"
    if not to:
        path = url.removeprefix({"pds": world.addresses.pds, "sds": world.addresses.sds, "ssp": world.addresses.ssp,
            "token": world.addresses.token}.get(asked.service, ""))  # fmt: skip
    split = urlsplit(path)
    params = tuple(parse_qsl(split.query, keep_blank_values=True))
    headers = {
        name: _moved_token(moved, value) if name == "authorization" else moved(value) for name, value in asked.headers
    }
    return Seen(asked, headers, unquote(split.path), params, moved(body), moved, to or _receiver(world, params), direct)


class _Moved:
    """Text in which served addresses have become those of a simulated world."""

    def __init__(self, served: Addresses, world: World) -> None:
        here = world.addresses
        pairs = [(served.provider(ods), here.provider(ods)) for ods in world.practices]
        pairs += [(served.ssp, here.ssp), (served.pds, here.pds), (served.sds, here.sds), (served.token, here.token)]
        self.pairs = pairs

    def __call__(self, text: str) -> str:
        for old, new in self.pairs:
            text = text.replace(old, new)
        return text


def _moved_token(moved: Callable[[str], str], bearer: str) -> str:
    """An audit token names addresses as well; any other token stays as it is."""
    try:
        said = jwt.decode_complete(bearer.removeprefix("Bearer "), options={"verify_signature": False})
    except jwt.PyJWTError:
        return bearer
    header, claims = (json.dumps(said[part], ensure_ascii=False) for part in ("header", "payload"))
    parts = (base64url_encode(moved(part).encode()).decode() for part in (header, claims))
    return f"Bearer {'.'.join(parts)}.{base64url_encode(said['signature']).decode()}"


def _provider(world: World, url: str) -> tuple[str, str]:
    """The organisation whose service root a URL holds, by alias, and the path below it."""
    for name, root in ((row.alias or row.ods, world.addresses.provider(row.ods)) for row in world.rows.organisations):
        if root in url:
            return name, url.partition(root)[2]
    return "", NOTHING


def _receiver(world: World, params: tuple[tuple[str, str], ...]) -> str:
    """Whom a question to the directory is about; else anybody."""
    for row in world.rows.organisations:
        if any(value.endswith(f"|{row.ods}") for _, value in params):
            return row.alias or row.ods
    return world.rows.organisations[-1].alias or world.rows.organisations[-1].ods


def user_of(world: World, seen: Seen) -> str:
    """The user who asks, by the ASID that the request says and the name in its token; else anybody."""
    asid = seen.headers.get(FROM.lower(), "")
    users = [*_users(world)]
    at_home = [name for name, ods, _ in users if world.practices[ods].asid == asid]
    said = str(seen.claims.get("requesting_practitioner", {}))
    named = [name for name, _, family in users if name in at_home and family and family in said]
    return next(iter(named or at_home or [name for name, _, _ in users]), "")


def _users(world: World) -> Iterator[tuple[str, str, str]]:
    for row in world.rows.organisations:
        for user in row.users:
            yield f"{row.alias or row.ods}.{user.alias}", row.ods, user.family


async def patient_of(world: World, seen: Seen) -> str:
    """Whom it is about, by NHS number, record or appointment; else anybody."""
    for alias, row in world.names.patients.items():
        if row.nhs_number in seen.text:
            return alias
    if seen.to:
        practice = world.practice(seen.to)
        for alias, row in world.names.patients.items():
            for record in practice.patients.of_number(row.nhs_number):
                held = [one.id for one in await practice.book.appointments_of(record.id)]
                if any(one in seen.text for one in (record.id, *held)):
                    return alias
    return next(iter(world.names.patients), "")


def caller_of(seen: Seen) -> str:
    """Who asks PDS, or for a token."""
    if seen.service is Service.TOKEN:
        issuer = str(assertion_of(seen)[1].get("iss", ""))
        return issuer if issuer in APPLICATIONS else PRODUCT
    return seen.asked.caller if seen.asked.caller in CALLERS else PRODUCT


def assertion_of(seen: Seen) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Header and claims of the signed assertion of a token request; empty where there is none."""
    form = dict(parse_qsl(seen.body, keep_blank_values=True))
    try:
        said = jwt.decode_complete(form.get("client_assertion", ""), options={"verify_signature": False})
    except jwt.PyJWTError:
        return {}, {}
    return said["header"], json.loads(seen.moved(json.dumps(said["payload"], ensure_ascii=False)))


def slots_of(seen: Seen, offers: tuple[Offer, ...]) -> tuple[str, ...]:
    """The places in the list on offer of the slots that a booking names."""
    places = {offer.slot_id: str(place) for place, offer in enumerate(offers)}
    named = [place for slot_id, place in places.items() if f'"Slot/{slot_id}"' in seen.body]
    return tuple(named) or ("first",)
