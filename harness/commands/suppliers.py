"""`crossbook show suppliers`: how each supplier answers the questions that are asked of all, and on what ground."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.markup import escape
from rich.table import Table

from harness.reports.terminal import console
from mock_gpconnect.suppliers.aspects import ASPECTS, Aspect
from mock_gpconnect.suppliers.profile import Profile, built_in_profiles, load_profile

MARKS = {"assumed": "[yellow]assumed[/]", "documented": "documented", "spec": "allowed"}
"""What a switch rests on -> the word beside it."""

_ASIDE = {"name", "basis"}


def show_suppliers() -> None:
    """Every question with its switches and who answers what; then the other switches in which some differ."""
    profiles = [load_profile(name) for name in sorted(built_in_profiles(), key=lambda name: (name != "strict", name))]
    table = Table(box=None, pad_edge=False)
    for name in ("", "aspect", "switch", "supplier", "value"):
        table.add_column(name, overflow="fold")
    for aspect in (*ASPECTS, _other(profiles)):
        for row in rows_of(aspect, profiles):
            table.add_row(*row)
    output = console()
    output.print(table)
    output.print("\n'-': as the specification has it, or nothing is said of it")
    output.print("'assumed': nobody has published it, so it is a setting in mock_gpconnect/suppliers/*.toml")


def rows_of(aspect: Aspect, profiles: Sequence[Profile]) -> Iterator[tuple[str, ...]]:
    """The lines of one question: number and title once, each switch once, and who has which value of it."""
    heading = aspect.number, aspect.title
    if aspect.alike:
        yield *heading, "-", "all", aspect.alike
    for switch in aspect.switches:
        shown = switch
        for value, names in _by_value(switch, profiles).items():
            yield *heading, shown, ", ".join(names), value
            heading, shown = ("", ""), ""


def _by_value(switch: str, profiles: Sequence[Profile]) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    for profile in profiles:
        found.setdefault(_cell(switch, profile), []).append(profile.name)
    return found


def switches(profile: Profile) -> Iterator[tuple[str, Any]]:
    """Every switch by its dotted name, as the TOML writes it."""
    for part, value in profile.model_dump(exclude=_ASIDE).items():
        if isinstance(value, dict):
            yield from ((f"{part}.{name}", setting) for name, setting in value.items())
        else:
            yield part, value


def _other(profiles: Sequence[Profile]) -> Aspect:
    asked = {switch for aspect in ASPECTS for switch in aspect.switches}
    values = [dict(switches(profile)) for profile in profiles]
    names = dict.fromkeys(name for value in values for name in value if name not in asked)
    differ = [name for name in names if len({repr(value.get(name)) for value in values}) > 1]
    return Aspect("-", "other switches", tuple(differ))


def _cell(switch: str, profile: Profile) -> str:
    setting = dict(switches(profile)).get(switch)
    shown = ", ".join(setting) if isinstance(setting, (list, tuple)) else str(setting)
    basis = profile.basis.get(switch)
    return f"{escape('-' if setting in (None, '', ()) else shown)}{f' ({MARKS[basis]})' if basis else ''}"
