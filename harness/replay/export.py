"""Turns a recording into a scenario: asks the same again in a simulated world, and writes down what it takes."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC
from pathlib import Path
from typing import Any

from booking_core import Stop
from booking_core.encounter import Encounter
from booking_core.gpconnect.values import Offer
from booking_core.spec.interactions import Service
from booking_core.wire.transport import HttpTransport
from harness.addresses import own_hosts
from harness.driver import OurDriver
from harness.lines import line_between
from harness.masking import Mask, mask_for, unmasked
from harness.product import build_product
from harness.replay.as_yaml import entry, flow
from harness.replay.differences import differences
from harness.replay.recognise import Seen, assertion_of, caller_of, patient_of, seen_in, slots_of, user_of
from harness.replay.recording import Asked, Recording
from harness.rows import NO_LIMITS, LimitsRow
from harness.scenario.messages import without_secrets
from harness.scenario.probe_row import Probe
from harness.scenario.right_requests import WINDOW, right_request
from harness.scenario.schema import LONGEST_TITLE
from harness.scenario.stage import Stage, Unmet
from harness.scenario.step_rows import SetFaults, Wait
from harness.scenario.steps import run_step
from harness.virtual_time import clock, run_virtual
from harness.world import build_world
from harness.worlds import CATALOGUE, load_world

CEILING_S = 400 * 86_400
LONGEST_WAIT_S = 7_776_000
FINE_S, COARSE_S = 0.05, 60
"""A shorter wait is no step of its own; in a longer one no part of a second matters."""


@dataclass(slots=True)
class Draft:
    """The steps so far, each with what is to be said about it."""

    steps: list[tuple[dict[str, Any], str]] = field(default_factory=list)

    def add(self, row: dict[str, Any], remark: str = "") -> None:
        """One more step."""
        self.steps.append((row, remark))


def recorded_id(name: str) -> str:
    """The id of the scenario that is made with this name."""
    return f"recorded/{name}"


def scenario_of(recording: Recording, name: str, *, show_names: bool = False) -> str:
    """The text of a scenario file that asks what was asked. Raises BadFile where the world is gone."""
    path = Path(recording.world)
    rows, _ = load_world(path)
    mask = unmasked if show_names else mask_for(rows.patients)

    async def main() -> Draft:
        world = build_world(
            rows, folder=path.parent, addresses=own_hosts(), now=clock(recording.began.astimezone(UTC)),
            seed=recording.seed, hop=True, limits=recording.limits,
        )  # fmt: skip
        async with HttpTransport.over(world.network) as transport:
            product = build_product(world, transport)
            return await _again(Stage(world, product, OurDriver(product), asyncio.sleep), recording, mask)

    return "\n".join(_file(recording, name, path, run_virtual(main, ceiling_s=CEILING_S))) + "\n"


async def _again(stage: Stage, recording: Recording, mask: Mask) -> Draft:
    draft, switched = Draft(), [*recording.switched]
    repeated = _repeated(stage, recording)
    for asked in recording.asked:
        while switched and switched[0].after < asked.number:
            faults = [rule.model_dump(exclude_defaults=True) | {"kind": rule.kind} for rule in switched.pop(0).faults]
            await _step(stage, draft, {"do": "set_faults", "faults": faults}, SetFaults)
        if (gap := _gap(stage, asked, recording.limits)) > 0:
            await _step(stage, draft, {"do": "wait", "seconds": gap}, Wait)
        row, remark = await _probe(stage, seen_in(stage.world, recording.base, asked), repeated, mask)
        came = await _came(stage, Probe.model_validate(row))
        if came != asked.answered:
            remark += f"{asked.answered} when it was recorded, {came} in the simulated world"
        draft.add(row, remark.removesuffix("; "))
    return draft


def _gap(stage: Stage, asked: Asked, limits: LimitsRow) -> float:
    """How long to wait for the moment of a request: whole seconds, but where a rate limit counts, their parts too."""
    seconds = min((asked.started - stage.world.now()).total_seconds(), LONGEST_WAIT_S)
    if limits == NO_LIMITS or seconds >= COARSE_S:
        return int(seconds)
    return round(seconds, 2) if seconds >= FINE_S else 0


async def _step(stage: Stage, draft: Draft, row: dict[str, Any], model: type[SetFaults] | type[Wait]) -> None:
    await run_step(stage, model.model_validate(row))
    draft.add(row)


async def _came(stage: Stage, probe: Probe) -> str:
    """What the probe is answered here, as its `expect` would say it."""
    try:
        return (await run_step(stage, probe.model_copy(update={"expect": "ok"}))).rpartition("/")[2]
    except Unmet as other:
        return other.got.rpartition("/")[2]


def _repeated(stage: Stage, recording: Recording) -> frozenset[str]:
    """The ids of assertions that were used again: what is fresh in a right request is told for these."""
    seen = [seen_in(stage.world, recording.base, one) for one in recording.asked if one.service == "token"]
    counts = Counter(str(assertion_of(one)[1].get("jti", "")) for one in seen)
    return frozenset(jti for jti, count in counts.items() if count > 1)


async def _probe(stage: Stage, seen: Seen, repeated: frozenset[str], mask: Mask) -> tuple[dict[str, Any], str]:
    """The step for one request: whom it is about, and how it differs from the right one."""
    asked, remark = seen.asked, ""
    row = await _about(stage, seen)
    try:
        right = await right_request(stage, Probe.model_validate(row))
    except Unmet as lacking:
        row, remark = {**row, "on": "read_metadata"}, f"{asked.on}, but for {lacking.expected} there is {lacking.got}; "
        right = await right_request(stage, Probe.model_validate(row))
    if asked.body_cut:
        remark += "only the beginning of its body was kept; "
    row |= _masked(differences(right, seen, repeated), mask)
    return row | {"expect": asked.answered}, remark


async def _about(stage: Stage, seen: Seen) -> dict[str, Any]:
    row: dict[str, Any] = {"do": "probe", "on": seen.on}
    if seen.service is Service.GP_CONNECT:
        row |= {"by": user_of(stage.world, seen), "to": seen.to}
        row |= {"patient": await patient_of(stage.world, seen)} if _of_a_patient(seen.on) else {}
        row |= {"direct": True} if seen.direct else {}
    elif seen.service is Service.SDS:
        row["to"] = seen.to
    elif seen.service is Service.PDS:
        row["patient"] = await patient_of(stage.world, seen)
    if (caller := caller_of(seen)) != "app":
        row["as"] = caller
    if seen.on == "create_appointment" and (slots := slots_of(seen, await _offers(stage, row))) != ("first",):
        row["slots"] = list(slots)
    return row


async def _offers(stage: Stage, row: dict[str, Any]) -> tuple[Offer, ...]:
    """What a probe that books would find on offer."""
    line, now = line_between(stage.world, row["by"], row["to"]), stage.world.now()
    try:
        return tuple(await Encounter(stage.product.office.consumer, line).search_slots(now, now + WINDOW))
    except Stop:
        return ()


def _of_a_patient(on: str) -> bool:
    return "patient" in on or "appointment" in on


def _masked(keys: dict[str, Any], mask: Mask) -> dict[str, Any]:
    return {key: _hidden(value, mask) for key, value in keys.items()}


def _hidden(value: Any, mask: Mask) -> Any:
    if isinstance(value, dict):
        return {key: _hidden(part, mask) for key, part in value.items()}
    if isinstance(value, list):
        return [_hidden(part, mask) for part in value]
    return mask(without_secrets(value)) if isinstance(value, str) else value


def _file(recording: Recording, name: str, path: Path, draft: Draft) -> Iterator[str]:
    inside = path.is_relative_to(CATALOGUE)
    yield f"# Recorded from {recording.base}. Each step sends the right request of its kind, changed where it says."
    yield "# What was done at a desk is not among them; put a step in its place (set_slots, take_slot ...)."
    if recording.forgotten:
        yield f"# The first {recording.forgotten} exchanges are no longer known: what they did is missing here."
    yield f"id: {recorded_id(name)}"
    yield f"title: {flow(f'Recorded against {path.stem}'[:LONGEST_TITLE])}"
    yield f"clock: {recording.began.isoformat(timespec='seconds')}"
    yield f"seed: {recording.seed}"
    yield f"world: {flow(path.relative_to(CATALOGUE).as_posix() if inside else str(path))}"
    if recording.limits != NO_LIMITS:
        yield f"limits: {flow(recording.limits.model_dump(exclude_defaults=True))}"
    yield "steps:"
    for row, remark in draft.steps:
        yield from (f"  # {remark}",) if remark else ()
        yield from entry(row)
