"""What can go wrong in a search for free slots, row by row."""

from __future__ import annotations

import pytest

from tests.mock_gpconnect.provider.edits import BAD_REQUEST, INVALID_PARAMETER, Refusal
from tests.mock_gpconnect.provider.messages import search_query
from tests.mock_gpconnect.provider.riverside import Riverside

GOOD = search_query("2026-03-25", "2026-04-01")


def search(drop: str = "", **changes: str) -> list[tuple[str, str]]:
    kept = [(name, value) for name, value in GOOD if name != drop and name not in changes]
    return kept + list(changes.items())


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (search(drop="start"), BAD_REQUEST),
        (search(drop="end"), BAD_REQUEST),
        (search(drop="status"), BAD_REQUEST),
        (search(drop="_include"), BAD_REQUEST),
        (search(_include="Slot:Schedule"), BAD_REQUEST),
        ([*search(drop="start"), ("Start", "ge2026-03-25")], BAD_REQUEST),
        ([*GOOD, ("start", "ge2026-03-26")], INVALID_PARAMETER),
        ([*GOOD, ("end", "le2026-04-01")], INVALID_PARAMETER),
        ([*GOOD, ("status", "busy")], INVALID_PARAMETER),
        (search(status="busy"), INVALID_PARAMETER),
        (search(status=""), INVALID_PARAMETER),
        (search(start=""), INVALID_PARAMETER),
        (search(start="ge"), INVALID_PARAMETER),
        (search(start="gehello"), INVALID_PARAMETER),
        (search(start="ge2026"), INVALID_PARAMETER),
        (search(start="ge2026-03"), INVALID_PARAMETER),
        (search(start="ge2026-02-30"), INVALID_PARAMETER),
        (search(start="ge2026-03-25T09"), INVALID_PARAMETER),
        (search(start="ge2026-03-25T09:00:00"), INVALID_PARAMETER),
        (search(start="ge2026-03-25T09:00:00Z"), INVALID_PARAMETER),
        (search(start="ge2026-03-25T09:00:00+02:00"), INVALID_PARAMETER),
        (search(start="ge2026-03-25T25:00:00+00:00"), INVALID_PARAMETER),
        (search(start="ge0001-01-01T00:00:00+01:00", end="le0001-01-02"), INVALID_PARAMETER),
        (search(start="ge9999-12-30", end="le9999-12-31"), INVALID_PARAMETER),
        (search(start="ge٢٠٢٦-03-25"), INVALID_PARAMETER),
        (search(start="2026-03-25"), INVALID_PARAMETER),
        (search(start="gt2026-03-25"), INVALID_PARAMETER),
        (search(start="le2026-03-25"), INVALID_PARAMETER),
        (search(start="eq2026-03-25"), INVALID_PARAMETER),
        (search(end="lt2026-04-01"), INVALID_PARAMETER),
        (search(end="ge2026-04-01"), INVALID_PARAMETER),
        (search(end="le2026-03-24"), INVALID_PARAMETER),
        (search(end="le2026-04-09"), INVALID_PARAMETER),
        (search(end="le2026-04-25"), INVALID_PARAMETER),
        (search(start="ge2026-03-25T00:00:01+00:00", end="le2026-04-08T00:00:02+01:00"), INVALID_PARAMETER),
    ],
    ids=lambda value: (
        "&".join(f"{k}={v}" for k, v in value if (k, v) not in GOOD)[:60] if isinstance(value, list) else ""
    ),
)
async def test_each_fault_of_a_slot_search_has_its_answer(
    riverside: Riverside, query: list[tuple[str, str]], expected: Refusal
) -> None:
    heard = await riverside.ask("search_slots", query=query)
    assert heard.refusal == expected
    assert "parameter" in heard.issue["diagnostics"]
