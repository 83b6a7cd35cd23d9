"""What a search costs in a small and in a large population.

Run by hand: `python -m tests.mock_pds.bench_search [SMALL LARGE]`. Only the ratios of one run count.
"""

import gc
import resource
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator, Mapping

import orjson

from mock_pds.people import People, Person
from mock_pds.query import read
from mock_pds.refusals import Refused
from mock_pds.resources import found
from mock_pds.search import search
from tests.mock_pds.population import people

ROUNDS, SEARCHES = 7, 200
Params = list[tuple[str, str]]


def exact(person: Person) -> Params:
    return [("family", person.names[0].family), ("birthdate", str(person.birth_date))]


def wildcards(person: Person) -> Params:
    """The trace that is recommended to applications."""
    name = person.names[0]
    return [
        ("family", name.family),
        ("given", name.given[0][:3] + "*"),
        ("address-postalcode", "LS*"),
        ("birthdate", f"eq{person.birth_date}"),
        ("_history", "true"),
    ]


def wild_family(person: Person) -> Params:
    return [("family", person.names[0].family[:2] + "*"), ("birthdate", str(person.birth_date))]


def whole_year(person: Person) -> Params:
    year = str(person.birth_date)[:4]
    place = ("address-postalcode", str(person.addresses[0].postcode))
    return [
        ("family", person.names[0].family),
        ("birthdate", f"ge{year}-01-01"),
        ("birthdate", f"le{year}-12-31"),
        place,
    ]


def fuzzy(person: Person) -> Params:
    name, born = person.names[0], str(person.birth_date)
    return [("_fuzzy-match", "true"), ("given", name.given[0]), ("family", name.family + "e"), ("birthdate", born)]


KINDS: Mapping[str, Callable[[Person], Params]] = {
    kind.__name__: kind for kind in (exact, wildcards, wild_family, whole_year, fuzzy)
}


def seconds(store: People, asked: list[Params]) -> float:
    """The time of one search, over all of them: from its parameters to its body, without HTTP around it."""
    began = time.perf_counter()
    for params in asked:
        try:
            matches = search(store, read(params))
        except Refused:
            continue
        orjson.dumps([found(match.person) for match in matches])
    return (time.perf_counter() - began) / len(asked)


def ratios(small: People, large: People) -> Iterator[tuple[str, float, float]]:
    """Kind of search, its time in the small population, and how many times that it takes in the large one.

    The rounds alternate, and the fastest of each counts: what else the machine does only ever slows one down.
    """
    for kind, params in KINDS.items():
        asked = [params(person) for person in people(SEARCHES)]
        rounds = [(seconds(small, asked), seconds(large, asked)) for _ in range(ROUNDS)]
        base, grown = (min(times) for times in zip(*rounds, strict=True))
        yield kind, base, grown / base


def bytes_beside_the_record(count: int) -> float:
    """What the store and its index take for one person, the record itself not counted."""
    held = list(people(count))
    gc.collect()
    tracemalloc.start()
    store = People(held)
    assert store.index is not None
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return taken / count


def main() -> None:
    few, many = (int(size) for size in (sys.argv[1:3] or ("10000", "1000000")))
    print(f"{bytes_beside_the_record(few):.0f} bytes a person beside the record, of {few}")
    began = time.perf_counter()
    small, large = People(people(few)), People(people(many))
    assert small.index is not large.index
    print(f"built and indexed in {time.perf_counter() - began:.1f} s")
    for kind, base, ratio in ratios(small, large):
        print(f"{kind:12} {base * 1e6:7.0f} us of {few}, x {ratio:.2f} of {many}")
    print(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB at most")


if __name__ == "__main__":
    main()
