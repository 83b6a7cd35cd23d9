"""What a fault does: a kind is its settings and one method."""

import asyncio
import math
import random
from collections.abc import Mapping
from typing import Annotated, Literal

import orjson
from jwt.utils import base64url_decode, base64url_encode
from pydantic import Field, TypeAdapter

from harness.asgi import header
from harness.faults.line import Line
from harness.faults.rules import FaultRule, Phase

UNREADABLE = b"\xff\xfe\xc0\xc1\xf5"
"""Bytes that no UTF-8 text holds."""


class _Ending(FaultRule):
    """A fault that leaves nothing for another one to strike."""

    def ends(self) -> bool:
        return True


class Cut(_Ending):
    """The connection closes without an answer."""

    kind: Literal["cut"] = "cut"

    async def strike(self, line: Line, rng: random.Random) -> None:
        """Close it."""
        await line.cut()


class Hang(_Ending):
    """No answer ever: waits until the caller has left, at most `max_s`, and closes then."""

    kind: Literal["hang"] = "hang"
    max_s: float = Field(default=600, gt=0)

    async def strike(self, line: Line, rng: random.Random) -> None:
        """Say nothing."""
        if not await line.silence(self.max_s):
            await line.cut()


class Latency(FaultRule):
    """The message takes longer: lognormal around a median, never above a cap."""

    kind: Literal["latency"] = "latency"
    median_ms: float = Field(gt=0, examples=[800])
    sigma: float = Field(default=0, ge=0)
    cap_ms: float = Field(default=60_000, gt=0)

    async def strike(self, line: Line, rng: random.Random) -> None:
        """Wait."""
        drawn_ms = rng.lognormvariate(math.log(self.median_ms), self.sigma)
        await asyncio.sleep(min(drawn_ms, self.cap_ms) / 1000)


class Refuse(_Ending):
    """Nothing listens at this address; it cannot be a reply's fate."""

    kind: Literal["refuse"] = "refuse"
    phase: Literal["request"] = Field(
        default="request", description="`refuse` lets no request come, so there is no reply"
    )

    async def strike(self, line: Line, rng: random.Random) -> None:
        """Let no connection come about."""
        await line.refuse()


class Status(_Ending):
    """Another answer instead: a status, as a broken proxy or an overloaded gateway gives it."""

    kind: Literal["status"] = "status"
    status: int = Field(ge=200, le=599, examples=[503])
    body: str = ""
    media_type: str = "text/plain"
    headers: Mapping[str, str] = {}

    async def strike(self, line: Line, rng: random.Random) -> None:
        """Answer in the mock's place."""
        body = self.body.encode()
        named = {"content-length": str(len(body))} | ({"content-type": self.media_type} if body else {})
        for name, value in self.headers.items():
            named[name.lower()] = value
        await line.answer(
            self.status, [(name.encode(), value.encode("latin-1")) for name, value in named.items()], body
        )


class Truncate(FaultRule):
    """The message breaks off: a reply with its connection, a request as a body without its end."""

    kind: Literal["truncate"] = "truncate"
    phase: Phase = "reply"
    keep: float = Field(default=0.5, ge=0, lt=1, description="the share of the body that arrives")

    def ends(self) -> bool:
        """A reply's connection has gone."""
        return self.phase == "reply"

    async def strike(self, line: Line, rng: random.Random) -> None:
        """Keep the first part."""
        kept = int(len(line.held.body) * self.keep)
        if line.is_reply:
            await line.break_off(kept)
        else:
            line.change(line.held.body[:kept])


class Garble(FaultRule):
    """The body arrives in full length and cannot be read: its first byte and a share of the others are no text."""

    kind: Literal["garble"] = "garble"
    phase: Phase = "reply"
    share: float = Field(default=0.05, ge=0, le=1)

    async def strike(self, line: Line, rng: random.Random) -> None:
        """Overwrite bytes."""
        body = line.held.body
        garbled = (
            rng.choice(UNREADABLE) if not at or rng.random() < self.share else byte for at, byte in enumerate(body)
        )
        line.change(bytes(garbled))


class WrongType(FaultRule):
    """The message claims to be of another media type than it is."""

    kind: Literal["wrong_type"] = "wrong_type"
    phase: Phase = "reply"
    media_type: str = "text/html"

    async def strike(self, line: Line, rng: random.Random) -> None:
        """Re-label it."""
        line.set_header("content-type", self.media_type)


class Stale(FaultRule):
    """An old answer: the first one to each question passes, and comes again whenever the same is asked."""

    kind: Literal["stale"] = "stale"
    phase: Literal["reply"] = Field(default="reply", description="`stale` puts an old reply in place of a reply")

    async def strike(self, line: Line, rng: random.Random) -> None:
        """Put the old one in the new one's place."""
        if old := line.old_answer():
            line.held = old


class Skew(FaultRule):
    """The service's clock is fast (or slow, below 0): the audit token of a request looks older (or newer)."""

    kind: Literal["skew"] = "skew"
    phase: Literal["request"] = Field(default="request", description="`skew` shifts the audit token of a request")
    seconds: int = Field(ge=-86_400, le=86_400, examples=[300])

    async def strike(self, line: Line, rng: random.Random) -> None:
        """Shift the times in the token; a signed or an opaque one stays as it is."""
        scheme, _, token = (header(line.held.headers, "authorization") or "").partition(" ")
        if token.endswith("."):
            line.set_header("authorization", f"{scheme} {_shifted(token, -self.seconds)}")


def _shifted(token: str, seconds: int) -> str:
    head, _, rest = token.partition(".")
    try:
        claims = orjson.loads(base64url_decode(rest.rstrip(".")))
    except ValueError:
        return token
    if not isinstance(claims, dict):
        return token
    claims |= {name: claims[name] + seconds for name in ("iat", "exp") if type(claims.get(name)) is int}
    return f"{head}.{base64url_encode(orjson.dumps(claims)).decode()}."


Fault = Annotated[
    Cut | Hang | Latency | Refuse | Status | Truncate | Garble | WrongType | Stale | Skew, Field(discriminator="kind")
]
"""Any fault, told apart by `kind`: the type for a field of a scenario."""

FAULT: TypeAdapter[FaultRule] = TypeAdapter(Fault)
"""Reads one fault from a mapping."""
