"""What the consumer makes of the directory's answers."""

from typing import Any

import pytest

from booking_core.encounter import NEEDED
from booking_core.reactions import Stop
from booking_core.sds import Route, find_route
from booking_core.spec.identifiers import Extension, Id
from harness.virtual_time import run_virtual

from .scripted import Said, Scripted, consumer, fhir, refusal

ROOT = "https://t90102.crossbook.test/T90102/STU3/1/gpconnect"
ALL = tuple(interaction.id for interaction in NEEDED)


def bundle(*resources: dict[str, Any]) -> Said:
    return fhir({"resourceType": "Bundle", "entry": [{"resource": resource} for resource in resources]})


def endpoint(address: str = ROOT) -> dict[str, Any]:
    party_key = {"system": Id.PARTY_KEY, "value": "T90102-000001"}
    return {"resourceType": "Endpoint", "identifier": [party_key]} | ({"address": address} if address else {})


def device(asid: str = "200000000102", interactions: tuple[str, ...] = ALL) -> dict[str, Any]:
    identifiers = [{"system": Id.ASID, "value": asid}] if asid else []
    extensions = [
        {"url": Extension.SDS_INTERACTION, "valueReference": {"identifier": {"value": one}}} for one in interactions
    ]
    return {"resourceType": "Device", "identifier": identifiers, "extension": extensions}


def look_up(endpoints: Said, devices: Said) -> tuple[Route | Stop, Scripted]:
    transport = Scripted({"sds_endpoint": [endpoints] * 4, "sds_device": [devices] * 4})

    async def main() -> Route | Stop:
        try:
            return await find_route(consumer(transport), "T90102", NEEDED)
        except Stop as stop:
            return stop

    return run_virtual(main), transport


def test_the_endpoint_comes_first_and_its_party_key_chooses_the_system() -> None:
    route, transport = look_up(bundle(endpoint()), bundle(device()))
    assert route == Route("T90102", ROOT, "200000000102")
    assert [call.interaction.name for call in transport.sent] == ["sds_endpoint", "sds_device"]
    assert ("identifier", f"{Id.PARTY_KEY}|T90102-000001") in transport.sent[1].params


@pytest.mark.parametrize(
    ("endpoints", "devices"),
    [
        (bundle(), bundle(device())),
        (bundle(endpoint(), endpoint()), bundle(device())),
        (bundle(endpoint("")), bundle(device())),
        (bundle(endpoint()), bundle()),
        (bundle(endpoint()), bundle(device(), device("200000000103"))),
        (bundle(endpoint()), bundle(device(""))),
        (bundle(endpoint()), bundle(device(interactions=ALL[:1]))),
    ],
    ids=["no endpoint", "two endpoints", "no address", "no device", "two devices", "no ASID", "no foundations"],
)
def test_a_receiver_that_is_not_wholly_set_up_is_an_s1(endpoints: Said, devices: Said) -> None:
    stop, _ = look_up(endpoints, devices)
    assert isinstance(stop, Stop)
    assert stop.reaction.user_error == "S1"


@pytest.mark.parametrize(("code", "error"), [("UNAUTHORISED", "S3"), ("THROTTLED", "S3"), ("UNKNOWN_ERROR", "S3")])
def test_a_directory_that_is_down_is_never_taken_for_not_registered(code: str, error: str) -> None:
    stop, _ = look_up(refusal("sds", code), bundle(device()))
    assert isinstance(stop, Stop)
    assert stop.reaction.user_error == error


def test_an_outcome_with_status_200_is_not_read_as_an_empty_bundle() -> None:
    stop, _ = look_up(fhir({"resourceType": "OperationOutcome", "issue": []}), bundle(device()))
    assert isinstance(stop, Stop)
    assert stop.reaction.user_error == "S4"
