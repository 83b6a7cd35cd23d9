"""JSON laid out for reading: what fits on a line stands on one. FHIR is mostly small things in small things."""

from collections.abc import Iterator
from typing import Any

import orjson

WIDTH, INDENT = 110, 2

LONGEST_LIST = 8
FIRST, LAST = 3, 2
"""Of a longer list these many items stay, from its beginning and from its end."""


def laid_out(part: Any) -> str:
    """The whole text; long lists lack their middle, and say so."""
    return "\n".join(_lines(_shortened(part), WIDTH))


def _shortened(part: Any) -> Any:
    if isinstance(part, dict):
        return {key: _shortened(value) for key, value in part.items()}
    if not isinstance(part, list):
        return part
    if len(part) <= LONGEST_LIST:
        return [_shortened(item) for item in part]
    left_out = f"... {len(part) - FIRST - LAST} of {len(part)} left out ..."
    return [*map(_shortened, part[:FIRST]), left_out, *map(_shortened, part[-LAST:])]


def _lines(part: Any, width: int) -> list[str]:
    if not isinstance(part, (dict, list)):
        return [orjson.dumps(part).decode()]
    opened, closed = "{}" if isinstance(part, dict) else "[]"
    members = [*_members(part, width - INDENT)]
    one_line = opened + ", ".join(member[0] for member in members) + closed
    if len(one_line) <= width and all(len(member) == 1 for member in members):
        return [one_line]
    if isinstance(part, list) and len(members) == 1:
        members[0][0] = opened + members[0][0]  # a list of one needs no lines of its own
        members[0][-1] += closed
        return members[0]
    return [opened, *_indented(members), closed]


def _members(part: Any, width: int) -> Iterator[list[str]]:
    if isinstance(part, list):
        yield from (_lines(value, width) for value in part)
        return
    for name, value in part.items():
        first, *others = _lines(value, width)
        yield [f"{orjson.dumps(name).decode()}: {first}", *others]


def _indented(members: list[list[str]]) -> Iterator[str]:
    for place, member in enumerate(members, 1):
        last = member.pop() + ("," if place < len(members) else "")
        yield from (" " * INDENT + line for line in (*member, last))
