"""The profile report: `python -m loadtests.report RESULT --out DIR`; its exit code is the judgement's."""

from __future__ import annotations

import argparse
import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson
from jinja2 import Environment, FileSystemLoader

from loadtests import charts
from loadtests.against import compared
from loadtests.judge import Finding, exit_code, judge, read_thresholds
from loadtests.profile import QUANTILES, SPLIT, Profile, Row, profile_of

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
        ("index.html", as_html(profile, findings, sentences)),
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
    if not isinstance(found, dict) or found.get("version") != 1 or "measures" not in found:
        raise ValueError(f"{path} is no result of a load run")
    return found


def _summary(profile: Profile, findings: Sequence[Finding], sentences: Sequence[str]) -> Iterator[str]:
    words = ("scanned", "returned", "answers", "p50", "p95", "p99", "service p99")
    yield f"{'target':34}" + "".join(f"{word:>12}" for word in words)
    for row in profile.rows:
        counts = (row.target.scanned, row.target.visible, row.answered)
        times = [*(row.intended[share].ms for share in (0.5, 0.95, 0.99)), row.service[0.99].ms]
        yield f"{row.target.name:34}" + "".join(f"{number:12,.0f}" for number in (*counts, *times))
    yield from (f"{supplier}: {text}" for supplier, text in model_sentences(profile))
    yield f"generator: {profile.generator_cpu:.0%} of a core at its busiest"
    if profile.assumed:
        yield "The suppliers' latencies are assumed: nobody has published them."
    yield from (f"{finding.kind}: {finding.text}" for finding in findings)
    yield from sentences


def model_sentences(profile: Profile) -> Iterator[tuple[str, str]]:
    """Each supplier's fitted model in words."""
    for supplier, model in profile.models.items():
        if model is None:
            yield supplier, "too few points for a model"
            continue
        give = model.give_or_take
        k = f"({model.per_scanned_ms:.2f} ± {give[1]:.2f}) ms x scanned"
        m = f" + ({model.per_returned_ms:.2f} ± {give[2]:.2f}) ms x returned"
        both = k + (m if model.apart else " (scanned and returned could not be told apart)")
        base = f"({model.base_ms:,.0f} ± {give[0]:,.0f}) ms"
        yield supplier, f"{base} + {both}; typical miss {model.error:.1%}, R2 {model.r_squared:.3f}"


def as_json(profile: Profile, findings: Sequence[Finding], sentences: Sequence[str]) -> bytes:
    """For programs."""
    content = {
        "version": 1,
        "assumed": profile.assumed,
        "generator_cpu": profile.generator_cpu,
        "windows_per_view": profile.windows_per_view,
        "models": {name: model and asdict(model) for name, model in profile.models.items()},
        "findings": [asdict(finding) for finding in findings],
        "against": list(sentences),
        "targets": [_plain(row) for row in profile.rows],
    }
    return orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS | orjson.OPT_APPEND_NEWLINE)


def _plain(row: Row) -> dict[str, Any]:
    return {"name": row.target.name, **asdict(row), "failed": row.failed, "lost": row.lost}


def as_csv(profile: Profile) -> bytes:
    """A row for each target, for a spreadsheet."""
    written = io.StringIO()
    table = csv.writer(written, lineterminator="\n")
    names = [
        "tier",
        "supplier",
        "restricted",
        "busyness",
        "scanned",
        "returned",
        "planned",
        "answered",
        "failed",
        "lost",
    ]
    names += [f"{kind}_p{share * 100:g}_ms" for kind in ("intended", "service") for share in QUANTILES]
    names += [*(f"{kind}_ms" for kind in SPLIT), "bytes", "gzip_bytes", "assumed"]
    table.writerow(names)
    for row in profile.rows:
        one = row.target
        table.writerow(
            [one.tier, one.supplier, one.restricted, one.busyness, one.scanned, one.visible]
            + [row.planned, row.answered, row.failed, row.lost]
            + [round(times[share].ms, 3) for times in (row.intended, row.service) for share in QUANTILES]
            + [*(round(row.split_ms[kind], 3) for kind in SPLIT), row.plain_bytes, row.gzip_bytes, one.assumed]
        )
    return written.getvalue().encode()


def as_html(profile: Profile, findings: Sequence[Finding], sentences: Sequence[str]) -> bytes:
    """One page that needs nothing but itself."""
    environment = Environment(autoescape=True, loader=FileSystemLoader(HERE), trim_blocks=True, lstrip_blocks=True)
    page = environment.get_template("report.jinja").render(
        profile=profile,
        findings=findings,
        sentences=sentences,
        models=list(model_sentences(profile)),
        split=SPLIT,
        charts=[charts.curves(profile, "visible"), charts.curves(profile, "scanned"), charts.split(profile)],
    )
    return page.encode()


if __name__ == "__main__":
    raise SystemExit(main())
