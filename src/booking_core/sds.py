"""Finding the way to a provider in the Spine Directory Service."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from booking_core.consumer import Consumer
from booking_core.reactions import Stop
from booking_core.spec.headers import API_KEY, CORRELATION_ID
from booking_core.spec.identifiers import Extension, Id
from booking_core.spec.interactions import BY_NAME, Interaction
from booking_core.wire.calls import Call, Reply
from booking_core.wire.json_body import read_resource, text_of


@dataclass(frozen=True, slots=True)
class Route:
    """Where a provider is. `service_root` is opaque: it is used byte for byte, for one encounter."""

    ods: str
    service_root: str
    asid: str


@dataclass(frozen=True, slots=True)
class _Found:
    """What an Endpoint or a Device says; what the other kind says is empty."""

    address: str
    party_key: str
    asid: str
    interactions: frozenset[str]


async def find_route(consumer: Consumer, ods: str, needed: Iterable[Interaction]) -> Route:
    """The provider's root and ASID; raises Stop S1 when it is not set up for all that is needed.

    The endpoint comes first: a practice may own several systems, and only the one that shares
    the endpoint's party key is the provider.
    """
    wanted = tuple(needed)
    endpoint = _only(await _look_up(consumer, "sds_endpoint", ods, (_interaction(wanted[0]),)), ods, "endpoint")
    key = ("identifier", f"{Id.PARTY_KEY}|{endpoint.party_key}")
    device = _only(
        await _look_up(consumer, "sds_device", ods, (_interaction(wanted[0]), key)), ods, "accredited system"
    )
    if not (endpoint.address and device.asid):
        raise Stop.because("S1", f"{ods} is in SDS without {'an ASID' if endpoint.address else 'an address'}")
    if missing := [interaction.name for interaction in wanted if interaction.id not in device.interactions]:
        raise Stop.because("S1", f"{ods} is not registered in SDS for {', '.join(missing)}")
    return Route(ods, endpoint.address, device.asid)


async def _look_up(consumer: Consumer, name: str, ods: str, identifiers: tuple[tuple[str, str], ...]) -> list[_Found]:
    interaction = BY_NAME[name]
    params = (("organization", f"{Id.ODS}|{ods}"), *identifiers)

    def call() -> Call:
        trace_id = consumer.wire.new_id()
        headers = {API_KEY: consumer.services.sds_api_key, CORRELATION_ID: trace_id}
        return Call(interaction, "GET", consumer.services.sds + interaction.path, headers, params, trace_id=trace_id)

    return await consumer.wire.ask(interaction, call, _entries)


def _entries(reply: Reply) -> list[_Found]:
    return [_read(entry.get("resource", {})) for entry in read_resource(reply, "Bundle").get("entry", ())]


def _read(resource: Mapping[str, Any]) -> _Found:
    party_key, asid = _identifier(resource, Id.PARTY_KEY), _identifier(resource, Id.ASID)
    return _Found(text_of(resource, "address"), party_key, asid, _interactions(resource))


def _interaction(interaction: Interaction) -> tuple[str, str]:
    return "identifier", f"{Id.INTERACTION}|{interaction.id}"


def _only(found: list[_Found], ods: str, what: str) -> _Found:
    if len(found) != 1:
        raise Stop.because("S1", f"SDS has {len(found) or 'no'} {what} for {ods}: exactly one is needed")
    return found[0]


def _identifier(resource: Mapping[str, Any], system: str) -> str:
    return next((text_of(one, "value") for one in resource.get("identifier", ()) if one.get("system") == system), "")


def _interactions(device: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(
        extension.get("valueReference", {}).get("identifier", {}).get("value", "")
        for extension in device.get("extension", ())
        if extension.get("url") == Extension.SDS_INTERACTION
    )
