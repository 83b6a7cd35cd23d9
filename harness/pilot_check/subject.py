"""What a check looks at: the configuration as written, and the simulated world that is built from it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path

from booking_core.selfbook.pilot import Pilot
from booking_core.uk_time import LONDON
from harness.addresses import own_hosts
from harness.files import Document
from harness.pilot_check.shelves import Shelf, Sight, shelves_of
from harness.pilot_check.size import refuse_too_many_slots
from harness.product import pilot_of
from harness.rows import LinkRow, OrganisationRow, PilotFile
from harness.virtual_time import clock, run_virtual
from harness.world import World, build_world
from harness.worlds import Names, load_pilot, names_of
from mock_gpconnect.provider.visibility import Asker

OPENING = time(8)
"""When the check looks, on the launch day: before the first surgery."""


@dataclass(frozen=True, slots=True)
class Edge:
    """One link with both its ends, and its place in the file."""

    number: int
    link: LinkRow
    booker: OrganisationRow
    receiver: OrganisationRow

    @property
    def ends(self) -> str:
        """`T90001 -> Y90001`."""
        return f"{self.booker.ods} -> {self.receiver.ods}"


@dataclass(frozen=True, slots=True)
class Subject:
    """A pilot on its launch day. `rows` is as written; `sound` leaves out what cannot be built."""

    path: Path
    document: Document
    rows: PilotFile
    sound: PilotFile
    names: Names
    pilot: Pilot
    edges: tuple[Edge, ...]
    world: World
    shelves: Mapping[str, Shelf]
    now: datetime

    def sight(self, edge: Edge, *, filtered: bool = True) -> Sight:
        """What the edge's booker sees at its receiver."""
        asker = Asker(frozenset({edge.booker.ods}), frozenset({edge.booker.type}))
        filters = (edge.link.locations, edge.link.slot_types) if filtered else ((), ())
        return self.shelves[edge.receiver.ods].seen_by(asker, *filters)

    def role(self, ods: str) -> str:
        """`both`, `booker`, `receiver` or `none`, as the product derives it."""
        return self.pilot.role(ods)


def shown(path: Path) -> str:
    """From the folder that we run in if it is below that."""
    whole = path.resolve()
    return whole.relative_to(Path.cwd()).as_posix() if whole.is_relative_to(Path.cwd()) else str(path)


def opening_of(rows: PilotFile, today: datetime) -> datetime:
    """The launch day's opening in UK time, or now where no launch day is given."""
    day = rows.pilot.launch_date
    if day is None:
        return today
    return datetime.combine(day, OPENING, LONDON).astimezone(UTC)


def read_subject(path: Path, now: datetime | None, today: datetime) -> Subject:
    """The pilot of a file, built; raises BadFile."""
    rows, document = load_pilot(path)
    refuse_too_many_slots(rows, document)
    return build_subject(path, document, rows, now or opening_of(rows, today))


def build_subject(path: Path, document: Document, rows: PilotFile, now: datetime) -> Subject:
    """The world of a pilot at one moment."""
    names = names_of(rows)
    sound = rows.model_copy(update={"links": tuple(_sound_links(rows, names))})
    edges = tuple(_edges(rows, names))

    async def main() -> tuple[World, dict[str, Shelf]]:
        world = build_world(_empty_of_people(sound), folder=path.parent, addresses=own_hosts(), now=clock(now), seed=1)
        return world, await shelves_of(world.practices, now, rows.settings.horizon_days)

    world, shelves = run_virtual(main)
    return Subject(path, document, rows, sound, names, pilot_of(sound, names), edges, world, shelves, now)


def _empty_of_people(rows: PilotFile) -> PilotFile:
    """The rules look at organisations only, and a pilot may have half a million people."""
    return rows.model_copy(update={"patients": (), "pools": (), "population": 0})


def _sound_links(rows: PilotFile, names: Names) -> Iterator[LinkRow]:
    """Each link between two known organisations once."""
    seen: set[tuple[str, str]] = set()
    for link in rows.links:
        if link.from_ in names.organisations and link.to in names.organisations:
            ends = (names.ods(link.from_), names.ods(link.to))
            if ends not in seen:
                yield link
            seen.add(ends)


def _edges(rows: PilotFile, names: Names) -> Iterator[Edge]:
    """The active links that can be judged; a second one of the same ends is V1's to tell."""
    sound = {id(link) for link in _sound_links(rows, names)}
    for number, link in enumerate(rows.links):
        if link.active and id(link) in sound:
            yield Edge(number, link, names.organisations[link.from_], names.organisations[link.to])
