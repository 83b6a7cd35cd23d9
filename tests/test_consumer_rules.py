"""In no scenario of the catalogue does our consumer break a rule of the guides; and each rule can be broken."""

import asyncio
import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, timedelta
from typing import Any

import orjson
import pytest

from booking_core.wire.transport import HttpTransport
from harness.addresses import own_hosts
from harness.driver import OurDriver
from harness.journal import Exchange
from harness.product import at_work, build_product
from harness.registrations import asid_of
from harness.scenario.find import find_scenarios
from harness.scenario.perform import perform
from harness.scenario.probe_row import Probe
from harness.scenario.run import CEILING_S, Case, Choices, cases_of
from harness.scenario.schema import Scenario
from harness.scenario.stage import Stage
from harness.scenario.step_rows import Together
from harness.virtual_time import clock, run_virtual
from harness.world import World, build_world

from .consumer_evidence import Asked, Evidence
from .consumer_rules import RULES


@dataclass(slots=True)
class Watched(Stage):
    """Notes with which exchange each step begins: what a person does is one encounter."""

    cuts: list[int] = field(default_factory=list)

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "step" and value:
            self.cuts.append(self.world.journal.count)
        object.__setattr__(self, name, value)


def asks_nothing_of_its_own(scenario: Scenario) -> bool:
    """Probes are sent wrong on purpose."""
    steps = [inner for one in scenario.steps for inner in (one.steps if isinstance(one, Together) else (one,))]
    return not any(isinstance(step, Probe) for step in steps)


CASES = {
    f"{case.loaded.scenario.id}-{case.supplier or 'own'}": case
    for one in find_scenarios(())
    if asks_nothing_of_its_own(one.scenario)
    for case in cases_of(one, Choices())
}


async def played(case: Case) -> Evidence:
    """What was asked while the scenario was played."""
    loaded, start = case.loaded, case.loaded.scenario.clock.astimezone(UTC)
    world = build_world(
        loaded.world, folder=loaded.world_path.parent, addresses=own_hosts(), now=clock(start), seed=case.seed,
        faults=loaded.scenario.faults, supplier=case.supplier or None, hop=True, limits=loaded.scenario.limits,
    )  # fmt: skip
    async with HttpTransport.over(world.network) as transport:
        product = build_product(world, transport)
        stage = Watched(world, product, OurDriver(product), asyncio.sleep)
        async with at_work(product):
            await perform(loaded.scenario, stage)
        return evidence_of(world, stage.cuts)


def evidence_of(world: World, cuts: list[int]) -> Evidence:
    asked = [Asked(one, max((cut for cut in cuts if cut < one.number), default=0)) for one in world.journal.exchanges]
    ods_of = {asid_of(row): row.ods for row in world.rows.organisations}
    return Evidence(asked, ods_of, {row.nhs_number: row for row in world.names.patients.values()})


PLAYED: dict[str, Evidence] = {}


def evidence(name: str) -> Evidence:
    if name not in PLAYED:
        PLAYED[name] = run_virtual(lambda: played(CASES[name]), ceiling_s=CEILING_S)
    return PLAYED[name]


@pytest.mark.parametrize("name", CASES)
def test_no_rule_is_broken_in(name: str) -> None:
    found = evidence(name)
    assert {rule: broken for rule, breaks in RULES.items() if (broken := list(breaks(found)))} == {}


GOOD = "journeys/j3-cancel-strict"
Change = Callable[[Exchange], dict[str, Any]]


def doctored(change: Change, *names: str) -> Evidence:
    """The evidence of a good run, its exchanges on `names` changed; on none: all of them."""
    good = evidence(GOOD)

    def asked() -> Iterator[Asked]:
        for one in good.asked:
            fits = (one.exchange.service == "ssp" and (not names or one.on in names)) or one.on in names
            yield replace(one, exchange=replace(one.exchange, **change(one.exchange))) if fits else one

    return replace(good, asked=list(asked()))


def header(name: str, value: str) -> Change:
    return lambda one: {"request_headers": (*(pair for pair in one.request_headers if pair[0] != name), (name, value))}


def in_answer(**changes: Any) -> Change:
    def change(one: Exchange) -> dict[str, Any]:
        assert one.answered
        body = orjson.dumps(orjson.loads(one.answered.body) | changes)
        return {"answered": replace(one.answered, body=body)}

    return change


def in_request(old: str, new: str) -> Change:
    return lambda one: {"request_body": one.request_body.replace(old.encode(), new.encode())}


def in_url(old: str, new: str) -> Change:
    return lambda one: {"url": one.url.replace(old, new)}


def without_a_name(one: Exchange) -> dict[str, Any]:
    scheme, token = one.header("authorization").split(" ")
    head, payload, end = token.split(".")
    claims = orjson.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    claims["requesting_practitioner"]["name"][0]["family"] = " "
    payload = base64.urlsafe_b64encode(orjson.dumps(claims)).decode().rstrip("=")
    return header("authorization", f"{scheme} {head}.{payload}.{end}")(one)


BROKEN: dict[str, Callable[[], Evidence]] = {
    "each request has a new trace id": lambda: doctored(
        lambda one: {"trace_id": "3b4d9a52-0000-4000-8000-000000000001"}
    ),
    "each request has a token made for it": lambda: doctored(
        lambda one: {"started": one.started + timedelta(minutes=1)}
    ),
    "the ASID and the organisation are the booker's own": lambda: doctored(header("ssp-from", "1")),
    "a real user stands behind each request": lambda: doctored(without_a_name),
    "each search says what it filters by": lambda: doctored(in_url("searchFilter", "filter"), "search_slots"),
    "a search spans a fortnight at most": lambda: doctored(
        in_url("start=ge2026-03", "start=ge2026-01"), "search_slots"
    ),
    "an endpoint is looked up in each encounter": lambda: doctored(lambda one: {"seen_status": 503}, "sds_device"),
    "nobody is registered or booked for whom PDS has not verified": lambda: doctored(
        lambda one: {"seen_status": 503}, "pds_retrieve"
    ),
    "no provider is asked about a patient whose record is restricted": lambda: doctored(
        in_answer(meta={"security": [{"code": "R"}]}), "pds_retrieve"
    ),
    "nobody is booked for whose details disagree": lambda: replace(
        evidence(GOOD),
        patients={
            number: row.model_copy(update={"family": "Someone else"}) for number, row in evidence(GOOD).patients.items()
        },
    ),
    "no command is sent again before a look at what became of it": lambda: doctored(
        lambda one: {"seen": "cut", "seen_status": None}, "create_appointment"
    ),
    "an appointment is sent back as it was read": lambda: doctored(header("if-match", 'W/"7"'), "cancel_appointment"),
}


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_can_be_broken(rule: str) -> None:
    assert list(RULES[rule](evidence(GOOD))) == []
    assert list(RULES[rule](BROKEN[rule]())) != []
