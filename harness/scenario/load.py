"""Reading a scenario with its world, and checking every name before anything runs."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import BaseModel

from booking_core.spec.errors import ERRORS
from booking_core.spec.interactions import BY_NAME
from harness.explaining import ANSWERS
from harness.files import BadFile, Document, Problem, did_you_mean, read_yaml
from harness.rows import Row, WorldRows
from harness.scenario.requirements import requirements
from harness.scenario.schema import Scenario
from harness.scenario.shows import SHOWN
from harness.scenario.step_rows import SetFaults, Together
from harness.worlds import CATALOGUE, MODELS, Loc, Names, load_world, names_of, supplier_problems, unknown

SERVICES = ("token", "pds", "sds", "ssp")

_NAMED: dict[tuple[str, str], str] = {
    ("invite", "by"): "user",
    ("invite", "patient"): "patient",
    ("invite", "to"): "organisation",
    ("invite_many", "by"): "user",
    ("invite_many", "patients"): "patient",
    ("invite_many", "to"): "organisation",
    ("revoke", "link"): "link",
    ("cancel", "link"): "link",
    ("rebook", "link"): "link",
    ("open_link", "link"): "link",
    ("open_link", "born"): "birth date",
    ("choose", "link"): "link",
    ("take_slot", "at"): "organisation",
    ("take_slot", "link"): "link",
    ("take_slot", "patient"): "patient",
    ("take_all", "at"): "organisation",
    ("give_back", "at"): "organisation",
    ("cancel_at_desk", "at"): "organisation",
    ("cancel_at_desk", "patient"): "patient",
    ("set_slots", "at"): "organisation",
    ("set_slots", "only_for"): "organisation",
    ("set_practice", "at"): "organisation",
    ("set_practice", "unsubscribed"): "organisation",
    ("explain", "at"): "organisation",
    ("explain", "for"): "organisation",
    ("explain", "expect"): "reason",
    ("set_user", "user"): "user",
    ("correct_patient", "at"): "organisation",
    ("correct_patient", "patient"): "patient",
    ("probe", "on"): "interaction",
    ("probe", "by"): "user",
    ("probe", "to"): "organisation",
    ("probe", "patient"): "patient",
    ("probe", "expect"): "error code",
    ("appointments", "at"): "organisation",
    ("appointments", "patient"): "patient",
    ("appointments", "booked_by"): "organisation",
    ("exchanges", "at"): "service or organisation",
    ("exchanges", "on"): "interaction",
    ("screens", "names"): "site",
    ("sms", "to"): "patient",
    ("sms", "names"): "site",
    ("record", "at"): "organisation",
    ("record", "patient"): "patient",
    ("registered", "at"): "organisation",
    ("registered", "patient"): "patient",
    ("ledger", "patient"): "patient",
    ("fault", "at"): "service or organisation",
    ("fault", "on"): "interaction",
}
"""(step, check or fault; key) -> what the key's value must name."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A scenario that can run: its file, its rows, and its world's."""

    path: Path
    scenario: Scenario
    world: WorldRows
    world_path: Path


def load_scenario(path: Path) -> Loaded:
    """The scenario in a file; raises BadFile with every problem found, in it or in its world."""
    document = read_yaml(path)
    if document.first_key in MODELS:
        message = f"this is a {document.first_key} file and no scenario"
        raise BadFile([document.problem((document.first_key,), message, "serve it with `crossbook up --world`")])
    scenario = document.parse(Scenario)
    world_path = _find_world(document, scenario)
    world, _ = load_world(world_path)
    if problems := [*_problems(document, scenario, names_of(world))]:
        raise BadFile(problems)
    return Loaded(path, scenario, world, world_path)


def _find_world(document: Document, scenario: Scenario) -> Path:
    """A world is named from the scenario's own folder, any folder above it, or the catalogue."""
    folders = [*document.path.resolve().parents, CATALOGUE]
    for folder in folders:
        if (candidate := folder / scenario.world).is_file():
            return candidate
    worlds = [found for folder in ("worlds", "pilots") for found in (CATALOGUE / folder).rglob("*.yaml")]
    near = [found.relative_to(CATALOGUE).as_posix() for found in worlds]
    hint = did_you_mean(scenario.world, near)
    raise BadFile([document.problem(("world",), f"there is no world file {scenario.world!r}", hint)])


def _problems(document: Document, scenario: Scenario, names: Names) -> Iterator[Problem]:
    links: list[str] = []
    may_show = (*SHOWN, *requirements())
    for number, word in enumerate(scenario.shows):
        if word not in may_show:
            yield unknown(document, ("shows", number), "row", word, may_show)
    for number, supplier in enumerate(scenario.suppliers):
        yield from supplier_problems(document, ("suppliers", number), supplier)
    for number, fault in enumerate(scenario.faults):
        yield from _names_in(document, ("faults", number), "fault", fault, names, links)
    yield from _steps(document, ("steps",), scenario.steps, names, links)
    for number, check in enumerate(scenario.checks):
        yield from _names_in(document, ("checks", number), check.check, check, names, links)


def _steps(document: Document, loc: Loc, steps: tuple[Row, ...], names: Names, links: list[str]) -> Iterator[Problem]:
    """Links are known from the invitation that saves them onwards."""
    for number, step in enumerate(steps):
        here = (*loc, number)
        if isinstance(step, Together):
            yield from _steps(document, (*here, "steps"), step.steps, names, links)
            continue
        if isinstance(step, SetFaults):
            for place, fault in enumerate(step.faults):
                yield from _names_in(document, (*here, "faults", place), "fault", fault, names, links)
        yield from _names_in(document, here, step.do, step, names, links)  # type: ignore[attr-defined]  # every step has it
        if saved := getattr(step, "save", ""):
            links.append(saved)


def _names_in(
    document: Document, loc: Loc, kind: str, row: BaseModel, names: Names, links: list[str]
) -> Iterator[Problem]:
    for field, value in row:
        key = type(row).model_fields[field].alias or field  # as the file writes it
        if (what := _NAMED.get((kind, key))) is None or value in (None, ""):
            continue
        known = _known(what, names, links)
        for place, name in enumerate(value if isinstance(value, tuple) else (value,)):
            if name not in known and not (what == "birth date" and _is_date(name)):
                here = (*loc, key, place) if isinstance(value, tuple) else (*loc, key)
                yield unknown(document, here, what, name, known)


def _known(what: str, names: Names, links: list[str]) -> tuple[str, ...]:
    organisations = tuple(names.organisations)
    return {
        "user": names.users(),
        "patient": tuple(names.patients),
        "organisation": organisations,
        "link": tuple(links),
        "birth date": tuple(names.patients),
        "service or organisation": SERVICES + organisations,
        "interaction": tuple(BY_NAME),
        "error code": ("ok", *dict.fromkeys(row.code for row in ERRORS)),
        "site": organisations + _locations(names),
        "reason": ANSWERS,
    }[what]


def _locations(names: Names) -> tuple[str, ...]:
    return tuple(f"{name}.{place.alias}" for name, row in names.organisations.items() for place in row.locations)


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
