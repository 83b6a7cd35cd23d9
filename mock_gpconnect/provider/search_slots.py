"""Search for free slots: the hot path. What it shows is decided in `visibility`, joined from ready JSON here."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from booking_core.spec.budgets import SEARCH_DAYS
from booking_core.spec.identifiers import CodeSystem, Id
from mock_gpconnect.book.protocol import FreeSlots
from mock_gpconnect.checks import Check, enforce
from mock_gpconnect.latency import Work
from mock_gpconnect.provider.answers import MANY, Answer, ready_searchset
from mock_gpconnect.provider.exchange import Exchange
from mock_gpconnect.provider.limits import limit_reached
from mock_gpconnect.provider.parameters import Bound, bound, end_of, longer_than, required
from mock_gpconnect.provider.requests import Request
from mock_gpconnect.provider.visibility import Asker, admits, rules_of, search_window
from mock_gpconnect.refusals import Refused

_SCHEDULES = "Slot:schedule"
_PRACTITIONERS = "Schedule:actor:Practitioner"
_LOCATIONS = "Schedule:actor:Location"
_RECURSED = frozenset({_PRACTITIONERS, _LOCATIONS})


@dataclass(frozen=True, slots=True)
class Query:
    """A well-formed search."""

    first: Bound
    last: Bound
    starts: datetime
    ends: datetime
    asker: Asker
    included: frozenset[str]


async def search_slots(exchange: Exchange) -> Answer:
    """Every free slot in the range that the consumer may see, with what it needs to understand it."""
    query = _query(exchange)
    enforce(_RANGE_CHECKS, query)
    rules = rules_of(exchange.practice, exchange.now)
    window = search_window(query.starts, query.ends, rules)
    found = await exchange.practice.book.free_slots(window, admits(query.asker, rules))
    if exchange.practice.profile.limits.slot_limit == "at_search":
        found = await _within_limits(exchange, found, query.asker)
    if found.incomplete:
        raise Refused("record_incomplete", diagnostics="a Slot of the range is stored without serviceType")
    work = await _work(exchange, query, found)
    if not found.slots:
        return ready_searchset([], work)
    return await _kept_or_made(exchange, query, found, work)


async def _kept_or_made(exchange: Exchange, query: Query, found: FreeSlots, work: Work) -> Answer:
    """The body in parts, in one part where it is kept."""
    answers, practice = exchange.server.answers, exchange.practice
    key = practice.ods, practice.version, found.mark, query.included
    if found.mark is not None and (kept := answers.get(key)):
        return Answer(ready=(kept,), size=len(kept), work=work)
    beside = await _beside(exchange, query, found)  # before others are let in: they may change the book
    if len(found.slots) > MANY:
        await asyncio.sleep(0)
    made = ready_searchset([*_slots(exchange, found), *beside], work)
    if found.mark is None or not answers.has_room_for(made.size):
        return made
    body = b",".join(made.ready)
    answers.keep(key, body)
    return replace(made, ready=(body,))


async def _work(exchange: Exchange, query: Query, found: FreeSlots) -> Work:
    """What a real system would have looked at: every slot of the range, whoever may see it, free or not."""
    if exchange.server.slow is None:
        return Work()
    scanned = await exchange.practice.book.count_between(query.starts, query.ends)
    return Work(scanned, len(found.slots), len(set(found.schedule_ids)))


def _query(exchange: Exchange) -> Query:
    request, profile = exchange.request, exchange.practice.profile
    start, end = required(request, "start"), required(request, "end")
    _check_status(request)
    if _SCHEDULES not in request.values("_include"):
        raise Refused("parameter_missing", diagnostics=f"parameter _include: {_SCHEDULES} is required")
    first = bound("start", start, "ge", offset_in_force=profile.search.offset_in_force)
    last = bound("end", end, "le", offset_in_force=profile.search.offset_in_force)
    ends = end_of(last, whole_day=profile.search.whole_end_day)
    included = _RECURSED.intersection(request.values("_include:recurse"))  # others would only make more keys to keep
    return Query(first, last, first.moment, ends, _asker(tuple(request.values("searchFilter"))), included)


def _check_status(request: Request) -> None:
    stated = request.values("status")
    if not stated:
        raise Refused("parameter_missing", diagnostics="parameter status: required")
    if set(stated) != {"free"}:
        raise Refused("parameter_invalid", diagnostics="parameter status: only free slots can be searched for")


@lru_cache(maxsize=1024)
def _asker(stated: tuple[str, ...]) -> Asker:
    """The filters that count; other systems are ignored."""
    filters = [value.rpartition("|") for value in stated]
    return Asker(
        ods=frozenset(code for system, _, code in filters if system == Id.ODS),
        types=frozenset(code for system, _, code in filters if system == CodeSystem.ORGANISATION_TYPE),
    )


def _end_first(query: Query) -> str | None:
    earlier_day = query.last.clock.date() < query.first.clock.date()
    return "parameter end: before start" if earlier_day or query.ends < query.starts else None


def _too_long(query: Query) -> str | None:
    if not longer_than(query.first, query.last, SEARCH_DAYS):
        return None
    return f"parameter end: more than {SEARCH_DAYS} days after start; search twice"


_RANGE_CHECKS = (Check("parameter_invalid", _end_first), Check("parameter_invalid", _too_long))


async def _within_limits(exchange: Exchange, found: FreeSlots, asker: Asker) -> FreeSlots:
    """Leaves out the schedules in which no more may be booked."""
    limited = {slot.schedule_id: slot for slot in found.slots if slot.access.limit is not None}
    used_up = {each.schedule_id for each in limited.values() if await limit_reached(exchange.practice, each, asker.ods)}
    if not used_up:
        return found
    kept = [at for at, schedule_id in enumerate(found.schedule_ids) if schedule_id not in used_up]
    return FreeSlots(
        [found.slots[at] for at in kept],
        [found.fragments[at] for at in kept],
        [found.schedule_ids[at] for at in kept],
        found.incomplete,
        None if found.mark is None else (found.mark, *sorted(used_up)),
    )


def _slots(exchange: Exchange, found: FreeSlots) -> Sequence[bytes]:
    if exchange.practice.profile.search.duplicate_slots:
        return [fragment for fragment in found.fragments for _ in range(2)]
    return found.fragments


async def _beside(exchange: Exchange, query: Query, found: FreeSlots) -> list[bytes]:
    """Schedules, then what was asked for with them, then the organisation, which always comes along."""
    practice, fragments = exchange.practice, exchange.server.fragments.current()
    schedules = found.schedules
    if schedules is None:
        schedules = await practice.book.schedules(sorted(set(found.schedule_ids)))
    beside = fragments.schedules(schedules)
    if _PRACTITIONERS in query.included and practice.profile.diary.practitioner:
        beside += fragments.practitioners(schedules)
    if _LOCATIONS in query.included:
        beside += fragments.locations(schedules)
    return [*beside, fragments.organisation()]
