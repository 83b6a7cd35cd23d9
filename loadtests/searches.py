"""Slot searches alone, for a profile: the same question again and again, to the one or the other practice."""

from __future__ import annotations

import time
import uuid
from datetime import UTC, datetime

import gevent

from booking_core.gpconnect.requests import search_slots
from booking_core.spec.interactions import BY_NAME
from loadtests.answers import Answer
from loadtests.plan import Target, request_name
from loadtests.sending import Sending

_SEARCH = BY_NAME["search_slots"]


class Searches:
    """Every search of one process."""

    def __init__(self, sending: Sending) -> None:
        self._sending = sending

    def one(self, _number: int, target: Target, intended: float) -> None:
        """One arrival of the open phase."""
        answer = self._ask(target)
        self._sending.note(target, _SEARCH, answer, intended)
        if answer.fault:
            self._sending.failed(target, _SEARCH, answer.fault)

    def closed(self, target: Target, ends: float) -> None:
        """One after the other until it is time."""
        measured = self._sending.measures[request_name(_SEARCH.name, target)]
        while time.perf_counter() < ends:
            answer = self._ask(target, "warm-up")
            if answer.fault:
                gevent.sleep(0.1)
            else:
                measured.record("closed", answer.ended - answer.sent)

    def size(self, target: Target, packed: bool) -> None:
        """What one answer weighs."""
        answer = self._ask(target, "sizes", packed=packed)
        if not answer.fault:
            facts = self._sending.measures[request_name(_SEARCH.name, target)].facts
            facts["gzip_bytes" if packed else "bytes"] = float(answer.length)

    def _ask(self, target: Target, phase: str = "", *, packed: bool = False) -> Answer:
        plan = self._sending.plan
        now = datetime.now(UTC)  # noqa: TID251 - a load run is in real time
        trace_id = str(uuid.uuid4())  # noqa: TID251 - and its trace ids need not be repeated
        call = search_slots(plan.line(target), plan.starts, plan.ends, now=now, trace_id=trace_id)
        return self._sending.ask(target, call, phase, packed=packed)
