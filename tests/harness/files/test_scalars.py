from datetime import UTC, date, datetime, time
from typing import Annotated, Any

import pytest
from pydantic import TypeAdapter

from harness.files import Day, Moment, Spelt, TimeOfDay, read_yaml


@pytest.mark.parametrize(
    ("kind", "value", "sample"),
    [
        (Day, "20260327", "a date such as 2026-03-27"),
        (TimeOfDay, "0830", "a time such as 08:30"),
        (Moment, "20260327", "a date and time such as 2026-03-27T08:55:00+00:00"),
    ],
)
def test_a_bare_number_is_neither_a_date_nor_a_time(yaml_problems, kind: Any, value: str, sample: str) -> None:
    assert yaml_problems(f"a: {value}\n", dict[str, kind | None]) == [
        f"x.yaml:1:1: a: expected {sample}, got '{value}'"
    ]


@pytest.mark.parametrize(
    ("kind", "value", "complaint"),
    [
        (Day, "1/4/2026", "expected a date such as 2026-03-27, got '1/4/2026'; for 1 April 2026 write 2026-04-01"),
        (
            Day,
            "31.12.2026",
            "expected a date such as 2026-03-27, got '31.12.2026'; for 31 December 2026 write 2026-12-31",
        ),
        (Day, "31/02/2026", "expected a date such as 2026-03-27, got '31/02/2026'"),
        (TimeOfDay, "8.30", "expected a time such as 08:30, got '8.30'; write 08:30"),
        (TimeOfDay, "9:00", "expected a time such as 08:30, got '9:00'; write 09:00"),
        (TimeOfDay, "1.30pm", "expected a time such as 08:30, got '1.30pm'; write 13:30"),
        (TimeOfDay, "25:00", "expected a time such as 08:30, got '25:00'"),
    ],
)
def test_what_people_write_in_a_way_of_their_own_is_told_as_it_is_written_here(
    yaml_problems, kind: Any, value: str, complaint: str
) -> None:
    assert yaml_problems(f"a: '{value}'\n", dict[str, kind | None]) == [f"x.yaml:1:1: a: {complaint}"]


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


Code = Annotated[str, Spelt(r"^[a-z]+$", "small letters, such as abc")]


@pytest.mark.parametrize(("value", "message"), [("Abc", "expected small letters, such as abc, got 'Abc'"),
    ("''", "no value given: expected small letters, such as abc")])  # fmt: skip
def test_a_pattern_is_told_in_words_and_stays_in_the_schema(yaml_problems, value: str, message: str) -> None:
    assert yaml_problems(f"a: {value}\n", dict[str, Code]) == [f"x.yaml:1:1: a: {message}"]
    assert TypeAdapter(Code).json_schema() == {"pattern": "^[a-z]+$", "type": "string"}
