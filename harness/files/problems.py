"""What is wrong with a file, in words for the person who wrote it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

SHOWN = 20
"""Whoever sees more problems than this mends the first ones and looks again."""

LONGEST_QUOTE = 60


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that its writer must put right; `line` 0 means the file as a whole."""

    file: Path
    line: int
    column: int
    key: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        here = self.file.relative_to(Path.cwd()) if self.file.is_relative_to(Path.cwd()) else self.file
        place = f"{here}:{self.line}:{self.column}" if self.line else str(here)
        told = f"{self.message}; {self.hint}" if self.hint else self.message
        return visible(": ".join(part for part in (place, self.key, told) if part))


class BadFile(Exception):
    """A file that cannot be used: the first problems in file order, and how many `more` there are."""

    def __init__(self, problems: Iterable[Problem], more: int = 0) -> None:
        in_order = sorted(problems, key=lambda problem: (str(problem.file), problem.line, problem.column))
        if not in_order:
            raise ValueError("a bad file has at least one problem")
        self.problems = tuple(in_order[:SHOWN])
        self.more = more + len(in_order) - len(self.problems)
        super().__init__(self.problems, self.more)

    def __str__(self) -> str:
        told = [str(problem) for problem in self.problems]
        return "\n".join([*told, f"and {self.more} more"] if self.more else told)


def key_of(loc: Sequence[str | int]) -> str:
    """A place in a file as `steps.2.patient`; entries of a list count from 0."""
    return ".".join(_part(part) for part in loc)


def place_of(text: str, offset: int) -> tuple[int, int]:
    """Line and column of a character, both from 1."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def quoted(text: str) -> str:
    """A text of the file between quotes: one line, no control characters, not long."""
    return repr(text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 3] + "...")


def visible(text: str) -> str:
    """The text with whatever a terminal could stumble over written as an escape."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def _part(part: str | int) -> str:
    plain = isinstance(part, int) or (part.isprintable() and 0 < len(part) <= LONGEST_QUOTE)
    return str(part) if plain else quoted(str(part))
