"""How many slots of a schedule may be booked under one set of options."""

from collections.abc import Collection

from mock_gpconnect.book.protocol import Quota, Slot
from mock_gpconnect.provider.practice import Practice


async def limit_reached(practice: Practice, slot: Slot, bookers: Collection[str], wanted: int = 1) -> bool:
    """Whether booking `wanted` more slots of the slot's schedule would pass the limit."""
    limit = slot.access.limit
    if limit is None:
        return False
    if practice.profile.limits.slot_limit_counts == "everyone":
        booked = await practice.book.booked_in(slot.schedule_id)
    else:
        booked = max([await practice.book.booked_in(slot.schedule_id, ods) for ods in sorted(bookers)] or [0])
    return booked + wanted > limit


def quota_of(practice: Practice, slot: Slot, booker_ods: str) -> Quota | None:
    """The same limit as the book holds it: another worker may book between our look and our claim."""
    if slot.access.limit is None:
        return None
    everyone = practice.profile.limits.slot_limit_counts == "everyone"
    return Quota(slot.access.limit, None if everyone else booker_ods)
