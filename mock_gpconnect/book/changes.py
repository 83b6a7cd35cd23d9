"""A change of options, as the desk or a scenario asks for it: what it sets, and the thing as it is afterwards."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any, TypeVar

from mock_gpconnect.book.protocol import KEEP, Access, Keep, Schedule, Slot

_Thing = TypeVar("_Thing", Schedule, Slot)


def given(**options: Any) -> dict[str, Any]:
    """Those that are to be set, the others stay as they are."""
    return {name: value for name, value in options.items() if value is not KEEP}


def as_set(codes: Collection[str] | Keep | None) -> frozenset[str] | Keep | None:
    """A restriction, whatever it was given as."""
    return codes if codes is None or isinstance(codes, Keep) else frozenset(codes)


def changed(thing: _Thing, access: Access, held: dict[str, Any]) -> _Thing:
    """Its next version, under these options."""
    return replace(thing, access=access, version=thing.version + 1, **held)
