"""Worlds that are served: the main one, and as many isolated copies as testers name; each can be reset."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.types import ASGIApp, Receive, Scope, Send

from harness.world import World

NAMESPACE = re.compile(r"/n/([A-Za-z0-9_-]{1,40})(?=/|$)")
MOST_NAMESPACES = 200
"""A tester's loop must not fill the memory: further names are refused until one is dropped."""

Build = Callable[[str], World]
"""Builds a world whose addresses begin with this path prefix, such as `/n/mine`, or nothing."""


@dataclass(slots=True)
class LiveWorlds:
    """One ASGI app over all of them. `/n/{name}/...` is a world of its own, made when first asked for.

    Its SDS answers with addresses below the same prefix, so a consumer that begins there stays there.
    """

    build: Build
    control: Callable[["LiveWorlds", str], ASGIApp]
    worlds: dict[str, World] = field(default_factory=dict)

    def world(self, prefix: str = "") -> World | None:
        """The world below a prefix; None when there are too many already."""
        if prefix not in self.worlds:
            if len(self.worlds) > MOST_NAMESPACES:
                return None
            self.worlds[prefix] = self.build(prefix)
        return self.worlds[prefix]

    def reset(self, prefix: str) -> None:
        """As it was when it began, clock excepted. Exchanges under way end in the world that they began in."""
        self.worlds[prefix] = self.build(prefix)

    def drop(self, prefix: str) -> None:
        """Forgets a copy; its name can be used anew."""
        self.worlds.pop(prefix, None)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Finds the world by the prefix of the path, the control API by what follows."""
        if scope["type"] != "http":
            return
        found = NAMESPACE.match(scope["path"])
        prefix = found.group(0) if found else ""
        if scope["path"].startswith(f"{prefix}/control/"):
            root_path = f"{prefix}/control"
            await self.control(self, prefix)({**scope, "root_path": root_path}, receive, send)
        elif world := self.world(prefix):
            await world.network.front_door()(scope, receive, send)
        else:
            await _full(send)


async def _full(send: Send) -> None:
    body = f"there are {MOST_NAMESPACES} worlds already: DELETE one at /n/NAME/control/world\n".encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 429, "headers": headers})
    await send({"type": "http.response.body", "body": body})
