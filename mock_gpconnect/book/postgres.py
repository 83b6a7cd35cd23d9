"""The appointment book in PostgreSQL, for several processes or hosts: the database decides every race."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, LiteralString

from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool

from mock_gpconnect.book.changes import as_set, given
from mock_gpconnect.book.protocol import (
    DESK,
    KEEP,
    Admits,
    Appointment,
    FreeSlots,
    Keep,
    Quota,
    QuotaReached,
    Schedule,
    Slot,
    SlotBatch,
    SlotTaken,
    Stale,
    Window,
)
from mock_gpconnect.book.rows_postgres import OF_SESSION, BookRows
from mock_gpconnect.book.set_up_postgres import Reach, set_up_anew
from mock_gpconnect.book.stored import SeenSlots, appointment_from, appointment_text

_APPOINTMENT: LiteralString = "SELECT appointment::text FROM appointments WHERE book = %s"

_FREE: LiteralString = (
    " AND holder IS NULL AND starts >= %s AND starts <= %s AND ends <= %s AND class <> ALL (%s::integer[])"
    " ORDER BY starts, id"
)
"""Names the options that shut the asker out, not those that let in: new ones of another process are then noticed."""

_FOUND: LiteralString = "SELECT number FROM slots WHERE book = %s"
_OF_BOOK: LiteralString = "FROM books WHERE book = %s"
_NUMBERS: LiteralString = f"SELECT set_up, ARRAY({_FOUND}{_FREE}) {_OF_BOOK}"

_CLAIM: LiteralString = (
    "WITH taken AS MATERIALIZED"
    " (SELECT * FROM take_slots(%(book)s, %(slots)s, %(id)s, %(most)s, %(schedule)s, %(by)s)),"
    " made AS (INSERT INTO appointments"
    " (book, id, patient_id, schedule_id, slot_ids, booker_ods, starts, ends, status, version, appointment)"
    " SELECT %(book)s, %(id)s, %(patient)s, %(schedule)s, %(slots)s, %(booker)s, %(starts)s, %(ends)s, %(status)s,"
    " %(version)s, %(text)s::json FROM taken WHERE obstacle IS NULL)"
    " SELECT obstacle, slot FROM taken"
)
"""One statement, so one transaction: nobody can die between the slots and their appointment."""


class PostgresBook:
    """An AppointmentBook of one practice, found by its number. `pool` gives connections that commit by themselves.

    A search asks the database which slots are free now, and for the slots themselves only where one is new to us.
    """

    def __init__(self, pool: AsyncConnectionPool, book: int, seen: SeenSlots | None = None) -> None:
        self._pool, self._rows = pool, BookRows(pool, book)
        self._seen = seen or SeenSlots()
        self._set_up, self._schedules = -1, dict[str, Schedule]()

    async def free_slots(self, window: Window, admits: Admits) -> FreeSlots:
        """The free slots wholly inside the window whose options the asker is admitted to."""
        options = self._rows.options
        known, shut = len(options), [number for number, access in options.items() if not admits(access)]
        asked = window.starts, min(window.ends, window.last_start), window.ends, shut
        [(set_up, numbers)] = await self._rows.all(_NUMBERS, *asked, self._rows.book)
        found = self._seen.of(numbers)
        if found is None:
            read = await self._rows.shown(_FREE, *asked)
            self._seen.keep(read)
            found = list(read.values())
        if len(options) > known:
            return await self.free_slots(window, admits)  # some slots may have options that we have just met
        slots = [slot for slot, _ in found]
        return FreeSlots(
            slots,
            [fragment for _, fragment in found],
            [slot.schedule_id for slot in slots],
            not all(slot.slot_type for slot in slots),
            schedules=await self._schedules_of(slots, set_up),
        )

    async def _schedules_of(self, slots: Sequence[Slot], set_up: int) -> Sequence[Schedule]:
        """The schedules of these slots, read anew when the options were changed since we read them."""
        if set_up != self._set_up:
            self._set_up, self._schedules = set_up, {}
        known, wanted = self._schedules, dict.fromkeys([slot.schedule_id for slot in slots])
        if missing := [each for each in wanted if each not in known]:
            known |= {each.id: each for each in await self.schedules(missing)}
        return [known[each] for each in wanted]

    async def count_between(self, starts: datetime, ends: datetime) -> int:
        """How many slots start in that time, free or not, whoever may see them."""
        query: LiteralString = "SELECT count(*) FROM slots WHERE book = %s AND starts >= %s AND starts < %s"
        return int(await self._value(query, starts, ends))

    async def slots(self, slot_ids: Collection[str]) -> Sequence[Slot]:
        """Those of the slots that exist, in order of time."""
        return await self._slots(" AND id = ANY (%s) ORDER BY starts, id", list(slot_ids))

    async def schedules(self, schedule_ids: Collection[str]) -> Sequence[Schedule]:
        """Those of the schedules that exist, in the order asked."""
        found = {each.id: each for each in await self._rows.schedules(" AND id = ANY (%s)", list(schedule_ids))}
        return [found[each] for each in schedule_ids if each in found]

    async def is_free(self, slot_id: str) -> bool:
        """Whether the slot exists and nobody has taken it."""
        return bool(await self._rows.all("SELECT FROM slots WHERE book = %s AND id = %s AND holder IS NULL", slot_id))

    async def booked_in(self, schedule_id: str, booker_ods: str | None = None) -> int:
        """How many slots of the schedule are booked over GP Connect, by anyone or by one organisation."""
        return int(await self._value("SELECT booked_in(%s, %s, %s)", schedule_id, booker_ods))

    async def claim(self, appointment: Appointment, *, quota: Quota | None = None) -> None:
        """Take all of its slots or none; raises SlotTaken, or QuotaReached."""
        facts = {
            "book": self._rows.book, "id": appointment.id, "slots": list(appointment.slot_ids),
            "schedule": appointment.schedule_id, "patient": appointment.patient_id, "starts": appointment.starts,
            "ends": appointment.ends, "status": appointment.status, "version": appointment.version,
            "booker": None if appointment.booker is None else appointment.booker_ods or "",
            "most": quota and quota.slots, "by": quota and quota.booker_ods, "text": appointment_text(appointment),
        }  # fmt: skip
        async with self._pool.connection() as connection:
            row = await (await connection.execute(_CLAIM, facts)).fetchone()
        _settle(row or ("unknown", ""))

    async def change(self, appointment: Appointment, *, was: int) -> None:
        """Replace version `was`; cancelling frees the slots. Raises Stale."""
        stands = await self._value(
            "SELECT change_appointment(%s, %s, %s, %s, %s, %s::json)",
            appointment.id, was, appointment.version, appointment.status, appointment_text(appointment),
        )  # fmt: skip
        if stands == 0:
            raise KeyError(appointment.id)
        if stands is not None:
            raise Stale(stands)

    async def appointment(self, appointment_id: str) -> Appointment | None:
        """One appointment by its id."""
        return next(iter(await self._appointments(" AND id = %s", appointment_id)), None)

    async def appointments_of(self, patient_id: str) -> Sequence[Appointment]:
        """All of the patient's appointments, in order of start."""
        return await self._appointments(" AND patient_id = %s ORDER BY starts, id", patient_id)

    async def appointments_between(self, starts: datetime, ends: datetime) -> Sequence[Appointment]:
        """Every appointment that is under way in that time, cancelled ones too, in order of start."""
        return await self._appointments(" AND starts < %s AND ends > %s ORDER BY starts, id", ends, starts)

    async def slots_of(self, session: str | None = None) -> Sequence[Slot]:
        """Every slot, or every slot of one session, in order of time."""
        return await self._slots(f"{OF_SESSION} ORDER BY starts, id", session, self._rows.book, session)

    async def slots_between(self, starts: datetime, ends: datetime) -> Sequence[Slot]:
        """Every slot that starts in that time, free or not, in order of time."""
        return await self._slots(" AND starts >= %s AND starts < %s ORDER BY starts, id", starts, ends)

    async def first_start(self, after: datetime) -> datetime | None:
        """When the first slot starts that starts then or later."""
        first: datetime | None = await self._value(
            "SELECT min(starts) FROM slots WHERE book = %s AND starts >= %s", after
        )
        return first

    async def batches(self) -> Sequence[SlotBatch]:
        """All slots, counted by schedule, type and options, in order of the schedules' start."""
        rows = await self._rows.all(
            "SELECT schedule_id, slot_type, class, count(*) FROM slots WHERE book = %s GROUP BY 1, 2, 3"
        )
        schedules = {each.id: each for each in await self.schedules(list({row[0] for row in rows}))}
        await self._rows.learn({number for _, _, number, _ in rows})
        found = [
            SlotBatch(schedules[key], kind, self._rows.options[number], count) for key, kind, number, count in rows
        ]
        return sorted(found, key=lambda batch: (batch.schedule.starts, batch.schedule.id))

    async def block(self, slot_ids: Collection[str]) -> None:
        """A receptionist takes the slots, all or none; raises SlotTaken."""
        rows = await self._rows.all("SELECT * FROM take_slots(%s, %s, %s, NULL, NULL, NULL)", list(slot_ids), DESK)
        _settle(rows[0])

    async def unblock(self, slot_ids: Collection[str]) -> None:
        """The receptionist gives back what was blocked; appointments keep theirs."""
        await self._rows.all("SELECT give_back(%s, %s, %s)", list(slot_ids), DESK)

    async def reconfigure(
        self,
        session: str | None,
        *,
        between: tuple[datetime, datetime] | None = None,
        slot_ids: Collection[str] | None = None,
        practitioner_id: str | Keep | None = KEEP,
        location_id: str | Keep = KEEP,
        only_ods: Collection[str] | Keep | None = KEEP,
        only_types: Collection[str] | Keep | None = KEEP,
        **more: Any,
    ) -> None:
        """Change the options of a session (None: of all); the next search of any process sees it.

        `between` narrows that to schedules and slots that start in that time, `slot_ids` to these
        slots: their schedules, with holder and location, stay as they are.
        """
        options = given(only_ods=as_set(only_ods), only_types=as_set(only_types), **more)
        held = given(practitioner_id=practitioner_id, location_id=location_id)
        async with self._pool.connection() as connection, connection.transaction():
            await set_up_anew(self._rows, connection, Reach(session, between, slot_ids), options, held)

    async def _appointments(self, condition: LiteralString, *values: Any) -> Sequence[Appointment]:
        rows = await self._rows.all(f"{_APPOINTMENT}{condition}", *values)
        return [appointment_from(text) for (text,) in rows]

    async def _slots(self, condition: LiteralString, *values: Any) -> Sequence[Slot]:
        return [slot for _, slot in await self._rows.slots(condition, *values)]

    async def _value(self, query: LiteralString, *values: Any) -> Any:
        return (await self._rows.all(query, *values))[0][0]


def _settle(row: TupleRow) -> None:
    """Says what kept slots from being taken, if anything did."""
    obstacle, slot_id = row
    if obstacle == "unknown":
        raise KeyError("a slot that this book does not have")
    if obstacle == "taken":
        raise SlotTaken(slot_id)
    if obstacle == "limit":
        raise QuotaReached
