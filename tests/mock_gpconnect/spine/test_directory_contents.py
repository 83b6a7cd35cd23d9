"""Every oddity that a directory should be able to hold, as a consumer meets it through SDS and the proxy."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle

from booking_core.spec.identifiers import Id
from mock_gpconnect.spine.directory import Registration


async def endpoints(spine: Any, **asked: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await spine.look_up(spine.question("Endpoint", **asked))).entries
    return found


async def asids(spine: Any, **asked: str) -> list[str]:
    devices = (await spine.look_up(spine.question("Device", **asked))).entries
    return [identifier["value"] for found in devices for identifier in found["identifier"][:1]]


async def test_one_practice_one_asid_one_root(spine: Any) -> None:
    (endpoint,) = await endpoints(spine, org="T90051", interaction=spine.slots)
    party_key = next(found["value"] for found in endpoint["identifier"] if found["system"] == Id.PARTY_KEY)

    assert endpoint["address"] == spine.root
    assert await asids(spine, org="T90051", interaction=spine.slots, party_key=party_key) == [spine.riverside.asid]


async def test_of_two_systems_for_one_interaction_only_the_party_key_tells_the_provider(spine: Any) -> None:
    consumer = replace(
        spine.riverside, asid="990000000059", party_key="T90051-9000059", manufacturer="T9Z", address=None
    )
    spine.registers(consumer, spine.riverside)

    (endpoint,) = await endpoints(spine, org="T90051", interaction=spine.slots)

    assert await asids(spine, org="T90051", interaction=spine.slots) == [consumer.asid, spine.riverside.asid]
    assert endpoint["identifier"][1] == {"system": Id.PARTY_KEY, "value": "T90051-9000051"}


async def test_a_practice_with_foundations_alone_has_an_endpoint_for_metadata_and_none_for_slots(spine: Any) -> None:
    assert len(await endpoints(spine, org="T90052", interaction=spine.metadata)) == 1
    assert await endpoints(spine, org="T90052", interaction=spine.slots) == []


async def test_a_record_without_addresses_is_an_endpoint_without_address_that_the_proxy_refuses(spine: Any) -> None:
    spine.registers(replace(spine.riverside, address=None, message_handling=True))

    (endpoint,) = await endpoints(spine, org="T90051", interaction=spine.slots)

    assert "address" not in endpoint
    assert (await spine.send()).told[3].startswith("ENDPOINT__CPAID_")


async def test_each_of_two_addresses_is_an_endpoint_and_the_proxy_takes_both(spine: Any) -> None:
    second = "https://second.test/T90051/STU3/1/gpconnect"
    spine.registers(replace(spine.riverside, further_addresses=(second,)))

    found = await endpoints(spine, org="T90051", interaction=spine.slots)

    assert [endpoint["address"] for endpoint in found] == [spine.root, second]
    assert (await spine.send(spine.root + "/Slot")).status == 200
    assert (await spine.send(second + "/Slot")).status == 200


@pytest.mark.parametrize(
    ("changed", "counts"),
    [
        pytest.param({"address": None}, (0, 1), id="an AS record alone"),
        pytest.param({"accredited": False}, (1, 0), id="an MHS record alone"),
        pytest.param({"address": None, "accredited": False}, (0, 0), id="closed"),
    ],
)
async def test_the_two_records_may_come_apart(spine: Any, changed: dict[str, Any], counts: tuple[int, int]) -> None:
    spine.registers(replace(spine.riverside, **changed))

    found = await endpoints(spine, org="T90051", interaction=spine.slots)

    assert (len(found), len(await asids(spine, org="T90051", interaction=spine.slots))) == counts


async def test_a_practice_that_changes_supplier_is_elsewhere_from_that_moment(spine: Any) -> None:
    moving_day = spine.clock() + timedelta(hours=1)
    new = Registration(
        "T90051", "990000000151", "T90051-9000151", "T9Z", spine.everything, "https://new.test/T90051", since=moving_day
    )
    spine.registers(replace(spine.riverside, until=moving_day), new)
    before = await endpoints(spine, org="T90051", interaction=spine.slots)

    spine.clock.forward(hours=1)

    after = await endpoints(spine, org="T90051", interaction=spine.slots)
    assert ([found["address"] for found in before], [found["address"] for found in after]) == (
        [spine.root],
        ["https://new.test/T90051"],
    )
    assert await asids(spine, org="T90051", interaction=spine.slots) == [new.asid]
    stale = await spine.send(spine.root + "/Slot", spine.headers(receiver=new.asid))
    assert stale.told[3].startswith("ENDPOINT_https://new.test/T90051_CPAID_")
    assert (await spine.send("https://new.test/T90051/Slot", spine.headers(receiver=new.asid))).status == 200


@pytest.mark.parametrize(
    "root", ["https://GP.test/t90051/stu3/1/GPConnect", "https://gp.test/T90051/STU3/1/gpconnect/"]
)
async def test_an_odd_root_is_told_and_enforced_as_it_stands(spine: Any, root: str) -> None:
    spine.registers(replace(spine.riverside, address=root))

    (endpoint,) = await endpoints(spine, org="T90051", interaction=spine.slots)

    assert endpoint["address"] == root
    assert (await spine.send(root + "/Slot")).status == 200
    assert (await spine.send("https://gp.test/T90051/STU3/1/gpconnect2/Slot")).status == 400


async def test_a_consumer_with_two_suppliers_is_told_apart_by_manufacturer(spine: Any) -> None:
    spine.directory.register(replace(spine.hub, asid="990000000150", manufacturer="T9Q"))

    assert await asids(spine, org="T90050", interaction=spine.slots) == ["990000000050", "990000000150"]
    assert await asids(spine, org="T90050", interaction=spine.slots, manufacturer="T9Q") == ["990000000150"]


async def test_a_device_shows_all_of_its_300_interactions(spine: Any) -> None:
    many = frozenset(f"urn:nhs:names:services:old:{number:03}" for number in range(300)) | {spine.slots}
    spine.directory.register(replace(spine.riverside, ods="T90054", asid="990000000054", interactions=many))

    answer = await spine.look_up(spine.question("Device", org="T90054", interaction=spine.slots))

    told = [found["valueReference"]["identifier"]["value"] for found in answer.entries[0]["extension"][1:]]
    assert told == sorted(many)
    assert Bundle.model_validate(answer.json, strict=True)


async def test_an_old_interaction_without_its_version_does_not_match(spine: Any) -> None:
    old = spine.slots.removesuffix("-1")
    spine.directory.register(replace(spine.riverside, ods="T90054", asid="990000000054", interactions=frozenset({old})))

    assert await asids(spine, org="T90054", interaction=spine.slots) == []
    assert await asids(spine, org="T90054", interaction=old) == ["990000000054"]
    assert await endpoints(spine, org="T90051", interaction=old) == []


async def test_a_code_with_a_space_behind_it_still_matches(spine: Any) -> None:
    assert await asids(spine, org="T90051 ", interaction=spine.slots) == [spine.riverside.asid]
