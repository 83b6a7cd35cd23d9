"""One worker process: takes its order from standard input, says `ready`, and serves until it is told to stop."""

from __future__ import annotations

import asyncio
import signal
import sys

import orjson

from harness.credentials import own_application, use_key
from harness.files import BadFile
from harness.real_time import run_accelerated
from harness.serve import bind, serving
from harness.sharing.database_postgres import database
from harness.sharing.order import Plan, WorkerOrder, plan_of
from harness.sharing.store_postgres import Store
from harness.sharing.worlds import SharedWorlds, StoreClock


async def serve(plan: Plan) -> None:
    """Serves the world of the store."""
    order, now = plan.order, StoreClock()
    async with database(order.store) as pool:
        store = Store(pool)
        use_key(await store.common_key(own_application()["private_key"]))
        live = SharedWorlds(
            store, plan.build_with(now), now, worker_number=await store.worker_number(), like=plan.made_of,
            origin=plan.origin,
        )  # fmt: skip
        await live.ready("")
        listener = bind(order.host, order.port, allow_any_host=True, shared=True)
        async with serving(live, sock=listener):
            print("ready", flush=True)
            await _told_to_stop()


async def _told_to_stop() -> None:
    """By a signal, or by the end of standard input: whoever started us is gone then."""
    loop, stopped = asyncio.get_running_loop(), asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stopped.set)
    loop.add_reader(sys.stdin.fileno(), stopped.set)
    await stopped.wait()


def main() -> None:
    """The process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever started us
    order = WorkerOrder(**orjson.loads(sys.stdin.readline()))
    try:
        plan = plan_of(order)
        run_accelerated(lambda: serve(plan))
    except BadFile as bad:
        print(bad, file=sys.stderr)
        raise SystemExit(2) from None


if __name__ == "__main__":
    main()
