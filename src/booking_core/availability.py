"""One view over several receivers: each with its own outcome, so that a slow or failing site takes no other along."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from booking_core.consumer import Consumer, Sender
from booking_core.encounter import meet
from booking_core.gpconnect.values import Offer
from booking_core.reactions import Stop
from booking_core.search import Wanted, search

AT_ONCE = 12
"""How many requests are under way at the same time: six weeks of four receivers; assumed."""


@dataclass(frozen=True, slots=True)
class SiteView:
    """What one receiver offers, or why nothing is known of it."""

    receiver_ods: str
    offers: tuple[Offer, ...] = ()
    stop: Stop | None = None


async def availability(
    consumer: Consumer, sender: Sender, receivers: Sequence[str], wanted: Wanted, horizon_days: int,
    *, at_once: int = AT_ONCE,
) -> tuple[SiteView, ...]:  # fmt: skip
    """A view for each receiver, in the order asked. An error of the wire is never an empty list of slots.

    Of all windows of all receivers `at_once` are asked for at a time.
    """
    places = asyncio.Semaphore(at_once)

    async def look(receiver: str) -> SiteView:
        try:
            async with places:
                encounter = await meet(consumer, sender, receiver)
            return SiteView(receiver, await search(encounter, wanted, horizon_days, places=places))
        except Stop as stop:
            return SiteView(receiver, stop=stop)

    return tuple(await asyncio.gather(*map(look, receivers)))


def merged(views: Sequence[SiteView]) -> tuple[tuple[str, Offer], ...]:
    """(receiver, offer) over all sites in order of start, as one list to choose from."""
    pairs = [(view.receiver_ods, offer) for view in views for offer in view.offers]
    return tuple(sorted(pairs, key=lambda pair: (pair[1].start, pair[0], pair[1].slot_id)))
