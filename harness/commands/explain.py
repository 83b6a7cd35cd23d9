"""`crossbook explain`: why each slot of a practice is or is not visible to a consumer."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rich.markup import escape
from rich.table import Table

from booking_core.search import ANYTHING
from booking_core.spec.valuesets import ORGANISATION_TYPES
from booking_core.uk_time import local_date
from harness.addresses import own_hosts
from harness.explaining import Look, desk_of, explained_slots, look_of
from harness.files import BadFile, Problem, did_you_mean
from harness.reports.terminal import console
from harness.world import World, build_world
from harness.worlds import load_world, world_file
from mock_gpconnect.desk.desk import Desk
from mock_gpconnect.desk.reasons import reason_of


@dataclass(frozen=True, slots=True)
class ExplainOptions:
    """The command line, read."""

    world: str
    practice: str
    consumer: str
    type: str
    at: str
    days: int
    slot: str


@dataclass(frozen=True, slots=True)
class Hidden:
    """All slots that share a reason, with the sessions that they belong to."""

    count: int
    sessions: tuple[str, ...]


def explain_slots(options: ExplainOptions) -> int:
    """Prints reasons, counted and in plain words; 0 also when nothing is visible."""
    if options.type and options.type not in ORGANISATION_TYPES:
        hint = did_you_mean(options.type, ORGANISATION_TYPES)
        raise BadFile([Problem(Path("--type"), 0, 0, "", f"there is no type {options.type!r}", hint)])
    path = world_file(options.world)
    rows, _ = load_world(path)
    at = _moment(options.at)
    world = build_world(rows, folder=path.parent, addresses=own_hosts(), now=lambda: at, seed=1)
    desk = desk_of(world, _known(world, "--practice", options.practice))
    consumer = world.names.organisations[_known(world, "--for", options.consumer)]
    look = look_of(world, consumer.ods, desk.practice.ods, options.type, ANYTHING, options.days)
    found = asyncio.run(_reasons(world, desk, look, options.slot))
    _print(desk, consumer.name, found, options)
    return 0


async def _reasons(world: World, desk: Desk, look: Look, only: str) -> Mapping[str | None, Hidden]:
    found: dict[str | None, Hidden] = {}
    async for each in explained_slots(world, desk, look):
        before = found.get(each.reason, Hidden(0, ()))
        if each.slot is None or each.schedule is None:
            found[each.reason] = before
        elif only in ("", each.slot.id):
            sessions = dict.fromkeys((*before.sessions, each.schedule.session))
            found[each.reason] = Hidden(before.count + 1, tuple(sessions))
    if only and not any(each.count for each in found.values()):
        raise BadFile([Problem(Path("--slot"), 0, 0, "", f"there is no slot {only!r} in these days")])
    return found


def _print(desk: Desk, consumer: str, found: Mapping[str | None, Hidden], options: ExplainOptions) -> None:
    output = console()
    last = local_date(desk.now()) + timedelta(days=options.days - 1)
    output.print(
        f"{escape(desk.practice.name)} ({desk.practice.profile.name}) as {escape(consumer)} sees it at "
        f"{desk.now():%Y-%m-%d %H:%M} UTC, slots until {last:%Y-%m-%d}"
    )
    table = Table(box=None, pad_edge=False)
    for name in ("slots", "why", "sessions", "in words", "where it is changed"):
        table.add_column(name, overflow="fold")
    for reason, hidden in found.items():
        table.add_row(str(hidden.count or "-"), *map(escape, _words(desk, consumer, reason, hidden)))
    output.print(table)


def _words(desk: Desk, consumer: str, reason: str | None, hidden: Hidden) -> tuple[str, str, str, str]:
    sessions = ", ".join(hidden.sessions)
    if reason is None:
        return "visible", sessions, f"{consumer} sees these slots", ""
    told = reason_of(desk, reason, consumer)
    return reason, sessions, told.explanation, desk.where.get(reason, "")


def _known(world: World, option: str, name: str) -> str:
    if name not in world.names.organisations:
        hint = did_you_mean(name, world.names.organisations)
        raise BadFile([Problem(Path(option), 0, 0, "", f"there is no organisation {name!r}", hint)])
    return name


def _moment(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        message = f"expected a date-time with offset such as 2026-03-27T08:55:00+00:00, got {text!r}"
        raise BadFile([Problem(Path("--at"), 0, 0, "", message)])
    return at.astimezone(UTC)
