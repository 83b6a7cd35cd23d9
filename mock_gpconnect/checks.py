"""Checks as rows: they run in the order of their table, and the first that finds something refuses."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from mock_gpconnect.refusals import Refused

Subject = TypeVar("Subject", contravariant=True)
Judged = TypeVar("Judged")


@dataclass(frozen=True, slots=True)
class Check(Generic[Subject]):
    """One rule. `finds` gives the diagnostics that name element and rule, or None when the rule is kept."""

    why: str
    finds: Callable[[Subject], str | None]


def first_broken(checks: Iterable[Check[Judged]], subject: Judged) -> tuple[str, str] | None:
    """The first rule that the subject breaks, and the diagnostics."""
    for check in checks:
        if diagnostics := check.finds(subject):
            return check.why, diagnostics
    return None


def enforce(checks: Iterable[Check[Judged]], subject: Judged) -> None:
    """Refuse by the first rule that the subject breaks."""
    if broken := first_broken(checks, subject):
        raise Refused(broken[0], diagnostics=broken[1])
