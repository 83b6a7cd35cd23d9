"""Reads supplier profiles: TOML files, built in or the user's own, in which every difference says what it rests on."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from mock_gpconnect.suppliers.switches import Profile

__all__ = ["BadProfile", "Profile", "built_in_profiles", "load_profile"]

_HERE = Path(__file__).parent
_SPECIFICATION = "strict"


class BadProfile(ValueError):
    """A profile that cannot be used: in which file, where in it (`line` 0: as a whole), and what was expected."""

    def __init__(self, path: Path | None, said: str, where: tuple[str, ...] = ()) -> None:
        self.path, self.said, self.key = path, said, ".".join(where)
        self.line = _line(path, where) if path and where else 0
        super().__init__(path, said, where)

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else str(self.path or "")
        return ": ".join(part for part in (place, self.key, self.said) if part)


def built_in_profiles() -> tuple[str, ...]:
    """The names of the profiles that come with the package."""
    return tuple(sorted(file.stem for file in _HERE.glob("*.toml")))


def load_profile(name_or_path: str | Path) -> Profile:
    """A built-in profile by name, or one from a TOML file."""
    path = _find(name_or_path, near=Path())
    if path is None:
        raise BadProfile(None, _unknown(name_or_path))
    own = _read(path)
    base = _base(own.pop("extends", None), path)
    try:
        profile = Profile.model_validate(_merged(base, own))
    except ValidationError as error:
        raise _explained(error, path) from None
    _check_basis(profile, path, stated=set(_stated(own)) | set(base.get("basis", {})))
    return profile


def _find(name_or_path: str | Path, near: Path) -> Path | None:
    built_in = _HERE / f"{name_or_path}.toml"
    if isinstance(name_or_path, str) and name_or_path in built_in_profiles():
        return built_in
    path = near / name_or_path
    return path if path.is_file() else None


def _unknown(name: str | Path) -> str:
    known = built_in_profiles()
    near = get_close_matches(str(name), known, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    return f"no supplier profile {str(name)!r}: built in are {', '.join(known)}{hint}"


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadProfile(path, f"not TOML: {error}") from None


def _base(name: object, path: Path) -> dict[str, Any]:
    """The profile that this one extends, which must extend nothing but the specification."""
    if name is None:
        return {}
    if not isinstance(name, str):
        raise BadProfile(path, "expected the name of a profile", ("extends",))
    found = _find(name, near=path.parent)
    if found is None:
        raise BadProfile(path, _unknown(name), ("extends",))
    base = _read(found)
    if base.pop("extends", _SPECIFICATION) != _SPECIFICATION:
        raise BadProfile(path, f"{name} extends another profile; one level is enough", ("extends",))
    return base


def _merged(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    both = {key: _merged(base[key], own[key]) for key in own if _is_table(base.get(key)) and _is_table(own[key])}
    return {**base, **own, **both}


def _is_table(value: object) -> bool:
    return isinstance(value, dict)


def _stated(own: Mapping[str, Any]) -> Iterator[str]:
    """Every switch that a file sets, by dotted name."""
    for part, value in own.items():
        yield from ([f"{part}.{name}" for name in value] if _is_table(value) else [part])


def _check_basis(profile: Profile, path: Path, stated: set[str]) -> None:
    differences = set(_leaves(profile)) ^ set(_leaves(Profile(name=profile.name)))
    different = {name for name, _ in differences}
    if missing := sorted(different - set(profile.basis)):
        said = (
            "differs from the specification: say what that rests on, "
            f'[basis] "{missing[0]}" = "spec", "documented" or "assumed"'
        )
        raise BadProfile(path, said, tuple(missing[0].split(".")))
    if idle := sorted(set(profile.basis) - different - stated):
        raise BadProfile(path, f"basis of {idle[0]}, which the file does not set", ("basis", idle[0]))


def _leaves(profile: Profile) -> list[tuple[str, str]]:
    """Every switch with its value, by dotted name."""
    found = []
    for part, value in profile.model_dump(exclude={"name", "basis"}).items():
        switches = value.items() if _is_table(value) else [("", value)]
        found += [(f"{part}.{name}".rstrip("."), repr(setting)) for name, setting in switches]
    return found


def _explained(error: ValidationError, path: Path) -> BadProfile:
    first = error.errors()[0]
    where = tuple(str(step) for step in first["loc"] if step != "[key]")
    hint = ""
    if first["type"] == "extra_forbidden" and (near := get_close_matches(where[-1], _words_beside(where), n=1)):
        hint = f"; did you mean {near[0]}?"
    return BadProfile(path, f"{first['msg']}{hint}", where)


def _words_beside(where: tuple[str, ...]) -> list[str]:
    """The settings that could have stood there."""
    part: Any = Profile
    for step in where[:-1]:
        part = part.model_fields[step].annotation
    return list(part.model_fields)


def _line(path: Path, where: tuple[str, ...]) -> int:
    """The line on which a setting stands; 1 where it is set in the profile that this one extends."""
    wanted, section = ".".join(where), ""
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), start=1):
        word = line.split("=")[0].split("#")[0].strip().replace('"', "")
        if word.startswith("["):
            section = word.strip("[]")
            word = ""
        if wanted == f"{section}.{word}".strip("."):
            return number
    return 1
