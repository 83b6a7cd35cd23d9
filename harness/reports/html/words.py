"""What became of an exchange and what a row stands for, in words: the same wherever the page says it."""

import re
from collections.abc import Mapping

from booking_core.spec.errors import ERRORS
from harness.scenario.requirements import requirements
from harness.scenario.shows import SHOWN
from harness.verdicts import Wire

NOTHING_CAME: Mapping[str, str] = {
    "cut": "connection cut",
    "refused": "connection refused",
    "gave up": "caller gave up",
    "nothing": "no reply",
}

FAULTS: Mapping[str, str] = {
    "cut": "cut",
    "hang": "silent",
    "latency": "late",
    "refuse": "refused",
    "status": "another answer",
    "truncate": "broken off",
    "garble": "garbled",
    "wrong_type": "wrong type",
    "stale": "stale",
    "skew": "clocks differ",
}
"""What each kind of fault does to a message."""

_CODE = re.compile(r"[A-Z][A-Z_ ]{3,40}(?=:)")
_STEPS = ((86_400, "d", 3600, "h"), (3600, "h", 60, "min"), (60, "min", 1, "s"))
_AS_SECONDS = 100
"""Up to so many seconds are told as seconds: a 60-second deadline reads best so."""


def meanings() -> Mapping[str, str]:
    """Row of a coverage table, or word of a scenario's `shows`, -> what it stands for."""
    errors = {"/".join(row.key): f"{row.status}: {row.display}" if row.status else row.display for row in ERRORS}
    return {**SHOWN, **errors, **{row.id: row.says for row in requirements().values()}}


def duration(seconds: float) -> str:
    """`34 ms`, `1.2 s`, `3 min 7 s`, `2 h 5 min`, `28 d 22 h`."""
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < _AS_SECONDS:
        return f"{seconds:.1f} s"
    big, name, small, rest = next(step for step in _STEPS if seconds >= step[0])
    return f"{int(seconds // big)} {name} {int(seconds % big // small)} {rest}"


def outcome(one: Wire) -> str:
    """What the caller saw: `201`, `409 DUPLICATE_REJECTED`, `connection cut (201 was answered)`."""
    if one.seen == "reply":
        return f"{one.seen_status} {code(one)}".strip()
    answered = f" ({one.answered} was answered)" if one.answered else ""
    return NOTHING_CAME[one.seen] + answered


def code(one: Wire) -> str:
    """The code of a refusal that reached the caller, where it is a word."""
    found = _CODE.match(one.said) if one.seen_status == one.answered else None
    return found[0] if found else ""


def said(one: Wire) -> str:
    """Code and diagnostics of a refusal, where it has a code."""
    return one.said if re.match(r"\w+: ", one.said) else ""


def faults(one: Wire, phase: str = "") -> str:
    """`cut (fault lost)`: what struck, in one phase or at all."""
    struck = zip(one.faults, one.struck, strict=True)
    return ", ".join(f"{FAULTS[kind]} (fault {name})" for name, (kind, when) in struck if phase in ("", when))
