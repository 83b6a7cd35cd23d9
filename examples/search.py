"""Free slots at another practice over the next six weeks."""

import asyncio

from world import RUTH, THERE, consumer

from booking_core import ANYTHING, HttpTransport, Stop, meet, search


async def main() -> None:
    """The whole example."""
    async with HttpTransport.over() as transport:
        try:
            encounter = await meet(consumer(transport), RUTH, THERE["ods"])
            offers = await search(encounter, ANYTHING, horizon_days=42)
        except Stop as stop:
            print(f"not possible: {stop.reaction.user_error}: {stop.detail}")
            return
    print(f"{len(offers)} slots at {THERE['name']}")
    for offer in offers[:5]:
        print(f"{offer.start:%a %d %b %H:%M}  {offer.slot_type}  {offer.channel}  {offer.practitioner_name or '-'}")


asyncio.run(main())
