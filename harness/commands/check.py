"""`crossbook check`."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError
from rich.console import Console

from harness.files import BadFile, Moment, Problem, write
from harness.pilot_check.as_json import json_of
from harness.pilot_check.capacity import capacities
from harness.pilot_check.cells import Pair
from harness.pilot_check.diff import changes
from harness.pilot_check.launch_email import emails
from harness.pilot_check.matrix import matrix
from harness.pilot_check.on_html import html_of
from harness.pilot_check.on_screen import show
from harness.pilot_check.rules import findings
from harness.pilot_check.subject import Subject, read_subject, shown
from harness.pilot_check.verdict import Checked
from harness.reports.terminal import console, progress_bar


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """The command line, read. No clock: each pilot's launch day."""

    files: tuple[Path, ...]
    walk: bool = True
    clock: str = ""
    json: Path | None = None
    report: Path | None = None
    jobs: int = 0


def check_pilots(options: CheckOptions) -> int:
    """0 clean, 1 something would not work on the launch day. Raises BadFile before anything is walked."""
    output, at = console(), _moment(options.clock)
    today = datetime.now(UTC)  # noqa: TID251 - a pilot without a launch day is looked at today
    subjects = [read_subject(path, at, today) for path in options.files]
    _refuse_same_ids(subjects)
    return _told(output, [_checked(subject, options) for subject in subjects], options)


def compare_pilots(old: Path, new: Path, options: CheckOptions) -> int:
    """What changes for whom, and whether the new one is clean: exit codes as those of a check of the new one."""
    output, at = console(), _moment(options.clock)
    today = datetime.now(UTC)  # noqa: TID251 - as above
    subjects = [read_subject(path, at, today) for path in (old, new)]
    before, after = (_checked(subject, options) for subject in subjects)
    after = replace(after, before=before.file, changes=changes(before, after), names={**before.names, **after.names})
    return _told(output, [after], options)


def _told(output: Console, checked: Sequence[Checked], options: CheckOptions) -> int:
    """Writes, then shows: `| head` hangs up in the middle."""
    if options.json:
        write(options.json, json_of(checked))
    if options.report:
        for path, content in _report(options.report, checked).items():
            write(path, content)
    for one in checked:
        show(output, one)
    if options.report:
        output.print(f"report: {options.report / 'check.html'}", soft_wrap=True)
    return 0 if all(one.clean for one in checked) else 1


def _refuse_same_ids(subjects: Sequence[Subject]) -> None:
    """Reports are filed by pilot: two of one id would overwrite each other."""
    first: dict[str, Subject] = {}
    for subject in subjects:
        other = first.setdefault(subject.rows.pilot.id, subject)
        if other is not subject:
            message = f"{subject.rows.pilot.id!r} is the id of {other.path} as well"
            raise BadFile([subject.document.problem(("pilot", "id"), message)])


def _checked(subject: Subject, options: CheckOptions) -> Checked:
    return Checked(
        pilot=subject.rows.pilot.id,
        file=shown(subject.path),
        when=subject.now,
        findings=findings(subject),
        roles={row.ods: subject.role(row.ods) for row in subject.rows.organisations},
        names={row.ods: row.name for row in subject.rows.organisations},
        links=tuple((edge.booker.ods, edge.receiver.ods) for edge in subject.edges),
        pairs=_walk(subject, options.jobs or os.cpu_count() or 1) if options.walk else (),
        capacities=capacities(subject),
        emails=emails(subject),
    )


def _walk(subject: Subject, jobs: int) -> tuple[Pair, ...]:
    with progress_bar() as progress:
        pairs = sum(edge.booker is not edge.receiver for edge in subject.edges)
        task = progress.add_task("walking every link", total=pairs)
        return matrix(subject, jobs, lambda done: progress.advance(task, done))


def _report(folder: Path, checked: Sequence[Checked]) -> dict[Path, bytes]:
    """One page and its JSON, and each launch email as text and as a page."""
    pages = {folder / "check.html": html_of(checked), folder / "check.json": json_of(checked)}
    for one in checked:
        for email in one.emails:
            place = folder / "emails" / one.pilot / email.ods
            pages |= {place.with_suffix(".txt"): email.text.encode(), place.with_suffix(".html"): email.html.encode()}
    return pages


def _moment(text: str) -> datetime | None:
    """The moment of `--clock`; raises BadFile."""
    if not text:
        return None
    try:
        moment: datetime = TypeAdapter(Moment).validate_python(text)
    except ValidationError:
        message = f"expected a date-time with offset such as 2026-03-27T08:55:00+00:00, got {text!r}"
        raise BadFile([Problem(Path("--clock"), 0, 0, "", message)]) from None
    return moment.astimezone(UTC)
