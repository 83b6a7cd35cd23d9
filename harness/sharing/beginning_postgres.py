"""The world of a store before its workers start, so that whatever is wrong is told once and in one line."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from harness.files import BadFile, Problem
from harness.sharing.database_postgres import database
from harness.sharing.order import Plan
from harness.sharing.store_postgres import Store, StoredWorld
from harness.sharing.worlds import begin_world


async def begun(plan: Plan, starts: datetime, *, anew: bool) -> StoredWorld:
    """The main world, begun now or before; raises BadFile where the store holds another one."""
    async with database(plan.order.store) as pool:
        build = plan.build_with(lambda: starts)
        stored = await begin_world(Store(pool), "", starts, build, like=plan.made_of, anew=anew)
    if stored.made_of != plan.made_of:
        message = "the store holds a world of another file, seed or set of options"
        hint = "begin this one with --fresh, or use another database"
        raise BadFile([Problem(Path("--store"), 0, 0, "", message, hint)])
    return stored
