from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, RootModel
from typing_extensions import TypedDict


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


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


class Point(TypedDict):
    x: int


@dataclass
class Line:
    to: int


@pytest.mark.parametrize(
    ("kind", "value", "line"),
    [
        (list[Channel], "[phone, fone]", "1:12: a.1: unknown word 'fone'"),
        (dict[Channel, int], "{fone: 1}", "1:5: a.fone: unknown word 'fone'; did you mean 'phone'?"),
        (dict[int, int], "{one: 1}", "1:5: a.one: expected a whole number, got 'one'"),
        (tuple[int, Channel], "[1, fone]", "1:8: a.1: unknown word 'fone'"),
        (tuple[int, Channel], "[1]", "1:1: a.1: missing key"),
        (str | list[Wait], "[{do: wait, minutes: 1, form: x}]", "1:28: a.0.form: unknown key; did you mean 'from'?"),
        (int | Wait, "{do: wait, minute: 1}", "1:1: a.minutes: missing key"),
        (Wait | Invite, "{do: invite, bye: x, expect: booked}", "1:1: a.by: missing key"),
        (str | list[int | list[Wait]], "[[{do: wait, minutes: x}]]", "1:17: a.0.0.minutes: expected a whole number"),
        (list[str] | dict[str, Channel], "{x: fone}", "1:5: a.x: unknown word 'fone'; did you mean"),
        (Point, "{x: y}", "1:5: a.x: expected a whole number"),
        (Line, "{too: 1}", "1:1: a.to: missing key"),
        (RootModel[list[int]], "[x]", "1:5: a.0: expected a whole number"),
        (Annotated[Wait | None, Field(title="x")], "{do: wait, minutes: 1, frm: x}", "1:27: a.frm: unknown"),
    ],
    ids=str,
)  # fmt: skip
def test_the_place_is_found_through_every_kind_of_type(yaml_problems, kind: Any, value: str, line: str) -> None:
    assert yaml_problems(f"a: {value}\n", dict[str, kind])[0].startswith(f"x.yaml:{line}")
