"""The load report: `python -m loadtests.report RESULT --out DIR`; its exit code is the judgement's."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import orjson
from jinja2 import Environment, FileSystemLoader

from loadtests import charts
from loadtests.against import compared
from loadtests.exports import as_csv, as_json
from loadtests.judge import Finding, Thresholds, exit_code, judge, read_thresholds
from loadtests.measures import SPLIT
from loadtests.profile import Profile, profile_of
from loadtests.sentences import STEPS, came_words, drift_sentences, errors_of, model_sentences, own_time_sentences

HERE = Path(__file__).parent


def main(arguments: Sequence[str] | None = None) -> int:
    """Reads, judges, writes, and says in a few lines what it found."""
    options = _parser().parse_args(arguments)
    try:
        limits = read_thresholds(options.thresholds)
        profile = profile_of(_read(options.result))
        sentences = compared(profile, profile_of(_read(options.against))) if options.against else []
    except (ValueError, KeyError, TypeError, OSError) as wrong:
        print(f"no report: {wrong}")
        return 2
    findings = judge(profile, limits)
    for name, content in (
        ("profile.json", as_json(profile, findings, sentences)),
        ("profile.csv", as_csv(profile)),
        ("index.html", as_html(profile, limits, findings, sentences)),
    ):
        options.out.mkdir(parents=True, exist_ok=True)
        (options.out / name).write_bytes(content)
    for line in _summary(profile, findings, sentences):
        print(line)
    print(f"report: {options.out / 'index.html'}")
    return exit_code(findings)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m loadtests.report")
    parser.add_argument("result", type=Path)
    parser.add_argument("--out", type=Path, default=Path("crossbook-load"))
    parser.add_argument("--against", type=Path)
    parser.add_argument("--thresholds", type=Path)
    return parser


def _read(path: Path) -> dict[str, Any]:
    found = orjson.loads(path.read_bytes())
    if not isinstance(found, dict) or found.get("version") != 2 or "measures" not in found:
        raise ValueError(f"{path} is no result of a load run of this version")
    return found


def _summary(profile: Profile, findings: Sequence[Finding], sentences: Sequence[str]) -> Iterator[str]:
    words = ("scanned", "returned", "answers", "p50", "p95", "p99", "service p99")
    yield f"{'request':42}" + "".join(f"{word:>12}" for word in words)
    for row in profile.rows:
        counts = (row.target.scanned, row.target.visible, row.answered)
        times = [*(row.intended[share].ms for share in (0.5, 0.95, 0.99)), row.service[0.99].ms]
        yield f"{row.name:42}" + "".join(f"{number:12,.0f}" for number in (*counts, *times))
    yield from (f"{came.target.name}: {came_words(came)}" for came in profile.came)
    yield from (f"{supplier}: {text}" for supplier, text in model_sentences(profile))
    yield from own_time_sentences(profile)
    yield from drift_sentences(profile)
    yield f"generator: {profile.generator_cpu:.0%} of a core at its busiest"
    if profile.assumed:
        yield "ASSUMED: the suppliers' latencies; nobody has published them."
    yield from (f"{finding.kind}: {finding.text}" for finding in findings)
    yield from sentences


def as_html(profile: Profile, limits: Thresholds, findings: Sequence[Finding], sentences: Sequence[str]) -> bytes:
    """One page that needs nothing but itself."""
    environment = Environment(autoescape=True, loader=FileSystemLoader(HERE), trim_blocks=True, lstrip_blocks=True)
    page = environment.get_template("report.jinja").render(
        profile=profile,
        findings=findings,
        sentences=sentences,
        models=list(model_sentences(profile)),
        own=[*own_time_sentences(profile), *drift_sentences(profile)],
        split=SPLIT,
        steps=STEPS,
        errors_of=errors_of,
        pairs=charts.over_time(profile) if profile.came else charts.curves(profile, limits),
        whole=charts.split(profile),
    )
    return page.encode()


if __name__ == "__main__":
    raise SystemExit(main())
