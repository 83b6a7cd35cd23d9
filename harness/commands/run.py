"""`crossbook run`."""

import os
import signal
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from harness.credentials import private_key
from harness.driver import load_factory
from harness.files import BadFile, Problem, did_you_mean, write
from harness.reports import text
from harness.reports.html import html_report
from harness.reports.json_report import json_report
from harness.reports.junit import junit_report
from harness.reports.terminal import as_text, console, progress_bar
from harness.scenario.find import find_scenarios
from harness.scenario.load import Loaded
from harness.scenario.run import Case, Choices, cases_of, run_case
from harness.verdicts import Result, roll_up
from harness.worlds import check_profile
from mock_gpconnect.suppliers.profile import built_in_profiles

STOPPED = 130
WORTH_A_POOL = 20
"""Fewer cases are run sooner than processes are started."""

EXIT = {"pass": 0, "omit": 0, "skip": 1, "fail": 1, "error": 3}


@dataclass(frozen=True, slots=True)
class RunOptions:
    """The command line, read."""

    patterns: tuple[str, ...]
    choices: Choices
    report: Path | None
    json: Path | None
    junit: Path | None
    jobs: int = 1


def run_scenarios(options: RunOptions) -> int:
    """Runs, shows and writes; gives the exit code. Raises BadFile before anything has run."""
    check_choices(options)
    loaded = find_scenarios(options.patterns)
    cases = [case for one in loaded for case in cases_of(one, options.choices)]
    if not cases:
        raise nothing_to_run(options.choices.suppliers, loaded)
    results = run_and_show(cases, options)
    if len(results) < len(cases):
        return STOPPED
    return EXIT[roll_up(result.verdict for result in results)]


def run_and_show(
    cases: Sequence[Case], options: RunOptions, reported: Callable[[list[Result]], list[Result]] = lambda new: new
) -> list[Result]:
    """The results of those that ran before Ctrl-C; `reported` makes of them what reports hold."""
    output = console()
    began = time.perf_counter()
    results = _run(cases, options.jobs or os.cpu_count() or 1)
    seconds = time.perf_counter() - began
    written = _write(options, reported(results), seconds)  # before it is shown: `| head` hangs up in the middle
    text.show(output, results, seconds)
    for path in written:
        output.print(f"report: {path}", soft_wrap=True)
    if len(results) < len(cases):
        output.print(f"stopped: {len(cases) - len(results)} of {len(cases)} were not run")
    return results


def nothing_to_run(wanted: Sequence[str], loaded: Sequence[Loaded]) -> BadFile:
    """What to say when each scenario has a matrix, and none of them holds what is wanted."""
    in_matrix = sorted({supplier for one in loaded for supplier in one.scenario.suppliers})
    message = f"nothing to run: no scenario has {' or '.join(wanted)} in its matrix"
    return BadFile([Problem(Path("--supplier"), 0, 0, "", message, f"there are {', '.join(in_matrix)}")])


def check_choices(options: RunOptions) -> None:
    """Raises BadFile for a supplier or a consumer that there is not."""
    if options.choices.consumer:
        load_factory(options.choices.consumer)
    for name in options.choices.suppliers:
        if name.endswith(".toml"):
            check_profile(Path(name))
        elif name not in built_in_profiles():
            hint = did_you_mean(name, built_in_profiles()) + ", or a .toml file of yours"
            raise BadFile([Problem(Path("--supplier"), 0, 0, "", f"there is no supplier {name!r}", hint)])


def _run(cases: Sequence[Case], jobs: int) -> list[Result]:
    results: list[Result] = []
    with _stoppable() as stopped, progress_bar() as progress:
        task = progress.add_task("running", total=len(cases))
        with closing(in_order(cases, jobs)) as running:
            for result in running:
                results.append(result)
                progress.update(task, advance=1, description=result.id)
                if stopped:
                    break
    return results


def in_order(cases: Sequence[Case], jobs: int) -> Generator[Result, None, None]:
    """The results in the order of the cases, however many processes make them."""
    if jobs == 1 or len(cases) < WORTH_A_POOL:
        yield from map(run_case, cases)
        return
    private_key()  # made once, before processes are forked
    pool = ProcessPoolExecutor(jobs, initializer=signal.signal, initargs=(signal.SIGINT, signal.SIG_IGN))
    try:
        yield from (one.result() for one in [pool.submit(run_case, case) for case in cases])
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def _stoppable() -> Iterator[list[int]]:
    """Ctrl-C ends the run after the scenario under way, with a report of what was run; twice ends it at once."""
    stopped: list[int] = []

    def stop(number: int, _frame: object) -> None:
        if stopped:
            raise KeyboardInterrupt
        stopped.append(number)

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield stopped
    finally:
        signal.signal(signal.SIGINT, before)


def _write(options: RunOptions, results: Sequence[Result], seconds: float) -> list[Path]:
    """The reports that were asked for; `--report` is a folder with all of them."""
    wanted: dict[Path, bytes] = {}
    if options.json:
        wanted[options.json] = json_report(results)
    if options.junit:
        wanted[options.junit] = junit_report(results)
    if options.report:
        wanted[options.report / "report.json"] = json_report(results)
        wanted[options.report / "junit.xml"] = junit_report(results)
        wanted[options.report / "report.txt"] = _as_text(results, seconds)
        wanted[options.report / "report.html"] = html_report(results)
    for path, content in wanted.items():
        write(path, content)
    return [*wanted]


def _as_text(results: Sequence[Result], seconds: float) -> bytes:
    return as_text(lambda page: text.show(page, results, seconds)).encode()
