"""The targets, each a ratio with a bound, from what was measured.

Where a target speaks of requests/s, that is what is compared, round by round. Beside it stands the same ratio in
CPU time of the server for one request, which neither a slow generator nor neighbours on the machine can bend.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bench.generator import Window, wrk_path
from bench.sockets import Seen
from bench.spread import Spread, once, ratios
from bench.stalling import TRUE_P99_MS, Honesty


@dataclass(frozen=True, slots=True)
class Row:
    """One target: `bound` is the most (or the least) that is wanted, None in a row that is only shown."""

    name: str
    what: str
    value: Spread | None
    bound: float | None
    at_least: bool = False
    unit: str = "x"
    by_cpu: Spread | None = None
    left_out: str = ""

    @property
    def met(self) -> bool | None:
        """Whether it is reached; None when it was left out."""
        if self.value is None or self.bound is None:
            return None
        return self.value.middle >= self.bound if self.at_least else self.value.middle <= self.bound


Figure = Callable[[Window], float]


def _of(windows: Sequence[Window], figure: Figure) -> list[float]:
    return [figure(window) for window in windows]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Rows that compare two contenders of one run; `absent` says why one is missing."""

    seen: Seen
    absent: Mapping[str, str]

    def cost(self, name: str, what: str, ours: str, theirs: str, bound: float | None) -> Row:
        """How many times theirs our cost is: their requests/s over ours, our CPU over theirs."""
        return self._row(name, what, ours, theirs, bound, at_least=False)

    def gain(self, name: str, what: str, ours: str, theirs: str, bound: float | None) -> Row:
        """How many times as many requests/s we answer."""
        return self._row(name, what, theirs, ours, bound, at_least=True)

    def p50(self, name: str, what: str, ours: str, theirs: str, bound: float | None) -> Row:
        """Our median latency over theirs."""
        if missing := self._missing(ours, theirs):
            return Row(name, what, None, bound, left_out=missing)
        one, other = (_of(self.seen[each], lambda window: window.p50_ms) for each in (ours, theirs))
        return Row(name, what, ratios(one, other), bound)

    def _row(self, name: str, what: str, slow: str, quick: str, bound: float | None, *, at_least: bool) -> Row:
        if missing := self._missing(slow, quick):
            return Row(name, what, None, bound, at_least, left_out=missing)
        slowly, quickly = self.seen[slow], self.seen[quick]
        per_s = ratios(_of(quickly, lambda window: window.per_s), _of(slowly, lambda window: window.per_s))
        cpu = ratios(_of(slowly, lambda window: window.cpu_us), _of(quickly, lambda window: window.cpu_us))
        # without wrk the generator is what limits a quick peer, and requests/s would flatter the other
        return Row(name, what, per_s if wrk_path() else cpu, bound, at_least, by_cpu=cpu)

    def _missing(self, *names: str) -> str:
        return next(
            (self.absent.get(name.split(":")[0].split()[-1], "?") for name in names if name not in self.seen), ""
        )


def against_nginx(run: Comparison, way: str) -> Iterator[Row]:
    """P1-P3, where nginx serves the same bytes; through the proxy they are only shown beside."""
    own = way == "direct"
    for name, size, bound in (("P1", 1_000, 3), ("P3", 10, 8), ("P3", 100, 10)):
        what = f"{way}: nginx's requests/s over ours at {size}"
        yield run.cost(name, what, f"{way}:{size}", f"nginx:{size}", bound if own else None)
    for size in (10_000, 50_000):
        what = f"{way}: p50 of {size} over nginx's"
        yield run.p50("P2", what, f"one {way}:{size}", f"one nginx:{size}", 3 if own else None)


def from_kept(run: Comparison) -> Iterator[Row]:
    """P4, and beside it what keeping answers gains."""
    for way, bounds in (("direct", (2, 1.2)), ("ssp", (None, None))):
        for size, bound in zip((1_000, 10_000), bounds, strict=True):
            what = f"{way}, kept: nginx's requests/s over ours at {size}"
            yield run.cost("P4", what, f"kept {way}:{size}", f"nginx:{size}", bound)
    for size in (10, 1_000, 10_000):
        what = f"requests/s with kept answers over without at {size}"
        yield run.gain("P4", what, f"kept direct:{size}", f"direct:{size}", None)


def against_mocks(run: Comparison) -> Iterator[Row]:
    """P5 and P6."""
    for size, bound in ((10, 2), (100, 3), (1_000, 10), (10_000, 25)):
        yield run.gain("P5", f"our requests/s over Prism's at {size}", f"direct:{size}", f"prism:{size}", bound)
    yield run.gain("P6", "our requests/s over plain FastAPI + pydantic's at 1000", "direct:1000", "plain:1000", 50)
    yield run.gain("P6", "the same where its models are held ready", "direct:1000", "ready:1000", None)


def through_the_proxy(run: Comparison, p50: Mapping[str, float]) -> Iterator[Row]:
    """What the proxy adds, forwarding in process."""
    yield from against_nginx(run, "ssp")
    for size in (10, 100, 1_000, 10_000, 50_000):
        what = f"direct requests/s over those through the proxy at {size}"
        yield run.cost("ssp", what, f"ssp:{size}", f"direct:{size}", 1.7)
    what = "p50 through the proxy over direct in 1,000,000 slots"
    yield Row("ssp", what, once(p50["large ssp"] / p50["large direct"]), 1.7)


def rows_of(run: Comparison, starving: Spread, inside: Mapping[str, Any], honest: Honesty) -> list[Row]:
    """All targets that this run can tell."""
    p50, p99 = inside["p50_ms"], inside["p99_ms"]
    gzip = run.gain("P11", "gzip requests/s over identity's at 1000", "gzip:1000", "direct:1000", 0.6)
    return [
        *against_nginx(run, "direct"),
        *from_kept(run),
        *against_mocks(run),
        Row(
            "P7",
            "p50 in a world of 1,000,000 over one of 100,000",
            once(p50["large direct"] / p50["small direct"]),
            1.2,
        ),
        Row("P8", "building 1,000,000 slots over SQLite's inserts", once(inside["build_s"] / inside["sqlite_s"]), 2),
        Row("P8", "resident memory of that world", once(inside["resident_gib"]), 1, unit=" GiB"),
        Row("P9", "10,000 synthetic patients over plain Faker", Spread(*inside["population"]), 0.25),
        Row("P10", "p99 of 10 beside a loop of 50,000 over alone", starving, 10),
        gzip,
        *of_load_tests(honest),
        Row("P14", "p99 of the mock's own time at 1000, through the proxy", once(p99["own ssp"]), 2, unit=" ms"),
        *through_the_proxy(run, p50),
    ]


def of_load_tests(honest: Honesty) -> Iterator[Row]:
    """P13."""
    off = abs(honest.open_p99_ms / TRUE_P99_MS - 1)
    yield Row("P13", "a stalling server's p99 as reported, off the true one", once(off), 0.2, unit="")
    hidden = honest.closed_p99_ms / TRUE_P99_MS
    yield Row("P13", "the same in a closed loop, which hides it", once(hidden), None, unit=" of it")
    mean = honest.mean_service_ms / honest.mean_seen_ms - 1
    yield Row("P13", "mean service time of a 5 ms server, off what a bare socket sees", once(mean), 0.05, unit="")
