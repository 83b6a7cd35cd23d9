"""A scenario as a tester would have written it: one step a line where it fits."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

LONGEST_LINE = 160
_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./+@()' -]*[A-Za-z0-9_.)]|[A-Za-z0-9_]")
_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


def flow(value: Any) -> str:
    """A value on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(key)}: {flow(part)}" for key, part in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(map(flow, value)) + "]"
    return _scalar(value)


def entry(row: Mapping[str, Any]) -> Iterator[str]:
    """A step or a fault as an entry of a list."""
    if len(line := f"  - {flow(row)}") <= LONGEST_LINE:
        yield line
        return
    for number, (key, value) in enumerate(row.items()):
        lead = "  - " if number == 0 else "    "
        if isinstance(value, Mapping):
            yield f"{lead}{_key(key)}:"
            yield from (f"      {_key(name)}: {flow(part)}" for name, part in value.items())
        else:
            yield f"{lead}{_key(key)}: {flow(value)}"


def _key(text: str) -> str:
    return text if _KEY.fullmatch(text) else _quoted(text)


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    return text if _PLAIN.fullmatch(text) else _quoted(text)


def _quoted(text: str) -> str:
    """JSON escapes what lies below a space. Above it YAML's escapes are others: JSON would halve an emoji's number."""
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(char if char.isprintable() else _escaped(ord(char)) for char in quoted)


def _escaped(number: int) -> str:
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
