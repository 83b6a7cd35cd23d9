"""Putting the page together: everything inside one file, and nothing that a hostile text could start."""

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from html import escape
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from harness.coverage import error_rows, requirement_rows, shown_rows
from harness.reports.html import words
from harness.reports.html.messages import arranged
from harness.reports.html.story import BROKEN, drawn, tell, went_wrong
from harness.scenario.messages import visible
from harness.scenario.requirements import requirements
from harness.verdicts import WORST_FIRST, Result, roll_up

NOTHING_ELSE = "default-src 'none'; base-uri 'none'; form-action 'none'"

VERDICTS = {"error": "broken", "fail": "failed", "skip": "skipped", "pass": "passed", "omit": "empty"}
"""Verdict -> how a total reads."""


def html_report(results: Sequence[Result]) -> bytes:
    """The whole run as one page. Two simulated runs with one seed give the same bytes."""
    parts, kept = arranged(results)
    stories = [tell(f"s{number}", result, parts[number - 1]) for number, result in enumerate(results, 1)]
    style, script = _asset("style.css"), _asset("script.js")
    page = _environment().get_template("page.jinja").render(
        stories=stories,
        kept=kept,
        drawn=drawn(stories, once=bool(kept)),
        headline=_headline(results),
        first={story.result.id: story.key for story in reversed(stories)},
        verdict=roll_up(result.verdict for result in results),
        totals=[(word, VERDICTS[word], count) for word, count in _totals(results) if count],
        facts=_facts(results),
        broken=[story for story in stories if story.result.verdict in BROKEN],
        coverage=(
            ("Requirements", "what the published guides demand", requirement_rows(requirements(), results)),
            ("Error rows", "what services and the wire said in this run", error_rows(results)),
            ("Journeys, configurations, errors and causes", "what the scenarios are about", shown_rows(results)),
        ),
        policy=f"{NOTHING_ELSE}; style-src {_hash(style)}; script-src {_hash(script)}",
        style=Markup(style),  # noqa: S704 - a file of ours, as the next
        script=Markup(script),  # noqa: S704
    )  # fmt: skip
    return page.encode("utf-8", "replace")


def _headline(results: Sequence[Result]) -> str:
    broken, all_of_them = sum(result.verdict not in ("pass", "omit") for result in results), len(results)
    if broken:
        return f"{broken} of {all_of_them} scenarios did not pass"
    return "The scenario passed" if all_of_them == 1 else f"All {all_of_them} scenarios passed"


def _totals(results: Sequence[Result]) -> Iterable[tuple[str, int]]:
    counts = Counter(result.verdict for result in results)
    return [(word, counts[word]) for word in WORST_FIRST]


def _facts(results: Sequence[Result]) -> list[tuple[str, str]]:
    """What a reader wants to know of a run before any detail."""
    return [
        ("Mode", _listed(result.mode for result in results)),
        ("Suppliers", _listed(result.supplier for result in results if result.supplier)),
        ("Seed", _listed(str(result.seed) for result in results)),
        ("Simulated time", words.duration(sum(result.simulated_s for result in results))),
        ("Exchanges", f"{sum(len(result.exchanges) for result in results):,}"),
    ]


def _listed(names: Iterable[str]) -> str:
    """`1 (290), 7 (28)`: each with its count, where there is more than one."""
    counts = Counter(names)
    if len(counts) == 1:
        return next(iter(counts))
    return ", ".join(f"{name} ({count})" for name, count in counts.most_common()) or "of each world"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("harness.reports.html"),
        autoescape=True,
        finalize=_seen,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "content": _content,
        "duration": words.duration,
        "faults": words.faults,
        "outcome": words.outcome,
        "said": words.said,
    }
    environment.tests["odd_one"] = went_wrong
    environment.globals |= {"meanings": words.meanings(), "broken_words": BROKEN}
    return environment


def _seen(value: object) -> object:
    """Escaping keeps a text from being markup, this keeps it from hiding or turning what stands beside it."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _content(text: str) -> Markup:
    """For the content of an element alone: there a quote is only a quote, and JSON has many."""
    return Markup(escape(visible(text), quote=False))  # noqa: S704 - this is the escaping


def _asset(name: str) -> str:
    return files("harness.reports.html").joinpath("templates", name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """How a content security policy names the one style and the one script that may be used."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
