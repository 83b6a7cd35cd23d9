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

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri")

Pilot = Callable[..., Subject]


@pytest.fixture
def pilot(tmp_path: Path) -> Pilot:
    """The small pilot with texts replaced, in pairs: what, by what."""

    def build(*changes: str, more: str = "") -> Subject:
        return read_subject(pilot_file(tmp_path, *changes, more=more), None, TODAY)

    return build


def network(practices: int, slot_types: int) -> str:
    """A PCN in which everybody books into everybody, each with so many slot types."""
    codes = [f"T95{number:03}" for number in range(practices)]
    rows = ["pilot: {id: network, launch_date: 2026-04-01}", "settings: {cancel: {enabled: true}}", "organisations:"]
    for ods in codes:
        rows += [f"  - ods: {ods}", f"    name: Practice {ods}", "    pcn: U95000", "    sessions:"]
        rows += [
            f'      - {{name: S{number}, days: {DAYS[number % 5]}, from: "{9 + number // 5:02}:00", to: "{10 + number // 5:02}:00", every: 10, slot_type: Type {number}}}'
            for number in range(slot_types)
        ]
        rows += ["    users: [{alias: reception, family: Okafor, given: Ruth, role: R1730}]"]
    rows += ["links:", *(f"  - {{from: {one}, to: {other}}}" for one in codes for other in codes if one != other)]
    return "\n".join([*rows, ""])


def pilot_file(folder: Path, *changes: str, more: str = "") -> Path:
    """A file of the small pilot; each change must find its place."""
    text = PILOT
    for old, new in zip(changes[::2], changes[1::2], strict=True):
        assert old in text
        text = text.replace(old, new)
    path = folder / "small.yaml"
    path.write_text(text + more, encoding="utf-8")
    return path
