"""Booker x receiver x slot type, each cell proved by a journey; a process for each receiver."""

import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from multiprocessing import get_context
from multiprocessing.sharedctypes import Synchronized

from harness.credentials import private_key
from harness.pilot_check.cells import Pair
from harness.pilot_check.subject import Subject
from harness.pilot_check.walk import Task, walk

WORTH_A_POOL = 8
"""Fewer pairs are walked sooner than processes are started."""

FEW = 60
"""So many pairs may each be told from the first exchange to the last, and a report can still be sent by mail."""

LOOK_S = 0.2
"""How often a bar moves."""

Done = Callable[[int], None]


def tasks_of(subject: Subject) -> list[Task]:
    """The links, gathered by receiver; a link to oneself is no journey of a pilot."""
    bookers: dict[str, list[str]] = {}
    for edge in subject.edges:
        if edge.booker is not edge.receiver:
            bookers.setdefault(edge.receiver.ods, []).append(edge.booker.ods)
    few = sum(map(len, bookers.values())) <= FEW
    return [
        Task(subject.sound, subject.path.parent, subject.now, ods, tuple(them), few) for ods, them in bookers.items()
    ]


def matrix(subject: Subject, jobs: int, done: Done) -> tuple[Pair, ...]:
    """Every pair in the order of the links' receivers; `done` hears of pairs as they are walked."""
    tasks = tasks_of(subject)
    if jobs == 1 or len(tasks) == 1 or sum(len(task.bookers) for task in tasks) < WORTH_A_POOL:
        return tuple(pair for task in tasks for pair in walk(task, lambda: done(1)))
    return tuple(pair for pairs in _by_processes(tasks, jobs, done) for pair in pairs)


def _by_processes(tasks: Sequence[Task], jobs: int, done: Done) -> Iterator[list[Pair]]:
    private_key()  # made once, before processes are forked
    processes = get_context()
    walked: Synchronized[int] = processes.Value("i", 0)
    pool = ProcessPoolExecutor(jobs, processes, _count_in, (walked,))
    try:
        results = [pool.submit(_walk, task) for task in tasks]
        _follow(results, walked, done)
        yield from (one.result() for one in results)
    finally:
        pool.shutdown(cancel_futures=True)


def _follow(results: Sequence[Future[list[Pair]]], walked: "Synchronized[int]", done: Done) -> None:
    """Passes on how many pairs have been walked, until all are or one walk has failed."""
    told, waiting = 0, set(results)
    while waiting:
        finished, waiting = wait(waiting, timeout=LOOK_S)
        now = walked.value
        done(now - told)
        told = now
        for one in finished:
            one.result()


_walked: "Synchronized[int] | None" = None
"""In a process of the pool: the counter that all of them share."""


def _count_in(walked: "Synchronized[int]") -> None:
    global _walked
    _walked = walked
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _walk(task: Task) -> list[Pair]:
    return walk(task, _step)


def _step() -> None:
    if _walked is not None:
        with _walked.get_lock():
            _walked.value += 1
