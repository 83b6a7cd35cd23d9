"""No word of pydantic's reaches a tester."""

import re
from datetime import date, time, timedelta
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import InitErrorDetails, ValidationError
from pydantic_core._pydantic_core import list_all_errors

from harness.files.words import THEIR_OWN_WORDS, message_for

JARGON = re.compile(r"input|field|pydantic|dictionary|should|python|valid|\{|argument|None", re.IGNORECASE)


@pytest.mark.parametrize("known", list_all_errors(), ids=lambda known: known["type"])
def test_every_error_of_pydantics_is_told_without_its_jargon(known) -> None:
    context = {"error": ValueError("ours")} if known["type"] in THEIR_OWN_WORDS else known["example_context"]
    line = InitErrorDetails(type=known["type"], ctx=context or {}, input="x")
    error = ValidationError.from_exception_data("x", [line]).errors()[0]

    assert not JARGON.search(message_for(error, ()))


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


Ods = Annotated[str, StringConstraints(pattern="^[A-Z][0-9]+$"), Field(description="an ODS code such as T90051")]


class Channel(StrEnum):
    PHONE = "phone"
    FACE = "face-to-face"


class Invite(Strict):
    do: Literal["invite"]
    by: str
    patient: str = "alice"
    expect: Literal["booked", "slot_taken"] = "booked"


class Wait(Strict):
    do: Literal["wait"]
    minutes: int = Field(gt=0)
    from_: str = Field("", alias="from")


Step = Annotated[Invite | Wait, Field(discriminator="do")]


ENTRIES = "each entry of a list begins with '- '"
LISTS = "a list is written as [a, b] or as lines that begin with '- '"
KEYS = "keys are written as {key: value} or as lines of 'key: value'"


@pytest.mark.parametrize(
    ("kind", "value", "message"),
    [
        (int, "abc", "expected a whole number, got 'abc'"),
        (int, "1.5", "expected a whole number, got '1.5'"),
        (int, "", "no value given: expected a whole number"),
        (int | None, "null", "expected a whole number, got 'null'; leave the key out where there is no value"),
        (int, "[1]", "expected a whole number, got a list"),
        (float, "x" * 100, f"expected a number, got '{'x' * 57}...'"),
        (bool, "maybe", "expected true or false, got 'maybe'"),
        (str, "[a]", "expected text, got a list"),
        (str, "{a: b}", "expected text, got keys with values"),
        (date, "2026-02-30", "expected a date such as 2026-03-27, got '2026-02-30'"),
        (date, "soon", "expected a date such as 2026-03-27, got 'soon'"),
        (time, "25:00", "expected a time such as 08:30, got '25:00'"),
        (timedelta, "long", "expected a length of time such as PT15M, got 'long'"),
        (AwareDatetime, "x", "expected a date and time such as 2026-03-27T08:55:00+00:00, got 'x'"),
        (
            AwareDatetime,
            "2026-03-27T08:55:00",
            "must end with its offset from UTC, such as Z or +01:00, got '2026-03-27T08:55:00'",
        ),
        (UUID, "x", "expected a UUID, got 'x'"),
        (list[int], "1", f"expected a list, got '1'; {LISTS}"),
        (tuple[int, ...], "", "no value given: expected a list"),
        (frozenset[int], "{a: b}", f"expected a list, got keys with values; {ENTRIES}"),
        (dict[str, int], "x", f"expected keys with values, got 'x'; {KEYS}"),
        (Invite, "x", f"expected keys with values, got 'x'; {KEYS}"),
        (Step, "x", f"expected keys with values, got 'x'; {KEYS}"),
        (Step, "", "no value given: expected keys with values"),
        (Ods, "t9", "does not match the pattern ^[A-Z][0-9]+$, got 't9'; it means: an ODS code such as T90051"),
        (Ods, "", "no value given; it means: an ODS code such as T90051"),
        (Annotated[str, Field(min_length=2)], "a", "too short: at least 2 characters needed, got 'a'"),
        (Annotated[str, Field(max_length=1)], "abc", "too long: at most 1 characters allowed, got 'abc'"),
        (Annotated[int, Field(ge=1)], "0", "must be 1 or more, got '0'"),
        (Annotated[int, Field(lt=1)], "1", "must be less than 1, got '1'"),
        (Annotated[int, Field(le=1)], "2", "must be 1 or less, got '2'"),
        (Annotated[list[str], Field(min_length=2)], "[a]", "too few entries: at least 2 needed, got 1"),
        (Annotated[list[str], Field(max_length=1)], "[a, b]", "too many entries: at most 1 allowed"),
        (Channel, "fone", "unknown word 'fone'; did you mean 'phone'? (allowed: face-to-face, phone)"),
        (Channel, "", "no value given; allowed: face-to-face, phone"),
        (Channel, "[phone]", "expected a known word, got a list; allowed: face-to-face, phone"),
        (int | Literal["always"], "alway", "expected a whole number or 'always', got 'alway'; did you mean 'always'?"),
        (int | Literal["always"], "[1]", "expected a whole number or 'always', got a list"),
        (str | list[str], "{a: b}", f"expected text or a list, got keys with values; {ENTRIES}"),
        (int | Ods, "t9", "does not match the pattern ^[A-Z][0-9]+$, got 't9'; it means: an ODS code such as T90051"),
    ],
    ids=str,
)  # fmt: skip
def test_a_wrong_value_is_told_in_our_words(yaml_problems, kind: Any, value: str, message: str) -> None:
    assert yaml_problems(f"a: {value}\n", dict[str, kind]) == [f"x.yaml:1:1: a: {message}"]
