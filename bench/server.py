"""A child process that serves the measured world: prints where, and what to ask, as one line of JSON."""

import asyncio
import sys

import orjson

from bench.ours import SIZES, shapes_of, targets_of, world_of
from harness.real_time import run_accelerated
from harness.serve import base_url, bind, serving


async def main() -> None:
    """Serve until the parent closes our standard input."""
    listener = bind()
    base = base_url(listener)
    world = world_of(shapes_of(list(SIZES)), base)
    asked = {
        f"{way}:{size}": target.on_the_wire(base.removeprefix("http://")).decode()
        for at, size in enumerate(SIZES)
        for way, target in targets_of(world, at).items()
    }
    async with serving(world.network.front_door(), sock=listener):
        print(orjson.dumps({"base": base, "asked": asked}).decode(), flush=True)
        closed = asyncio.Event()
        asyncio.get_running_loop().add_reader(sys.stdin, closed.set)
        await closed.wait()


if __name__ == "__main__":
    run_accelerated(main)
