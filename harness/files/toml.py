"""TOML with the place of each key: values by the standard library, places by a scan of the tokens."""

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from pathlib import Path

from harness.files.disk import read_text
from harness.files.document import DEEPEST, Document
from harness.files.problems import BadFile, Problem, key_of, place_of
from harness.files.shape import Loc

Token = re.Match[str]

TOKEN = re.compile(
    r"""(?P<text> \"{3}(?:\\.|[^\\])*?(?:\"{3,5}|\Z) | '{3}.*?(?:'{3,5}|\Z) | "(?:\\.|[^"\\\n])*+"? | '[^'\n]*+'? )
      | (?P<comment> \#[^\n]*+ )
      | (?P<end> \n )
      | (?P<sign> [=.,\[\]{}] )
      | (?P<bare> [^\s=.,\[\]{}"'\#]++ )""",
    re.VERBOSE | re.DOTALL,
)
"""Every alternative takes what it begins with, closed or not, so that a scan is one pass over any text."""

TOLD = re.compile(r"(?P<what>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)", re.DOTALL)

SYNTAX: Mapping[str, tuple[str, str]] = {
    "Cannot ": ("this key or table is given twice", "keep one of them"),
    "Invalid value": ("this is not a value", "put text between quotes"),
    "Invalid initial character for a key": ("a key must begin here", "a list or table may lack its end above"),
    "Invalid statement": ("neither 'key = value' nor '[table]'", ""),
    "Expected '=' after a key": ("a key without ' = value'", ""),
    "Unclosed array": ("a '[' is never closed, or a ',' is missing", ""),
    "Unclosed inline table": ("a '{' is never closed, or a ',' is missing", "an inline table stays on one line"),
    "Exceeds the limit": ("a number with too many digits", "put it between quotes"),
    "Unterminated string": ("a quote that is opened is never closed", "close it"),
    'Expected "\'"': ("a quote that is opened is never closed", "close it"),
    "Expected ']'": ("a ']' is missing after the name of a table", ""),
    "Illegal character": ("a character that is not allowed here", "text goes between quotes, on one line"),
    "Unescaped": ("'\\' begins an escape here", "use single quotes, or write '\\\\'"),
    "Expected newline or end of document": ("something follows the value", "begin a new line; put text between quotes"),
}
"""How the reader's complaint begins -> our words for it, and how to put it right."""


def read_toml(path: Path) -> Document:
    """Read a TOML file; syntax errors and whatever is given twice are problems."""
    text = read_text(path)
    if not text.strip():
        raise BadFile([Problem(path, 1, 1, "", "the file is empty")])
    places = _Places(path, text)
    try:
        content = tomllib.loads(text)
    except ValueError as failure:
        again = places.twice if str(failure).startswith("Cannot ") else []
        raise BadFile(again or [_syntax(path, text, str(failure))]) from None
    return Document(path, content, places.found, "toml")


class _Places:
    """Where each key stands, and which keys are given again; the text may still be wrong TOML."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.line_starts = [0, *(found.end() for found in re.finditer("\n", text))]
        self.found: dict[Loc, tuple[int, int]] = {(): (1, 1)}
        self.twice: list[Problem] = []
        self.given: set[Loc] = set()
        self.last_entry: dict[Loc, int] = {}
        table: Loc = ()
        for statement in self._statements(text):
            if statement[0][0] == "[":
                table = self._header(statement)
            else:
                self._give(self._walk(table, _key_parts(statement, "=")), statement[0])

    def _statements(self, text: str) -> Iterator[list[Token]]:
        """The tokens of each table header and of each key with its value, over as many lines as it takes."""
        statement: list[Token] = []
        depth = dotted = 0
        for token in TOKEN.finditer(text):
            sign = token["sign"] or ""
            depth += (sign in "[{") - (sign in "]}") if sign else 0
            dotted = dotted + 1 if sign == "." else dotted if token.lastgroup in ("bare", "text") else 0
            if max(depth, dotted) > DEEPEST:
                line, column = self._place(token)
                raise BadFile([Problem(self.path, line, column, "", f"nested deeper than {DEEPEST} levels")])
            if token.lastgroup == "end" and depth <= 0:
                if statement:
                    yield statement
                statement, depth = [], 0
            elif token.lastgroup not in ("end", "comment"):
                statement.append(token)
        if statement:
            yield statement

    def _header(self, statement: list[Token]) -> Loc:
        """The table that `[a.b]` or `[[a.b]]` begins."""
        is_entry = len(statement) > 1 and statement[1][0] == "[" and statement[1].start() == statement[0].start() + 1
        table = self._walk((), _key_parts(statement[1 + is_entry :], "]"), entries_at_end=not is_entry)
        if is_entry:
            self.last_entry[table] = self.last_entry.get(table, -1) + 1
            table = (*table, self.last_entry[table])
            self.found[table] = self._place(statement[0])
        else:
            self._give(table, statement[0])
        return table

    def _walk(self, loc: Loc, parts: list[Token], *, entries_at_end: bool = True) -> Loc:
        """Down along a dotted key, into the last entry of each list of tables on the way."""
        for number, part in enumerate(parts, start=1):
            loc = (*loc, _name(part))
            self.found.setdefault(loc, self._place(part))
            if loc in self.last_entry and (entries_at_end or number < len(parts)):
                loc = (*loc, self.last_entry[loc])
        return loc

    def _give(self, loc: Loc, token: Token) -> None:
        if loc in self.given:
            line, column = self._place(token)
            message = f"this is given twice; first in line {self.found[loc][0]}"
            self.twice.append(Problem(self.path, line, column, key_of(loc), message, "keep one of them"))
        self.given.add(loc)

    def _place(self, token: Token) -> tuple[int, int]:
        line = bisect_right(self.line_starts, token.start())
        return line, token.start() - self.line_starts[line - 1] + 1


def _key_parts(tokens: list[Token], end: str) -> list[Token]:
    """The parts of a dotted key up to the sign that ends it."""
    parts: list[Token] = []
    for token in tokens:
        if token[0] == end:
            break
        if token.lastgroup != "sign":
            parts.append(token)
    return parts[: DEEPEST + 1]  # longer only where the dots are missing


def _name(part: Token) -> str:
    """The key that a token spells; escapes in quoted keys stay as written, they only cost the exact place."""
    return part[0][1:-1] if part.lastgroup == "text" else part[0]


def _syntax(path: Path, text: str, complaint: str) -> Problem:
    """The reader's complaint in our words."""
    found, number = TOLD.fullmatch(complaint), re.search(r"\d[\d_]{4299}", text)
    line, column = place_of(text, number.start() if number else len(text))
    if found and found["line"]:
        line, column = int(found["line"]), int(found["column"])
    what = found["what"] if found else complaint
    starts = (words for start, words in SYNTAX.items() if what.startswith(start))
    message, hint = next(starts, (f"this is not TOML: {what}", ""))
    return Problem(path, line, column, "", message, hint)
