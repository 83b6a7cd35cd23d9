"""How the sessions are set up for other organisations, and the change of it."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from mock_gpconnect.book.local_time import LONDON
from mock_gpconnect.book.protocol import Access, Schedule, Slot
from mock_gpconnect.desk.declined import Declined
from mock_gpconnect.desk.desk import Desk
from mock_gpconnect.desk.fingerprint import fingerprint, refuse_unless_seen
from mock_gpconnect.desk.inputs import SessionChange
from mock_gpconnect.provider.visibility import Asker, rules_of, why_shut


@dataclass(frozen=True, slots=True)
class Options:
    """The options of one session, in the words of the control API."""

    bookable: bool
    only_ods: tuple[str, ...] | None
    only_types: tuple[str, ...] | None
    role: str | None
    channel: str | None
    limit: int | None
    holder: str | None
    location: str

    @property
    def access(self) -> Access:
        """Those of them that decide who sees the slots."""
        only_ods, only_types = _as_set(self.only_ods), _as_set(self.only_types)
        return Access(self.bookable, self.role, self.channel, only_ods, only_types, self.limit)


@dataclass(frozen=True, slots=True)
class SetUp:
    """One session as it is set up. `options` has several entries where its days differ."""

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


async def set_ups(desk: Desk) -> tuple[SetUp, ...]:
    """Every session of the book, by name."""
    book = desk.practice.book
    slots = await book.slots_of()
    schedules = {each.id: each for each in await book.schedules(list(dict.fromkeys(s.schedule_id for s in slots)))}
    of_session: dict[str, list[tuple[Schedule, Slot]]] = {}
    for slot in slots:
        schedule = schedules[slot.schedule_id]
        of_session.setdefault(schedule.session, []).append((schedule, slot))
    return tuple(_set_up(name, of_session[name]) for name in sorted(of_session))


async def set_up_of(desk: Desk, name: str) -> SetUp:
    """One session."""
    found = next((each for each in await set_ups(desk) if each.name == name), None)
    if found is None:
        raise Declined("session_unknown", session=name)
    return found


def _set_up(name: str, rows: Sequence[tuple[Schedule, Slot]]) -> SetUp:
    schedules = list({schedule.id: schedule for schedule, _ in rows}.values())
    return SetUp(
        name,
        _distinct(options_of(schedule, slot.access) for schedule, slot in _one_each(rows)),
        tuple(sorted({each.starts.astimezone(LONDON).weekday() for each in schedules})),
        _distinct(_hours(each) for each in schedules),
        _distinct(slot.slot_type for _, slot in rows),
        len(rows),
    )


def _one_each(rows: Sequence[tuple[Schedule, Slot]]) -> Sequence[tuple[Schedule, Slot]]:
    """One row for each schedule and set of options: a book has thousands of slots with a few options."""
    return list({(schedule.id, slot.access): (schedule, slot) for schedule, slot in rows}.values())


def options_of(schedule: Schedule, access: Access) -> Options:
    """The options of one session on one day."""
    return Options(
        access.bookable, _sorted(access.only_ods), _sorted(access.only_types), access.role or None,
        access.channel or None, access.limit, schedule.practitioner_id, schedule.location_id,
    )  # fmt: skip


def _hours(schedule: Schedule) -> str:
    return f"{schedule.starts.astimezone(LONDON):%H:%M} to {schedule.ends.astimezone(LONDON):%H:%M}"


def hidden_from_everybody(desk: Desk, options: Options) -> str | None:
    """Why no organisation at all can see the slots; None where those can that the options name, or everybody."""
    named = Asker(frozenset(options.only_ods or ()), frozenset(options.only_types or ()))
    return why_shut(options.access, named, rules_of(desk.practice, desk.now()))


async def change_session(desk: Desk, name: str | None, change: SessionChange) -> None:
    """Sets the options that are given, of one session or of all; the next slot search sees it."""
    given = change.model_dump(include=set(SessionChange.model_fields) - {"was"}, exclude_unset=True)
    _check_places(desk, given)
    if name is not None:
        found = await set_up_of(desk, name)
        refuse_unless_seen(change.was, [asdict(each) for each in found.options])
        given = _different(given, found.options)
    if given:
        await desk.practice.book.reconfigure(name, **{_NAMES.get(key, key): value for key, value in given.items()})


_NAMES = {"holder": "practitioner_id", "location": "location_id"}
"""What the book calls an option, where that is another word."""


def _check_places(desk: Desk, given: Mapping[str, Any]) -> None:
    holder, location = given.get("holder"), given.get("location")
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


def _sorted(codes: Collection[str] | None) -> tuple[str, ...] | None:
    return None if codes is None else tuple(sorted(codes))


def _as_set(codes: Collection[str] | None) -> frozenset[str] | None:
    return None if codes is None else frozenset(codes)


_Thing = TypeVar("_Thing", bound=Hashable)


def _distinct(things: Iterable[_Thing]) -> tuple[_Thing, ...]:
    return tuple(dict.fromkeys(things))
