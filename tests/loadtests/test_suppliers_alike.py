"""What differs between two suppliers' profiles is what their TOML says, and nothing else: no code knows their names."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import mock_gpconnect.suppliers
from booking_core.gpconnect.requests import search_slots
from booking_core.wire.calls import Reply
from booking_core.wire.transport import HttpTransport
from harness.addresses import own_hosts
from harness.lines import line_between
from harness.tiers import Shape, fortnight, tiered_world
from harness.virtual_time import clock, run_virtual
from harness.world import build_world
from loadtests.timing import read_timing

FOLDER = Path(mock_gpconnect.suppliers.__file__).parent
NOW = datetime(2026, 3, 27, 8, 55, tzinfo=UTC)
ASKED = 40
OF_A_SEARCH = ("publisher", "search", "limits", "diary", "latency")
"""Parts of a profile that a search's answer, and its time, may rest on."""


def parts(supplier: str) -> dict[str, Mapping[str, Any]]:
    read = tomllib.loads((FOLDER / f"{supplier}.toml").read_text(encoding="utf-8"))
    return {name: read[name] for name in OF_A_SEARCH if name in read}


def profile(folder: Path, supplier: str, like: Mapping[str, Mapping[str, Any]]) -> Path:
    """A supplier with some parts as another one's; JSON's values are TOML's."""
    lines = [f'name = "{supplier}-changed"', f'extends = "{supplier}"']
    for part, fields in like.items():
        lines += [f"[{part}]", *(f"{name} = {json.dumps(value)}" for name, value in fields.items())]
    lines += ["[basis]", *(f'"{part}.{name}" = "assumed"' for part, fields in like.items() for name in fields)]
    path = folder / f"{supplier}.toml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def searched(supplier: str | Path) -> list[Reply]:
    """The answers of one practice, through the proxy, each in its modelled time."""

    async def main() -> list[Reply]:
        now = clock(NOW)
        world = build_world(
            tiered_world([Shape("T3", 100, str(supplier), 0.5)]), folder=Path(), addresses=own_hosts(), now=now, seed=1,
            latency=True,
        )  # fmt: skip
        first, last = fortnight(NOW.date())
        window = (
            datetime(first.year, first.month, first.day, 6, tzinfo=UTC),
            datetime(last.year, last.month, last.day, 20, tzinfo=UTC),
        )
        line, transport = line_between(world, "booker.reception", "l0"), HttpTransport.over(world.network)
        calls = (search_slots(line, *window, now=now(), trace_id=world.new_id()) for _ in range(ASKED))
        return [await transport.send(call, deadline_s=45) for call in calls]

    return run_virtual(main)


def modelled_ms(replies: Sequence[Reply]) -> list[float]:
    return [read_timing(reply.headers["server-timing"]).seconds["modelled"] * 1e3 for reply in replies]


@pytest.mark.parametrize(("one", "other"), [("emis", "systmone"), ("systmone", "emis")])
def test_with_one_latency_two_suppliers_take_the_same_times(tmp_path: Path, one: str, other: str) -> None:
    same = {"latency": parts(other)["latency"]}
    assert modelled_ms(searched(profile(tmp_path, one, same))) == modelled_ms(searched(other))
    assert modelled_ms(searched(one)) != modelled_ms(searched(other))


def test_with_the_same_settings_their_answers_are_the_same_bytes(tmp_path: Path) -> None:
    alike, other = searched(profile(tmp_path, "emis", parts("systmone"))), searched("systmone")
    assert [reply.body for reply in alike] == [reply.body for reply in other]
    assert len(alike[0].body) > 10_000


def test_the_bytes_differ_where_a_file_says_so(tmp_path: Path) -> None:
    nameless = profile(tmp_path, "systmone", {"diary": {**parts("systmone")["diary"], "session_name": False}})
    assert searched(nameless)[0].body != searched("systmone")[0].body
