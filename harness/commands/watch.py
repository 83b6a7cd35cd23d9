"""`crossbook run --watch`: runs again what a saved file is about."""

import asyncio
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from harness.commands.run import STOPPED, RunOptions, check_choices, nothing_to_run, run_and_show
from harness.files import BadFile
from harness.reports.terminal import console
from harness.scenario.find import paths_of
from harness.scenario.load import Loaded, load_scenario
from harness.scenario.run import cases_of
from harness.scenario.sources import sources
from harness.verdicts import Result
from harness.worlds import CATALOGUE

POLL_S = 0.25
"""Looking at some hundred files costs a millisecond, and works on shared and mounted folders too."""

ENDINGS = (".yaml", ".yml", ".toml", ".csv")

Stamps = Mapping[Path, tuple[int, int]]


def watch_scenarios(options: RunOptions) -> int:
    """Runs all, then whatever is saved. 0 when Ctrl-C ends the waiting, 130 when it ends a run."""
    check_choices(options)
    paths_of(options.patterns)  # a pattern that means nothing is told at once
    try:
        return _Watch(options).run()
    except KeyboardInterrupt:
        return 0


@dataclass(slots=True)
class _Watch:
    """What was loaded last, and what each is made of. A file that cannot be used is tried again at every save."""

    options: RunOptions
    loaded: dict[Path, Loaded] = field(default_factory=dict)
    made_of: dict[Path, frozenset[Path]] = field(default_factory=dict)
    results: dict[tuple[str, str], Result] = field(default_factory=dict)

    def run(self) -> int:
        """Until Ctrl-C."""
        stamps, saved = self._stamps(), None
        while True:
            fresh = self._load(saved)
            cases = [case for one in fresh for case in cases_of(one, self.options.choices)]
            stamps = {**self._stamps_read(), **stamps}  # no others: what comes from now on counts as saved since
            if cases and len(run_and_show(cases, self.options, self._joined)) < len(cases):
                return STOPPED
            if fresh and not cases:
                _tell(nothing_to_run(self.options.choices.suppliers, fresh))
            console().print(f"watching {len(stamps)} files; Ctrl-C stops it")
            stamps, saved = self._next_save(stamps)

    def _load(self, saved: frozenset[Path] | None) -> list[Loaded]:
        """The scenarios that a save is about, all of them at first. What is wrong with a file is told here."""
        before, self.loaded = self.loaded, {}
        fresh: list[Loaded] = []
        for path in self._paths():
            if saved is not None and path in before and not self.made_of[path] & saved:
                self.loaded[path] = before[path]
                continue
            try:
                self.loaded[path] = load_scenario(path)
                self.made_of[path] = sources(self.loaded[path], self.options.choices)
                fresh.append(self.loaded[path])
            except BadFile as bad:
                _tell(bad)
        return sorted(fresh, key=lambda one: one.scenario.id)

    def _paths(self) -> list[Path]:
        """Files may come and go while we watch; the last one of a pattern too."""
        try:
            return paths_of(self.options.patterns)
        except BadFile as bad:
            _tell(bad)
            return []

    def _joined(self, new: list[Result]) -> list[Result]:
        """What reports hold: the latest result of each scenario that there still is."""
        self.results |= {(one.id, one.supplier): one for one in new}
        there = {one.scenario.id for one in self.loaded.values()}
        return [one for key, one in sorted(self.results.items()) if key[0] in there]

    def _next_save(self, before: Stamps) -> tuple[Stamps, frozenset[Path]]:
        """Waits for a save and for the end of it: an editor may write a file in several goes."""
        now, earlier = before, before
        while now == before or now != earlier:
            asyncio.run(asyncio.sleep(POLL_S))
            now, earlier = self._stamps(), now
        changed = {path for path in {*before, *now} if before.get(path) != now.get(path)}
        return now, frozenset(changed)

    def _stamps(self) -> Stamps:
        named = (path for one in self.options.patterns if (path := Path(one).resolve()).suffix in ENDINGS)
        return {**_stamped({*_files(self._folders()), *named}), **self._stamps_read()}

    def _stamps_read(self) -> Stamps:
        """Of what the scenarios are made of."""
        return _stamped({path for made_of in self.made_of.values() for path in made_of})

    def _folders(self) -> Iterable[Path]:
        """The catalogue where ids are meant: it holds worlds and pilots too. Else the folders that were named."""
        folders = {Path(one).resolve() for one in self.options.patterns if Path(one).is_dir()}
        ids = [one for one in self.options.patterns if not Path(one).exists()]
        return folders | ({CATALOGUE} if ids or not self.options.patterns else set())


def _tell(bad: BadFile) -> None:
    console().print(str(bad), soft_wrap=True, markup=False)


def _files(folders: Iterable[Path]) -> Iterable[Path]:
    return (path for folder in folders for path in folder.rglob("*") if path.suffix in ENDINGS)


def _stamped(paths: Iterable[Path]) -> Stamps:
    return {path: (found.st_mtime_ns, found.st_size) for path in paths if (found := _stat(path))}


def _stat(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:
        return None
