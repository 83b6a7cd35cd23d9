"""Why the slots of a practice are hidden from a consumer, counted over days."""

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta

from booking_core.uk_time import local_date
from harness.world import World
from mock_gpconnect.desk.desk import Desk
from mock_gpconnect.desk.why import Explanation, explain
from mock_gpconnect.provider.visibility import Asker

FORTNIGHT = 14


def desk_of(world: World, name: str) -> Desk:
    """An organisation's desk, for its explanations."""
    practice = world.practice(name)
    names = {row.ods: row.name for row in world.rows.organisations}
    profile = practice.profile
    return Desk(practice, world.staff[practice.ods], world.now, world.new_id, names, "", profile.where, profile.words)


async def explanations(desk: Desk, asker: Asker, days: int) -> list[Explanation]:
    """One for each day from today on."""
    today = local_date(desk.now())
    return [await explain(desk, asker, today + timedelta(days=day)) for day in range(days)]


async def reasons(world: World, at: str, asker: Asker) -> Mapping[str | None, int]:
    """Reason -> slots of the coming fortnight; None is the reason of those that are shown."""
    found: Counter[str | None] = Counter()
    for explained in await explanations(desk_of(world, at), asker, FORTNIGHT):
        if explained.switched_off:
            found[explained.switched_off] += explained.total
            continue
        for group in explained.groups:
            found[group.reason] += group.count
    return found
