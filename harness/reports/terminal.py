"""How wide we print: as wide as a terminal is, and unbroken into files and pipes, where people search."""

import io
import sys
from collections.abc import Callable
from typing import IO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, TextColumn

UNBROKEN = 240


def console(file: IO[str] | None = None) -> Console:
    """For standard output, or for a file."""
    target = file or sys.stdout
    return Console(file=target, width=None if target.isatty() else UNBROKEN, highlight=False)


def progress_bar(*more: ProgressColumn) -> Progress:
    """A bar with its count for who watches, gone at the end; nothing where standard error is no terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), *more)
    return Progress(*columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty())


def as_text(show: Callable[[Console], None]) -> str:
    """What `show` prints, as plain text."""
    page = io.StringIO()
    show(console(page))
    return "".join(f"{line.rstrip()}\n" for line in page.getvalue().splitlines())
