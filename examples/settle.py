"""What to do about a booking whose answer never came: look, and only then decide."""

import asyncio
from datetime import timedelta

from world import RUTH, THERE, consumer, patient

from booking_core import ANYTHING, Attempt, HttpTransport, MemoryLedger, meet, search, settle_attempt


async def main() -> None:
    """The whole example."""
    ledger, alice = MemoryLedger(), patient("alice")
    async with HttpTransport.over() as transport:
        core = consumer(transport)
        encounter = await meet(core, RUTH, THERE["ods"])
        offer, *_ = await search(encounter, ANYTHING, horizon_days=42)
        five_minutes_ago = core.wire.now() - timedelta(minutes=5)
        attempt = Attempt(  # as a crash would have left it in the ledger
            "attempt-1", "example", RUTH.organisation_ods, THERE["ods"], alice.person.nhs_number, (offer.slot_id,),
            offer.start, opened=five_minutes_ago, sent=five_minutes_ago,
        )  # fmt: skip
        await ledger.open(attempt)
        ending = await settle_attempt(encounter, attempt, ledger)
    print(f"{ending.outcome}: {ending.stop.detail if ending.stop else 'the appointment is in the book'}")


asyncio.run(main())
