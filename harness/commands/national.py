"""`crossbook national`: a day of a whole country, replayed network by network."""

import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import orjson
from rich.progress import TimeRemainingColumn

from harness.files import BadFile, Problem, write
from harness.national.day import Task
from harness.national.model import ENGLAND, read_model
from harness.national.networks import chosen
from harness.national.on_html import html_page
from harness.national.on_screen import show
from harness.national.outcome import outcome_of
from harness.national.replay import replayed
from harness.national.tally import Tally
from harness.reports.terminal import as_text, console, progress_bar


@dataclass(frozen=True, slots=True)
class NationalOptions:
    """The command line, read."""

    share: float
    day: str
    demand: float
    seed: int
    jobs: int
    model: Path | None
    report: Path


def simulate_country(options: NationalOptions) -> int:
    """Replays, shows and writes; raises BadFile before anything has run. 0, or 130 after Ctrl-C."""
    model, day = read_model(options.model or ENGLAND), _day(options.day)
    networks = chosen(model, options.share, options.seed)
    tasks = [Task(model, options.seed, network, day, options.demand) for network in networks]
    output, whole = console(), Tally()
    with progress_bar(TimeRemainingColumn()) as progress:
        bar = progress.add_task("networks", total=len(tasks))
        for tally in replayed(tasks, options.jobs or os.cpu_count() or 1):
            whole.add(tally)
            progress.advance(bar)
    outcome = outcome_of(model, whole, day=day, seed=options.seed, demand=options.demand)
    reports = {
        "national.json": orjson.dumps(outcome.as_json(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE),
        "national.txt": as_text(lambda page: show(page, outcome)).encode(),
        "national.html": html_page(outcome),
    }
    for name, content in reports.items():
        write(options.report / name, content)
    show(output, outcome)
    for name in reports:
        output.print(f"report: {options.report / name}", soft_wrap=True)
    return 0


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        message = f"expected a day such as 2026-03-24, got {text!r}"
        raise BadFile([Problem(Path("--day"), 0, 0, "", message)]) from None
