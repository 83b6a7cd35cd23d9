"""Looking for free slots over the whole horizon, in windows that a provider accepts."""

import asyncio
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta

from booking_core.encounter import Encounter
from booking_core.gpconnect.values import Offer
from booking_core.spec.budgets import SEARCH_DAYS
from booking_core.uk_time import local_date, midnight


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the sender asked for; an empty part means anything. GP Connect cannot filter by these: we do.

    Without `same_day_calls` nobody is telephoned on the day of booking: whoever is only told half a day
    to wait for the call could have missed it.
    """

    slot_types: tuple[str, ...] = ()
    clinicians: tuple[str, ...] = ()
    locations: tuple[str, ...] = ()
    same_day_calls: bool = True

    def admits(self, offer: Offer) -> bool:
        """Names are compared as they are spelt at the receiver."""
        return (
            (not self.slot_types or offer.slot_type in self.slot_types)
            and (not self.clinicians or offer.practitioner_name in self.clinicians)
            and (not self.locations or offer.location_name in self.locations)
        )


ANYTHING = Wanted()
"""No filter at all."""


def windows(now: datetime, horizon_days: int) -> tuple[tuple[datetime, datetime], ...]:
    """Windows of at most 14 days that meet exactly, from now until the end of the horizon's last day.

    They meet at midnight, where no slot straddles the edge and would fall between two searches.
    """
    today = local_date(now)
    edges = [
        midnight(today + timedelta(days=days)) for days in range(SEARCH_DAYS, horizon_days, SEARCH_DAYS)
    ]  # fmt: skip
    last = midnight(today + timedelta(days=horizon_days))
    starts, ends = [now, *edges], [*edges, last]
    return tuple(zip(starts, ends, strict=True))


async def search(
    encounter: Encounter, wanted: Wanted, horizon_days: int, *, places: asyncio.Semaphore | None = None
) -> tuple[Offer, ...]:
    """All that the patient may choose from until `horizon_days` from today, in order of start: every window at once.

    Searches that share `places` take turns there. Raises the Stop of a window that failed: a view with
    a hole in it would look like a practice without slots.
    """
    now = encounter.consumer.wire.now()

    async def ask(start: datetime, end: datetime) -> tuple[Offer, ...]:
        async with places or nullcontext():
            return await encounter.search_slots(start, end)

    asked = (ask(*window) for window in windows(now, horizon_days))
    found = await asyncio.gather(*asked, return_exceptions=True)
    if failed := [one for one in found if isinstance(one, BaseException)]:
        raise failed[0]
    return tuple(offer for offers in found for offer in offers if bookable(offer, wanted, now))  # type: ignore[union-attr]  # failures are gone


async def any_slot(encounter: Encounter, wanted: Wanted, horizon_days: int) -> bool:
    """Whether there is one slot to choose: asks window after window and stops at the first find."""
    now = encounter.consumer.wire.now()
    for window in windows(now, horizon_days):
        if any(bookable(offer, wanted, now) for offer in await encounter.search_slots(*window)):
            return True
    return False


def bookable(offer: Offer, wanted: Wanted, now: datetime) -> bool:
    """Whether it may be chosen now. Some providers return slots that have begun: they cannot be booked."""
    is_late_call = offer.channel == "Telephone" and local_date(offer.start) == local_date(now)
    return offer.start > now and wanted.admits(offer) and (wanted.same_day_calls or not is_late_call)
