"""A book's set-up in PostgreSQL: streaming one in, and changing its options."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, LiteralString

from psycopg import AsyncConnection

from mock_gpconnect.book.changes import changed
from mock_gpconnect.book.fragments import slot_fragment
from mock_gpconnect.book.protocol import Access, Schedule, Slot
from mock_gpconnect.book.rows_postgres import OF_SESSION, BookRows, fetched
from mock_gpconnect.book.stored import access_text

_COPY_SLOTS: LiteralString = (
    "COPY slots (book, id, schedule_id, starts, ends, slot_type, class, version, fragment) FROM STDIN"
)
_STARTING: LiteralString = " AND (%s::timestamptz IS NULL OR (starts >= %s AND starts < %s))"


async def add_book(
    connection: AsyncConnection, world: int, ods: str, schedules: Iterable[Schedule], slots: Iterable[Slot]
) -> int:
    """Streams a practice's schedules and slots into the database; gives the number of its new book."""
    new: LiteralString = "INSERT INTO books (world, ods) VALUES (%s, %s) RETURNING book"
    book = int((await fetched(connection, new, world, ods))[0][0])
    classes: dict[Access, int] = {}

    def number(access: Access) -> int:
        return classes.setdefault(access, len(classes))

    async with connection.cursor().copy("COPY schedules FROM STDIN") as copy:
        for each in schedules:
            await copy.write_row(
                (book, each.id, each.session, each.location_id, each.practitioner_id, number(each.access),
                 each.starts, each.ends, each.version)
            )  # fmt: skip
    async with connection.cursor().copy(_COPY_SLOTS) as copy:
        for slot in slots:
            await copy.write_row(
                (book, slot.id, slot.schedule_id, slot.starts, slot.ends, slot.slot_type, number(slot.access),
                 slot.version, slot_fragment(slot))
            )  # fmt: skip
    for access, at in classes.items():
        await connection.execute("INSERT INTO book_options VALUES (%s, %s, %s)", (book, at, access_text(access)))
    return book


@dataclass(frozen=True, slots=True)
class Reach:
    """What a change of options is for: a session (None: all), a stretch of time, or slots by their ids."""

    session: str | None
    between: tuple[datetime, datetime] | None
    slot_ids: Collection[str] | None


async def set_up_anew(
    rows: BookRows, connection: AsyncConnection, reach: Reach, options: dict[str, Any], held: dict[str, Any]
) -> None:
    """Changes options in a transaction of the caller's; of two who do so at once, one waits for the other.

    The lock leaves the book's key free: a claim that refers to it must not wait for us, who may wait for its slots.
    """
    await connection.execute("UPDATE books SET set_up = set_up + 1 WHERE book = %s", (rows.book,))
    first, last = reach.between or (None, None)
    if reach.slot_ids is None:
        where: LiteralString = f"{_STARTING} AND (%s::text IS NULL OR session = %s) ORDER BY id FOR UPDATE"
        sitting = await rows.schedules(where, first, first, last, reach.session, reach.session, on=connection)
        for each in sitting:
            await _set_schedule(rows, connection, changed(each, replace(each.access, **options), held))
    where = f"{_STARTING}{OF_SESSION} AND (%s::text[] IS NULL OR id = ANY (%s)) ORDER BY id FOR UPDATE"
    named = None if reach.slot_ids is None else list(reach.slot_ids)
    within = first, first, last, reach.session, rows.book, reach.session, named, named
    await _set_slots(rows, connection, await rows.slots(where, *within, on=connection), options)


async def _set_schedule(rows: BookRows, connection: AsyncConnection, now: Schedule) -> None:
    await connection.execute(
        "UPDATE schedules SET class = %s, practitioner_id = %s, location_id = %s, version = %s"
        " WHERE book = %s AND id = %s",
        (
            await rows.number(now.access, connection), now.practitioner_id, now.location_id, now.version,
            rows.book, now.id,
        ),
    )  # fmt: skip


async def _set_slots(
    rows: BookRows, connection: AsyncConnection, slots: Sequence[tuple[int, Slot]], options: dict[str, Any]
) -> None:
    new = {number: replace(rows.options[number], **options) for number, _ in slots}
    numbers = {number: await rows.number(access, connection) for number, access in new.items()}
    await connection.execute(
        "UPDATE slots SET class = new.class, fragment = new.fragment, version = version + 1,"
        " number = nextval('slot_numbers')"
        " FROM unnest(%s::text[], %s::integer[], %s::bytea[]) AS new (id, class, fragment)"
        " WHERE slots.book = %s AND slots.id = new.id",
        (
            [slot.id for _, slot in slots],
            [numbers[number] for number, _ in slots],
            [slot_fragment(changed(slot, new[number], {})) for number, slot in slots],
            rows.book,
        ),
    )
