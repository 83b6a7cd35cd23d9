"""Nobody learns that a record is sensitive: not from a word, not from a text, and not from how long it takes."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from booking_core.selfbook.inviting import Draft, invite
from booking_core.selfbook.office import Office, Screen
from booking_core.selfbook.patient import confirm, open_link
from booking_core.wire.transport import HttpTransport
from harness.addresses import own_hosts
from harness.people import own_record
from harness.product import build_product
from harness.rows import PatientRow
from harness.virtual_time import clock, run_virtual
from harness.world import build_world
from harness.worlds import CATALOGUE, load_world

ROWS, _ = load_world(CATALOGUE / "worlds/all-kinds-of-patients.yaml")
START = datetime(2026, 3, 27, 8, 55, tzinfo=UTC)
SAME_CLASS_S = 0.25
"""Seconds within which two courses of the same exchanges end: each hop takes a few hundredths, drawn by chance."""


@dataclass(frozen=True, slots=True)
class Course:
    """All that can be noticed from outside: the screens, the texts, the records, the exchanges and the time."""

    screens: tuple[tuple[str, str, str], ...]
    texts: int
    entries: int
    exchanges: tuple[tuple[str, str], ...]
    took_s: float


async def tries_to_book(office: Office, row: PatientRow) -> list[Screen]:
    """As far as it goes: invited, the link opened, the first slot taken."""
    draft = Draft("T90301", "reception", "T90302", own_record(row))
    screens = [await invite(office, draft)]
    if token := screens[0].token:
        screens.append(await open_link(office, token, row.born))
        screens.append(await confirm(office, token, (screens[1].slots[20].slot_id,)))
    return screens


def course(alias: str, supplier: str) -> Course:
    async def main() -> Course:
        world = build_world(
            ROWS, folder=Path(), addresses=own_hosts(), now=clock(START), seed=1, supplier=supplier, hop=True
        )
        async with HttpTransport.over(world.network) as transport:
            product = build_product(world, transport)
            screens = await tries_to_book(product.office, world.names.patients[alias])
            return Course(
                tuple((one.outcome, one.text, one.site) for one in screens),
                len(product.phones.texts),
                len(product.records.entries),
                tuple((one.at, one.on) for one in world.journal.exchanges),
                (world.now() - START).total_seconds(),
            )

    return run_virtual(main)


@pytest.mark.parametrize("supplier", ["strict", "emis", "systmone"])
@pytest.mark.parametrize(
    ("sensitive", "other"),
    [
        ("restricted", "absent"),
        ("restricted", "deceased"),
        ("restricted", "invalidated"),
        ("restricted", "superseded"),
        ("restricted", "born-otherwise"),
        ("very-restricted", "absent"),
        ("sensitive", "deceased-locally"),
    ],
)
def test_a_sensitive_record_is_not_told_from_another_that_cannot_be_booked(
    sensitive: str, other: str, supplier: str
) -> None:
    this, that = course(sensitive, supplier), course(other, supplier)
    assert this.screens == that.screens
    assert (this.texts, this.entries, this.exchanges) == (that.texts, that.entries, that.exchanges)
    assert abs(this.took_s - that.took_s) < SAME_CLASS_S


def test_a_patient_who_can_be_booked_is_told_from_them() -> None:
    """Or the courses above would be alike for want of a difference to see."""
    assert [outcome for outcome, _, _ in course("ordinary", "strict").screens] == ["sent", "choose", "booked"]
    assert course("restricted", "strict").screens[-1][0] == "E4"
    assert course("sensitive", "strict").screens[-1][0] == "E4"
