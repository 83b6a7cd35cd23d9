"""How the sessions are set up for other organisations, and the change of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from mock_gpconnect.book.local_time import LONDON
from mock_gpconnect.book.protocol import Access, Schedule, SlotBatch
from mock_gpconnect.desk.declined import Declined
from mock_gpconnect.desk.desk import Desk
from mock_gpconnect.desk.diary import day_span
from mock_gpconnect.desk.fingerprint import fingerprint, refuse_unless_seen
from mock_gpconnect.desk.inputs import SessionChange
from mock_gpconnect.provider.visibility import Asker, rules_of, why_shut


@dataclass(frozen=True, slots=True)
class Part:
    """What is set up together: a session (None: all of them), on every day or on one, or some of its slots."""

    session: str | None
    day: date | None = None
    slot_ids: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Options:
    """The options of one session, in the words of the control API."""

    bookable: bool
    only_ods: tuple[str, ...] | None
    only_types: tuple[str, ...] | None
    role: str | None
    channel: str | None
    limit: int | None
    embargo_until: datetime | None
    holder: str | None
    location: str

    @property
    def access(self) -> Access:
        """Those of them that decide who sees the slots."""
        only_ods, only_types = _as_set(self.only_ods), _as_set(self.only_types)
        return Access(self.bookable, self.role, self.channel, only_ods, only_types, self.limit, self.embargo_until)


@dataclass(frozen=True, slots=True)
class SetUp:
    """One session as it is set up, or a part of it. `options` has several entries where its slots differ."""

    name: str
    options: tuple[Options, ...]
    days: tuple[int, ...]
    hours: tuple[str, ...]
    slot_types: tuple[str, ...]
    slots: int

    @property
    def first(self) -> Options:
        """The options of its first day."""
        return self.options[0]

    @property
    def seen(self) -> str:
        """The fingerprint of the options."""
        return fingerprint([asdict(each) for each in self.options])


async def set_ups(desk: Desk, part: Part | None = None) -> tuple[SetUp, ...]:
    """Every session of the book, by name, or what of it belongs to the part."""
    of_session: dict[str, list[SlotBatch]] = {}
    for batch in await _batches(desk, part or Part(None)):
        of_session.setdefault(batch.schedule.session, []).append(batch)
    return tuple(_set_up(name, of_session[name]) for name in sorted(of_session))


async def set_up_of(desk: Desk, part: Part) -> SetUp:
    """How a part of one session is set up."""
    if found := await set_ups(desk, part):
        return found[0]
    raise Declined("session_unknown", session=part.session)


async def _batches(desk: Desk, part: Part) -> Sequence[SlotBatch]:
    span = day_span(part.day) if part.day else None
    if part.slot_ids is not None:
        found = await _named(desk, part.slot_ids)
    else:
        found = await desk.practice.book.batches()
    return [
        each
        for each in found
        if part.session in (None, each.schedule.session) and (not span or span[0] <= each.schedule.starts < span[1])
    ]


async def _named(desk: Desk, slot_ids: Collection[str]) -> Sequence[SlotBatch]:
    book = desk.practice.book
    slots = await book.slots(slot_ids)
    if missing := set(slot_ids) - {slot.id for slot in slots}:
        raise Declined("slot_unknown", slot=min(missing))
    schedules = {each.id: each for each in await book.schedules([slot.schedule_id for slot in slots])}
    return [SlotBatch(schedules[slot.schedule_id], slot.slot_type, slot.access, 1) for slot in slots]


def _set_up(name: str, batches: Sequence[SlotBatch]) -> SetUp:
    schedules = list({each.schedule.id: each.schedule for each in batches}.values())
    return SetUp(
        name,
        tuple(dict.fromkeys(options_of(each.schedule, each.access) for each in batches)),
        tuple(sorted({each.starts.astimezone(LONDON).weekday() for each in schedules})),
        tuple(dict.fromkeys(_hours(each) for each in schedules)),
        tuple(dict.fromkeys(each.slot_type for each in batches)),
        sum(each.slots for each in batches),
    )


def options_of(schedule: Schedule, access: Access) -> Options:
    """The options of one session on one day."""
    return Options(
        access.bookable, _sorted(access.only_ods), _sorted(access.only_types), access.role or None,
        access.channel or None, access.limit, access.embargo_until, schedule.practitioner_id, schedule.location_id,
    )  # fmt: skip


def _hours(schedule: Schedule) -> str:
    return f"{schedule.starts.astimezone(LONDON):%H:%M} to {schedule.ends.astimezone(LONDON):%H:%M}"


def hidden_from_everybody(desk: Desk, options: Options) -> str | None:
    """Why no organisation at all can see the slots; None where those can that the options name, or everybody."""
    named = Asker(frozenset(options.only_ods or ()), frozenset(options.only_types or ()))
    return why_shut(options.access, named, rules_of(desk.practice, desk.now()))


async def change_set_up(desk: Desk, part: Part, change: SessionChange) -> None:
    """Sets the options that are given, of a part; the next slot search sees it."""
    given = change.model_dump(include=set(SessionChange.model_fields) - {"was"}, exclude_unset=True)
    _check_places(desk, part, given)
    found = await set_ups(desk, part)
    if part.session is not None and not found:
        raise Declined("session_unknown", session=part.session)
    if len(found) == 1:
        refuse_unless_seen(change.was, [asdict(each) for each in found[0].options])
    given = _different(given, [options for each in found for options in each.options])
    if given:
        await desk.practice.book.reconfigure(
            part.session,
            between=day_span(part.day) if part.day else None,
            slot_ids=part.slot_ids,
            **{_NAMES.get(key, key): value for key, value in given.items()},
        )


_NAMES = {"holder": "practitioner_id", "location": "location_id"}
"""What the book calls an option, where that is another word."""


def _check_places(desk: Desk, part: Part, given: Mapping[str, Any]) -> None:
    holder, location = given.get("holder"), given.get("location")
    if part.slot_ids is not None and not given.keys().isdisjoint(_NAMES):
        raise Declined("slots_have_no_holder")
    if holder is not None and desk.practice.practitioner(holder) is None:
        raise Declined("holder_unknown", holder=holder)
    if location is not None and desk.practice.location(location) is None:
        raise Declined("location_unknown", location=location)


def _different(given: Mapping[str, Any], options: Sequence[Options]) -> dict[str, Any]:
    """What really changes: the book rebuilds its index for each change."""

    def same(key: str, value: Any) -> bool:
        return all(_plain(getattr(each, key)) == _plain(value) for each in options)

    return {key: value for key, value in given.items() if not same(key, value)}


def _plain(value: Any) -> Any:
    return sorted(set(value)) if isinstance(value, tuple) else value


def _sorted(codes: Iterable[str] | None) -> tuple[str, ...] | None:
    return None if codes is None else tuple(sorted(codes))


def _as_set(codes: Iterable[str] | None) -> frozenset[str] | None:
    return None if codes is None else frozenset(codes)
