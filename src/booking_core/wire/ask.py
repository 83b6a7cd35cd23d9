"""Asking: send, read, and ask again where that is harmless."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import stamina

from booking_core.reactions import Stop, reaction_to
from booking_core.spec.budgets import CONSUMER_DEADLINE_S, NATIONAL_DEADLINE_S, PATIENCE_S, QUERY_TRIES
from booking_core.spec.errors import BY_KEY, ErrorRow
from booking_core.spec.interactions import Interaction, Kind, Service
from booking_core.wire.calls import Call, Reply, Transport, Unanswered
from booking_core.wire.refusal_rows import refusal_row

stamina.instrumentation.set_on_retry_hooks([])  # it would print each retry

Now = Callable[[], datetime]
NewId = Callable[[], str]
T = TypeVar("T")

_LAYERS = {
    Service.GP_CONNECT: ("provider", "ssp"),
    Service.PDS: ("pds",),
    Service.SDS: ("sds",),
    Service.TOKEN: ("token",),
}
_BACK_OFF_S = 0.5


class Unreadable(Exception):
    """A 2xx reply that is not what was asked for; the text says what came instead, `code` names the wire row."""

    code = "UNREADABLE"


class WrongMediaType(Unreadable):
    """A 2xx reply that does not even claim to be FHIR JSON."""

    code = "WRONG_MEDIA_TYPE"


@dataclass(frozen=True, slots=True)
class Wire:
    """A way out: transport, clock, identity and chance in one value."""

    transport: Transport
    now: Now
    new_id: NewId
    rng: random.Random

    async def ask(self, interaction: Interaction, build: Callable[[], Call], read: Callable[[Reply], T]) -> T:
        """What `read` makes of the reply; raises Stop with the reaction to anything else.

        `build` is called for each try, so that each has its own trace id and token. Commands are
        tried once: a command without an answer may have been carried out.
        """
        tries = QUERY_TRIES if interaction.kind is Kind.QUERY else 1
        calls: list[Call] = []
        try:
            async with asyncio.timeout(PATIENCE_S):
                async for attempt in stamina.retry_context(on=self._wait, attempts=tries, timeout=None):
                    with attempt:
                        calls.append(build())
                        return await self._once(interaction, calls[-1], read)
        except TimeoutError:
            row = BY_KEY["wire", "TIMEOUT"]
            raise _Refusal(interaction, calls[-1], row=row, detail=row.display) from None
        raise AssertionError("a retry context either returns or raises")

    async def _once(self, interaction: Interaction, call: Call, read: Callable[[Reply], T]) -> T:
        national = interaction.service is not Service.GP_CONNECT
        deadline_s = NATIONAL_DEADLINE_S if national else CONSUMER_DEADLINE_S[interaction.kind]
        status = 0
        try:
            reply = await self.transport.send(call, deadline_s=deadline_s)
            if 200 <= reply.status < 300:
                return _reading(read, reply)
            (row, detail), status = refusal_row(reply, _LAYERS[interaction.service]), reply.status
            retry_after = reply.headers.get("retry-after") or reply.headers.get("x-rate-limit-reset") or ""
        except Unanswered as nothing:
            row, detail, retry_after = nothing.row, nothing.row.display, ""
        except Unreadable as odd:
            row, detail, retry_after = BY_KEY["wire", odd.code], str(odd), ""
        raise _Refusal(interaction, call, row=row, detail=detail, retry_after=retry_after, status=status)

    def _wait(self, fault: Exception) -> bool | float:
        """Seconds to wait before the next try, or False: no next try."""
        if not isinstance(fault, _Refusal) or not fault.reaction.may_retry:
            return False
        if fault.retry_after.isdigit():
            return float(fault.retry_after)
        return _BACK_OFF_S * self.rng.uniform(0.5, 1.5)


def _reading(read: Callable[[Reply], T], reply: Reply) -> T:
    """A reader takes for granted what a valid answer has; one that stumbles has met another one."""
    try:
        return read(reply)
    except (AttributeError, LookupError, TypeError, ValueError) as odd:
        raise Unreadable(f"not what was asked for: {type(odd).__name__}: {odd}") from odd


class _Refusal(Stop):
    """A Stop that remembers how long the far side asked us to wait."""

    def __init__(
        self,
        interaction: Interaction,
        call: Call,
        *,
        row: ErrorRow,
        detail: str,
        retry_after: str = "",
        status: int = 0,
    ) -> None:
        super().__init__(reaction_to(row, interaction, status), detail, row, call.trace_id)
        self.retry_after = retry_after
