"""The ledger in PostgreSQL, for several processes or hosts."""

from collections.abc import Sequence
from typing import Any, LiteralString

from pydantic import TypeAdapter

from booking_core.database_postgres import Database
from booking_core.ledger import Attempt, Overtaken, noted

_ATTEMPT = TypeAdapter(Attempt)


class PostgresLedger:
    """A Ledger whose attempts outlive the process. Whoever notes something holds the row meanwhile."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def open(self, attempt: Attempt) -> None:
        """Before anything is sent; raises Overtaken where its id is taken."""
        async with self._database.transaction() as connection:
            done = await connection.execute(
                "INSERT INTO attempts (attempt_id, invitation_id, is_settled, attempt) VALUES (%s, %s, %s, %s)"
                " ON CONFLICT DO NOTHING",
                (attempt.attempt_id, attempt.invitation_id, attempt.is_settled, _text(attempt)),
            )
        if not done.rowcount:
            raise Overtaken(f"attempt {attempt.attempt_id} is open already")

    async def note(self, attempt: Attempt, **found: Any) -> Attempt:
        """Adds what became known; raises Overtaken, or KeyError."""
        key = attempt.attempt_id
        async with self._database.transaction() as connection:
            rows = await connection.execute(
                "SELECT attempt::text FROM attempts WHERE attempt_id = %s FOR UPDATE", (key,)
            )
            row = await rows.fetchone()
            if row is None:
                raise KeyError(key)
            after = noted(_ATTEMPT.validate_json(row[0]), attempt, found)
            await connection.execute(
                "UPDATE attempts SET is_settled = %s, attempt = %s WHERE attempt_id = %s",
                (after.is_settled, _text(after), key),
            )
        return after

    async def attempts(self, invitation_id: str) -> Sequence[Attempt]:
        """All attempts of one invitation, oldest first."""
        return await self._found(
            "SELECT attempt::text FROM attempts WHERE invitation_id = %s ORDER BY turn", invitation_id
        )

    async def unsettled(self) -> Sequence[Attempt]:
        """All attempts whose end is not known, oldest first."""
        return await self._found("SELECT attempt::text FROM attempts WHERE NOT is_settled ORDER BY turn")

    async def _found(self, query: LiteralString, *values: str) -> Sequence[Attempt]:
        async with self._database.transaction() as connection:
            rows = await connection.execute(query, values)
            return [_ATTEMPT.validate_json(text) async for (text,) in rows]


def _text(attempt: Attempt) -> str:
    return _ATTEMPT.dump_json(attempt).decode()
