"""A consumer over replies that a test writes down."""

import random
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

import orjson

from booking_core.consumer import Consumer, NationalServices
from booking_core.spec.errors import BY_KEY
from booking_core.wire.ask import Wire
from booking_core.wire.calls import Call, Reply, Transport, Unanswered

NOW = datetime(2026, 3, 27, 8, 55, tzinfo=UTC)
Said = Reply | Unanswered


def fhir(body: dict[str, Any], status: int = 200) -> Reply:
    return Reply(status, {"content-type": "application/fhir+json"}, orjson.dumps(body))


def refusal(layer: str, code: str) -> Reply:
    row = BY_KEY[layer, code]
    coding = {"code": row.wire_code, "display": row.display}
    return fhir({"issue": [{"details": {"coding": [coding]}, "diagnostics": row.diagnostics}]}, row.status or 0)


class Scripted:
    """Answers each call by its interaction's name, in turn, and remembers the calls."""

    def __init__(self, said: dict[str, Iterable[Said]]) -> None:
        self.said = {name: iter(replies) for name, replies in said.items()}
        self.sent: list[Call] = []

    async def send(self, call: Call, *, deadline_s: float) -> Reply:
        self.sent.append(call)
        said = next(self.said[call.interaction.name])
        if isinstance(said, Unanswered):
            raise said
        return said


class Token:
    """An access token that is always at hand; counts how often it was thrown away."""

    forgotten = 0

    async def current(self, wire: Wire) -> str:
        return f"token-{self.forgotten}"

    def forget(self, refused: str) -> None:
        self.forgotten += refused == f"token-{self.forgotten}"


def consumer(transport: Transport) -> Consumer:
    numbers = iter(range(10_000))
    wire = Wire(transport, lambda: NOW, lambda: f"id-{next(numbers)}", random.Random(1))
    services = NationalServices("https://pds.test", "https://sds.test", "https://ssp.test", "key")
    return Consumer(wire, services, Token())  # type: ignore[arg-type]  # what is asked of it, it does


Asked = Callable[[], Any]
