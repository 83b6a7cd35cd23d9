from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from harness.files import Day, Moment, TimeOfDay, read_yaml


@pytest.mark.parametrize(
    ("kind", "value", "sample"),
    [
        (Day, "20260327", "a date such as 2026-03-27"),
        (TimeOfDay, "0830", "a time such as 08:30"),
        (TimeOfDay, "8.30", "a time such as 08:30"),
        (Moment, "20260327", "a date and time such as 2026-03-27T08:55:00+00:00"),
    ],
)
def test_a_bare_number_is_neither_a_date_nor_a_time(yaml_problems, kind: Any, value: str, sample: str) -> None:
    assert yaml_problems(f"a: {value}\n", dict[str, kind | None]) == [
        f"x.yaml:1:1: a: expected {sample}, got '{value}'"
    ]


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Day, "2026-03-27", date(2026, 3, 27)),
        (TimeOfDay, "08:30", time(8, 30)),
        (Moment, "2026-03-27T08:55:00+00:00", datetime(2026, 3, 27, 8, 55, tzinfo=UTC)),
    ],
)
def test_dates_and_times_are_read_from_text(write, kind: Any, text: str, value: object) -> None:
    assert read_yaml(write(f"a: {text}\n")).parse(dict[str, kind]) == {"a": value}
