"""A child process that serves the measured worlds: prints where, and what to ask, as one line of JSON.

Two worlds on one port: one keeps no answers, so that every search is made anew; below `/kept` is one that does.
"""

import asyncio
import sys

import orjson
from starlette.types import ASGIApp, Receive, Scope, Send

from bench.ours import KEPT, SIZES, shapes_of, targets_of, world_of
from harness.real_time import run_accelerated
from harness.serve import base_url, bind, serving


def either(made: ASGIApp, kept: ASGIApp) -> ASGIApp:
    """Both worlds, told apart by path."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await (kept if scope["path"].startswith(KEPT) else made)(scope, receive, send)

    return app


async def main() -> None:
    """Serve until the parent closes our standard input."""
    listener = bind()
    base = base_url(listener)
    host = base.removeprefix("http://")
    made = world_of(shapes_of(list(SIZES)), base, kept_bytes=0)
    kept = world_of(shapes_of(list(SIZES)), base + KEPT)
    asked = {
        f"{word}{way}:{size}": [target.on_the_wire(host).decode() for target in targets]
        for word, world in (("", made), ("kept ", kept))
        for at, size in enumerate(SIZES)
        for way, targets in targets_of(world, at).items()
    }
    async with serving(either(made.network.front_door(), kept.network.front_door()), sock=listener):
        print(orjson.dumps({"base": base, "asked": asked}).decode(), flush=True)
        closed = asyncio.Event()
        asyncio.get_running_loop().add_reader(sys.stdin, closed.set)
        await closed.wait()


if __name__ == "__main__":
    run_accelerated(main)
