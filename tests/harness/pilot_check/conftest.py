"""A small pilot to change: one practice books into another."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from harness.pilot_check.subject import Subject, read_subject

TODAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
PILOT = """\
pilot: {id: small, lead: {name: Network Manager, email: lead@example.invalid}, launch_date: 2026-04-01}
organisations:
  - ods: T90201
    alias: larch
    name: Larch Surgery
    pcn: U90200
    list_size: 8000
    users: [{alias: reception, family: Okafor, given: Ruth, role: R1730}]
  - ods: T90202
    alias: rowan
    name: Rowan Practice
    pcn: U90200
    sessions:
      - {name: Morning surgery, days: Mon-Fri, from: "09:00", to: "11:00", every: 15, slot_type: Routine}
links:
  - {from: larch, to: rowan}
"""

Pilot = Callable[..., Subject]


@pytest.fixture
def pilot(tmp_path: Path) -> Pilot:
    """The small pilot with texts replaced, in pairs: what, by what."""

    def build(*changes: str, more: str = "") -> Subject:
        return read_subject(pilot_file(tmp_path, *changes, more=more), None, TODAY)

    return build


def pilot_file(folder: Path, *changes: str, more: str = "") -> Path:
    """A file of the small pilot; each change must find its place."""
    text = PILOT
    for old, new in zip(changes[::2], changes[1::2], strict=True):
        assert old in text
        text = text.replace(old, new)
    path = folder / "small.yaml"
    path.write_text(text + more, encoding="utf-8")
    return path
