"""How one JSON document differs from another, in the words of a probe: pointer and text, as `edits` applies them."""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

Change = tuple[str, str]

SAME_MOMENT_S = 120
"""Two runs never say the same `created`: times so near to each other are the same."""

_RELATIVE = re.compile(r"now([+-][0-9]{1,9})?")


def changes(right: Any, said: Any, at: str = "") -> Iterator[Change]:
    """What to set, add or (an empty text) take away to make of the right document what was said."""
    if isinstance(right, dict) and isinstance(said, dict):
        for key in [*right, *(key for key in said if key not in right)]:
            yield from _member(right, said, key, f"{at}/{_escaped(key)}")
    elif isinstance(right, list) and isinstance(said, list):
        yield from _items(right, said, at)
    elif not same(right, said):
        yield at, as_text(said)


def _member(right: dict[str, Any], said: dict[str, Any], key: str, at: str) -> Iterator[Change]:
    if key not in said:
        yield at, ""
    elif key not in right:
        yield at, as_text(said[key])
    else:
        yield from changes(right[key], said[key], at)


def _items(right: list[Any], said: list[Any], at: str) -> Iterator[Change]:
    """From the front what both have; then what is too many, last first; or what is added to the end."""
    for place, (one, other) in enumerate(zip(right, said, strict=False)):
        yield from changes(one, other, f"{at}/{place}")
    yield from ((f"{at}/{place}", "") for place in reversed(range(len(said), len(right))))
    yield from ((f"{at}/{place}", as_text(said[place])) for place in range(len(right), len(said)))


def same(right: Any, said: Any) -> bool:
    """Whether two values mean the same in two runs."""
    if type(right) is type(said) and right == said:
        return True
    one, other = _moment(right), _moment(said)
    return one is not None and other is not None and abs((one - other).total_seconds()) <= SAME_MOMENT_S


def as_text(value: Any) -> str:
    """A value as a scenario writes it: text as it is, unless it would be read as something else."""
    if isinstance(value, str) and value and not _RELATIVE.fullmatch(value):
        try:
            json.loads(value)
        except json.JSONDecodeError:
            return value
    return json.dumps(value, ensure_ascii=False)


def _moment(value: Any) -> datetime | None:
    if not isinstance(value, str) or "T" not in value:
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    return found if found.tzinfo else None


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
