"""Worlds that are served: the main one, and as many isolated copies as testers name; each can be reset."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from starlette.types import ASGIApp, Receive, Scope, Send

from harness.rows import LimitsRow
from harness.world import World

NAMESPACE = re.compile(r"/n/([A-Za-z0-9_-]{1,40})(?=/|$)")
MOST_NAMESPACES = 200
"""A tester's loop must not fill the memory: further names are refused until one is dropped."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What served worlds are built from, for whoever builds them again: a file, a seed, rate limits."""

    path: Path
    seed: int
    limits: LimitsRow


Build = Callable[[str], World]
"""Builds a world whose addresses begin with this path prefix, such as `/n/mine`, or nothing."""


@dataclass(slots=True)
class LiveWorlds:
    """One ASGI app over all of them. `/n/{name}/...` is a world of its own, made when first asked for.

    Its SDS answers with addresses below the same prefix, so a consumer that begins there stays there.
    """

    build: Build
    control: Callable[["LiveWorlds", str], ASGIApp]
    origin: Origin | None = None
    worlds: dict[str, World] = field(default_factory=dict)
    began: dict[str, datetime] = field(default_factory=dict)

    def world(self, prefix: str = "") -> World | None:
        """The world below a prefix; None when there are too many already."""
        if prefix not in self.worlds:
            if len(self.worlds) > MOST_NAMESPACES:
                return None
            self._begin(prefix)
        return self.worlds[prefix]

    async def ready(self, prefix: str) -> World | None:
        """The same, once it is as whoever else serves it left it."""
        return self.world(prefix)

    async def reset(self, prefix: str) -> None:
        """As it was when it began, clock excepted. Exchanges under way end in the world that they began in."""
        self._begin(prefix)

    def _begin(self, prefix: str) -> None:
        self.worlds[prefix] = self.build(prefix)
        self.began[prefix] = self.worlds[prefix].now()

    async def drop(self, prefix: str) -> None:
        """Forgets a copy; its name can be used anew."""
        self.worlds.pop(prefix, None)
        self.began.pop(prefix, None)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Finds the world by the prefix of the path, the control API by what follows."""
        if scope["type"] != "http":
            return
        found = NAMESPACE.match(scope["path"])
        prefix = found.group(0) if found else ""
        world = await self.ready(prefix)
        if scope["path"].startswith(f"{prefix}/control/"):
            root_path = f"{prefix}/control"
            await self.control(self, prefix)({**scope, "root_path": root_path}, receive, send)
        elif world:
            await world.network.front_door()(scope, receive, send)
        else:
            await _full(send)


async def _full(send: Send) -> None:
    body = f"there are {MOST_NAMESPACES} worlds already: DELETE one at /n/NAME/control/world\n".encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 429, "headers": headers})
    await send({"type": "http.response.body", "body": body})
