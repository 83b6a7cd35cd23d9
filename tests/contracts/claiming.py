"""A process that claims slots of a book, many at once, and prints which of its claims came through.

`python -m tests.contracts.claiming URL BOOK NAME SLOTS`: the slots are those of `a_long_day`.
"""

import asyncio
import json
import random
import sys

from harness.sharing.database_postgres import database
from mock_gpconnect.book.postgres import PostgresBook
from mock_gpconnect.book.protocol import SlotTaken

from .books import appointment, slot

CLAIMS = 1_000


async def claim(url: str, book: int, name: str, slots: int) -> dict[str, list[str]]:
    """Appointment -> its slots, of those that won."""
    rng, won = random.Random(name), dict[str, list[str]]()

    async def one(number: int) -> None:
        first = rng.randrange(slots - 3)
        wanted = appointment(f"{name}{number}", *(slot(n) for n in range(first, first + rng.randrange(1, 4))))
        try:
            await one_book.claim(wanted)
        except SlotTaken:
            return
        won[wanted.id] = list(wanted.slot_ids)

    async with database(url) as pool:
        one_book = PostgresBook(pool, book)
        print("ready", flush=True)
        sys.stdin.readline()  # all begin together
        await asyncio.gather(*map(one, range(CLAIMS)))
    return won


if __name__ == "__main__":
    print(json.dumps(asyncio.run(claim(sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4])))))
