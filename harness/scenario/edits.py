"""Changes to a JSON document as a scenario writes them: pointer and text."""

import json
import re
from collections.abc import Mapping
from copy import deepcopy
from datetime import datetime
from typing import Any

from harness.scenario.stage import Unmet

END = "-"
_NOW = re.compile(r"now([+-][0-9]{1,9})?")


def edited(document: Any, changes: Mapping[str, str], now: datetime) -> Any:
    """A copy in which what the pointers name is set, added or (an empty text) gone. Raises Unmet for one to nowhere."""
    copy = deepcopy(document)
    for pointer, text in changes.items():
        *way, last = (step.replace("~1", "/").replace("~0", "~") for step in pointer.removeprefix("/").split("/"))
        try:
            _set(_reach(copy, way), last, text, now)
        except (KeyError, IndexError, ValueError, TypeError):
            raise Unmet(f"something at {pointer} to change", "nothing there") from None
    return copy


def _reach(document: Any, way: list[str]) -> Any:
    place = document
    for step in way:
        place = place[int(step)] if isinstance(place, list) else place[step]
    return place


def _set(place: Any, last: str, text: str, now: datetime) -> None:
    if isinstance(place, list):
        at = len(place) if last == END else int(last)
        place[at : at + 1] = [value(text, now)] if text else []
    elif text:
        place[last] = value(text, now)
    else:
        place.pop(last, None)


def value(text: str, now: datetime) -> Any:
    """JSON where it is JSON, seconds since 1970 for `now+300` and the like, else the text itself."""
    if relative := _NOW.fullmatch(text):
        return int(now.timestamp()) + int(relative[1] or 0)
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text
