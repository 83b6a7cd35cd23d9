"""Client certificates at the proxy: before all else, and by the sender's endpoint in the directory."""

from dataclasses import replace
from typing import Any

import pytest

from mock_gpconnect.client_certificate import SUBJECT, VERIFIED

WITHIN = [("T90051", "T90051")]


def shown(name: str, word: str = "SUCCESS") -> dict[str, str]:
    return {VERIFIED: word, SUBJECT: f"CN={name}"}


async def send(spine: Any, certificate: dict[str, str], **more: Any) -> Any:
    headers = {**spine.headers(sender=more.pop("sender", spine.riverside.asid)), **certificate}
    return await spine.send(headers=headers, app=spine.ssp_app(client_certificates=True), **more)


@pytest.mark.parametrize(
    ("certificate", "status"),
    [
        (shown("gp.test"), 200),
        (shown("GP.TEST"), 200),
        (shown("other.test"), 495),
        (shown("gp.test", "FAILED:certificate has expired"), 495),
        (shown("gp.test", "NONE"), 496),
        ({}, 496),
    ],
)
async def test_the_name_is_that_of_the_senders_endpoint(spine: Any, certificate: dict[str, str], status: int) -> None:
    spine.registers(spine.riverside, agreements=WITHIN)
    assert (await send(spine, certificate)).status == status


async def test_an_endpoint_of_its_own_goes_before_the_host_of_the_address(spine: Any) -> None:
    spine.registers(replace(spine.riverside, endpoint="mhs.riverside.test"), agreements=WITHIN)
    assert (await send(spine, shown("mhs.riverside.test"))).status == 200
    assert (await send(spine, shown("gp.test"))).status == 495


async def test_a_sender_without_an_endpoint_needs_a_good_certificate_of_any_name(spine: Any) -> None:
    assert (await send(spine, shown("hub.test"), sender=spine.hub.asid)).status == 200
    assert (await send(spine, shown("hub.test", "FAILED:revoked"), sender=spine.hub.asid)).status == 495


@pytest.mark.parametrize(
    "more", [{"method": "DELETE"}, {"method": "OPTIONS"}, {"sender": ""}, {"target": "https://elsewhere.test/Slot"}]
)
async def test_a_missing_certificate_is_told_before_anything_else_is_looked_at(
    spine: Any, more: dict[str, str]
) -> None:
    assert (await send(spine, {}, **more)).status == 496
    assert spine.received == []


async def test_a_refused_certificate_is_logged_with_its_status(spine: Any) -> None:
    await send(spine, {})
    assert [entry.status for entry in spine.log] == [496]


async def test_nobody_is_asked_for_a_certificate_unless_it_is_switched_on(spine: Any) -> None:
    assert (await spine.send(headers=spine.headers() | shown("other.test", "FAILED:expired"))).status == 200
