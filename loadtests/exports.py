"""A profile for programs and for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

import orjson

from loadtests.judge import Finding
from loadtests.measures import SPLIT
from loadtests.profile import QUANTILES, Profile, Row

_COLUMNS: dict[str, Callable[[Row], Any]] = {
    "interaction": lambda row: row.interaction.name,
    "tier": lambda row: row.target.tier,
    "supplier": lambda row: row.target.supplier,
    "restricted": lambda row: row.target.restricted,
    "busyness": lambda row: row.target.busyness,
    "sessions": lambda row: row.target.sessions,
    "branches": lambda row: row.target.branches,
    "scanned": lambda row: row.target.scanned,
    "returned": lambda row: row.target.visible,
    "planned": lambda row: row.planned,
    "answered": lambda row: row.answered,
    "failed": lambda row: row.failed,
    "lost": lambda row: row.lost,
}


def as_json(profile: Profile, findings: Sequence[Finding], sentences: Sequence[str]) -> bytes:
    """For programs."""
    content = {
        "version": 2,
        "assumed": profile.assumed,
        "generator_cpu": profile.generator_cpu,
        "windows_per_view": profile.windows_per_view,
        "models": {name: model and asdict(model) for name, model in profile.models.items()},
        "findings": [asdict(finding) for finding in findings],
        "against": list(sentences),
        "targets": [_plain(row) for row in profile.rows],
        "journeys": [{"name": came.target.name, **asdict(came), "lost": came.lost} for came in profile.came],
    }
    return orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS | orjson.OPT_APPEND_NEWLINE)


def _plain(row: Row) -> dict[str, Any]:
    return {
        "name": row.name,
        **asdict(row),
        "interaction": row.interaction.name,
        "failed": row.failed,
        "lost": row.lost,
    }


def as_csv(profile: Profile) -> bytes:
    """A row for each kind of request at each target."""
    written = io.StringIO()
    table = csv.writer(written, lineterminator="\n")
    times = [f"{kind}_p{share * 100:g}_ms" for kind in ("intended", "service") for share in QUANTILES]
    table.writerow([*_COLUMNS, *times, *(f"{kind}_ms" for kind in SPLIT), "bytes", "gzip_bytes", "assumed"])
    for row in profile.rows:
        table.writerow(
            [value(row) for value in _COLUMNS.values()]
            + [round(seen[share].ms, 3) for seen in (row.intended, row.service) for share in QUANTILES]
            + [*(round(row.split_ms[kind], 3) for kind in SPLIT), row.plain_bytes, row.gzip_bytes, row.target.assumed]
        )
    return written.getvalue().encode()
