"""Books the first free slot at another practice, and tells how it ended."""

import asyncio

from world import RUTH, THERE, consumer, patient

from booking_core import ANYTHING, HttpTransport, MemoryLedger, book, meet, search


async def main() -> None:
    """The whole example."""
    ledger = MemoryLedger()
    async with HttpTransport.over() as transport:
        encounter = await meet(consumer(transport), RUTH, THERE["ods"])
        offer, *_ = await search(encounter, ANYTHING, horizon_days=42)
        ending = await book(
            encounter, patient("alice"), (offer,), ledger, invitation_id="example", description="An example"
        )
    print(f"{ending.outcome}: {offer.slot_type} on {offer.start:%a %d %b at %H:%M}, {offer.site}")
    if ending.stop:
        print(f"because: {ending.stop.detail}")


asyncio.run(main())
