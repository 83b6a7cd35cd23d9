"""Supplier profiles: what is built in, what a file may say, and how a wrong one is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from mock_gpconnect.suppliers.profile import BadProfile, Profile, built_in_profiles, load_profile


def test_the_built_in_profiles_are_known_by_name() -> None:
    assert {"strict", "emis", "systmone"} <= set(built_in_profiles())


@pytest.mark.parametrize("name", built_in_profiles())
def test_every_built_in_profile_loads_under_its_own_name(name: str) -> None:
    assert load_profile(name).name == name


def test_the_strict_profile_is_the_specification() -> None:
    assert load_profile("strict") == Profile(name="strict")


@pytest.mark.parametrize(
    ("supplier", "path", "value"),
    [
        ("emis", "texts.reason_length", 150),
        ("emis", "patients.temporary_days", 15),
        ("emis", "search.hides_begun", False),
        ("systmone", "search.hides_begun", True),
        ("systmone", "limits.slot_limit", "at_search"),
        ("systmone", "diary.id_style", "numeric"),
    ],
)
def test_a_supplier_differs_where_its_file_says_so(supplier: str, path: str, value: object) -> None:
    part, switch = path.split(".")
    assert getattr(getattr(load_profile(supplier), part), switch) == value


def written(folder: Path, text: str, name: str = "mine.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_of_ones_own_extends_a_built_in_profile(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        'name = "mine"\nextends = "emis"\n[texts]\ncomment_length = 600\n[basis]\n"texts.comment_length" = "documented"\n',
    )
    mine = load_profile(path)
    assert (mine.texts.comment_length, mine.texts.reason_length, mine.publisher.publisher) == (600, 150, "EMIS Health")


def test_a_file_can_extend_another_beside_it(tmp_path: Path) -> None:
    written(tmp_path, 'name = "base"\n[token]\nleeway_s = 5\n[basis]\n"token.leeway_s" = "spec"\n', "base.toml")
    assert load_profile(written(tmp_path, 'name = "mine"\nextends = "base.toml"\n')).token.leeway_s == 5


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ('name = "x"\n[texts]\ncoment_length = 600\n', 3, "did you mean comment_length?"),
        ('name = "x"\n\n[textes]\ncomment_length = 600\n', 3, "did you mean texts?"),
        ('name = "x"\n[texts]\ncomment_length = "long"\n', 3, "valid integer"),
        ('name = "x"\n[texts]\ncomment_length = 10\n', 3, "greater than or equal to 500"),
        ('name = "x"\n[refusals]\nslot_gone = "BAD_REQUEST"\n', 3, "no situation of a provider is called 'slot_gone'"),
        ('name = "x"\n[refusals]\nslot_taken = "GONE"\n', 3, "no error of a provider is called 'GONE'"),
        ('name = "x"\n[refusals]\nsds_throttled = "BAD_REQUEST"\n', 3, "no situation of a provider"),
        ('name = "x"\n[basis]\n"texts.comment_length" = "spec"\n', 3, "which the file does not set"),
        ('name = "x"\n[token]\nleeway_s = 5\n[basis]\n"token.leeway_s" = "hearsay"\n', 5, "'spec', 'documented' or 'assumed'"),
        ('name = "x"\nextends = "emis2"\n', 2, "extends: no supplier profile 'emis2': built in are"),
        ('name = "x"\nextends = "emis2"\n', 2, "did you mean 'emis'?"),
        ('name = "x"\n[token]\nleeway_s = 5\n', 3, "token.leeway_s: differs from the specification"),
        ('name = "x"\nextends = 4\n', 2, "expected the name of a profile"),
        ('name = "x"\nname = "y"\n', None, "not TOML"),
        ('[texts]\ncomment_length = 600\n', None, "name: Field required"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_told_with_place_and_remedy(tmp_path: Path, text: str, line: int | None, told: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(BadProfile) as caught:
        load_profile(path)
    assert told in str(caught.value)
    assert line is None or f"{path}:{line}:" in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        'name = "x"\n[token]\nleeway_s = 5\n',
        'name = "x"\n[wording]\nappointments_off = "No"\n',
        'name = "x"\nspec_version = "1.2.9"\n',
    ],
)
def test_a_difference_without_a_basis_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadProfile, match="say what that rests on"):
        load_profile(written(tmp_path, text))


def test_a_file_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    assert load_profile(written(tmp_path, '\ufeffname = "mine"\nextends = "emis"\n')).name == "mine"


def test_the_line_is_right_below_a_byte_order_mark(tmp_path: Path) -> None:
    with pytest.raises(BadProfile, match=r"mine.toml:1: extends: "):
        load_profile(written(tmp_path, '\ufeffextends = "emis2"\n\nname = "x"\n'))


def test_extending_goes_one_level(tmp_path: Path) -> None:
    written(tmp_path, 'name = "base"\nextends = "emis"\n', "base.toml")
    with pytest.raises(BadProfile, match="one level is enough"):
        load_profile(written(tmp_path, 'name = "mine"\nextends = "base.toml"\n'))


def parts() -> list[tuple[str, type[BaseModel]]]:
    fields = Profile.model_fields.items()
    return [(name, field.annotation) for name, field in fields if hasattr(field.annotation, "model_fields")]  # type: ignore[misc]


@pytest.mark.parametrize(
    ("part", "switch"), [(part, switch) for part, model in parts() for switch in model.model_fields]
)
def test_every_switch_has_a_default(part: str, switch: str) -> None:
    assert hasattr(getattr(Profile(name="x"), part), switch)


@given(data=st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_make_a_profile_or_one_clear_refusal(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("profiles") / "any.toml"
    path.write_bytes(data)
    with pytest.raises(BadProfile):
        load_profile(path)
