"""Two workers over one store: whoever asks cannot tell which of them answers."""

import asyncio
from collections import Counter

import orjson
import pytest

from booking_core.selfbook.inviting import Draft, invite
from booking_core.selfbook.patient import confirm, open_link
from booking_core.wire.transport import HttpTransport
from harness.applications import token_of
from harness.people import own_record
from harness.product import build_product
from harness.world import World

from .conftest import Pair

DESK = "/desk/T90102/api"
ALICE = "9990010013"


async def booked(world: World, alias: str = "alice") -> list[str]:
    practice = world.practice("riverside")
    records = practice.patients.of_number(world.names.patients[alias].nhs_number)
    return [one.id for record in records for one in await practice.book.appointments_of(record.id)]


@pytest.mark.parametrize("prefix", ["", "/n/mine"])
async def test_a_journey_whose_requests_reach_different_workers_ends_as_with_one(pair: Pair, prefix: str) -> None:
    here, there = await pair.worlds(prefix)
    product = build_product(here, HttpTransport.over(pair.by_turns))
    row = here.names.patients["alice"]
    sent = await invite(product.office, Draft("T90101", "reception", "T90102", own_record(row)))
    shown = await open_link(product.office, sent.token, row.born)
    assert (await confirm(product.office, sent.token, (shown.slots[0].slot_id,))).outcome == "booked"
    await pair.worlds(prefix)
    assert len(await booked(here)) == 1
    assert await booked(here) == await booked(there)
    other = (await pair.worlds("" if prefix else "/n/mine"))[0]
    assert await booked(other) == []


async def token(pair: Pair, worker: int) -> dict[str, str]:
    async with pair.client(worker) as http:
        lines = (await http.get("/control/headers/pds_retrieve")).text.splitlines()
    return dict(line.split(": ", 1) for line in lines)


async def test_a_token_that_one_worker_gave_is_good_with_the_other(pair: Pair) -> None:
    headers = await token(pair, 0)
    async with pair.client(1) as http:
        found = await http.get(f"/personal-demographics/FHIR/R4/Patient/{ALICE}", headers=headers)
    assert found.status_code == 200


async def test_an_assertion_that_one_worker_took_is_used_up_with_the_other(pair: Pair) -> None:
    here, _ = await pair.worlds()
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": assertion(here),
    }
    async with pair.client() as http:
        first = await http.post("/oauth2/token", data=form)
        second = await http.post("/oauth2/token", data=form)
    assert (first.status_code, second.status_code) == (200, 400)
    assert "jti" in second.text


def assertion(world: World) -> str:
    import jwt

    from harness.credentials import CORE_API_KEY, KEY_ID, private_key

    claims = {
        "iss": CORE_API_KEY, "sub": CORE_API_KEY, "aud": f"{world.addresses.token}/token", "jti": world.new_id(),
        "exp": int(world.now().timestamp()) + 200,
    }  # fmt: skip
    return jwt.encode(claims, private_key(), algorithm="RS512", headers={"kid": KEY_ID})


async def test_the_workers_make_up_different_ids(pair: Pair) -> None:
    here, there = await pair.worlds()
    made = [here.new_id(), there.new_id(), token_of(here.tokens, "app", ""), token_of(there.tokens, "app", "")]
    made += [world.practice("riverside").patients.new_id() for world in (here, there)]
    assert len(set(made)) == len(made)
    assert here.practice("riverside").locations == there.practice("riverside").locations


async def test_what_is_set_at_a_desk_of_one_worker_holds_at_the_other(pair: Pair) -> None:
    async with pair.client(0) as http:
        assert (await http.patch(f"{DESK}/practice", json={"embargo_minutes": 90})).is_success
        assert (await http.post(f"{DESK}/users", json={"alias": "new", "family": "Hart", "given": ["Jo"]})).is_success
    async with pair.client(1) as http:
        assert (await http.get(f"{DESK}/practice")).json()["embargo_minutes"] == 90
        assert "Hart" in (await http.get(f"{DESK}/users")).text
        assert (await http.post("/control/busyness?at=riverside&share=0.5")).is_success
    here, _ = await pair.worlds()
    assert here.practice("riverside").busyness == 0.5


async def test_of_two_who_set_one_thing_at_once_the_second_is_told(pair: Pair) -> None:
    async with pair.client(0) as one, pair.client(1) as other:
        was = (await one.get(f"{DESK}/practice")).json()["seen"]
        heard = await asyncio.gather(
            one.patch(f"{DESK}/practice", json={"embargo_minutes": 30, "was": was}),
            other.patch(f"{DESK}/practice", json={"embargo_minutes": 60, "was": was}),
        )
        shown = [(await each.get(f"{DESK}/practice")).json()["embargo_minutes"] for each in (one, other)]
    won = [n for n, each in enumerate(heard) if each.is_success]
    assert Counter(each.status_code for each in heard) == {200: 1, 409: 1}
    assert shown == [[30, 60][won[0]]] * 2


async def test_a_reset_at_one_worker_is_a_reset_at_both(pair: Pair) -> None:
    before = await pair.worlds()
    slot = (await before[0].practice("riverside").book.slots_of())[0]
    await before[0].practice("riverside").book.block([slot.id])
    async with pair.client(0) as http:
        assert (await http.patch(f"{DESK}/practice", json={"embargo_minutes": 90})).is_success
        assert (await http.post("/control/reset")).status_code == 204
    async with pair.client(1) as http:
        assert (await http.get(f"{DESK}/practice")).json()["embargo_minutes"] is None
    after = await pair.worlds()
    assert [await world.practice("riverside").book.is_free(slot.id) for world in after] == [True, True]
    assert not await before[1].practice("riverside").book.is_free(slot.id)


async def test_a_copy_that_is_dropped_begins_anew_under_its_name(pair: Pair) -> None:
    here, _ = await pair.worlds("/n/mine")
    slot = (await here.practice("riverside").book.slots_of())[0]
    await here.practice("riverside").book.block([slot.id])
    async with pair.client(1) as http:
        assert (await http.delete("/n/mine/control/world")).status_code == 204
    here, there = await pair.worlds("/n/mine")
    assert await here.practice("riverside").book.is_free(slot.id)
    assert await there.practice("riverside").book.is_free(slot.id)


async def test_a_copy_that_is_dropped_makes_room_at_every_worker(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harness.sharing.worlds.MOST_NAMESPACES", 1)
    assert len(await pair.worlds("/n/one")) == 2
    assert await pair.worlds("/n/two") == []
    async with pair.client(0) as http:
        assert (await http.delete("/n/one/control/world")).status_code == 204
    assert len(await pair.worlds("/n/two")) == 2
    for live in pair.live:
        assert live.worlds.keys() == live.began.keys() == {"", "/n/two"}


async def test_a_worker_without_its_store_says_so(pair: Pair) -> None:
    await pair.live[0]._store._pool.close()
    async with pair.client(0) as http:
        answer = await http.get("/control/clock")
    assert answer.status_code == 503
    assert "the store does not answer" in answer.json()["problem"]


@pytest.mark.parametrize("path", ["/control/faults", "/control/recording"])
async def test_what_one_process_alone_can_tell_is_refused_in_words(pair: Pair, path: str) -> None:
    async with pair.client(0) as http:
        answer = await http.get(path)
    assert answer.status_code == 409
    assert "several workers" in answer.json()["problem"]


async def test_a_record_changed_on_pds_by_one_worker_is_the_newer_one_at_the_other(pair: Pair) -> None:
    here, there = await pair.worlds()
    bearer = token_of(here.tokens, "updating-app", "")
    headers = {"Authorization": f"Bearer {bearer}", "X-Request-ID": here.new_id(), "If-Match": 'W/"1"'}
    patches = {"patches": [{"op": "replace", "path": "/gender", "value": "male"}]}
    path = f"/personal-demographics/FHIR/R4/Patient/{ALICE}"
    async with pair.client(0) as http:
        media = {"Content-Type": "application/json-patch+json"}
        changed = await http.patch(path, headers=headers | media, content=orjson.dumps(patches))
    assert changed.status_code == 200, changed.text
    async with pair.client(1) as http:
        found = await http.get(path, headers=await token(pair, 0))
    assert (found.headers["ETag"], found.json()["gender"]) == ('W/"2"', "male")
    assert there.people.get(ALICE) == here.people.get(ALICE)


async def test_of_two_workers_who_register_one_patient_at_once_one_does(pair: Pair) -> None:
    here, there = await pair.worlds()
    row, offices = here.names.patients["alice"], []
    for world, way in zip((here, there), pair.ways, strict=True):
        offices.append(build_product(world, HttpTransport.over(way)).office)
    sent = [await invite(office, Draft("T90101", "reception", "T90102", own_record(row))) for office in offices]
    shown = [await open_link(office, one.token, row.born) for office, one in zip(offices, sent, strict=True)]
    await asyncio.gather(
        *(
            confirm(office, one.token, (each.slots[turn].slot_id,))
            for turn, (office, one, each) in enumerate(zip(offices, sent, shown, strict=True))
        )
    )
    await pair.worlds()
    records = [world.practice("riverside").patients.of_number(ALICE) for world in (here, there)]
    asked = [one for world in (here, there) for one in world.journal.exchanges if one.at == "riverside"]
    answered = Counter(one.seen_status for one in asked if one.on == "register_patient")
    assert answered == {200: 1, 409: 1}
    assert records[0] == records[1]
    assert len(records[0]) == 1
