"""Dates and times as people write them; pydantic alone would take `0830` for 830 seconds after midnight."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import PydanticKnownError, core_schema

from harness.files.nearest import did_you_mean
from harness.files.problems import quoted

NUMBER = re.compile(r"\s*[-+]?[\d.]+\s*")


def _no_bare_number(kind: Literal["date_parsing", "time_parsing", "datetime_parsing"]) -> BeforeValidator:
    def refuse(value: object) -> object:
        if isinstance(value, int | float) or (isinstance(value, str) and NUMBER.fullmatch(value)):
            raise PydanticKnownError(kind, {"error": "a bare number"})
        return value

    return BeforeValidator(refuse)


def rewritten(text: str) -> str:
    """How a date of the British way, or a time of the kitchen clock, is written here; empty for other texts."""
    if found := re.fullmatch(r"(\d?\d)[/.-](\d?\d)[/.-](\d{4})", text.strip()):
        day, month, year = map(int, found.groups())
        try:
            meant = date(year, month, day)
        except ValueError:
            return ""
        return f"for {meant.day} {meant:%B %Y} write {meant.isoformat()}"
    if found := re.fullmatch(r"(\d?\d)[:.](\d\d)\s*([ap]m)?", text.strip().lower()):
        hour = int(found[1]) % 12 + (12 if found[3] == "pm" else 0) if found[3] else int(found[1])
        return f"write {hour:02}:{found[2]}" if hour < 24 and int(found[2]) < 60 else ""
    return ""


Day = Annotated[date, _no_bare_number("date_parsing")]
"""A calendar day, `2026-03-27`."""

TimeOfDay = Annotated[time, _no_bare_number("time_parsing")]
"""A time by the clock, `08:30`."""

Moment = Annotated[AwareDatetime, _no_bare_number("datetime_parsing")]
"""An instant with its offset from UTC, `2026-03-27T08:55:00+00:00`."""


@dataclass(frozen=True, slots=True)
class Spelt:
    """Text of a pattern, told in words to whoever did not know it; the pattern stands in the JSON Schema."""

    pattern: str
    expected: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_after_validator_function(self._checked, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"pattern": self.pattern, **handler(schema)}

    def _checked(self, text: str) -> str:
        if not text:
            raise ValueError(f"no value given: expected {self.expected}")
        if not re.fullmatch(self.pattern, text):
            raise ValueError(f"expected {self.expected}, got {quoted(text)}")
        return text


def one_of(words: Sequence[str]) -> AfterValidator:
    """Text that is one of these words, where there are too many to write them out as a Literal."""

    def checked(word: str) -> str:
        if word not in words:
            raise ValueError(f"unknown word {word!r}; {did_you_mean(word, words)}")
        return word

    return AfterValidator(checked)
