"""The command line of `crossbook load`, read and checked before anything is measured."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from harness.files import BadFile, Problem, did_you_mean
from harness.tiers import ALL_TIERS
from harness.worlds import check_profile
from mock_gpconnect.suppliers.profile import built_in_profiles, load_profile

SHAPES = ("profile", "load", "soak", "ramp", "day", "week")
"""How the rate moves; `loadtests/shapes.py` has the curves."""

MASTER_PORT = 5557
"""Where Locust's workers look for their master."""


@dataclass(frozen=True, slots=True)
class LoadOptions:
    """The command line, read."""

    tiers: tuple[str, ...]
    suppliers: tuple[str, ...]
    restricted: tuple[float, ...] = (0.0, 0.5)
    busyness: tuple[float, ...] = (0.0,)
    sessions: tuple[int, ...] = (1,)
    branches: tuple[int, ...] = (1,)
    rate: float = 5.0
    warm_up_s: float = 10.0
    open_s: float = 120.0
    processes: int = 1
    seed: int = 1
    latency: bool = True
    limits: bool = True
    shape: str = "profile"
    steady: bool = False
    thresholds: Path | None = None
    against: Path | None = None
    report: Path = Path("crossbook-load")
    plan_only: Path | None = None
    mix: Path | None = None
    web: bool = False
    master: bool = False
    master_port: int = MASTER_PORT
    worker: str = ""
    host: str = "127.0.0.1"
    at: str = ""
    write_world: Path | None = None

    @property
    def journeys(self) -> bool:
        """A profile is of searches; every other shape is of people who are invited and book."""
        return self.shape != "profile"


def options_from(
    tiers: str, suppliers: str, restricted: str, busyness: str, sessions: str, branches: str, **others: Any
) -> LoadOptions:
    """The command line's lists, separated by commas, as tuples."""
    return LoadOptions(
        _words(tiers),
        _words(suppliers) or _with_latency(),
        _shares(restricted, "--restricted"),
        _shares(busyness, "--busyness"),
        _counts(sessions, "--sessions"),
        _counts(branches, "--branches"),
        **others,
    )


def _built_in(suppliers: Sequence[str]) -> tuple[str, ...]:
    """Those that are no files of the user's own."""
    return tuple(name for name in suppliers if not (name.endswith(".toml") and Path(name).is_file()))


def _with_latency() -> tuple[str, ...]:
    return tuple(name for name in built_in_profiles() if load_profile(name).latency.base_ms)


def _words(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))


def _shares(text: str, option: str) -> tuple[float, ...]:
    try:
        return tuple(map(float, _words(text)))
    except ValueError:
        raise BadFile([Problem(Path(option), 0, 0, "", f"expected numbers such as 0,0.5, got {text!r}")]) from None


def _counts(text: str, option: str) -> tuple[int, ...]:
    words = _words(text)
    if not words or any(not word.isdigit() or not 1 <= int(word) <= 100 for word in words):
        raise BadFile(
            [Problem(Path(option), 0, 0, "", f"expected whole numbers from 1 to 100 such as 1,10, got {text!r}")]
        )
    return tuple(map(int, words))


def quick(options: LoadOptions) -> LoadOptions:
    """A small but whole profile in well under 90 seconds."""
    return replace(options, tiers=("T0", "T1", "T3", "T5", "T6"), warm_up_s=4.0, open_s=45.0)


_CONTRADICTIONS: tuple[tuple[Callable[[LoadOptions], bool], str], ...] = (
    (lambda options: options.master and bool(options.worker), "is either --master or --worker, not both"),
    (lambda options: bool(options.mix) and not options.journeys, "--mix is for journeys: give a --shape such as load"),
    (lambda options: bool(options.at) and bool(options.worker), "--at is for the machine that plans, not for workers"),
    (lambda options: options.web and bool(options.worker), "--web is for the machine that serves, not for workers"),
)
"""What cannot be wanted together, and what to say of it."""


def check(options: LoadOptions) -> None:
    """Raises BadFile for the first option that will not do."""
    for words, known, option in (
        (options.tiers, tuple(ALL_TIERS), "--tiers"),
        (_built_in(options.suppliers), built_in_profiles(), "--suppliers"),
        ((options.shape,), SHAPES, "--shape"),
    ):
        if wrong := next((word for word in words if word not in known), None):
            raise BadFile([Problem(Path(option), 0, 0, "", f"there is no {wrong!r}", did_you_mean(wrong, known))])
    for name in options.suppliers:
        if name not in built_in_profiles():
            check_profile(Path(name))
    for shares, option in ((options.restricted, "--restricted"), (options.busyness, "--busyness")):
        if any(not 0 <= share <= 0.95 for share in shares):
            raise BadFile([Problem(Path(option), 0, 0, "", "expected shares from 0 to 0.95, such as 0,0.5")])
    for path, option in ((options.thresholds, "--thresholds"), (options.against, "--against"), (options.mix, "--mix")):
        if path and not path.is_file():
            raise BadFile([Problem(Path(option), 0, 0, "", f"there is no file {path}")])
    for contradicts, told in _CONTRADICTIONS:
        if contradicts(options):
            raise BadFile([Problem(Path("crossbook load"), 0, 0, "", told)])
    if find_spec("locust") is None or find_spec("pygal") is None:
        hint = 'pip install -c constraints.txt -e ".[load]"'
        raise BadFile([Problem(Path("crossbook load"), 0, 0, "", "Locust and pygal are not installed", hint)])
