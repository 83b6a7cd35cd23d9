"""`crossbook show suppliers`: how the suppliers differ, and what each difference rests on."""

from collections.abc import Iterator
from typing import Any

from rich.markup import escape
from rich.table import Table

from harness.reports.terminal import console
from mock_gpconnect.suppliers.profile import Profile, built_in_profiles, load_profile

MARKS = {"assumed": "[yellow]assumed[/]", "documented": "documented", "spec": "allowed"}
"""What a difference rests on -> the word beside it."""

_ASIDE = {"name", "basis"}


def show_suppliers() -> None:
    """Every switch in which some supplier differs from the specification, a column for each supplier."""
    profiles = [load_profile(name) for name in sorted(built_in_profiles(), key=lambda name: (name != "strict", name))]
    values = [dict(switches(profile)) for profile in profiles]
    names = [name for name in dict.fromkeys(key for value in values for key in value) if _differs(name, values)]
    table = Table(box=None, pad_edge=False)
    table.add_column("switch", overflow="fold")
    for profile in profiles:
        table.add_column(profile.name, overflow="fold")
    for name in names:
        cells = [_cell(name, value, profile) for value, profile in zip(values, profiles, strict=True)]
        table.add_row(name, *cells)
    output = console()
    output.print(table)
    output.print("\n'assumed': nobody has published it, so it is a setting in mock_gpconnect/suppliers/*.toml")


def switches(profile: Profile) -> Iterator[tuple[str, Any]]:
    """Every switch by its dotted name, as the TOML writes it."""
    for part, value in profile.model_dump(exclude=_ASIDE).items():
        if isinstance(value, dict):
            yield from ((f"{part}.{name}", setting) for name, setting in value.items())
        else:
            yield part, value


def _differs(name: str, values: list[dict[str, Any]]) -> bool:
    return len({repr(value.get(name)) for value in values}) > 1


def _cell(name: str, value: dict[str, Any], profile: Profile) -> str:
    setting = value.get(name)
    shown = "-" if setting is None else ", ".join(setting) if isinstance(setting, (list, tuple)) else str(setting)
    basis = profile.basis.get(name)
    return f"{escape(shown)} ({MARKS[basis]})" if basis else escape(shown)
