"""The parts of a world that are kept alike, without a store between the workers."""

from pathlib import Path
from typing import Any

from harness.addresses import own_hosts
from harness.explaining import desk_of
from harness.sharing.parts import note_settings, replica_of
from harness.world import World, build_world
from harness.worlds import load_world, world_file
from mock_gpconnect.desk.inputs import PracticeChange
from mock_gpconnect.desk.practice_settings import change_practice, practice_settings

from .serving import START

EVERY_SETTING: dict[str, Any] = {
    "embargo_minutes": 90, "booking_window_days": 3.5, "enabled": False, "appointments": False, "foundations": True,
    "unsubscribed": ("T90101",), "busyness_percent": 40,
}  # fmt: skip


def a_world() -> World:
    rows, _ = load_world(world_file("two-practices"))
    return build_world(rows, folder=Path(), addresses=own_hosts(), now=lambda: START, seed=1)


def test_every_setting_of_a_practice_reaches_the_other_workers() -> None:
    assert EVERY_SETTING.keys() == PracticeChange.model_fields.keys() - {"was"}
    here, there = a_world(), a_world()
    ours, theirs = replica_of(here), replica_of(there)
    before = practice_settings(desk_of(there, "riverside"))
    noted = ours.collect()
    change_practice(desk_of(here, "riverside"), PracticeChange(**EVERY_SETTING))
    note_settings(here, ours)
    for turn, change in enumerate(ours.changes(noted), 1):
        theirs.heard(turn, change)
    assert practice_settings(desk_of(there, "riverside")) == EVERY_SETTING
    assert [key for key, value in EVERY_SETTING.items() if before[key] == value] == []
