"""The networks of a sample, side by side over processes; the sum is the same however many there are."""

import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor

from harness.credentials import private_key
from harness.national.day import Task, simulate
from harness.national.tally import Tally


def replayed(tasks: Sequence[Task], jobs: int) -> Iterator[Tally]:
    """What each network's day came to, in the order of the tasks."""
    if jobs == 1 or len(tasks) == 1:
        yield from map(simulate, tasks)
        return
    private_key()  # made once, before processes are forked
    pool = ProcessPoolExecutor(jobs, initializer=signal.signal, initargs=(signal.SIGINT, signal.SIG_IGN))
    try:
        yield from pool.map(simulate, tasks)
    finally:
        pool.shutdown(cancel_futures=True)
