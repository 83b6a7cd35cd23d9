"""The parts of a world that live in each worker's memory and are kept alike."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar

import orjson
from pydantic import TypeAdapter

from harness.sharing.replica import Part, Replica
from harness.world import World
from mock_gpconnect.desk.staff import Staff, StaffUser
from mock_gpconnect.provider.patients import LocalPatient, PatientIndex
from mock_gpconnect.provider.practice import Practice, Switches
from mock_pds.clients import User
from mock_pds.log_ins import LogIn
from mock_pds.people import People, Person
from mock_pds.tokens import Grant, Tokens
from mock_pds.watched import Watched

_RECORDS, _STAFF_USER, _PERSON = (
    TypeAdapter(tuple[LocalPatient, ...]),
    TypeAdapter(StaffUser),
    TypeAdapter(Person | None),
)
_USER = TypeAdapter(User)
_SETTINGS = TypeAdapter(tuple[timedelta | None, timedelta | None, Switches, float, frozenset[str]])

Note = Callable[[str, str], None]


def replica_of(world: World) -> Replica:
    """A replica whose parts are those of the world, and which is told when they change."""
    parts: dict[str, Part] = {}
    replica = Replica(parts)
    note, tokens = replica.note, world.tokens
    parts["jti"] = _jtis(tokens, note)
    parts["grant"] = _watched("grant", tokens.grants, _grant_text, partial(_grant, tokens), note)
    parts["code"] = _watched("code", tokens.log_ins.codes, _log_in_text, partial(_log_in, tokens), note)
    parts["refresh"] = _watched("refresh", tokens.log_ins.refreshes, _log_in_text, partial(_log_in, tokens), note)
    parts["person"] = _people(world.people, note)
    for ods, practice in world.practices.items():
        parts[f"patients {ods}"] = _patients(f"patients {ods}", practice.patients, note)
        parts[f"staff {ods}"] = _staff(f"staff {ods}", world.staff[ods], note)
        parts[f"settings {ods}"] = _settings(practice, replica.settings_seen)
    note_settings(world, replica)
    return replica


def note_settings(world: World, replica: Replica) -> None:
    """Practices count the changes of their settings; whichever moved on since it was last seen has news."""
    for ods, practice in world.practices.items():
        if replica.settings_seen.get(ods, practice.version) != practice.version:
            replica.note(f"settings {ods}", "")
        replica.settings_seen[ods] = practice.version


def _settings(practice: Practice, seen: dict[str, int]) -> Part:
    def put(_key: str, state: bytes) -> None:
        practice.embargo, practice.booking_window, practice.switches, practice.busyness, practice.unsubscribed = (
            _SETTINGS.validate_json(state)
        )
        seen[practice.ods] = practice.version

    def state_of(_key: str) -> bytes:
        return _SETTINGS.dump_json(
            (practice.embargo, practice.booking_window, practice.switches, practice.busyness, practice.unsubscribed)
        )

    return Part(state_of, put)


def _patients(kind: str, index: PatientIndex, note: Note) -> Part:
    index.on_change = partial(note, kind)
    return Part(
        lambda number: _RECORDS.dump_json(index.of_number(number)),
        lambda number, state: index.put(number, _RECORDS.validate_json(state)),
    )


def _staff(kind: str, staff: Staff, note: Note) -> Part:
    staff.on_change = partial(note, kind)
    return Part(
        lambda alias: _STAFF_USER.dump_json(staff.get(alias) or StaffUser(alias)),
        lambda _alias, state: staff.put(_STAFF_USER.validate_json(state)),
    )


def _people(people: People, note: Note) -> Part:
    def put(_number: str, state: bytes) -> None:
        if (person := _PERSON.validate_json(state)) is not None:
            people.put(person)

    people.on_change = partial(note, "person")
    return Part(lambda number: _PERSON.dump_json(people.get(number)), put)


def _jtis(tokens: Tokens, note: Note) -> Part:
    """An assertion is known by its subject and its own id."""

    def pair(key: str) -> tuple[str, str]:
        subject, jti = orjson.loads(key)
        return subject, jti

    tokens.jtis.on_change = lambda used: note("jti", orjson.dumps(used).decode())
    return Part(
        lambda key: orjson.dumps(tokens.jtis.get(pair(key))),
        lambda key, state: tokens.jtis.put(pair(key), datetime.fromisoformat(orjson.loads(state))),
    )


V = TypeVar("V")


def _watched(
    kind: str, kept: Watched[str, V], write: Callable[[V], dict[str, Any]], read: Callable[[Any], V], note: Note
) -> Part:
    """Kept under a text; what was taken out is `null`."""

    def put(key: str, state: bytes) -> None:
        said = orjson.loads(state)
        kept.put(key, None if said is None else read(said))

    kept.on_change = partial(note, kind)
    return Part(lambda key: orjson.dumps(write(kept[key]) if key in kept else None), put)


def _grant_text(grant: Grant) -> dict[str, Any]:
    user = None if grant.user is None else _USER.dump_python(grant.user, mode="json")
    return {"client": grant.client.api_key, "scopes": sorted(grant.scopes), "ends": grant.expires_at, "user": user}


def _grant(tokens: Tokens, said: dict[str, Any]) -> Grant:
    """Its application is that of this worker's own register."""
    user = None if said["user"] is None else _USER.validate_python(said["user"])
    ends = datetime.fromisoformat(said["ends"])
    return Grant(tokens.clients[said["client"]], frozenset(said["scopes"]), ends, user)


def _log_in_text(log_in: LogIn) -> dict[str, Any]:
    return {
        "client": log_in.client.api_key, "user": _USER.dump_python(log_in.user, mode="json"), "ends": log_in.ends,
        "redirect_uri": log_in.redirect_uri, "refreshed": log_in.refreshed,
    }  # fmt: skip


def _log_in(tokens: Tokens, said: dict[str, Any]) -> LogIn:
    ends, user = datetime.fromisoformat(said["ends"]), _USER.validate_python(said["user"])
    return LogIn(tokens.clients[said["client"]], user, ends, said["redirect_uri"], said["refreshed"])
