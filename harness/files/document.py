"""A file that was read: its content, where each key stands, and the way to a model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from harness.files.faults import Fault, faults_of
from harness.files.problems import SHOWN, BadFile, Problem, key_of
from harness.files.shape import Loc, Shape
from harness.files.table import Line
from harness.files.words import Syntax

DEEPEST = 32
"""Nothing of ours nests deeper; what does could exhaust the stack of whoever walks it."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Document:
    """Content as written, with the line and column of every key and entry (both from 1).

    `elsewhere` holds the rows of tables that were added to it, by the place that they took.
    """

    path: Path
    content: Any
    positions: Mapping[Loc, tuple[int, int]]
    syntax: Syntax
    elsewhere: Mapping[Loc, Line] = field(default_factory=dict)

    @property
    def first_key(self) -> str:
        """The key that tells what kind of file this is; empty when the file is not made of keys."""
        return next(iter(self.content), "") if isinstance(self.content, dict) else ""

    def where(self, loc: Sequence[str | int]) -> tuple[int, int]:
        """Line and column of a key or of a list's entry, or of the nearest thing around it that is there."""
        return self.place(loc)[1:]

    def place(self, loc: Sequence[str | int]) -> tuple[Path, int, int]:
        """The same with its file."""
        inner = self._nearest(loc)
        if line := self.elsewhere.get(inner):
            return line.path, line.number, line.places.get(_column(loc, inner), 1)
        return self.path, *self.positions.get(inner, (1, 1))

    def problem(self, loc: Sequence[str | int], message: str, hint: str = "") -> Problem:
        """Something wrong at a place of this file, for whoever finds it later."""
        inner = self._nearest(loc)
        if line := self.elsewhere.get(inner):
            return line.problem(_column(loc, inner), message, hint)
        return Problem(*self.place(loc), key_of(loc), message, hint)

    def _nearest(self, loc: Sequence[str | int]) -> Loc:
        """The place itself, or the nearest thing around it that is there."""
        inner = tuple(loc)
        while inner and inner not in self.positions and inner not in self.elsewhere:
            inner = inner[:-1]
        return inner

    def parse(self, model: type[T] | TypeAdapter[T]) -> T:
        """The file as a model; raises BadFile with all that is wrong."""
        adapter: TypeAdapter[T] = model if isinstance(model, TypeAdapter) else TypeAdapter(model)
        try:
            return adapter.validate_python(self.content)
        except ValidationError as failure:
            faults = faults_of(failure.errors(include_url=False), Shape(adapter))
        faults.sort(key=lambda fault: self.where(fault.path))
        raise BadFile(map(self._told, faults[:SHOWN]), more=max(0, len(faults) - SHOWN))

    def _told(self, fault: Fault) -> Problem:
        return self.problem(fault.path, fault.message, fault.hint(self.syntax))


def _column(loc: Sequence[str | int], row: Loc) -> str:
    """Which cell of a table's row a place is in; empty for the row as a whole."""
    return str(loc[len(row)]) if len(loc) > len(row) else ""
