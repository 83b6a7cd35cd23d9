"""Why the slots of a practice do not reach a consumer's screen: the practice's reasons, then the consumer's own."""

from collections import Counter
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from booking_core.search import ANYTHING, Wanted, windows
from booking_core.uk_time import local_date, midnight
from harness.product import pilot_of
from harness.world import World
from mock_gpconnect.book.protocol import Schedule, Slot
from mock_gpconnect.desk.desk import Desk
from mock_gpconnect.desk.reasons import REASONS
from mock_gpconnect.desk.why import explain
from mock_gpconnect.provider.visibility import Asker

FORTNIGHT = 14
BEYOND, FILTERED, BETWEEN = "beyond_the_horizon", "filtered_by_the_sender", "between_two_searches"
SAME_DAY = "call_on_the_same_day"
VISIBLE, NO_SLOTS = "visible", "no slots"
ANSWERS = (VISIBLE, NO_SLOTS, *REASONS)
"""All that a scenario can be told of a practice's slots."""


@dataclass(frozen=True, slots=True)
class Look:
    """One consumer's look at a practice: for so many days, through the filters of an invitation."""

    asker: Asker
    days: int = FORTNIGHT
    wanted: Wanted = ANYTHING


def look_of(world: World, consumer: str, practice: str, kind: str, wanted: Wanted, days: int) -> Look:
    """How an invitation of a consumer that says it is of this kind looks at a practice: through its link's filters."""
    ods, pilot = world.names.ods(consumer), pilot_of(world.rows, world.names)
    asker = Asker(frozenset({ods}), frozenset({kind} - {""}))
    return Look(asker, days, pilot.narrowed(ods, world.names.ods(practice), wanted))


@dataclass(frozen=True, slots=True)
class Explained:
    """One slot and why it is not offered; None where it is. Where nobody is answered, it stands for no slot."""

    reason: str | None
    slot: Slot | None = None
    schedule: Schedule | None = None


def desk_of(world: World, name: str) -> Desk:
    """An organisation's desk, for its explanations."""
    practice = world.practice(name)
    names = {row.ods: row.name for row in world.rows.organisations}
    profile = practice.profile
    return Desk(practice, world.staff[practice.ods], world.now, world.new_id, names, "", profile.where, profile.words)


async def explained_slots(world: World, desk: Desk, look: Look) -> AsyncIterator[Explained]:
    """What keeps every request from being answered, then every slot, day by day from today on."""
    today = local_date(desk.now())
    if not _is_on_the_spine(world, desk.practice.ods):
        yield Explained("not_on_the_spine")
    for day in range(look.days):
        explained = await explain(desk, look.asker, today + timedelta(days=day))
        if explained.switched_off and day == 0:
            yield Explained(explained.switched_off)
        for group in explained.groups:
            for part in group.parts:
                for slot in part.slots:
                    reason = group.reason or _not_offered(world, desk, look.wanted, slot, part.schedule)
                    yield Explained(explained.switched_off or reason, slot, part.schedule)


async def reasons(world: World, at: str, look: Look, session: str | None = None) -> Mapping[str | None, int]:
    """Reason -> how many slots, of one session if it is named; None is the reason of those that are offered."""
    found: Counter[str | None] = Counter()
    async for each in explained_slots(world, desk_of(world, at), look):
        if session and each.schedule and each.schedule.session != session:
            continue
        found[each.reason] += each.slot is not None
    return found


def _is_on_the_spine(world: World, ods: str) -> bool:
    return "search_slots" not in world.names.organisations[ods].not_registered_for


def _not_offered(world: World, desk: Desk, wanted: Wanted, slot: Slot, schedule: Schedule) -> str | None:
    """What the consumer itself leaves out of that which the practice shows."""
    if slot.ends > midnight(local_date(desk.now()) + timedelta(days=world.rows.settings.horizon_days)):
        return BEYOND
    if any(slot.starts < end < slot.ends for _, end in windows(desk.now(), world.rows.settings.horizon_days)):
        return BETWEEN
    is_late_call = slot.access.channel == "Telephone" and local_date(slot.starts) == local_date(desk.now())
    if is_late_call and not wanted.same_day_calls:
        return SAME_DAY
    fits = (
        (wanted.slot_types, slot.slot_type),
        (wanted.clinicians, desk.holder_name(schedule.practitioner_id)),
        (wanted.locations, desk.location_name(schedule.location_id)),
    )
    return None if all(not names or name in names for names, name in fits) else FILTERED
