from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest

from mock_pds.people import Removal
from tests.mock_pds.maximal import MAXIMAL
from tests.mock_pds.world import World, coding, diagnostics

Build = Callable[..., World]
MAGS = "9991234535"
PHARMACY = "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NominatedPharmacy"
USUAL = "1D88B3E2"
EMAIL = {"system": "email", "use": "home", "value": "new@example.org"}


@pytest.fixture
def world(build: Build) -> World:
    return build(MAXIMAL)


@pytest.fixture
def mags(world: World) -> Callable[..., Any]:
    async def patch(*patches: Any, **request: Any) -> httpx.Response:
        return await world.patch(MAGS, *patches, **request)

    return patch


async def shown(world: World) -> dict[str, Any]:
    return dict((await world.pds(f"/Patient/{MAGS}")).json())


def op(verb: str, path: str, *value: Any) -> dict[str, Any]:
    return {"op": verb, "path": path} | ({"value": value[0]} if value else {})


Patch = Callable[..., Any]


async def test_an_update_answers_with_the_whole_record_in_its_next_version(mags: Patch, world: World) -> None:
    answer = await mags(op("replace", "/gender", "male"))

    assert answer.status_code == 200
    assert answer.headers["etag"] == 'W/"8"'
    assert answer.json()["meta"]["versionId"] == "8"
    assert answer.json()["gender"] == "male"
    assert answer.json() == await shown(world)


async def test_what_an_update_does_not_touch_stays_as_it_was(mags: Patch, world: World) -> None:
    before = await shown(world)

    after = (await mags(op("replace", "/gender", "male"))).json()

    assert {key for key in before if before[key] != after[key]} == {"gender", "meta"}
    person = world.people.get(MAGS)
    assert person is not None
    assert person.addresses[0].lines == MAXIMAL.addresses[0].lines
    assert person.relatives == MAXIMAL.relatives


async def test_an_added_entry_gets_an_id_and_begins_today(mags: Patch) -> None:
    (*_, email) = (await mags(op("add", "/telecom/-", EMAIL | {"use": "work"}))).json()["telecom"]

    assert len(email["id"]) == 8
    assert email["period"] == {"start": "2026-03-27"}


async def test_an_entry_is_added_to_a_list_that_is_not_there_yet(build: Build) -> None:
    world = build(MAXIMAL.__class__(MAGS, MAXIMAL.names, version=7))

    answer = await world.patch(MAGS, op("add", "/telecom/-", EMAIL))

    assert answer.json()["telecom"][0]["value"] == "new@example.org"


async def test_a_part_of_an_entry_is_changed_once_the_entry_is_named(mags: Patch) -> None:
    answer = await mags(op("replace", "/name/1/id", USUAL), op("replace", "/name/1/family", "Smith"))

    assert answer.json()["name"][1]["family"] == "Smith"
    assert answer.json()["name"][1]["id"] == USUAL


async def test_a_test_names_an_entry_too(mags: Patch) -> None:
    answer = await mags(op("test", "/name/1/id", USUAL), op("replace", "/name/1/given/0", "Molly"))

    assert answer.json()["name"][1]["given"] == ["Molly", "Siobhán"]


async def test_the_id_says_which_entry_is_meant_whatever_the_index(mags: Patch) -> None:
    answer = await mags(op("replace", "/name/0/id", USUAL), op("replace", "/name/0/family", "Smith"))

    assert [name["family"] for name in answer.json()["name"]] == ["O'Rourke-Élan", "Smith", "Thwaite"]


async def test_an_extension_is_named_by_its_url(mags: Patch) -> None:
    answer = await mags(
        op("replace", "/extension/0/url", PHARMACY),
        op("replace", "/extension/0/valueReference/identifier/value", "FZZ09"),
    )

    (pharmacy,) = [extension for extension in answer.json()["extension"] if extension["url"] == PHARMACY]
    assert pharmacy["valueReference"]["identifier"]["value"] == "FZZ09"


async def test_given_names_after_the_first_are_split(mags: Patch) -> None:
    answer = await mags(
        op("replace", "/name/1/id", USUAL), op("replace", "/name/1/given", ["Jane Marie Anne", "Jo Adele"])
    )

    assert answer.json()["name"][1]["given"] == ["Jane Marie Anne", "Jo", "Adele"]


async def test_an_entry_is_removed_right_after_it_was_tested(mags: Patch, world: World) -> None:
    maiden = (await shown(world))["name"][2]

    answer = await mags(op("test", "/name/2/id", maiden["id"]), op("remove", "/name/2"))

    assert [name["use"] for name in answer.json()["name"]] == ["nickname", "usual"]


async def test_an_entry_can_be_tested_as_a_whole(mags: Patch, world: World) -> None:
    maiden = (await shown(world))["name"][2]

    assert (await mags(op("test", "/name/2", maiden), op("remove", "/name/2"))).status_code == 200


async def test_entries_after_a_removed_one_move_up(mags: Patch, world: World) -> None:
    first, second, third = (await shown(world))["telecom"]

    answer = await mags(
        op("test", "/telecom/0/id", first["id"]),
        op("remove", "/telecom/0"),
        op("test", "/telecom/1/id", third["id"]),
        op("remove", "/telecom/1"),
    )

    assert answer.json()["telecom"] == [second]


async def test_the_last_entry_takes_its_list_with_it(mags: Patch, world: World) -> None:
    (contact,) = (await shown(world))["contact"]

    assert "contact" not in (await mags(op("test", "/contact/0", contact), op("remove", "/contact/0"))).json()


async def test_a_batch_is_done_whole_or_not_at_all(mags: Patch, world: World) -> None:
    before = await shown(world)

    refused = await mags(op("replace", "/gender", "male"), op("remove", "/name/1"))

    assert refused.status_code == 400
    assert await shown(world) == before


@pytest.mark.parametrize(
    ("patches", "problem"),
    [
        ([], "No patches found"),
        (
            [op("remove", "/name/1")],
            "removal '/name/1' is not immediately preceded by equivalent test - instead it is the first item",
        ),
        (
            [op("test", "/name/1/id", USUAL), op("replace", "/gender", "male"), op("remove", "/name/1")],
            "removal '/name/1' is not immediately preceded by equivalent test - instead it is preceded by 'replace'",
        ),
        ([op("replace", "/name/9/id", "none"), op("replace", "/name/9/use", "old")], "no 'name' resources with object id 'none'"),
        ([op("replace", "/address/0/line/0", "x")], "no id or url found for path with root /address/0"),
        ([op("replace", "/address/0", {"use": "home"})], "no id or url found for path with root /address/0"),
        ([op("replace", "/name/9", {"id": "x"})], "Invalid patch - index '9' is out of bounds"),
        ([op("replace", "/name/1/id", USUAL), op("replace", "/name/1/given/7", "x")], "Invalid patch - index '7' is out of bounds"),
        ([op("replace", "/name/1/id", USUAL), op("replace", "/name/1/given/-1", "x")], "Invalid patch - index '-1' is out of bounds"),
        ([op("replace", "/name/1/id", USUAL), op("replace", "/name/1/text", "x")], "Invalid patch - can't replace non-existent object 'text'"),
        ([op("replace", "/name/1/id", USUAL), op("remove", "/name/1/text")], "Invalid patch - can't remove non-existent object 'text'"),
        ([op("replace", "/name/1/id", USUAL), op("add", "/name/1/family/0/x", 1)], "Invalid patch - can't add non-existent object '0'"),
        ([op("remove", "/contact/7")], "Invalid patch - can't remove non-existent object '7'"),
        ([op("remove", "/gender/0")], "Invalid patch - can't remove non-existent object '0'"),
        ([op("add", "/pets/-", {"name": "Rex"})], "Update unsupported for resource - 'pets'"),
        ([op("replace", "/id", "9991234519")], "Update unsupported for resource - 'id'"),
        ([op("replace", "/meta/versionId", "1")], "Update unsupported for resource - 'meta'"),
        ([op("add", "/address", [])], "Invalid patch - 'address' can only be changed entry by entry"),
        ([op("add", "/telecom/0", EMAIL)], "Invalid patch - an entry is added to 'telecom' at index '-' only"),
        ([op("add", "/telecom/-", EMAIL | {"id": "1"})], "Invalid patch - an entry is added to 'telecom' without an id"),
        ([op("add", "/telecom/-", "x")], "Invalid patch - '/telecom/-' is not an object"),
        ([op("replace", "gender", "male")], "Invalid patch - 'gender' is not a path"),
        ([op("test", "/gender", "male")], "Invalid patch - test of '/gender' failed"),
        (["replace gender"], "Invalid patch - '0' is not an object"),
        ([{"op": "replace", "path": 7}], "Invalid patch - '' is not a path"),
    ],
    ids=str,
)  # fmt: skip
async def test_what_cannot_be_done_is_told_as_an_invalid_update(mags: Patch, patches: list[Any], problem: str) -> None:
    answer = await mags(*patches)

    assert answer.status_code == 400
    assert coding(answer)["code"] == "INVALID_UPDATE"
    assert diagnostics(answer) == f"Invalid update with error - {problem}"


async def test_a_part_can_be_put_in_between_and_at_the_end(mags: Patch) -> None:
    answer = await mags(
        op("replace", "/name/1/id", USUAL),
        op("add", "/name/1/given/1", "Ann"),
        op("add", "/name/1/given/-", "Bo"),
        op("add", "/name/1/given/4", "Cy"),
    )

    assert answer.json()["name"][1]["given"] == ["Mary Jane", "Ann", "Siobhán", "Bo", "Cy"]


async def test_an_address_keeps_its_keys_when_a_part_of_it_changes(mags: Patch, world: World) -> None:
    (home, *_) = (await shown(world))["address"]

    answer = await mags(op("test", "/address/0/id", home["id"]), op("replace", "/address/0/line/0", "Flat 4"))

    assert answer.json()["address"][0] == home | {"line": ["Flat 4", *home["line"][1:]]}


async def test_an_emergency_contact_can_be_added(mags: Patch, world: World) -> None:
    (known,) = (await shown(world))["contact"]
    new = {"relationship": known["relationship"], "telecom": [{"system": "email", "value": "kin@example.org"}]}

    answer = await mags(op("add", "/contact/-", new))

    assert answer.json()["contact"][1]["telecom"] == new["telecom"]


async def test_a_confidential_reason_for_removal_survives_an_update_that_never_saw_it(build: Build) -> None:
    world = build(replace(MAXIMAL, removal=Removal("AFN", "Armed Forces", "2020-01-01")))

    await world.patch(MAGS, op("replace", "/gender", "male"))

    person = world.people.get(MAGS)
    assert person is not None
    assert person.removal == Removal("AFN", "Armed Forces", "2020-01-01")


@pytest.mark.parametrize("verb", ["move", "copy", "", None, 7, ["add"]])
async def test_an_unknown_operation_is_named_before_any_is_done(mags: Patch, verb: Any) -> None:
    answer = await mags(op("replace", "/pets", 1), {"op": verb, "path": "/gender"})

    assert diagnostics(answer) == f"Invalid value - '{verb if isinstance(verb, str) else ''}' in field '1/op'"
