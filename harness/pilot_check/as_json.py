"""The check for programs."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

import orjson

from harness.pilot_check.capacity import Capacity
from harness.pilot_check.cells import Pair
from harness.pilot_check.verdict import Checked

VERSION = 1


def json_of(checked: Sequence[Checked]) -> bytes:
    """`{"version": 1, "pilots": [...]}`; the same check gives the same bytes."""
    body = {"version": VERSION, "pilots": [_pilot(one) for one in checked]}
    return orjson.dumps(body, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


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
        "cells": [asdict(cell) for cell in pair.cells],
        "story": [asdict(said) for said in pair.story],
    }
