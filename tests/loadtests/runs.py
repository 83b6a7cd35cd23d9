"""Results of load runs, made without one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

from booking_core.consumer import Sender
from booking_core.wire.calls import Reply
from loadtests.answers import Answer
from loadtests.measures import Measures
from loadtests.plan import Journeys, Mix, National, Plan, Target
from loadtests.profile import Profile, planned_of, profile_of

SENDER = Sender(
    "u1", "Okafor", ("Ruth",), "Ms", "R1730", "", "", "T90101", "Booker", "gp-practice", "01632 960101", "1" * 12
)


def target(tier: str = "T3", supplier: str = "emis", visible: int = 100, **changes: Any) -> Target:
    whole = Target(tier, supplier, f"L{visible}", "2" * 12, "http://127.0.0.1:1/x", visible, visible, 5.0, assumed=True)
    return replace(whole, **changes)


def plan(*targets: Target, **changes: Any) -> Plan:
    whole = Plan(
        "profile", "http://127.0.0.1:1/ssp", SENDER, datetime(2026, 3, 28, tzinfo=UTC),
        datetime(2026, 4, 10, tzinfo=UTC), targets or (target(),), open_s=20.0, steady=True,
    )  # fmt: skip
    return replace(whole, **changes)


def answer(ms: float) -> Answer:
    """Sent in time, and all of it the clinical system's own."""
    return Answer(0.0, ms / 1e3, Reply(200, {"server-timing": f"modelled;dur={ms}, mock;dur=0.3"}))


def result(
    plan_: Plan,
    ms: Mapping[str, Sequence[float]],
    *,
    errors: Mapping[str, int] | None = None,
    cpu: float = 0.1,
    lost: int = 0,
) -> dict[str, Any]:
    """Every planned request answered, its milliseconds taken in turn from those of its target."""
    measures = Measures()
    measures.cpu["1"] = cpu
    for name, planned in planned_of(plan_).items():
        failed, measured = sum((errors or {}).values()), measures[f"search_slots {name}"]
        for at in range(planned - lost - failed):
            measured.take(answer(ms[name][at % len(ms[name])]), 0.0, at * 10 // planned)
            measured.record("closed", ms[name][at % len(ms[name])] / 1e3)
        measured.errors.update(errors or {})
        measured.facts.update({"bytes": 53_000.0, "gzip_bytes": 4_000.0})
    return {"version": 2, "plan": written(plan_), "measures": measures.encoded()}


JOURNEYS = Journeys(National("t", "p", "s", "key", "kid", ""), Mix(0.7, 1.6, 0.55, 0.02, 1.0, 3.0), (), 42)


def walked(
    plan_: Plan,
    ms: Mapping[str, Sequence[float]],
    came: Mapping[str, int],
    errors: Mapping[str, int] | None = None,
) -> Profile:
    """A run of journeys: milliseconds of each kind of request at the first target, and what journeys came to."""
    measures, name = Measures(), plan_.targets[0].name
    measures.cpu["1"] = 0.1
    for interaction, times in ms.items():
        measured = measures[f"{interaction} {name}"]
        for at, each in enumerate(times):
            measured.take(answer(each), 0.0, at * 10 // len(times))
        measured.errors.update(errors or {})
    measures.outcomes[name] = Counter(came)
    return profile_of({"version": 2, "plan": written(plan_), "measures": measures.encoded()})


def written(plan_: Plan) -> dict[str, Any]:
    import orjson

    return dict(orjson.loads(orjson.dumps(asdict(plan_))))


def profile(plan_: Plan, ms: Mapping[str, Sequence[float]], **more: Any) -> Profile:
    return profile_of(result(plan_, ms, **more))
