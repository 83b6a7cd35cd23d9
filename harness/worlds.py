"""Reading world and pilot files, and checking what no schema can: that every name leads somewhere."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from harness.files import BadFile, Document, Problem, did_you_mean, read_toml, read_yaml
from harness.pools import with_pools
from harness.rows import OrganisationRow, PatientRow, PilotFile, WorldFile, WorldRows
from harness.tables import with_tables
from mock_gpconnect.suppliers.profile import BadProfile, Profile, built_in_profiles, load_profile

CATALOGUE = Path(__file__).resolve().parents[1] / "scenarios"
Loc = tuple[str | int, ...]
MODELS: Mapping[str, TypeAdapter[WorldFile | PilotFile]] = {
    "world": TypeAdapter(WorldFile),
    "pilot": TypeAdapter(PilotFile),
}
"""First key of a file -> what it holds."""


class OwnProfile(Profile):
    """A supplier's file as it is written: what it does not say comes from the profile that it extends."""

    extends: str = ""


@dataclass(frozen=True, slots=True)
class Names:
    """Who is who in one world: organisations by alias and by ODS code, patients and users by alias."""

    organisations: Mapping[str, OrganisationRow]
    patients: Mapping[str, PatientRow]

    def ods(self, name: str) -> str:
        """The ODS code behind an alias or code that has been checked."""
        return self.organisations[name].ods

    def users(self) -> tuple[str, ...]:
        """`organisation.user` for every user."""
        return tuple(f"{name}.{user.alias}" for name, row in self.organisations.items() for user in row.users)


def names_of(rows: WorldRows) -> Names:
    """Each organisation under its alias, if it has one, and under its ODS code."""
    by_alias = {row.alias: row for row in rows.organisations if row.alias}
    by_ods = {row.ods: row for row in rows.organisations}
    return Names(by_alias | by_ods, {row.alias: row for row in rows.patients})


def load_world(path: Path) -> tuple[WorldFile | PilotFile, Document]:
    """The world or pilot in a file; raises BadFile with every problem found."""
    rows, document = _read(path)
    if problems := [*_problems(document, rows), *_loose_ends(document, rows)]:
        raise BadFile(problems)
    return with_pools(rows), document


def load_pilot(path: Path) -> tuple[PilotFile, Document]:
    """A pilot as it was written, to be judged: a link that leads nowhere is let through. Raises BadFile."""
    rows, document = _read(path)
    if not isinstance(rows, PilotFile):
        raise BadFile([document.problem((document.first_key,), "this is a world file: the first key must be 'pilot'")])
    if problems := [*_problems(document, rows)]:
        raise BadFile(problems)
    return with_pools(rows), document


def _read(path: Path) -> tuple[WorldFile | PilotFile, Document]:
    document = read_yaml(path)
    if (model := MODELS.get(document.first_key)) is None:
        message = "the first key must be 'world' or 'pilot'"
        raise BadFile([document.problem((document.first_key,), message, did_you_mean(document.first_key, MODELS))])
    rows = document.parse(model)
    if isinstance(rows, PilotFile):
        rows, document = with_tables(rows, document)
    if not rows.organisations:
        raise BadFile([document.problem(("organisations",), "a pilot has at least one organisation")])
    return rows, document


def world_file(name: str) -> Path:
    """A file, or the name of one in the catalogue without its ending."""
    if (path := Path(name)).is_file():
        return path
    known = {found.stem: found for folder in ("worlds", "pilots") for found in (CATALOGUE / folder).glob("*.yaml")}
    if name in known:
        return known[name]
    shown = path if name.strip() else Path(repr(name))
    raise BadFile([Problem(shown, 0, 0, "", "there is no such world file or name", did_you_mean(name, known))])


def unknown(document: Document, loc: Loc, what: str, name: str, known: Iterable[str]) -> Problem:
    """The message for a name that leads nowhere, with the nearest right one."""
    return document.problem(loc, f"there is no {what} {name!r}", did_you_mean(name, tuple(known)))


def _problems(document: Document, rows: WorldRows) -> Iterator[Problem]:
    names = names_of(rows)
    yield from _twice(document, "organisations", "ods", [row.ods for row in rows.organisations])
    yield from _twice(document, "organisations", "alias", [row.alias for row in rows.organisations if row.alias])
    yield from _twice(document, "patients", "alias", [row.alias for row in rows.patients])
    yield from _twice(document, "patients", "nhs_number", [row.nhs_number for row in rows.patients])
    for loc, name in _organisations_named(rows):
        if name not in names.organisations:
            yield unknown(document, loc, "organisation", name, names.organisations)
    for number, organisation in enumerate(rows.organisations):
        yield from _organisation_problems(document, ("organisations", number), organisation)


def _loose_ends(document: Document, rows: WorldRows) -> Iterator[Problem]:
    """Links to or from organisations that the file does not have."""
    known = names_of(rows).organisations
    for number, link in enumerate(rows.links):
        for key, name in (("from", link.from_), ("to", link.to)):
            if name not in known:
                yield unknown(document, ("links", number, key), "organisation", name, known)


def _twice(document: Document, table: str, key: str, values: list[str]) -> Iterator[Problem]:
    for number, value in enumerate(values):
        if value in values[:number]:
            yield document.problem((table, number, key), f"{key} {value!r} is taken by {table}.{values.index(value)}")


def _aliases_twice(document: Document, loc: Loc, aliases: list[str]) -> Iterator[Problem]:
    for number, alias in enumerate(aliases):
        if alias in aliases[:number]:
            message = f"alias {alias!r} is taken by {loc[-1]}.{aliases.index(alias)}"
            yield document.problem((*loc, number, "alias"), message, "give each its own")


def _organisations_named(rows: WorldRows) -> Iterator[tuple[Loc, str]]:
    """Every place in the file that names an organisation, but for the links."""
    for number, agreement in enumerate(rows.sharing_agreements or ()):
        yield ("sharing_agreements", number, "consumer_ods"), agreement.consumer_ods
        yield ("sharing_agreements", number, "provider_ods"), agreement.provider_ods
    for number, pool in enumerate(rows.pools):
        yield ("pools", number, "practice"), pool.practice
    for number, patient in enumerate(rows.patients):
        yield ("patients", number, "practice"), patient.practice
        for place, copy in enumerate(patient.known_at):
            yield ("patients", number, "known_at", place, "at"), copy.at
    for number, organisation in enumerate(rows.organisations):
        for place, session in enumerate(organisation.sessions):
            for index, name in enumerate(session.only_for):
                yield ("organisations", number, "sessions", place, "only_for", index), name
        for place, group in enumerate(organisation.groups):
            for index, name in enumerate(group.organisations):
                yield ("organisations", number, "groups", place, "organisations", index), name
            for index, name in enumerate(group.unsubscribed):
                yield ("organisations", number, "groups", place, "unsubscribed", index), name


def _organisation_problems(document: Document, loc: Loc, row: OrganisationRow) -> Iterator[Problem]:
    yield from supplier_problems(document, (*loc, "supplier"), row.supplier)
    for table in ("users", "locations", "practitioners"):
        yield from _aliases_twice(document, (*loc, table), [one.alias for one in getattr(row, table)])
    holders = [one.alias for one in row.practitioners]
    places = [one.alias for one in row.locations]
    for number, session in enumerate(row.sessions):
        here = (*loc, "sessions", number)
        if session.holder and session.holder not in holders:
            yield unknown(document, (*here, "holder"), "practitioner", session.holder, holders)
        if session.location and session.location not in places:
            yield unknown(document, (*here, "location"), "location", session.location, places)
        if session.to <= session.from_ and not session.overnight:
            message = f"the session ends at {session.to:%H:%M}, before it begins"
            yield document.problem((*here, "to"), message, "say `overnight: true` if it ends on the next day")
        if session.to > session.from_ and session.overnight:
            message = f"an overnight session that begins at {session.from_:%H:%M} ends earlier on the next day"
            yield document.problem((*here, "to"), message, "leave `overnight` out if it ends on the same day")


def supplier_problems(document: Document, loc: Loc, supplier: str) -> Iterator[Problem]:
    """A built-in name, or a TOML file beside the document: its own mistakes are told with their own places."""
    if not supplier.endswith(".toml"):
        if supplier not in built_in_profiles():
            yield unknown(document, loc, "supplier", supplier, built_in_profiles())
        return
    try:
        check_profile(document.path.parent / supplier)
    except BadFile as bad:
        yield from bad.problems


def check_profile(path: Path) -> None:
    """Raises BadFile unless a supplier can be made from the file."""
    read_toml(path).parse(OwnProfile)
    try:
        load_profile(path)
    except BadProfile as bad:
        told = Problem(bad.path or path, bad.line, min(bad.line, 1), bad.key, bad.said)
        raise BadFile([told]) from None
