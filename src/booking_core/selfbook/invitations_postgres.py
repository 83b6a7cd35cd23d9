"""Invitations in PostgreSQL, for several processes or hosts."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, LiteralString

from psycopg.rows import TupleRow
from pydantic import TypeAdapter

from booking_core.database_postgres import Database
from booking_core.gpconnect.values import Offer
from booking_core.selfbook.invitations import HELD, UNDER_WAY, Invitation, moved

_INVITATION, _SHOWN = TypeAdapter(Invitation), TypeAdapter(dict[str, Offer])
_SELECT: LiteralString = "SELECT invitation::text, shown::text FROM invitations"


class PostgresInvitations:
    """Invitations that outlive the process. Whoever moves one holds its row meanwhile."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, invitation: Invitation) -> None:
        """Keeps a new invitation under its key."""
        async with self._database.transaction() as connection:
            done = await connection.execute(
                "INSERT INTO invitations (key, invitation_id, state, remind_at, invitation, shown)"
                " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
                (
                    invitation.key,
                    invitation.invitation_id,
                    invitation.state,
                    invitation.remind_at,
                    _text(invitation),
                    _list(invitation.shown),
                ),
            )
        if not done.rowcount:
            raise ValueError(f"there is an invitation {invitation.invitation_id} already")

    async def get(self, key: str) -> Invitation | None:
        """The invitation with this key, if there is one."""
        return next(iter(await self._all("key = %s", key)), None)

    async def by_id(self, invitation_id: str) -> Invitation | None:
        """The invitation with this id, if there is one."""
        return next(iter(await self._all("invitation_id = %s", invitation_id)), None)

    async def under_way(self) -> Sequence[Invitation]:
        """Those in a state of UNDER_WAY, by id."""
        return await self._all('state = ANY(%s) ORDER BY invitation_id COLLATE "C"', list(UNDER_WAY))

    async def to_remind(self, now: datetime) -> Sequence[Invitation]:
        """Those whose reminder is due, the earliest first."""
        return await self._all(
            'remind_at <= %s AND state = ANY(%s) ORDER BY remind_at, invitation_id COLLATE "C"', now, list(HELD)
        )

    async def move(self, was: Invitation, state: str, **changes: Any) -> Invitation:
        """To `state`; raises IllegalMove."""
        async with self._database.transaction() as connection:
            rows = await connection.execute(f"{_SELECT} WHERE key = %s FOR UPDATE", (was.key,))
            row = await rows.fetchone()
            if row is None:
                raise KeyError(was.key)
            after = moved(_read(row), was, state, changes)
            await connection.execute(
                "UPDATE invitations SET state = %s, remind_at = %s, invitation = %s WHERE key = %s",
                (after.state, after.remind_at, _text(after), was.key),
            )
        return after

    async def show(self, key: str, offers: Mapping[str, Offer]) -> None:
        """Remembers what the patient was last shown."""
        async with self._database.transaction() as connection:
            done = await connection.execute("UPDATE invitations SET shown = %s WHERE key = %s", (_list(offers), key))
        if not done.rowcount:
            raise KeyError(key)

    async def _all(self, condition: LiteralString, *values: str | datetime | list[str]) -> Sequence[Invitation]:
        async with self._database.transaction() as connection:
            rows = await connection.execute(f"{_SELECT} WHERE {condition}", values)
            return [_read(row) async for row in rows]


def _text(invitation: Invitation) -> str:
    return _INVITATION.dump_json(invitation, exclude={"shown"}).decode()


def _list(offers: Mapping[str, Offer]) -> str:
    return _SHOWN.dump_json(dict(offers)).decode()


def _read(row: TupleRow) -> Invitation:
    return replace(_INVITATION.validate_json(row[0]), shown=_SHOWN.validate_json(row[1]))
