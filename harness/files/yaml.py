"""YAML as this project writes it: keys, lists and text. What a value is, the schema says."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml import events as ev
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from harness.files.disk import read_text
from harness.files.document import DEEPEST, Document
from harness.files.problems import BadFile, Problem, key_of, place_of
from harness.files.shape import Loc

SYNTAX: tuple[tuple[str, str, str], ...] = (
    (r"character '\\t'", "a tab stands here", "indent with spaces"),
    (r"character '(.)' that", r"a value cannot begin with {0}", "put it between quotes"),
    (r"unknown escape|expected escape", "'\\' begins an escape here", "use single quotes, or write '\\\\'"),
    (r"mapping values", "a ':' that YAML does not expect", "write 'key: value', indent alike, quote text with a ': '"),
    (r"could not find expected ':'", "this line is neither 'key: value' nor '- entry'", "was a ':' forgotten?"),
    (r"unexpected end of stream|document separator", "a quote that is opened here is never closed", "close it"),
    (r"expected ',' or '([\]}])'", "a '{0}' or ',' is missing in what opens here", "close it, or part the entries"),
    (r"but found '<scalar>'", "text where a new key should begin", "indent alike; put the whole text between quotes"),
    (r"expected <block end>", "this line fits no line above it", "indent what belongs together alike"),
    (r"expected the node content", "a value is missing here", "put text that begins with a sign between quotes"),
    (r"while scanning an? (alias|anchor)|tag", "'*', '&' and '!' begin no plain text", "put it between quotes"),
    (r"directive|version|document start", "a line that begins with '%' is not allowed", "remove it"),
)
"""What the reader's complaint holds -> our words for it, and how to put it right. The first row that fits counts."""

BEGAN = ("a quote", "a '", "this line is neither")
"""Words about where something began: shown there, not where the reader gave up."""


def read_yaml(path: Path) -> Document:
    """Read a file whose every scalar is text; aliases, tags, duplicate keys and second documents are problems."""
    text = read_text(path)
    reader = _Reader(path, YAML(typ="safe", pure=True).parse(text))
    try:
        content = reader.document()
    except YAMLError as failure:
        raise BadFile([*reader.problems, _syntax(path, failure)]) from None
    except (ValueError, OverflowError):
        raise BadFile([*reader.problems, _beyond_unicode(path, text)]) from None
    if reader.problems:
        raise BadFile(reader.problems)
    return Document(path, content, reader.positions, "yaml")


class _Reader:
    """Builds content and positions from the parser's events, and goes on after a problem."""

    def __init__(self, path: Path, events: Iterator[ev.Event]) -> None:
        self.path, self.events = path, events
        self.positions: dict[Loc, tuple[int, int]] = {(): (1, 1)}
        self.problems: list[Problem] = []

    def document(self) -> Any:
        """The content of the only document."""
        kinds = (ev.StreamStartEvent, ev.DocumentStartEvent, ev.DocumentEndEvent, ev.StreamEndEvent)
        documents: list[Any] = []
        for event in self.events:
            if isinstance(event, ev.DocumentStartEvent) and documents:
                self._add(event, (), "a second document begins here", "a file holds one: remove the '---'")
                break
            if not isinstance(event, kinds):
                documents.append(self._content(event, ()))
        if not documents or documents == [""]:
            self.problems.append(Problem(self.path, 1, 1, "", "the file is empty"))
        return documents[0] if documents else ""

    def _content(self, event: ev.Event, loc: Loc) -> Any:
        """What one event begins, be it text, a list or keys; an alias counts as no text."""
        if len(loc) > DEEPEST:
            self._add(event, loc[:3], f"nested deeper than {DEEPEST} levels")
            raise BadFile(self.problems)
        self._refuse_sharing(event, loc)
        match event:
            case ev.SequenceStartEvent():
                return self._list(loc)
            case ev.MappingStartEvent():
                return self._mapping(loc)
        return self._text(event, loc)

    def _list(self, loc: Loc) -> list[Any]:
        entries: list[Any] = []
        while not isinstance(event := next(self.events), ev.SequenceEndEvent):
            inner = (*loc, len(entries))
            self.positions[inner] = _place(event)
            entries.append(self._content(event, inner))
        return entries

    def _mapping(self, loc: Loc) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not isinstance(event := next(self.events), ev.MappingEndEvent):
            key = self._key(event, loc)
            inner = (*loc, key)
            if key in found:
                first = self.positions[inner][0]
                hint = (
                    "an entry of a list begins with '- ', with a space" if key.startswith("-") else "keep one of them"
                )
                self._add(event, inner, f"this key is given twice; first in line {first}", hint)
            self.positions.setdefault(inner, _place(event))
            found.setdefault(key, self._content(next(self.events), inner))
        return found

    def _key(self, event: ev.Event, loc: Loc) -> str:
        if isinstance(event, ev.SequenceStartEvent | ev.MappingStartEvent):
            self._add(event, loc, "a key must be a word, not a list or keys of its own", "put it between quotes")
            raise BadFile(self.problems)
        self._refuse_sharing(event, loc)
        return self._text(event, loc)

    def _text(self, event: ev.Event, loc: Loc) -> str:
        text = str(getattr(event, "value", ""))
        if not text.isascii() and re.search("[\ud800-\udfff]", text):
            self._add(event, loc, "this escape is half a character", "write the character itself")
        return text

    def _refuse_sharing(self, event: ev.Event, loc: Loc) -> None:
        """Aliases make bombs, tags make objects, and nothing of ours needs them."""
        anchor, tag = getattr(event, "anchor", None), getattr(event, "ctag", None)
        if isinstance(event, ev.AliasEvent):
            self._add(event, loc, f"the alias '*{anchor}' is not allowed", "write out what it stands for")
        elif anchor is not None:
            self._add(event, loc, f"the anchor '&{anchor}' is not allowed", "put text between quotes")
        if tag is not None:
            self._add(event, loc, f"the tag '{tag}' is not allowed", "put text that begins with '!' between quotes")

    def _add(self, event: ev.Event, loc: Loc, message: str, hint: str = "") -> None:
        self.problems.append(Problem(self.path, *_place(event), key_of(loc), message, hint))


def _place(event: ev.Event) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1


def _syntax(path: Path, failure: Exception) -> Problem:
    """The reader's complaint in our words, at the place that must change."""
    complaint, mark = str(failure), None
    if isinstance(failure, MarkedYAMLError):
        complaint, mark = f"{failure.context or ''}: {failure.problem}", failure.problem_mark
    rows = ((found, row) for row in SYNTAX if (found := re.search(row[0], complaint)))
    found, (_, message, hint) = next(rows, (None, ("", "this is not YAML: {complaint}", "")))
    told = message.format(*(found.groups() if found else ()), complaint=complaint)
    if told.startswith(BEGAN) and isinstance(failure, MarkedYAMLError):
        mark = failure.context_mark or mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
    return Problem(path, line, column, "", told, hint)


def _beyond_unicode(path: Path, text: str) -> Problem:
    """The one mistake that the reader meets without a word of its own: an escape such as `\\U00110000`."""
    found = re.search(r"\\U(?!000|0010)", text)
    place = place_of(text, found.start()) if found else (0, 0)
    return Problem(path, *place, "", "this escape stands for no character", "write the character itself")
