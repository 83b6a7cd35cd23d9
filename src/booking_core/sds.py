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
from booking_core.wire.json_body import read_resource


@dataclass(frozen=True, slots=True)
class Route:
    """Where a provider is. `service_root` is opaque: it is used byte for byte, for one encounter."""

    ods: str
    service_root: str
    asid: str


async def find_route(consumer: Consumer, ods: str, needed: Iterable[Interaction]) -> Route:
    """The provider's root and ASID; raises Stop S1 when it is not set up for all that is needed.

    The endpoint comes first: a practice may own several systems, and only the one that shares
    the endpoint's party key is the provider.
    """
    wanted = tuple(needed)
    endpoint = _only(await _look_up(consumer, "sds_endpoint", ods, (_interaction(wanted[0]),)), ods, "endpoint")
    party_key, address = _identifier(endpoint, Id.PARTY_KEY), endpoint.get("address", "")
    key = ("identifier", f"{Id.PARTY_KEY}|{party_key}")
    device = _only(
        await _look_up(consumer, "sds_device", ods, (_interaction(wanted[0]), key)), ods, "accredited system"
    )
    asid, registered = _identifier(device, Id.ASID), _interactions(device)
    if not (address and asid):
        raise Stop.because("S1", f"{ods} is in SDS without {'an ASID' if address else 'an address'}")
    if missing := [interaction.name for interaction in wanted if interaction.id not in registered]:
        raise Stop.because("S1", f"{ods} is not registered in SDS for {', '.join(missing)}")
    return Route(ods, address, asid)


async def _look_up(
    consumer: Consumer, name: str, ods: str, identifiers: tuple[tuple[str, str], ...]
) -> list[Mapping[str, Any]]:
    interaction = BY_NAME[name]
    params = (("organization", f"{Id.ODS}|{ods}"), *identifiers)

    def call() -> Call:
        trace_id = consumer.wire.new_id()
        headers = {API_KEY: consumer.services.sds_api_key, CORRELATION_ID: trace_id}
        return Call(interaction, "GET", consumer.services.sds + interaction.path, headers, params, trace_id=trace_id)

    return await consumer.wire.ask(interaction, call, _entries)


def _entries(reply: Reply) -> list[Mapping[str, Any]]:
    return [entry.get("resource", {}) for entry in read_resource(reply, "Bundle").get("entry", ())]


def _interaction(interaction: Interaction) -> tuple[str, str]:
    return "identifier", f"{Id.INTERACTION}|{interaction.id}"


def _only(found: list[Mapping[str, Any]], ods: str, what: str) -> Mapping[str, Any]:
    if len(found) != 1:
        raise Stop.because("S1", f"SDS has {len(found) or 'no'} {what} for {ods}: exactly one is needed")
    return found[0]


def _identifier(resource: Mapping[str, Any], system: str) -> str:
    return next(
        (str(one.get("value", "")) for one in resource.get("identifier", ()) if one.get("system") == system), ""
    )


def _interactions(device: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(
        extension.get("valueReference", {}).get("identifier", {}).get("value", "")
        for extension in device.get("extension", ())
        if extension.get("url") == Extension.SDS_INTERACTION
    )
