from typing import Annotated, Literal

import pytest
from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    TypeAdapter,
    field_validator,
    model_validator,
)

from harness.files import BadFile, read_toml, read_yaml


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Invite(Strict):
    do: Literal["invite"]
    by: str
    patient: str = "alice"
    expect: Literal["booked", "slot_taken"] = "booked"


class Wait(Strict):
    do: Literal["wait"]
    minutes: int = Field(gt=0)
    from_: str = Field("", alias="from")


class Together(Strict):
    do: Literal["together"]
    steps: "tuple[Step, ...]"


Step = Annotated[Invite | Wait | Together, Field(discriminator="do")]
Together.model_rebuild()


class Scenario(Strict):
    id: str
    clock: AwareDatetime | None = None
    steps: tuple[Step, ...] = Field((), max_length=4)


def test_a_valid_file_becomes_its_model(write) -> None:
    path = write(
        "id: x\nsteps:\n  - {do: wait, minutes: 5, from: a}\n  - {do: together, steps: [{do: invite, by: b}]}\n"
    )

    scenario = read_yaml(path).parse(Scenario)

    assert scenario == Scenario(
        id="x",
        steps=(
            Wait(do="wait", minutes=5, **{"from": "a"}),
            Together(do="together", steps=(Invite(do="invite", by="b"),)),
        ),
    )


def test_all_problems_are_told_at_once_in_file_order(yaml_problems) -> None:
    text = """
titel: x
steps:
  - {do: invite, by: hub, patiant: alice, expect: slot_token}
  - do: wayt
  - by: hub
  - do: together
    steps:
      - do: wait
        form: x
        minutes: soon
"""
    assert yaml_problems(text, Scenario) == [
        "x.yaml:1:1: id: missing key",
        "x.yaml:2:1: titel: unknown key; allowed: clock, id, steps",
        "x.yaml:4:27: steps.0.patiant: unknown key; did you mean 'patient'? (allowed: by, do, expect, patient)",
        "x.yaml:4:43: steps.0.expect: unknown word 'slot_token'; did you mean 'slot_taken'? "
        "(allowed: booked, slot_taken)",
        "x.yaml:5:5: steps.1.do: unknown word 'wayt'; did you mean 'wait'? (allowed: invite, together, wait)",
        "x.yaml:6:5: steps.2.do: missing key; allowed: invite, together, wait",
        "x.yaml:10:9: steps.3.steps.0.form: unknown key; did you mean 'from'? (allowed: do, from, minutes)",
        "x.yaml:11:9: steps.3.steps.0.minutes: expected a whole number, got 'soon'",
    ]


def test_more_problems_than_anyone_reads_are_counted(write) -> None:
    path = write("id: x\n" + "".join(f"key{number}: x\n" for number in range(50)))

    with pytest.raises(BadFile) as caught:
        read_yaml(path).parse(Scenario)

    assert (len(caught.value.problems), caught.value.more) == (20, 30)


class Window(Strict):
    start: int
    end: int

    @field_validator("start")
    @classmethod
    def not_thirteen(cls, start: int) -> int:
        if start == 13:
            raise ValueError("13 is no start: take 12")
        return start

    @model_validator(mode="after")
    def in_order(self) -> "Window":
        if self.end < self.start:
            raise ValueError("end before start")
        return self


@pytest.mark.parametrize(
    ("value", "line"),
    [("{start: 13, end: 14}", "1:5: a.start: 13 is no start: take 12"),
     ("{start: 2, end: 1}", "1:1: a: end before start")],
)  # fmt: skip
def test_the_words_of_a_models_own_rule_are_kept(yaml_problems, value: str, line: str) -> None:
    assert yaml_problems(f"a: {value}\n", dict[str, Window]) == [f"x.yaml:{line}"]


def test_a_key_named_like_its_tag_keeps_its_place(yaml_problems) -> None:
    class Book(Strict):
        do: Literal["book"]
        book: int

    adapter = TypeAdapter(Annotated[Book | Wait, Field(discriminator="do")])

    assert yaml_problems("do: book\nbook: x\n", adapter) == ["x.yaml:2:1: book: expected a whole number, got 'x'"]


def test_a_file_that_is_no_keys_at_all_says_how_keys_are_written(yaml_problems) -> None:
    assert yaml_problems("hello\n", Scenario) == [
        "x.yaml:1:1: expected keys with values, got 'hello'; "
        "keys are written as {key: value} or as lines of 'key: value'"
    ]


class Profile(Strict):
    name: str
    words: dict[str, str] = {}
    rule: tuple[Window, ...] = ()


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("name = 3", ["1:1: name: expected text, got 3; put it between quotes"]),
        ("name = 0x" + "f" * 9999, ["1:1: name: expected text, got a very large number; put it between quotes"]),
        ("name = 2026-03-27", ["1:1: name: expected text, got 2026-03-27; put it between quotes"]),
        ("name = true", ["1:1: name: expected text, got true; put it between quotes"]),
        ('name = "x"\n[word]\na = "b"', ["2:2: word: unknown key; did you mean 'words'? (allowed: name, rule, words)"]),
        ('name = "x"\n[[rule]]\nstart=1\nend=2\n[[rule]]\nstart="a"\nend=2',
         ["6:1: rule.1.start: expected a whole number, got 'a'"]),
        ('name = "x"\nwords = "y"',
         ["2:1: words: expected keys with values, got 'y'; "
          "keys are written as lines of key = value after a line [name]"]),
        ('name = "x"\n[rule]\nstart = 1',
         ["2:2: rule: expected a list, got keys with values; a list of tables is written as [[name]]"]),
        ("", ["1:1: the file is empty"]),
    ],
)  # fmt: skip
def test_a_wrong_toml_file_is_told_with_its_places(write, told, text: str, lines: list[str]) -> None:
    path = write(text, "x.toml")

    assert told(lambda: read_toml(path).parse(Profile)) == [f"x.toml:{line}" for line in lines]


def test_a_problem_found_later_is_told_at_its_place(write) -> None:
    document = read_yaml(write("id: x\nsteps:\n  - do: invite\n    by: alise\n"))

    problem = document.problem(("steps", 0, "by"), "nobody is called 'alise'", "did you mean 'alice'?")

    assert str(problem).endswith("x.yaml:4:5: steps.0.by: nobody is called 'alise'; did you mean 'alice'?")
