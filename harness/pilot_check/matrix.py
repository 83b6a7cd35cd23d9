"""Booker x receiver x slot type, each cell proved by a journey; a process for each receiver."""

import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor

from harness.credentials import private_key
from harness.pilot_check.cells import Pair
from harness.pilot_check.subject import Subject
from harness.pilot_check.walk import Task, walk

WORTH_A_POOL = 8
"""Fewer pairs are walked sooner than processes are started."""


def tasks_of(subject: Subject) -> list[Task]:
    """The links, gathered by receiver; a link to oneself is no journey of a pilot."""
    bookers: dict[str, list[str]] = {}
    for edge in subject.edges:
        if edge.booker is not edge.receiver:
            bookers.setdefault(edge.receiver.ods, []).append(edge.booker.ods)
    folder = subject.path.parent
    return [Task(subject.sound, folder, subject.now, ods, tuple(them)) for ods, them in bookers.items()]


def matrix(subject: Subject, jobs: int, done: Callable[[int], None]) -> tuple[Pair, ...]:
    """Every pair in the order of the links' receivers; `done` hears of each batch of pairs."""
    pairs: list[Pair] = []
    for some in _walked(tasks_of(subject), jobs):
        pairs += some
        done(len(some))
    return tuple(pairs)


def _walked(tasks: Sequence[Task], jobs: int) -> Iterator[list[Pair]]:
    if jobs == 1 or sum(len(task.bookers) for task in tasks) < WORTH_A_POOL:
        yield from map(walk, tasks)
        return
    private_key()  # made once, before processes are forked
    pool = ProcessPoolExecutor(jobs, initializer=signal.signal, initargs=(signal.SIGINT, signal.SIG_IGN))
    try:
        yield from (one.result() for one in [pool.submit(walk, task) for task in tasks])
    finally:
        pool.shutdown(cancel_futures=True)
