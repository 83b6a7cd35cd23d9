"""Sending a call and noting what came of it: in our own measures, and in Locust's for its web page."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from booking_core.spec.interactions import Interaction
from booking_core.wire.calls import Call
from loadtests.answers import Answer
from loadtests.client import Client
from loadtests.measures import SLICES, Measures
from loadtests.plan import Plan, Target, request_name


@dataclass(slots=True)
class Sending:
    """One process's way to the servers. `began` is the moment from which the run's slices are counted."""

    environment: Any
    plan: Plan
    measures: Measures
    client: Client
    began: float = 0.0

    def ask(self, target: Target, call: Call, phase: str = "", *, packed: bool = False) -> Answer:
        """The answer, told to Locust under tier and supplier; not yet noted."""
        answer = self.client.send(call, packed=packed)
        self.environment.events.request.fire(
            request_type=call.interaction.name, name=f"{target.name} ({phase})" if phase else target.name,
            response_time=(answer.ended - answer.sent) * 1e3, response_length=answer.length, response=None,
            context={}, exception=RuntimeError(answer.fault) if answer.fault else None,
        )  # fmt: skip
        return answer

    def note(self, target: Target, interaction: Interaction, answer: Answer, intended: float) -> None:
        """Part of the open phase: a success has times. What journeys still ask after its end is in no slice."""
        if not answer.fault:
            part = int((intended - self.began) / self.plan.open_s * SLICES)
            self.measures[request_name(interaction.name, target)].take(answer, intended, part)

    def failed(self, target: Target, interaction: Interaction, why: str) -> None:
        """Part of the open phase: a failure has a class."""
        self.measures[request_name(interaction.name, target)].errors[why] += 1

    @staticmethod
    def now() -> float:
        """The clock by which everything here is measured."""
        return time.perf_counter()
