"""Whatever stands in a file, the answer is a model or a list of problems: never a traceback."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from harness.files import BadFile, Document, read_toml, read_yaml


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Invite(Strict):
    do: Literal["invite"]
    by: str
    on: date | None = None
    times: int | Literal["always"] | list[int] = 1


class Together(Strict):
    do: Literal["together"]
    steps: "tuple[Step, ...]"


Step = Annotated[Invite | Together, Field(discriminator="do")]
Together.model_rebuild()


class Scenario(Strict):
    id: str
    clock: AwareDatetime | None = None
    sizes: dict[int, bool] = {}
    steps: tuple[Step, ...] = ()


YAML = """id: booking/lost   # a comment
clock: 2026-03-27T08:55:00+00:00
sizes: {1: yes, 2: "no"}
steps:
  - {do: invite, by: hub, times: [1, 2]}
  - do: together
    steps:
      - {do: invite, by: 'it''s', on: 2026-01-01}
"""
TOML = """id = "x"   # a comment
clock = 2026-03-27T08:55:00+00:00
sizes.1 = true
[[steps]]
do = 'together'
[[steps.steps]]
do = "invite"
by = \"\"\"a
b\"\"\"
times = [1,
  2]
"""
PIECES = st.sampled_from(
    ["\n", "\t", " ", "  ", ":", ": ", "- ", "-", "'", '"', '"""', "'''", "[", "]", "[[", "]]", "{", "}", ",", "#",
     "&a", "*a", "!t", "|", ">", "?", "%",
     "---\n", "...\n", "\\", "\\u", "\\UFFFFFFFF", "=", ".", "a", "1", "\x00", "\x85",
     "\u2028", "\ud800", "\ufeff", "é", "😀", "<<", "~", "@", "`",
     "[a]\n", "a = 1\n", "do: x\n", "-do: x\n", "1979-05-27"]
)  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn, text: str) -> bytes:
    """A valid file in which some stretches were replaced."""
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 8)))
        text = text[:start] + draw(PIECES) + text[end:]
    return text.encode("utf-8", "surrogatepass")


CONTENT = st.one_of(
    st.binary(max_size=60),
    st.text(max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.lists(PIECES, max_size=20).map(lambda pieces: "".join(pieces).encode("utf-8", "surrogatepass")),
)


def outcome(read: Callable[[Path], Document], path: Path, content: bytes) -> Scenario | BadFile:
    path.write_bytes(content)
    try:
        return read(path).parse(Scenario)
    except BadFile as bad:
        return bad


def is_clear(found: Scenario | BadFile, path: Path) -> bool:
    """A model, or problems each on a line of its own that begins with the file."""
    if isinstance(found, Scenario):
        return True
    lines = str(found).splitlines()
    told = lines[: len(found.problems)]
    return len(lines) == len(found.problems) + bool(found.more) and all(line.startswith(f"{path}:") for line in told)


FUZZ = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize(("read", "text"), [(read_yaml, YAML), (read_toml, TOML)], ids=["yaml", "toml"])
def test_the_files_that_are_mutated_are_valid(read, text: str, tmp_path: Path) -> None:
    assert isinstance(outcome(read, tmp_path / "x", text.encode()), Scenario)


@pytest.mark.parametrize(("read", "text"), [(read_yaml, YAML), (read_toml, TOML)], ids=["yaml", "toml"])
@FUZZ
@given(choice=st.data())
def test_a_damaged_file_is_a_model_or_clear_problems(read, text: str, choice: st.DataObject, tmp_path: Path) -> None:
    found = outcome(read, tmp_path / "x", choice.draw(mutated(text)))

    assert is_clear(found, tmp_path / "x")


@pytest.mark.parametrize("read", [read_yaml, read_toml], ids=["yaml", "toml"])
@FUZZ
@given(content=CONTENT)
def test_any_bytes_are_a_model_or_clear_problems(read, content: bytes, tmp_path: Path) -> None:
    found = outcome(read, tmp_path / "x", content)

    assert is_clear(found, tmp_path / "x")
