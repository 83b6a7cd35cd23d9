"""The check for programs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

import orjson

from harness.pilot_check.capacity import Capacity
from harness.pilot_check.cells import Act, Cell, Pair, Said
from harness.pilot_check.verdict import Checked

VERSION = 2


def json_of(checked: Sequence[Checked]) -> bytes:
    """`{"version": 2, "pilots": [...]}`, without blanks: a network has tens of thousands of exchanges.

    The same check gives the same bytes.
    """
    body = {"version": VERSION, "pilots": [_pilot(one) for one in checked]}
    return orjson.dumps(body, option=orjson.OPT_APPEND_NEWLINE)


def _pilot(one: Checked) -> dict[str, Any]:
    return {
        "pilot": one.pilot,
        "file": one.file,
        "when": one.when.isoformat(),
        "clean": one.clean,
        "findings": [asdict(finding) for finding in one.findings],
        "unexplained": [f"{pair.booker} -> {pair.receiver}" for pair in one.unexplained],
        "roles": dict(one.roles),
        "capacity": [_capacity(capacity) for capacity in one.capacities],
        "emails": [{"ods": email.ods, "role": email.role, "text": email.text} for email in one.emails],
        "matrix": [_pair(pair) for pair in one.pairs],
        "before": one.before,
        "changes": [asdict(change) for change in one.changes],
    }


def _capacity(one: Capacity) -> dict[str, Any]:
    return {
        "receiver": one.receiver,
        "days": {booker: _by_day(days) for booker, days in one.days.items()},
        "weeks": [asdict(week) | {"short": week.short} for week in one.weeks],
    }


def _by_day(days: Mapping[date, int]) -> dict[str, int]:
    return {day.isoformat(): count for day, count in sorted(days.items())}


def _pair(pair: Pair) -> dict[str, Any]:
    return {
        "booker": pair.booker,
        "receiver": pair.receiver,
        "invited": dict(pair.invited),
        "alarm": pair.alarm,
        "note": pair.note,
        "days": _by_day(pair.days),
        "cells": [_cell(cell) for cell in pair.cells],
        "story": _acts(pair.story),
    }


def _cell(cell: Cell) -> dict[str, Any]:
    return {
        "slot_type": cell.slot_type,
        "state": cell.state,
        "why": cell.why,
        "slots": cell.slots,
        "cancelled": cell.cancelled,
        "trace": cell.trace,
        "acts": _acts(cell.acts),
    }


def _acts(acts: Iterable[Act]) -> list[dict[str, Any]]:
    return [{"what": act.what, "ended": act.ended, "exchanges": [*map(_said, act.said)]} for act in acts]


def _said(said: Said) -> dict[str, Any]:
    """Without what it does not have: a reason where nothing was refused, messages where only the line is kept."""
    told = {"on": said.on, "at": said.at, "status": said.status, "trace": said.trace}
    return told | {key: value for key in ("why", "request", "reply") if (value := getattr(said, key))}
